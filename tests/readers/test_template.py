"""The template is what Odoo would export now."""

from io import BytesIO
from pathlib import Path

import polib
from odoo.modules.module import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

MODULE = "credit_collection"


@tagged("post_install", "-at_install")
class TestTemplate(TransactionCase):
    def test_the_template_is_fresh(self):
        exported = BytesIO()
        trans_export(False, [MODULE], exported, "po", self.env)
        now = {entry.msgid for entry in polib.pofile(exported.getvalue().decode())}
        path = Path(get_module_path(MODULE), "i18n", f"{MODULE}.pot")
        kept = {entry.msgid for entry in polib.pofile(str(path))}
        self.assertFalse(now - kept, "run `make pot` and translate what is new")
        self.assertFalse(kept - now, "run `make pot`: these texts are gone")
