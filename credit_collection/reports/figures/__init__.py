from . import credit_aging
from . import credit_aging_actions
from . import credit_aging_bucket
from . import credit_aging_move
from . import credit_aging_xlsx
