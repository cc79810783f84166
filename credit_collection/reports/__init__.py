from . import figures
from . import bonus
from . import desk
from . import followup
from . import portal
from . import settlement
