from . import credit_limit_request
from . import credit_limit_refuse
from . import credit_limit_approve
from . import credit_limit_set
