from . import credit_followup_cancel
from . import credit_followup_dry_run
