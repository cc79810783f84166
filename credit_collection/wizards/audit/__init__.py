from . import credit_audit_export
