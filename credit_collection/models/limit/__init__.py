from . import credit_limit
from . import credit_limit_decision
from . import credit_limit_request
from . import credit_limit_evidence
