from . import credit_interest_waive
from . import credit_interest_mass
from . import credit_rate_import
from . import credit_discount_part_payment
