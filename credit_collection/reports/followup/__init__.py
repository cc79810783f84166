from . import credit_account_statement_xlsx
