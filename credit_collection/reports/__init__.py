from . import credit_open_item
from . import credit_position
