from . import models
from . import reports
from .hooks import post_init_hook, uninstall_hook
