from . import credit_statement
from . import download
from . import portal
