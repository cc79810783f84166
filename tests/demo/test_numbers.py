"""No number that is none reaches a record by a call from outside, whatever the model.

What there is is found by introspection, in a company where everything occurs.
"""

import math

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_demo_company import DemoCase

NUMBERS = ("integer", "float", "monetary")
# Placed and chosen by hand, not typed.
DRAGGED = ("sequence", "color")
WRONG = (math.nan, math.inf, 1e300, 10**30, "nan")


@tagged("post_install", "-at_install")
class TestNumbers(DemoCase):
    def _typed(self):
        """(model, name) of all numbers of ours that a call may write, wizards and settings too."""
        for _name, model in sorted(self.env.items()):
            if model._abstract or not (model._auto or model._transient):
                continue
            for field in model._fields.values():
                ours = (field._modules or ("",))[0] == "credit_collection" and not field.inherited
                typed = not field.readonly and field.name not in DRAGGED
                if ours and typed and field.type in NUMBERS:
                    yield model, field.name

    @mute_logger("odoo.sql_db")
    def test_what_is_no_number_is_refused_with_a_sentence(self):
        tried = 0
        for model, name in self._typed():
            record = model.sudo().search([], limit=1)
            for value in WRONG:
                tried += 1
                with (
                    self.subTest(model=model._name, field=name, value=value),
                    self.assertRaises(UserError),
                    self.cr.savepoint(),
                ):
                    # A wizard of which there is none now is made.
                    (record.write if record else model.sudo().create)({name: value})
        self.assertGreater(tried, 900)
