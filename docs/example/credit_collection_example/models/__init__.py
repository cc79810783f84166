from . import credit_account
