from . import credit_account
from . import credit_account_files
from . import credit_account_figures
from . import credit_account_merge
from . import base_partner_merge
from . import res_partner
from . import res_users
from . import res_company
