from . import base_partner_merge
from . import credit_account_hold
from . import credit_hold_ask
from . import credit_hold_release
from . import credit_hold_refuse
from . import credit_limit_refuse
from . import credit_limit_request
