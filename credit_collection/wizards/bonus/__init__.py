from . import credit_bonus_simulation
from . import credit_cash_plan_month
from . import credit_handover
from . import credit_kpi_sheet_reopen
