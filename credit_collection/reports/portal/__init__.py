from . import credit_account_period_xlsx
