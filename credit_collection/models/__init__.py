from . import account_account
from . import account_move
from . import account_move_line
from . import account_partial_reconcile
from . import account_payment_term
from . import credit_account
from . import credit_account_figures
from . import credit_check
from . import credit_hold
from . import credit_hold_decision
from . import credit_hold_reason
from . import credit_limit
from . import credit_limit_request
from . import credit_policy
from . import credit_rule
from . import credit_words
from . import res_company
from . import res_config_settings
from . import res_partner
from . import res_users
from . import sale_order
from . import sale_order_guard
<<<<<<< HEAD
from . import credit_policy_collections
from . import credit_contact
from . import credit_promise
from . import credit_promise_line
from . import credit_promise_check
from . import credit_promise_judge
from . import credit_dispute_reason
from . import credit_dispute
from . import credit_dispute_settle
from . import credit_account_desk
from . import account_move_line_collections
=======
from . import sale_order_split
>>>>>>> main
