from . import credit_move_in
