from . import res_company
from . import res_config_settings
from . import credit_allowance
from . import credit_allowance_line
from . import credit_allowance_entry
from . import credit_write_off_reason
from . import credit_write_off
from . import credit_write_off_entry
