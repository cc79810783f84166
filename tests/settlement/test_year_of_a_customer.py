"""A year of one customer: whatever was agreed, the items are the ledger's balance on every day."""

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

    def _as_manager(self, model):
        return self.env[model].with_user(self.manager)

    def _live(self):
        """The year; return what the last day asserts about."""
        with freeze_time("2025-01-10 12:00:00"):
            first = self._invoice(3000.0, date="2025-01-10", due="2025-01-31")
        with freeze_time("2025-02-01 12:00:00"):
            second = self._invoice(2000.0, date="2025-02-01", due="2025-02-28")
        with freeze_time("2025-03-02 12:00:00"):
            self._pay(first, 1000.0, "2025-03-02")
        with freeze_time("2025-04-30 12:00:00"):
            claim = self._claim(user=self.manager)
            claim.action_claim()
            claim.action_bill()
            claim._waive(10.0, "Good will")
        with freeze_time("2025-05-05 12:00:00"):
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
        with freeze_time("2025-05-31 12:00:00"):
            self._pay(first, plan.line_ids[0].amount, "2025-05-31")
        with freeze_time("2025-07-03 12:00:00"):
            self.env["credit.promise"]._judge()
        with freeze_time("2025-08-15 12:00:00"):
            self._bill(700.0, due="2025-08-10", invoice_date="2025-08-01", date="2025-08-01")
            netting = self._as_manager("credit.netting").create({"account_id": self._account().id})
            netting.action_post()
        with freeze_time("2025-09-10 12:00:00"):
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
        with freeze_time("2025-11-20 12:00:00"):
            assignment.line_ids.action_charge_back()
        with freeze_time("2025-12-15 12:00:00"):
            self._pay(first, first.amount_residual, "2025-12-15")
        return first, second, claim, plan, netting, assignment

    def test_control_total_is_zero_on_every_day(self):
        first, second, claim, plan, netting, assignment = self._live()
        with freeze_time("2025-12-31 12:00:00"):
            Item = self.env["credit.open.item"]
            day, off = fields.Date.to_date("2025-01-01"), {}
            while day <= fields.Date.to_date("2025-12-31"):
                control = Item._control_total(self.company, day)
                if control["difference"] or control["without_customer"]:
                    off[day] = control
                day += timedelta(1)
            self.assertEqual(off, {})
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
