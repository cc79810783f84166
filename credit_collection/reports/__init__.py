from . import credit_dated
from . import credit_open_item
from . import credit_open_item_control
from . import credit_position
