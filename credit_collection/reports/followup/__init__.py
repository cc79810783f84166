from . import credit_statement_xlsx
