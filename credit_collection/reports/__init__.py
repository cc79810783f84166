from . import credit_aging
from . import credit_aging_bucket
from . import credit_aging_move
from . import credit_aging_xlsx
from . import credit_dated
from . import credit_open_item
from . import credit_open_item_control
from . import credit_position
