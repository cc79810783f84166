from . import credit_kpi_rows
from . import credit_kpi
from . import credit_kpi_deliveries
from . import credit_cost
from . import credit_snapshot
from . import credit_snapshot_rebuild
from . import credit_dashboard
from . import res_company
