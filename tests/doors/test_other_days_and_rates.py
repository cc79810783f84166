"""Orders of a far day, and rates that moved between quotation and confirmation."""

from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import TODAY, RiskCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestHorizon(RiskCase):
    """H5: what has left counts whatever the horizon; what was far is asked when its day comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.order_horizon_days = 30
        cls.far = fields.Datetime.now() + timedelta(days=90)

    def test_goods_of_a_far_order_that_left(self):
        order = self._sold(quantity=8, commitment_date=self.far)
        self.assertEqual(self._exposure(), 0.0)
        self._set_quantity(order, 3)
        self._ship(order)
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertEqual(self._exposure(), 300.0)

    def test_an_order_that_is_put_off_is_asked_about_again(self):
        order = self._sold(quantity=8)
        self._set_quantity(order, 3)
        self._ship(order)
        mine = self._as_salesperson(order)
        mine.commitment_date = self.far
        self.assertEqual((self._exposure(), order.credit_checked_amount), (300.0, 300.0))
        self._sold(700.0, product=self.service)
        mine.commitment_date = fields.Datetime.now()
        self.assertEqual(self._exposure(), 1_500.0)
        rest = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self._ship(order)
        self.assertEqual((rest.state, rest.credit_state), ("assigned", "held"))

    def _set_quantity(self, order, quantity):
        order.picking_ids.move_ids.write({"quantity": quantity, "picked": True})

    def test_services_count_whatever_the_day(self):
        self._sold(quantity=8, product=self.service, commitment_date=self.far)
        self.assertEqual(self._exposure(), 800.0)

    def test_far_orders_are_asked_when_their_day_has_come(self):
        first = self._sold(quantity=8, commitment_date=self.far)
        second = self._sold(quantity=8, commitment_date=self.far)
        self.assertEqual((first | second).mapped("state"), ["sale", "sale"])
        (first | second).with_user(self.salesperson).commitment_date = fields.Datetime.now()
        self.assertEqual(self._exposure(), 1_600.0)
        self.assertEqual(self._ship(first).credit_state, "held")

    def test_a_far_order_shipped_at_once(self):
        first = self._sold(quantity=8, commitment_date=self.far)
        second = self._sold(quantity=8, commitment_date=self.far)
        self.assertEqual(self._ship(first).state, "done")
        self.assertEqual(self._ship(second).credit_state, "held")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestMovedRate(RiskCase):
    """H2: judged at the rate that confirming stores; a release outlives a moved rate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env["res.currency"].create({"name": "XTR", "symbol": "X"})
        for day, rate in (("2026-03-01", 0.5), (TODAY, 0.4995), ("2026-03-18", 0.499)):
            cls.env["res.currency.rate"].create(
                {
                    "currency_id": cls.foreign.id,
                    "name": day,
                    "rate": rate,
                    "company_id": cls.company.id,
                }
            )
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": cls.foreign.id}
        )

    def _quotation(self, amount):
        with freeze_time("2026-03-10"):
            order = self._order(amount, pricelist_id=self.pricelist.id)
            order.flush_recordset()
        self.assertEqual(order.currency_id, self.foreign)
        return order

    def test_held_and_told_though_it_passed_at_the_old_rate(self):
        order = self._quotation(500.0)
        self.assertEqual(order._credit_banner()["outcome"], "hold")
        self._as_salesperson(order).action_confirm()
        self.assertEqual((order.state, order.credit_state), ("draft", "held"))
        self.assertEqual(order.credit_hold_ids.requested_amount, 1_001.0)

    def test_passes_at_the_new_rate(self):
        order = self._quotation(499.5)
        self._as_salesperson(order).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.credit_checked_amount, 1_000.0)

    def test_released_and_confirmed(self):
        order = self._quotation(1_000.0)
        self._as_salesperson(order).action_confirm()
        hold = order.credit_hold_ids
        with freeze_time("2026-03-18"):
            hold.with_user(self.officer).action_release(confirm=True)
            self.assertEqual(order.state, "sale")

    def test_release_covers_the_same_amount_in_its_currency_only(self):
        order = self._quotation(1_000.0)
        self._as_salesperson(order).action_confirm()
        order.credit_hold_ids.with_user(self.officer).action_release()
        with freeze_time("2026-03-18"):
            self._set(order, price_unit=1_000.01)
            self._as_salesperson(order).action_confirm()
            self.assertEqual(order.state, "draft")
            self._set(order, price_unit=1_000.0)
            self._as_salesperson(order).action_confirm()
            self.assertEqual(order.state, "sale")
