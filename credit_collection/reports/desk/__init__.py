from . import credit_worklist
from . import credit_worklist_next
from . import credit_collector_activity
from . import credit_contact_effect
