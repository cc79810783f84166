"""Try a policy on past orders: one customer's quarter, worked by hand.

Limit 1,000.  15 Jan: order A 600, invoiced the same day, due 14 Feb, paid on 20 Feb (6 days late).
1 Feb: order B 300 passes (600 + 300).  3 Feb: order C 200 is above (600 + 300 + 200 = 1,100); it
is invoiced on 10 Feb, due 10 Mar, paid on 1 Mar.  25 Feb: order D 900 is above
(200 + 300 + 900 = 1,400); it is invoiced on 26 Feb, due 28 Feb, and open on 31 Mar (31 days).
"""

from datetime import datetime

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..common import CreditCase


@freeze_time("2026-03-31 12:00:00")
class TestPolicySimulation(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order_a = cls._sold(600.0, "2026-01-15", "2026-01-15", "2026-02-14", "2026-02-20")
        cls.order_b = cls._sold(300.0, "2026-02-01")
        cls.order_c = cls._sold(200.0, "2026-02-03", "2026-02-10", "2026-03-10", "2026-03-01")
        cls.order_d = cls._sold(900.0, "2026-02-25", "2026-02-26", "2026-02-28")
        cls._limit(1000.0, date_from=fields.Date.today())

    @classmethod
    def _sold(cls, amount, day, invoiced=None, due=None, paid=None):
        order = cls._order(amount)
        order.action_confirm()
        order.date_order = datetime.fromisoformat(f"{day} 10:00:00")
        if invoiced:
            invoice = order._create_invoices()
            invoice.write(
                {
                    "invoice_date": invoiced,
                    "invoice_payment_term_id": False,
                    "invoice_date_due": due,
                }
            )
            invoice.action_post()
            if paid:
                cls._pay(invoice, date=paid)
        return order

    def _simulate(self, **values):
        wizard = (
            self.env["credit.policy.simulation"]
            .with_user(self.manager)
            .create({"policy_id": self.policy.id, **values})
        )
        wizard.action_run()
        lines = wizard.line_ids
        return wizard, lines.filtered(lambda line: line.partner_id == self.customer)

    def test_orders_that_would_have_been_held_and_what_became_of_them(self):
        _wizard, lines = self._simulate(months=3)
        self.assertRecordValues(
            lines.sorted("date"),
            [
                {
                    "order_id": self.order_c.id,
                    "amount": 200.0,
                    "exposure": 900.0,
                    "outcome": "on_time",
                    "days_late": 0,
                    "open_amount": 0.0,
                },
                {
                    "order_id": self.order_d.id,
                    "amount": 900.0,
                    "exposure": 500.0,
                    "outcome": "open",
                    "days_late": 31,
                    "open_amount": 900.0,
                },
            ],
        )

    def test_late_payment_is_told_in_days(self):
        self.policy.rule_ids.filtered(lambda rule: rule.kind == "limit").unlink()
        self.env["credit.rule"].create(
            {
                "policy_id": self.policy.id,
                "name": "Large",
                "kind": "order_amount",
                "amount": 500.0,
            }
        )
        _wizard, lines = self._simulate(months=3)
        self.assertEqual(
            [(line.order_id, line.outcome, line.days_late) for line in lines.sorted("date")],
            [(self.order_a, "late", 6), (self.order_d, "open", 31)],
        )

    def test_shorter_period_sees_fewer_orders(self):
        _wizard, lines = self._simulate(months=1)
        self.assertFalse(lines)

    def test_policy_of_other_customers(self):
        other = self.policy.copy({"name": "Other"})
        _wizard, lines = self._simulate(policy_id=other.id, customers="own")
        self.assertFalse(lines)
        self._account().policy_id = other
        _wizard, lines = self._simulate(policy_id=other.id, customers="own")
        self.assertEqual(lines.order_id, self.order_c | self.order_d)

    def test_number_of_queries_does_not_grow_with_the_orders(self):
        wizard = self.env["credit.policy.simulation"].create({"policy_id": self.policy.id})
        start = fields.Date.subtract(fields.Date.today(), months=3)
        wizard._prepare_lines(start)
        self.env.invalidate_all()
        counter = self.env.cr.sql_log_count
        wizard._prepare_lines(start)
        few = self.env.cr.sql_log_count - counter
        for _number in range(5):
            self._sold(50.0, "2026-03-01")
        self.env.flush_all()
        self.env.invalidate_all()
        counter = self.env.cr.sql_log_count
        wizard._prepare_lines(start)
        self.assertLessEqual(self.env.cr.sql_log_count - counter, few)

    def _queries(self, customers):
        """The statements of a trial on orders of so many customers, each with a term."""
        for number in range(customers):
            term = self.env["account.payment.term"].create({"name": f"Term {number}"})
            partner = self._customer(f"Customer {number} of {customers}")
            partner.property_payment_term_id = term
            order = self._order(700.0, partner)
            order.action_confirm()
            order.date_order = datetime(2026, 3, 1, 10)
        wizard = self.env["credit.policy.simulation"].create({"policy_id": self.policy.id})
        wizard.action_run()  # what the caches keep is read before
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        wizard.action_run()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_trial_takes_as_many_queries_for_two_customers_as_for_thirty_two(self):
        self.policy.default_limit = 100.0
        few = self._queries(2)
        self.assertEqual(self._queries(32), few)

    def test_only_managers_try_a_policy(self):
        for user in (self.salesperson, self.officer, self.accountant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["credit.policy.simulation"].with_user(user).create(
                    {"policy_id": self.policy.id}
                )

    def test_months_are_bounded(self):
        for months in (0, -1, 37):
            with self.subTest(months=months), self.assertRaises(UserError):
                self._simulate(months=months)
