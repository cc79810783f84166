from . import credit_contact_log
from . import credit_contact_log_undo
from . import credit_collector_assign
from . import credit_guide_test
from . import credit_incoming_payer
