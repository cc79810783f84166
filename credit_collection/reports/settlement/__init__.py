from . import credit_allowance_xlsx
