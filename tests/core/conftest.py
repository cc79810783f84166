"""Makes ``credit_collection.core`` importable without Odoo.

The package's own ``__init__`` imports Odoo models, so a bare package of the same name that only
knows its folder stands in for it.
"""

import sys
import types
from pathlib import Path

from hypothesis import settings

PACKAGE = Path(__file__).resolve().parents[2] / "credit_collection"

if "credit_collection" not in sys.modules:
    stand_in = types.ModuleType("credit_collection")
    stand_in.__path__ = [str(PACKAGE)]
    sys.modules["credit_collection"] = stand_in

# A slow machine is no wrong rule.
settings.register_profile("core", deadline=None)
settings.load_profile("core")
