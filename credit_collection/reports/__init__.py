from . import credit_live
from . import credit_open_item
from . import credit_open_item_order
from . import credit_open_item_document
from . import credit_position
