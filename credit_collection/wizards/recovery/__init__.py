from . import credit_balance_confirmation_run
