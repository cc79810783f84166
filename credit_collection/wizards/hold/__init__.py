from . import credit_hold_ask
from . import credit_hold_release
from . import credit_hold_refuse
from . import credit_account_hold
