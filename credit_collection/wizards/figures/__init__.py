from . import credit_aging_ask
from . import credit_cost_ask
from . import credit_roll_rate_ask
from . import credit_team_person
from . import credit_worth_ask
