from . import credit_statement
from . import download
from . import portal
from . import credit_settlement
from . import credit_recovery
from . import moving
