"""What makes room for another and grows again never passes the limit."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import TODAY, RiskCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestYoyo(RiskCase):
    """Lowered to make room for another, and raised again (H1)."""

    def _second(self):
        second = self._sold(quantity=9)
        self.assertEqual(second.state, "sale")
        return second

    def _assert_held(self, first, second):
        self._ship(second)
        self.assertEqual(second.picking_ids[:1].state, "done")
        picking = self._ship(first)
        self.assertNotIn("done", picking.mapped("state"))
        self.assertEqual(set(picking.mapped("credit_state")), {"held"})
        self.assertLessEqual(sum(second.order_line.mapped("qty_delivered")) * 100, 1_000)

    def test_by_quantity(self):
        first = self._sold(quantity=8)
        self._set(first, product_uom_qty=0)
        second = self._second()
        self._set(first, product_uom_qty=8)
        self._assert_held(first, second)

    def test_by_price(self):
        first = self._sold(quantity=8)
        self._set(first, price_unit=0)
        second = self._second()
        self._set(first, price_unit=100)
        self._assert_held(first, second)

    def test_by_discount(self):
        first = self._sold(quantity=8)
        self._set(first, discount=100)
        second = self._second()
        self._set(first, discount=0)
        self._assert_held(first, second)

    def test_by_services(self):
        first = self._sold(quantity=8, product=self.service)
        self._set(first, product_uom_qty=0)
        self._second()
        with self.assertRaisesRegex(UserError, "cannot take this"):
            self._set(first, product_uom_qty=8)

    def test_by_services_after_a_validation_that_was_refused(self):
        """Found by random lives: what a validation noted outlived it."""
        first = self._sold(quantity=8)
        self.env.cr.cache["credit_collection.shippable"] = {("stock.picking", 0): 800}
        self._set(first, product_uom_qty=0)
        second = self._sold(product=self.service)
        with self.assertRaisesRegex(UserError, "cannot take this"):
            self._set(second, product_uom_qty=11)

    def test_a_hold_by_hand_in_between_is_asked(self):
        first = self._sold(quantity=8, product=self.service)
        self._set(first, product_uom_qty=1)
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        with self.assertRaisesRegex(UserError, "Insolvent"):
            self._set(first, product_uom_qty=8)

    def test_a_limit_lowered_in_between_is_asked(self):
        first = self._sold(quantity=8, product=self.service)
        self._set(first, product_uom_qty=1)
        self._limit(500.0)
        with self.assertRaisesRegex(UserError, "cannot take this"):
            self._set(first, product_uom_qty=8)

    def test_by_a_duplicate_of_a_cancelled_delivery(self):
        first = self._sold(quantity=8)
        first.picking_ids.action_cancel()
        self.assertEqual(self._exposure(), 0.0)
        second = self._second()
        first.picking_ids.copy().action_confirm()
        self.assertEqual(first.picking_ids[-1:].sale_id, first)
        self._assert_held(first, second)

    def test_by_a_return_of_a_return(self):
        first = self._sold(quantity=8)
        back = self._return(self._ship(first))
        self._validate(back)
        self.assertEqual(self._exposure(), 0.0)
        second = self._second()
        again = self._return(back)
        self._ship(second)
        self._validate(again)
        self.assertEqual((again.state, again.credit_state), ("assigned", "held"))

    def test_what_was_vouched_for_falls(self):
        first = self._sold(quantity=8)
        self.assertEqual(first.credit_checked_amount, 800.0)
        self._set(first, product_uom_qty=5)
        self.assertEqual(first.credit_checked_amount, 500.0)
        self._set(first, product_uom_qty=8)
        self.assertEqual(first.credit_checked_amount, 500.0)
        self._ship(first)
        self.assertEqual(first.credit_checked_amount, 800.0, "asked again and found good")

    def test_raised_within_the_limit_ships(self):
        first = self._sold(quantity=8)
        self._set(first, product_uom_qty=0)
        self._sold(quantity=2)
        self._set(first, product_uom_qty=8)
        self.assertEqual(set(self._ship(first).mapped("state")), {"done"})

    def test_an_order_from_before_the_check_is_asked_when_raised(self):
        first = self._sold(quantity=8, product=self.service)
        first.sudo().write({"credit_checked_account_id": False, "credit_checked_amount": 0})
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            self._set(first, product_uom_qty=11)
        self._set(first, product_uom_qty=10)
        self.assertEqual(first.credit_checked_amount, 1_000.0)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestNothingNegativeMakesRoom(RiskCase):
    """S2, H3, H4, S10: what is negative and not posted gives no credit."""

    def test_negative_order(self):
        for line in ({"quantity": -40}, {"amount": -26_000.0}):
            minus = self._sold(product=self.service, **line)
            self.assertEqual(minus.state, "sale")
            self.assertEqual(self._exposure(), 0.0)
            big = self._sold(1_000.01, product=self.service)
            self.assertEqual(big.state, "draft")
            self.assertEqual(big.credit_state, "held")

    def test_negative_order_confirmed_together_with_the_big_one(self):
        orders = self._order(-5_000.0) | self._order(5_500.0)
        orders.with_user(self.salesperson).action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "draft"])

    def test_discount_counts_within_its_order(self):
        order = self._order(1_500.0)
        order.order_line = [
            Command.create({"product_id": self.service.id, "price_unit": -600.0, "tax_ids": False})
        ]
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._exposure(), 900.0)
        with self.assertRaisesRegex(UserError, "cannot take this"):
            self._as_salesperson(order).order_line[1:].product_uom_qty = 0

    def test_discount_that_outlives_its_goods(self):
        order = self._order(100.0, product=self.pump, quantity=20)
        order.order_line = [
            Command.create(
                {"product_id": self.service.id, "price_unit": -1_200.0, "tax_ids": False}
            )
        ]
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(self._exposure(), 800.0)
        order.picking_ids.action_cancel()
        self.assertEqual(self._exposure(), 0.0)
        self.assertEqual(self._sold(1_000.01, product=self.service).state, "draft")

    def test_draft_credit_note_makes_no_room(self):
        self._invoice(900.0)
        refund = self._invoice(100_000.0, post=False, move_type="out_refund")
        self.assertEqual(self._exposure(), 900.0)
        refund.unlink()
        self.assertEqual(self._exposure(), 900.0)

    def test_what_was_worked_out_of_an_entry_is_not_written(self):
        line = self._invoice(900.0).line_ids.filtered("date_maturity")
        for name in ("amount_residual", "amount_residual_currency", "reconciled"):
            with self.assertRaises(AccessError):
                line.with_user(self.accountant).write({name: 0})
        self.assertEqual(self._exposure(), 900.0)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestQuotationForm(RiskCase):
    def test_the_form_still_counts_an_order_once(self):
        order = self._sold(quantity=8)
        with Form(order) as form:
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 9
        self.assertEqual(self._exposure(), 900.0)
        self.assertEqual(order._credit_raised_banner()["outcome"], "pass")
