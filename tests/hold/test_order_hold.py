from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestOrderHold(CreditCase):
    """An order that exceeds the limit goes on hold; the others are confirmed."""

    def test_order_within_the_limit_is_confirmed(self):
        self._limit(1000.0)
        order = self._order(1000.0)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.credit_state, "none")
        self.assertEqual(self._position().ordered, 1000.0)

    def test_order_a_cent_above_the_limit_is_held(self):
        self._limit(1000.0)
        order = self._order(1000.01)
        result = order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.credit_state, "held")
        hold = order.credit_hold_ids
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "held",
                    "checkpoint": "confirmation",
                    "requested_amount": 1000.01,
                    "exposure": 0.0,
                    "exposure_after": 1000.01,
                    "credit_limit": 1000.0,
                    "unlimited": False,
                    "finding_kinds": "limit",
                    "requester_id": self.salesperson.id,
                    "responsible_id": self.officer.id,
                }
            ],
        )
        self.assertEqual(result["params"]["type"], "warning")
        self.assertIn("Olaf", hold.responsible_id.name.title())
        self.assertTrue(hold.activity_ids)

    def test_who_decides_has_the_authority(self):
        self._limit(0.0)
        self.policy.responsible_id = self.officer
        for amount, within in ((10_000.0, True), (10_000.01, False)):
            order = self._order(amount)
            promised = order.credit_banner["decides"]
            order.action_confirm()
            hold = order.credit_hold_ids
            self.assertEqual(hold.responsible_id == self.officer, within)
            self.assertIn(hold.responsible_id.name, promised)
            self.assertEqual(hold.activity_ids.user_id, hold.responsible_id)
            self.assertTrue(
                hold.responsible_id._has_credit_authority(amount, self.currency, self.company)
            )

    def test_banner_says_that_release_was_asked_for(self):
        self._limit(0.0)
        order = self._order(100.0)
        order.action_confirm()
        order.credit_hold_ids.with_user(self.salesperson).action_ask_release("Please")
        order.invalidate_recordset(["credit_banner"])
        self.assertIn("Release asked for", order.credit_banner["decides"])

    def test_batch_each_order_sees_those_before_it(self):
        self._limit(1000.0)
        first, second, third = (self._order(amount) for amount in (600.0, 600.0, 400.0))
        (first | second | third).action_confirm()
        self.assertEqual((first.state, second.state, third.state), ("sale", "draft", "sale"))

    def test_zero_limit_means_prepayment_only(self):
        self._limit(0.0)
        order = self._order(1.0)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")

    def test_without_a_limit_the_default_is_unlimited(self):
        order = self._order(1_000_000.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_overdue_above_thirty_days_holds(self):
        self._invoice(500.0, date="2026-01-01", due="2026-02-07")
        order = self._order(10.0)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
        self.assertEqual(order.credit_hold_ids.finding_kinds, "overdue_days")

    def test_thirty_days_overdue_still_passes(self):
        self._invoice(500.0, date="2026-01-01", due="2026-02-08")
        order = self._order(10.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_orders_are_found_by_their_credit(self):
        self._limit(1000.0)
        free, held, released = (self._order(amount) for amount in (10.0, 1500.0, 1600.0))
        (held | released).action_confirm()
        released.credit_hold_ids.with_user(self.officer).action_release()
        mine = self.env["sale.order"].with_user(self.salesperson)
        of_customer = [("partner_id", "=", self.customer.id)]
        for state, expected in (("none", free), ("held", held), ("released", released)):
            found = mine.search([*of_customer, ("credit_state", "=", state)])
            self.assertEqual(found, expected, state)
        found = mine.search([*of_customer, ("credit_state", "!=", "held")])
        self.assertEqual(found, free | released)

    def test_release_lets_the_order_pass(self):
        self._limit(1000.0)
        order = self._order(1500.0)
        order.with_user(self.salesperson).action_confirm()
        order.credit_hold_ids.with_user(self.officer).action_release(note="Paid tomorrow")
        self.assertEqual(order.credit_state, "released")
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_release_confirms_at_once_when_asked(self):
        self._limit(1000.0)
        order = self._order(1500.0)
        order.action_confirm()
        order.credit_hold_ids.with_user(self.officer).action_release(confirm=True)
        self.assertEqual(order.state, "sale")

    def test_payment_clears_the_hold(self):
        invoice = self._invoice(800.0, date="2026-03-01", due="2026-04-01")
        self._limit(1000.0)
        order = self._order(500.0)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
        self._pay(invoice)
        self._run_cron("credit_hold_cron")
        self.assertEqual(order.credit_hold_ids.state, "cleared")
        self.assertEqual(order.state, "draft")

    def test_confirming_again_after_the_payment_clears_the_hold(self):
        invoice = self._invoice(800.0, date="2026-03-01", due="2026-04-01")
        self._limit(1000.0)
        order, small = self._order(500.0), self._order(100.0)
        order.action_confirm()
        self._pay(invoice)
        (small | order).action_confirm()
        self.assertEqual((small | order).mapped("state"), ["sale", "sale"])
        self.assertEqual(order.credit_hold_ids.state, "cleared")

    def test_confirming_for_another_customer_clears_the_hold(self):
        self._limit(1000.0)
        order = self._order(1500.0)
        order.action_confirm()
        order.partner_id = self._customer("Their Buyers")
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.credit_hold_ids.state, "cleared")

    def test_payment_confirms_the_order_by_policy(self):
        self.policy.auto_confirm = True
        invoice = self._invoice(800.0, date="2026-03-01", due="2026-04-01")
        self._limit(1000.0)
        order = self._order(500.0)
        order.action_confirm()
        self._pay(invoice)
        self._run_cron("credit_hold_cron")
        self.assertEqual(order.state, "sale")

    def test_observe_only_records_and_confirms(self):
        self.policy.observe_only = True
        self._limit(100.0)
        order = self._order(500.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.credit_hold_ids.state, "observed")
        self.assertEqual(order.credit_state, "none")

    def test_recompute_shows_the_same_outcome(self):
        self._limit(100.0)
        order = self._order(500.0)
        order.action_confirm()
        action = order.credit_hold_ids.with_user(self.officer).action_recompute()
        self.assertEqual(action["params"]["type"], "success")

    def test_changed_amount_replaces_the_hold(self):
        self._limit(100.0)
        order = self._order(500.0)
        order.action_confirm()
        first = order.credit_hold_ids
        order.order_line.price_unit = 600.0
        order.action_confirm()
        second = order.credit_hold_ids - first
        self.assertEqual((first.state, second.state), ("cancelled", "held"))
        self.assertEqual((first.requested_amount, second.requested_amount), (500.0, 600.0))

    def test_second_confirm_keeps_the_hold(self):
        self._limit(100.0)
        order = self._order(500.0)
        order.action_confirm()
        order.action_confirm()
        self.assertEqual(len(order.credit_hold_ids), 1)

    def test_writing_the_state_raises(self):
        self._limit(100.0)
        order = self._order(500.0)
        with self.assertRaisesRegex(UserError, "cannot become a sales order"):
            order.write({"state": "sale"})

    def test_writing_the_state_of_a_good_order_passes(self):
        self._limit(1000.0)
        order = self._order(500.0)
        order.write({"state": "sale"})
        self.assertEqual(order.credit_checked_amount, 500.0)

    def test_release_above_authority_is_refused(self):
        self._limit(100.0)
        order = self._order(10_000.01)
        order.action_confirm()
        with self.assertRaisesRegex(Exception, "above your authority"):
            order.credit_hold_ids.with_user(self.officer).action_release()
        order.credit_hold_ids.with_user(self.manager).action_release()
        self.assertEqual(order.credit_state, "released")

    def test_banner_tells_what_would_lift_it(self):
        self._limit(1000.0)
        order = self._order(1500.0)
        banner = order.with_user(self.salesperson).credit_banner
        self.assertEqual(banner["outcome"], "hold")
        self.assertEqual(
            banner["remedies"],
            [
                "A prepayment of $\xa0500.00.",
                "Reducing the order to $\xa01,000.00.",
                "A credit limit of $\xa01,500.00.",
            ],
        )
