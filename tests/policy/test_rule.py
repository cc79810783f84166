"""Each kind of rule through an order: at the threshold it passes, above it is held."""

from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import ValidationError
from odoo.fields import Command, Date
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestRule(CreditCase):
    def _only_rule(self, kind, **values):
        """The policy has this rule alone, warning on quotations and holding on confirmation."""
        self.policy.rule_ids = [
            Command.clear(),
            Command.create({"name": "Warning", "kind": kind, "on_quotation": True,
                            "on_confirmation": False, "consequence": "warn", **values}),
            Command.create({"name": "Stop", "kind": kind, **values}),
        ]  # fmt: skip

    def assertPasses(self, amount=100.0, **values):
        order = self._order(amount, **values)
        self.assertEqual(order.credit_banner["outcome"], "pass", order.credit_banner)
        self.assertEqual(self._quotation_outcome(order), "pass")
        order.action_confirm()
        self.assertEqual(order.state, "sale", order.credit_hold_ids.reason)
        order._action_cancel()

    def assertHeld(self, kind, amount=100.0, **values):
        order = self._order(amount, **values)
        self.assertEqual(order.credit_banner["outcome"], "hold")
        self.assertEqual(self._quotation_outcome(order), "warn")
        order.action_confirm()
        self.assertEqual((order.state, order.credit_state), ("draft", "held"))
        self.assertEqual(order.credit_hold_ids.finding_kinds, kind)
        self.assertTrue(order.credit_hold_ids.reason)

    def _quotation_outcome(self, order):
        [case] = self.env["credit.check"]._judge(order, "quotation", binding=False)
        return case.decision.outcome

    def test_limit(self):
        self._only_rule("limit", tolerance_percent=10.0)
        self._limit(1000.0)
        self.assertPasses(1100.0)
        self.assertHeld("limit", 1100.01)

    def test_overdue_days(self):
        self._only_rule("overdue_days", days=30, amount=50.0)
        self._invoice(50.0, date="2026-01-01", due="2026-01-15")
        self._invoice(500.0, date="2026-01-01", due="2026-02-08")
        self.assertPasses()
        self._invoice(50.01, date="2026-01-01", due="2026-02-07")
        self.assertHeld("overdue_days")

    def test_overdue_amount(self):
        self._only_rule("overdue_amount", amount=200.0, percent=10.0)
        self._invoice(200.0, date="2026-01-01", due="2026-03-09")
        self._invoice(999.0, date="2026-01-01", due="2026-03-10")
        self.assertPasses()
        self._invoice(0.01, date="2026-01-01", due="2026-03-09")
        self.assertHeld("overdue_amount")
        self._limit(10_000.0)
        self.assertPasses()

    def test_followup_level(self):
        self._only_rule("followup_level")
        stops = patch.object(
            type(self.env["credit.account"]),
            "_followup_stops",
            lambda account: ("Demand", stopped, False),
        )
        stopped = False
        with stops:
            self.assertPasses()
        stopped = True
        with stops:
            self.assertHeld("followup_level")

    def test_limit_expired(self):
        self._only_rule("limit_expired")
        self.assertPasses()
        self._limit(1000.0, date_to="2026-03-10")
        self.assertPasses()
        with freeze_time("2026-03-11"):
            self.assertHeld("limit_expired")
            self._limit(1000.0)
            self.assertPasses()

    def test_broken_promise(self):
        self._only_rule("broken_promise", count=2, period_days=90)
        days = ["2025-12-09", "2026-02-01"]
        broken = patch.object(
            type(self.env["credit.account"]),
            "_broken_promises",
            lambda account: tuple(Date.to_date(day) for day in days),
        )
        with broken:
            self.assertPasses()
            days.append("2025-12-10")
            self.assertHeld("broken_promise")

    def test_terms(self):
        self._only_rule("terms")
        own, longer = (
            self.env["account.payment.term"].create(
                {
                    "name": f"{days} days",
                    "line_ids": [
                        Command.create({"value": "percent", "value_amount": 100, "nb_days": days})
                    ],
                }
            )
            for days in (30, 31)
        )
        self.assertHeld("terms", payment_term_id=own.id)
        self.customer.property_payment_term_id = own
        self.assertPasses(payment_term_id=own.id)
        self.assertPasses(payment_term_id=False)
        self.assertHeld("terms", payment_term_id=longer.id)

    def test_order_amount(self):
        self._only_rule("order_amount", amount=5000.0)
        self.assertPasses(5000.0)
        self.assertHeld("order_amount", 5000.01)

    def test_warning_alone_lets_the_order_pass(self):
        self._only_rule("order_amount", amount=5000.0)
        self.policy.rule_ids.write({"consequence": "warn", "on_confirmation": True})
        order = self._order(9000.0)
        self.assertEqual(order.credit_banner["outcome"], "warn")
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.credit_hold_ids)

    def test_archived_rule_is_silent(self):
        self._only_rule("order_amount", amount=5000.0)
        self.policy.rule_ids.active = False
        self.assertPasses(9000.0)

    def test_thresholds_that_make_no_sense(self):
        for values in (
            {"kind": "order_amount", "amount": 0.0},
            {"kind": "overdue_amount", "amount": 0.0, "percent": 0.0},
            {"kind": "broken_promise", "count": 0},
            {"kind": "limit", "on_confirmation": False},
            {"kind": "limit", "tolerance_percent": -1.0},
            {"kind": "overdue_days", "days": -1},
        ):
            with self.subTest(values=values):
                with self.assertRaises(ValidationError), self.cr.savepoint():
                    self.env["credit.rule"].create(
                        {"name": "Nonsense", "policy_id": self.policy.id, **values}
                    )
