from . import credit_verdict
