from . import credit_limit
from . import credit_limit_decision
from . import credit_limit_effective
from . import credit_limit_evidence
from . import credit_account
from . import credit_account_approvers
