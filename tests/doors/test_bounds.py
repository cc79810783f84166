"""Every number that people type has bounds and a sentence."""

import math

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import CreditCase

NUMBERS = ("integer", "float", "monetary")
WRONG = (math.nan, math.inf, -math.inf, 1e300, 10**12 * 10**4, "nan")


@tagged("post_install", "-at_install")
class TestBounds(CreditCase):
    def _typed(self, model):
        """The numbers of a model that people may write."""
        return [
            field.name
            for field in model._fields.values()
            if field.type in NUMBERS
            and field.store
            and not field.readonly
            and field.name not in ("id", "sequence", "color")
        ]

    def test_no_model_forgets_its_bounds(self):
        """A new model with numbers inherits ``credit.bounded``; nobody has to remember it."""
        forgotten = [
            name
            for name, model in self.env.items()
            if name.startswith("credit.")
            and (model._auto or model._transient)
            and not model._abstract
            and self._typed(model)
            and not isinstance(model, self.env.registry["credit.bounded"])
        ]
        self.assertFalse(forgotten, "these models of ours take any number")

    def test_bounds_name_fields_that_exist(self):
        for name, model in self.env.items():
            bounds = getattr(model, "_credit_bounds", None)
            if bounds:
                self.assertLessEqual(bounds.keys(), model._fields.keys(), name)

    def test_what_is_no_number_is_refused_with_a_sentence(self):
        rule = self.policy.rule_ids[:1]
        cases = [
            (self.policy, ("answer_hours", "release_days", "release_tolerance", "default_limit")),
            (rule, ("days", "amount", "percent", "tolerance_percent")),
            (self.company, ("credit_quadrant_amount", "credit_quadrant_days")),
            (self.officer, ("credit_authority",)),
        ]
        for record, names in cases:
            for name in names:
                for value in (*WRONG, -1):
                    with (
                        self.subTest(record=record, name=name, value=value),
                        self.assertRaisesRegex(ValidationError, "has to be a number from"),
                    ):
                        record.write({name: value})

    def test_the_bounds_themselves_are_allowed(self):
        self.policy.write({"answer_hours": 8_784, "release_days": 36_525})
        self.assertEqual(self.policy.answer_hours, 8_784)
        for value in (0, 8_785):
            with self.assertRaises(ValidationError):
                self.policy.answer_hours = value

    def test_created_and_by_default(self):
        values = {"account_id": self._account().id, "reason": "Agreed"}
        Limit = self.env["credit.limit"].with_user(self.manager)
        for value in WRONG:
            with self.assertRaises(ValidationError):
                Limit.create({**values, "amount": value})
            with self.assertRaises(ValidationError):
                Limit.with_context(default_amount=value).create(values)

    def test_a_confirmation_survives_the_longest_answer(self):
        self.policy.answer_hours = 8_784
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        order = self._order(100.0)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")

    def test_an_order_line_takes_only_what_can_be_reckoned_with(self):
        quotation = self._order(100.0)
        sale = self._order(100.0)
        sale.action_confirm()
        for order in (quotation, sale):
            line = order.order_line.with_user(self.salesperson)
            for name in ("product_uom_qty", "price_unit", "discount", "qty_delivered"):
                for value in (*WRONG, -1e300, 1.1e18, "one"):
                    if value == 10**16:
                        continue
                    with (
                        self.subTest(state=order.state, name=name, value=value),
                        self.assertRaisesRegex(ValidationError, "has to be a number"),
                    ):
                        line.write({name: value})

    def test_an_order_of_any_size_is_held(self):
        self._limit(1_000.0)
        order = self._order(1e18, quantity=1e9)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
