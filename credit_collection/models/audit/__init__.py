from . import credit_audit_entry
from . import credit_audit_export
from . import credit_audit_export_books
from . import credit_audit_export_decisions
