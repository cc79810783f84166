from . import credit_policy_simulation
from . import credit_policy_simulation_data
