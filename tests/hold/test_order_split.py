from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestOrderSplit(CreditCase):
    """What fits the credit goes now, the rest waits as a quotation."""

    def test_whole_units_that_fit_are_kept(self):
        self._limit(1000.0)
        order = self._order(300.0, quantity=5)
        order.action_confirm()
        order.with_user(self.salesperson).action_credit_split()
        rest = order.credit_split_ids
        self.assertEqual(order.order_line.product_uom_qty, 3.0)
        self.assertEqual(rest.order_line.product_uom_qty, 2.0)
        self.assertEqual(order.state, "sale", "it was confirmed before it was held")
        self.assertEqual((rest.state, rest.credit_state), ("draft", "held"))

    def test_what_is_split_off_stays_on_hold(self):
        """The part that fits takes the credit first, whatever is clicked or re-checked next."""
        self._limit(1000.0)
        order = self._order(300.0, quantity=5)
        order.action_confirm()
        shown = order.with_user(self.salesperson).action_credit_split()["params"]
        rest = order.credit_split_ids
        self.assertEqual(shown["next"]["res_id"], rest.id)
        banner = rest.with_user(self.salesperson).credit_banner
        self.assertEqual(banner["title"], "The order is on credit hold.")
        self.assertIn("500.00", banner["left"], "900 and 600 of 1,000")
        rest.credit_hold_ids.with_user(self.officer).action_reevaluate()
        self.assertEqual(rest.credit_state, "held")
        rest.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.state, rest.state), ("sale", "draft"))

    def test_a_quotation_nobody_confirmed_stays_one(self):
        self._limit(1000.0)
        order = self._order(300.0, quantity=5)
        shown = order.with_user(self.salesperson).action_credit_split()
        self.assertEqual(shown["res_id"], order.credit_split_ids.id)
        self.assertEqual(order.state, "draft")

    def test_tax_is_part_of_what_fits(self):
        self._limit(1000.0)
        order = self._order(290.0, quantity=5, taxed=True)  # 333.50 a unit
        order.action_credit_split()
        self.assertEqual(order.order_line.product_uom_qty, 2.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_lines_that_do_not_fit_move_as_a_whole(self):
        self._limit(1000.0)
        order = self._order(900.0)
        order.order_line = [
            Command.create(
                {"product_id": self.service.id, "price_unit": 400.0, "tax_ids": [Command.clear()]}
            )
        ]
        order.action_credit_split()
        self.assertEqual(order.order_line.mapped("price_unit"), [900.0])
        self.assertEqual(order.credit_split_ids.order_line.mapped("price_unit"), [400.0])

    def test_an_order_that_passes_is_not_split(self):
        self._limit(1000.0)
        with self.assertRaisesRegex(UserError, "passes as it is"):
            self._order(900.0).action_credit_split()

    def test_nothing_fits_when_overdue(self):
        self._invoice(500.0, date="2026-01-01", due="2026-01-05")
        order = self._order(900.0)
        with self.assertRaisesRegex(UserError, "No part"):
            order.action_credit_split()
        self.assertEqual(order.order_line.product_uom_qty, 1.0)

    def test_less_than_one_unit_left(self):
        self._limit(100.0)
        order = self._order(900.0)
        with self.assertRaisesRegex(UserError, "less than one unit"):
            order.action_credit_split()
        self.assertFalse(order.credit_split_ids)
