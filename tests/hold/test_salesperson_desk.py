"""What was decided on an order stays to be seen where the salesperson looks."""

from freezegun import freeze_time
from odoo import fields
from odoo.tests import tagged

from .common import ShipmentCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31")
class TestSalespersonDesk(ShipmentCase):
    def setUp(self):
        super().setUp()
        self._limit(1_000)
        self.policy.write({"release_days": 10, "release_tolerance": 0})

    def _held(self, amount=1_200.0):
        order = self._order(amount)
        order.action_confirm()
        return order, order.credit_hold_ids.filtered(lambda hold: hold.state == "held")

    def _found(self, state):
        return self.env["sale.order"].search([("credit_state", "=", state)])

    def test_refused_order_keeps_its_mark(self):
        order, hold = self._held()
        hold.with_user(self.officer).action_refuse(note="Pay the oldest first.")
        seen = order.with_user(self.salesperson)
        self.assertEqual(seen.credit_state, "refused")
        self.assertIn(order, self._found("refused"))
        self.assertNotIn(order, self._found("none"))
        self.assertNotIn(order, self._found("held"))
        self.assertIn("03/31/2026: Pay the oldest first.", seen.credit_banner["decides"])

    def test_new_request_shows_the_earlier_refusal(self):
        order, hold = self._held()
        hold.with_user(self.officer).action_refuse(note="Pay the oldest first")
        self.assertFalse(hold.earlier_refusal)
        order.action_confirm()
        again = order.credit_hold_ids.filtered(lambda other: other.state == "held")
        self.assertEqual(order.credit_state, "held")
        self.assertIn("Pay the oldest first", again.with_user(self.officer).earlier_refusal)
        ask = (
            self.env["credit.hold.ask"]
            .with_user(self.salesperson)
            .create({"order_id": order.id, "note": "x"})
        )
        self.assertIn("Pay the oldest first", ask.earlier_refusal)

    def test_mark_goes_when_the_order_passes(self):
        order, hold = self._held()
        hold.with_user(self.officer).action_refuse()
        order.order_line.price_unit = 900
        order.action_confirm()
        self.assertEqual((order.state, order.credit_state), ("sale", "none"))
        self.assertNotIn(order, self._found("refused"))
        self.assertIn(order, self._found("none"))

    def test_release_says_who_why_until_when_and_how_much(self):
        order, hold = self._held()
        hold.with_user(self.officer).action_release(note="Payment is on its way.")
        title = order.with_user(self.salesperson).credit_banner["title"]
        self.assertEqual(
            title,
            f"Released by {self.officer.name}: Payment is on its way. "
            "Valid until 04/10/2026, up to $\N{NO-BREAK SPACE}1,200.00.",
        )
        self.assertIn("Valid until 04/10/2026", order.message_ids[0].body)

    def test_release_says_its_reason_once(self):
        order, hold = self._held()
        reason = self.env.ref("credit_collection.credit_hold_reason_paid")
        hold.with_user(self.officer).action_release(reason_id=reason.id, note=f"{reason.name}.")
        title = order.with_user(self.salesperson).credit_banner["title"]
        self.assertIn(f"Released by {self.officer.name}: {reason.name}. Valid", title)

    def test_clearing_of_a_delivery_is_told_on_its_order(self):
        order, picking = self._confirmed(5)
        invoice = self._overdue()
        self._validate(picking)
        self.assertEqual(picking.credit_state, "held")
        self._pay(invoice)
        self._hold(picking)._reevaluate()
        self.assertEqual(picking.credit_state, "none")
        [said] = order.message_ids.filtered(lambda message: "Cleared" in (message.body or ""))
        self.assertIn(picking.name, said.body)

    def test_release_of_a_delivery_says_no_amount_on_it(self):
        order, picking = self._confirmed(5)
        self._overdue()
        self._validate(picking)
        self._hold(picking).with_user(self.manager).action_release(note="Ship it")
        [said] = picking.message_ids.filtered(lambda message: "Released" in (message.body or ""))
        self.assertIn("Valid until 04/10/2026.", said.body)
        self.assertNotIn("$", said.body)
        self.assertTrue(
            order.message_ids.filtered(lambda message: "Released by" in (message.body or ""))
        )

    def test_rest_of_a_split_is_judged_in_the_same_click(self):
        order = self._order(300.0, quantity=5)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
        self.assertTrue(order.with_user(self.salesperson).credit_can_split)
        order.with_user(self.salesperson).action_credit_split()
        rest = order.credit_split_ids
        self.assertEqual(order.credit_state, "none", "three of five fit: 900 of 1,000")
        self.assertEqual(rest.credit_state, "held", "900 and 600 do not")
        self.assertEqual(order.state, "sale")

    def test_line_says_why_first_when_the_limit_is_not_the_reason(self):
        self._invoice(
            100, date=fields.Date.to_date("2026-01-01"), due=fields.Date.to_date("2026-01-05")
        )
        order = self._order(300.0).with_user(self.salesperson)
        self.assertIn("85 days late", order.credit_banner["left"])
        self.assertNotIn("Credit left", order.credit_banner["left"])

    def test_split_is_not_offered_when_nothing_can_pass(self):
        self._invoice(
            100, date=fields.Date.to_date("2026-01-01"), due=fields.Date.to_date("2026-01-05")
        )
        order = self._order(300.0, quantity=5)
        order.action_confirm()
        self.assertFalse(order.credit_can_split, "overdue for 85 days: no part passes")

    def test_split_is_not_offered_for_less_than_a_unit(self):
        order, _hold = self._held(1_200)
        self.assertFalse(order.credit_can_split)
