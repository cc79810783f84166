from . import credit_audit_entry
from . import credit_audit_export
