"""A year of one customer: whatever was agreed, the items are the ledger's balance on every day."""

from contextlib import contextmanager
from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..interest.common import InterestCase
from .test_assignment import ACCOUNTS


@tagged("post_install", "-at_install")
class TestYearOfACustomer(InterestCase):
    """Part payments, a rate change, a waiver, a plan that breaks, a netting, an assignment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factor = cls.env["res.partner"].create({"name": "Factor Bank", "is_company": True})
        for number, (name, account_type) in enumerate(ACCOUNTS.items()):
            cls.company[name] = cls.env["account.account"].create(
                {"name": name, "code": f"9990{number}", "account_type": account_type}
            )
        cls.company.credit_interest_rule_id = cls._rule(
            kind="margin",
            margin=8.0,
            series_id=cls._series(("2024-01-01", 4.0), ("2025-04-01", 2.0)).id,
        )
        cls.manager.group_ids += cls.env.ref("account.group_account_invoice")

    def setUp(self):
        super().setUp()
        self.owed = {}

    def _as_manager(self, model):
        return self.env[model].with_user(self.manager)

    def _live(self):
        """The year, each step on its day; return what the last day asserts about.

        After each step the day's own control total is 0, and the items are what the story says.
        """
        with self._on("2025-01-10", owes=3000.0):
            first = self._invoice(3000.0, date="2025-01-10", due="2025-01-31")
        with self._on("2025-02-01", owes=5000.0):
            second = self._invoice(2000.0, date="2025-02-01", due="2025-02-28")
        with self._on("2025-03-02", owes=4000.0):
            self._pay(first, 1000.0, "2025-03-02")
        # Interest of 101.92 is billed, 10 of it are waived.
        with self._on("2025-04-30", owes=4091.92):
            claim = self._claim(user=self.manager)
            claim.action_claim()
            claim.action_bill()
            claim._waive(10.0, "Good will")
        with self._on("2025-05-05", owes=4091.92):
            plan = self._as_manager("credit.plan").create(
                {
                    "account_id": self._account().id,
                    "instalment_count": 4,
                    "first_date": "2025-05-31",
                    "interest": "frozen",
                    "new_due_dates": True,
                }
            )
            plan.action_generate()
            plan.action_accept()
        # A quarter of 4,091.92.
        with self._on("2025-05-31", owes=3068.94):
            self._pay(first, plan.line_ids[0].amount, "2025-05-31")
        with self._on("2025-07-03", owes=3068.94):
            self.env["credit.promise"]._judge()
            self.assertEqual(plan.state, "broken")
        with self._on("2025-08-15", owes=2368.94):
            self._bill(700.0, due="2025-08-10", invoice_date="2025-08-01", date="2025-08-01")
            netting = self._as_manager("credit.netting").create({"account_id": self._account().id})
            netting.action_post()
        with self._on("2025-09-10", owes=368.94):
            assignment = self._as_manager("credit.assignment").create(
                {
                    "partner_id": self.factor.id,
                    "with_recourse": True,
                    "hold_back": 10.0,
                    "fee": 2.0,
                    "line_ids": [Command.create({"move_line_id": self._item(second).id})],
                }
            )
            assignment.action_post()
        with self._on("2025-11-20", owes=2368.94):
            assignment.line_ids.action_charge_back()
        with self._on("2025-12-15", owes=2091.92):
            self._pay(first, first.amount_residual, "2025-12-15")
        return first, second, claim, plan, netting, assignment

    @contextmanager
    def _on(self, day, owes):
        """A day of the year; at its end the items are the ledger's balance: ``owes``."""
        with freeze_time(f"{day} 12:00:00"):
            yield
            self.owed[fields.Date.to_date(day)] = owes
            self._assert_control(None, owes)

    def _assert_control(self, day, owes):
        self.env.flush_all()
        self.env.invalidate_all()
        control = self.env["credit.open.item"]._control_total(self.company, day)
        self.assertEqual(
            [control[name] for name in ("items", "ledger", "difference", "without_customer")],
            [owes, owes, 0.0, 0.0],
            f"on {day or 'the day itself'}",
        )

    def test_control_total_is_zero_on_every_day(self):
        first, second, claim, plan, netting, assignment = self._live()
        with freeze_time("2025-12-31 12:00:00"):
            day, owes = fields.Date.to_date("2025-01-01"), 0.0
            while day <= fields.Date.to_date("2025-12-31"):
                owes = self.owed.get(day, owes)
                self._assert_control(day, owes)
                day += timedelta(1)
            self.assertEqual((plan.state, netting.state), ("broken", "posted"))
            self.assertEqual((first.amount_residual, second.amount_residual), (0, 0))
            self.assertEqual(assignment.line_ids.state, "charged_back")
            # 3,000 for 30 days and 2,000 for 30 at 12 %, then 2,000 for 30 at 10 %;
            # 2,000 for 31 days at 12 % and 30 at 10 %.
            self.assertEqual(
                [line.amount for line in claim.line_ids.sorted("id")],
                [29.59, 19.07, 16.44, 20.38, 16.44],
            )
            self.assertEqual(claim.waived, 10.0)

    def test_cash_is_what_came_in_as_money(self):
        first = self._live()[0]
        self.env.flush_all()
        # The figure F of each month: three payments, and nothing else.
        received = {}
        for month in range(1, 13):
            start = fields.Date.to_date(f"2025-{month:02}-01")
            with freeze_time("2025-12-31 12:00:00"):
                inputs = self.env["credit.kpi"]._inputs(
                    self.company, start, fields.Date.end_of(start, "month")
                )
            amount = round(inputs[None].received, 2) if inputs else 0.0
            if amount:
                received[month] = amount
        self.assertEqual(received, {3: 1000.0, 5: 1022.98, 12: 277.02})
        Partial = self.env["account.partial.reconcile"]
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("balance", ">", 0),
            ]
        )
        sums = {}
        natures = Partial.search([("debit_move_id", "in", lines.ids)])._credit_settlement_nature()
        for parts in natures.values():
            for nature, amount in parts.items():
                sums[nature] = round(sums.get(nature, 0.0) + amount, 2)
        paid = self.env["account.payment"].search([("partner_id", "=", self.customer.id)])
        self.assertAlmostEqual(sums["cash"], sum(paid.mapped("amount")))
        self.assertEqual((sums["netting"], sums["credit_note"]), (700.0, 10.0))
        self.assertEqual(sums["assignment"], 2000.0)
        self.assertEqual(first.payment_state in ("paid", "in_payment"), True)
