from . import credit_demo
from . import collections
from . import desks
from . import month
from . import money
from . import rating
from . import recovery
from . import portal
