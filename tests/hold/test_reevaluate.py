"""What wakes a held order, and what happens to it then."""

from unittest.mock import patch

from freezegun import freeze_time
from odoo import fields
from odoo.addons.base.models import ir_cron
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestReevaluate(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._invoice(800.0, date="2026-03-01", due="2026-04-01")
        cls.limit = cls._limit(1000.0)
        cls.order = cls._order(500.0)
        cls.order.action_confirm()
        cls.hold = cls.order.credit_hold_ids
        cls.cron = cls.env.ref("credit_collection.credit_hold_cron")
        cls.env["ir.cron.trigger"].search([("cron_id", "=", cls.cron.id)]).unlink()

    def _assert_wakes(self):
        """The scheduler was told to look at once, and clears the hold when it does."""
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        self.assertTrue(triggers)
        self.assertLessEqual(min(triggers.mapped("call_at")), fields.Datetime.now())
        self._run_cron("credit_hold_cron")
        self.assertEqual(self.hold.state, "cleared")
        self.assertEqual(self.order.credit_state, "none")
        self.assertFalse(self.hold.activity_ids)
        told = self.order.message_ids.filtered(lambda message: "Cleared" in message.body)
        self.assertIn(self.salesperson.partner_id, told.partner_ids)

    def test_payment(self):
        self._pay(self.invoice)
        self._assert_wakes()

    def test_credit_note(self):
        refund = self.invoice._reverse_moves([{"invoice_date": "2026-03-10"}])
        refund.action_post()
        self._assert_wakes()

    def test_new_limit(self):
        self._limit(2000.0)
        self._assert_wakes()

    def test_manual_hold_lifted(self):
        self._account().with_user(self.officer).action_set_manual_hold("Rumours")
        self._limit(2000.0)
        self._run_cron("credit_hold_cron")
        self.assertEqual(self.hold.state, "held")
        self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)]).unlink()
        self._account().with_user(self.officer).action_lift_manual_hold()
        self._assert_wakes()

    def test_a_payment_that_is_too_small_changes_nothing(self):
        self._pay(self.invoice, amount=299.99)
        self._run_cron("credit_hold_cron")
        self.assertEqual(self.hold.state, "held")

    def test_another_customer_wakes_nobody(self):
        other = self._customer("Other Ltd")
        self._pay(self._invoice(100.0, partner=other))
        self.assertFalse(self.env["ir.cron.trigger"].search_count([("cron_id", "=", self.cron.id)]))

    def test_limit_that_begins_tomorrow_clears_overnight(self):
        self._limit(2000.0, date_from="2026-03-11")
        self._run_cron("credit_hold_cron")
        self.assertEqual(self.hold.state, "held")
        with freeze_time("2026-03-11"):
            self._run_cron("credit_hold_cron")
            self.assertEqual(self.hold.state, "cleared")

    def test_those_that_stay_held_keep_nobody_from_their_turn(self):
        """However little time the scheduler gives: the first in the row stay there."""
        other = self._customer("Other Ltd")
        limit = self._limit(100.0, partner=other)
        order = self._order(500.0, partner=other)
        order.action_confirm()
        limit.sudo().write({"amount": 1000.0})
        with patch.multiple(ir_cron, MIN_TIME_PER_JOB=0, MIN_RUNS_PER_JOB=1):
            self._run_cron("credit_hold_cron")
        self.assertEqual(self.hold.state, "held")
        self.assertEqual(order.credit_hold_ids.state, "cleared")

    def test_cancelled_order_ends_its_hold(self):
        self.order._action_cancel()
        self._run_cron("credit_hold_cron")
        self.assertEqual(self.hold.state, "cancelled")

    def test_manual_hold_is_never_cleared_by_itself(self):
        customer = self._customer("Manual Ltd")
        self._account(customer).with_user(self.officer).action_set_manual_hold("Court case")
        order = self._order(10.0, partner=customer)
        order.action_confirm()
        self._run_cron("credit_hold_cron")
        self.assertEqual(order.credit_state, "held")
        self.assertTrue(self._account(customer).manual_hold)

    def test_frozen_figures_survive_what_comes_later(self):
        self._pay(self.invoice)
        self._run_cron("credit_hold_cron")
        self.assertEqual((self.hold.exposure, self.hold.exposure_after), (800.0, 1300.0))
        action = self.hold.with_user(self.officer).action_recompute()
        self.assertEqual(action["params"]["type"], "success")
        self.assertIn("hold", action["params"]["title"])

    def test_two_approved_orders_that_fit_only_singly(self):
        second = self._order(400.0)
        second.action_confirm()
        self._pay(self.invoice, amount=350.0)
        self.policy.auto_confirm = True
        self._run_cron("credit_hold_cron")
        self.assertEqual((self.order.state, second.state), ("sale", "draft"))
        self.assertEqual(second.credit_state, "held")
