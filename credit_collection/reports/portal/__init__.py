from . import credit_period_xlsx
