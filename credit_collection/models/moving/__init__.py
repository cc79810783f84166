from . import credit_move_in
from . import credit_move_in_line
from . import credit_move_in_policy
from . import credit_move_in_limit
from . import credit_move_in_sheet
