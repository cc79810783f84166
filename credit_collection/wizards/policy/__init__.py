from . import credit_policy_simulation
from . import credit_policy_simulation_data
from . import credit_onboarding
