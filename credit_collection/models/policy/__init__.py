from . import credit_policy
from . import credit_rule
from . import account_payment_term
from . import res_partner_category
from . import res_config_settings
from . import credit_account
from . import credit_shipped_text
from . import ir_module_module
