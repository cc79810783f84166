from . import credit_account_period_xlsx
from . import credit_period_statement
