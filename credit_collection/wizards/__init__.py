from . import policy
from . import limit
from . import hold
from . import figures
from . import bonus
from . import desk
from . import followup
from . import interest
