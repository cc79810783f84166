"""Factoring and sale of debts: E2, E3, what stays at risk, what comes back."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..interest.common import InterestCase

ACCOUNTS = {
    "credit_assignment_cash_account_id": "asset_current",
    "credit_holdback_account_id": "asset_current",
    "credit_factoring_cost_account_id": "expense",
    "credit_recourse_account_id": "liability_current",
    "credit_sale_loss_account_id": "expense",
}


@freeze_time("2026-03-10 12:00:00")
@tagged("post_install", "-at_install")
class TestAssignment(InterestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factor = cls.env["res.partner"].create({"name": "Factor Bank", "is_company": True})
        for number, (name, account_type) in enumerate(ACCOUNTS.items()):
            cls.company[name] = cls.env["account.account"].create(
                {"name": name, "code": f"9990{number}", "account_type": account_type}
            )

    def _assignment(self, invoices, user=None, **values):
        return (
            self.env["credit.assignment"]
            .with_user(user or self.biller)
            .create(
                {
                    "partner_id": self.factor.id,
                    "line_ids": [
                        Command.create({"move_line_id": self._item(invoice).id})
                        for invoice in invoices
                    ],
                    **values,
                }
            )
        )

    def _balances(self, move):
        """{name of the account's setting: balance} of an entry, without the receivables."""
        names = {self.company[name].id: name.split("_")[1] for name in ACCOUNTS}
        return {
            names[line.account_id.id]: line.balance
            for line in move.line_ids
            if line.account_id.id in names
        }

    def _exposure(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self._position().exposure

    def test_e2_without_recourse(self):
        invoice = self._invoice(370000.0, due="2026-04-30")
        assignment = self._assignment(invoice, hold_back=5.0, fee=1.8)
        self.assertEqual(assignment.cash, 344840.0)
        assignment.action_post()
        self.assertEqual(
            self._balances(assignment.sudo().move_id),
            {"assignment": 344840.0, "holdback": 18500.0, "factoring": 6660.0},
        )
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self._exposure(), 0)
        natures = self._item(invoice).matched_credit_ids._credit_settlement_nature()
        self.assertEqual([set(row) for row in natures.values()], [{"assignment"}])

    def test_e3_with_recourse_the_exposure_stays(self):
        invoice = self._invoice(154700.0, due="2026-04-30")
        assignment = self._assignment(
            invoice, with_recourse=True, hold_back=5.0, fee=3.0, recourse_liability=6720.0
        )
        assignment.action_post()
        self.assertEqual(
            self._balances(assignment.sudo().move_id),
            {
                "assignment": 142324.0,
                "holdback": 7735.0,
                "factoring": 11361.0,
                "recourse": -6720.0,
            },
        )
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(self._exposure(), 154700.0)
        item = self.env["credit.open.item"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((item.kind, item.amount, item.is_overdue), ("assigned", 154700.0, False))
        self.assertEqual(self._account().with_user(self.collector).assigned, 154700.0)

    def test_paid_to_the_factor_nothing_is_at_risk(self):
        invoice = self._invoice(1000.0, due="2026-04-30")
        assignment = self._assignment(
            invoice, with_recourse=True, hold_back=5.0, fee=3.0, recourse_liability=40.0
        )
        assignment.action_post()
        with self.assertRaises(UserError):
            assignment.action_close()
        assignment.line_ids.action_paid()
        self.assertEqual(self._exposure(), 0)
        assignment.action_close()
        self.assertEqual(
            self._balances(assignment.sudo().close_move_id),
            {"assignment": 50.0, "holdback": -50.0, "recourse": 40.0, "factoring": -40.0},
        )

    def test_charged_back_the_customer_owes_it_to_us_again(self):
        invoice = self._late(1000.0, due="2026-02-08")
        assignment = self._assignment(invoice, with_recourse=True, hold_back=5.0, fee=3.0)
        assignment.action_post()
        self.assertEqual(self._position().to_chase, 0)
        assignment.line_ids.action_charge_back()
        self.assertEqual(self._exposure(), 1000.0)
        item = self.env["credit.open.item"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((item.kind, str(item.date_due)), ("receivable", "2026-02-08"))
        self.assertEqual(self._position().to_chase, 1000.0)
        self.assertIn(self._account(), self.env["credit.followup"]._plan(self.company).account_id)
        control = self.env["credit.open.item"]._control_total(self.company)
        self.assertEqual(control["difference"], 0)

    def test_sold_for_less(self):
        invoice = self._late(1000.0)
        assignment = self._assignment(invoice, kind="sale", price=350.0)
        assignment.action_post()
        self.assertEqual(
            self._balances(assignment.sudo().move_id), {"assignment": 350.0, "sale": 650.0}
        )
        self.assertEqual(self._exposure(), 0)

    def test_undone_the_debts_are_open_again(self):
        invoice = self._late(1000.0)
        assignment = self._assignment(invoice, with_recourse=True, hold_back=5.0, fee=3.0)
        assignment.action_post()
        assignment.action_undo()
        self.assertEqual((assignment.state, invoice.amount_residual), ("undone", 1000.0))
        self.assertEqual(self._exposure(), 1000.0)

    def test_in_another_currency_both_amounts_balance(self):
        euro = self.env.ref("base.EUR") if self.currency.name != "EUR" else self.env.ref("base.USD")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": euro.id, "name": "2026-01-01", "rate": 0.9},
                {"currency_id": euro.id, "name": "2026-03-01", "rate": 0.7},
            ]
        )
        invoice = self._late(1000.01, currency_id=euro.id)
        assignment = self._assignment(invoice, currency_id=euro.id, hold_back=7.77, fee=1.33)
        assignment.action_post()
        move = assignment.sudo().move_id
        self.assertAlmostEqual(sum(move.line_ids.mapped("amount_currency")), 0)
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0)
        self.assertTrue(self._item(invoice).reconciled)

    def test_accounts_are_proposed_from_the_chart(self):
        for name in ACCOUNTS:
            self.company[name] = False
            account = self.company._credit_account_for(name)
            self.assertIn(account.account_type, (ACCOUNTS[name], "asset_cash"), name)

    def test_locked_periods_and_strangers_are_refused(self):
        assignment = self._assignment(self._late(1000.0), hold_back=5.0)
        with self.assertRaises(AccessError):
            assignment.with_user(self.collector).action_post()
        self.company.fiscalyear_lock_date = "2026-03-31"
        with self.assertRaisesRegex(UserError, "locked period"):
            assignment.action_post()

    def test_notice_tells_each_debtor_of_their_debts_only(self):
        other = self._customer("Tardy Ltd")
        own, strange = self._late(1000.0), self._late(500.0, partner=other)
        assignment = self._assignment(own | strange, hold_back=5.0)
        self.assertEqual([partner for partner, _ in assignment._notices()], [self.customer, other])
        report = self.env["ir.actions.report"].with_user(self.biller)
        html = report._render_qweb_html(
            "credit_collection.credit_assignment_notices", assignment.ids
        )[0].decode()
        self.assertIn(own.name, html)
        self.assertIn("Factor Bank", html)

    def test_what_it_costs_a_year(self):
        invoice = self._invoice(370000.0, due="2026-05-09")
        assignment = self._assignment(invoice, hold_back=5.0, fee=1.8)
        self.assertAlmostEqual(assignment.yearly_cost, 0.1175, 4)

    def test_letters_and_statements_name_whom_to_pay(self):
        sold = self._invoice(700.0, due="2026-02-01")
        assignment = self._assignment(sold, with_recourse=True, hold_back=5.0, fee=3.0)
        assignment.action_post()
        self._late(500.0)
        factor = assignment.partner_id
        self.env["res.partner.bank"].create({"partner_id": factor.id, "acc_number": "FACTOR 77"})
        [debts] = self._account()._assigned_debts()[self._account().id]
        self.assertEqual((debts["factor"], debts["bank"]), (factor.display_name, "FACTOR 77"))
        letter = (
            self.env["credit.followup"]
            ._plan(self.company)
            .filtered(lambda message: message.partner_id == self.customer)
        )
        body = str(letter._in_language()._items_block())
        self.assertIn("Please pay them to their new creditor", body)
        self.assertIn("FACTOR 77", body)
        self.assertIn(sold.name, body)
        self.assertEqual(letter.amount, 500.0, "nothing of it is asked for by us")
        html = self.env["ir.qweb"]._render(
            "credit_collection.credit_statements", {"docs": self._account(), "env": self.env}
        )
        self.assertIn("FACTOR 77", str(html))
        assignment.line_ids.action_paid()
        self.assertFalse(self._account()._assigned_debts())
