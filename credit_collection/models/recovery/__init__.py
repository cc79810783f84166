from . import res_company
from . import credit_account
from . import credit_collateral
from . import credit_cover_deadline
from . import credit_instrument
from . import credit_limitation_law
from . import credit_limitation_event
from . import credit_limitation
