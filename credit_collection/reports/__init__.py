from . import credit_open_item
from . import credit_open_item_document
from . import credit_open_item_order
from . import credit_position
from . import credit_worklist
from . import credit_collector_activity
from . import credit_statement_xlsx
