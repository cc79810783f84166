from . import credit_kpi_xlsx
from . import credit_bonus_statement
