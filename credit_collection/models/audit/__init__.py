from . import credit_audit_entry
