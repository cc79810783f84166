from freezegun import freeze_time
from odoo.tests import tagged

from ..figures.common import FiguresCase

TODAY = "2026-10-31"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-31")
class TestOneTruth(FiguresCase):
    """Today is a day like the others, and only customers' posted debts are theirs."""

    def _control(self, day=None):
        return self.env["credit.open.item"]._control_total(self.company, day)

    def _owed(self, as_of=TODAY):
        return sum(self._items(as_of).mapped("amount"))

    def _inputs(self):
        return self.env["credit.kpi"]._inputs(self.company, "2026-10-01", TODAY)[None]

    def test_payment_dated_in_the_future_leaves_today_alone(self):
        invoice = self._invoice(1000, "2026-09-01")
        self._pay(invoice, "2026-11-15")
        self.assertEqual(self._owed(), 1000)
        self.assertEqual((self._inputs().receivable, self._inputs().overdue), (1000, 1000))
        control = self._control()
        self.assertEqual((control["difference"], control["dated_later"]), (0, -1000))
        moved = self.env["credit.aging.move"].with_context(as_of=TODAY, compare_from="2026-10-15")
        self.assertEqual(
            moved.search([("company_id", "=", self.company.id)]).mapped("move"), ["stayed"]
        )
        with self.subTest("who decides on a hold or a letter knows of it"):
            self.assertFalse(self._items(None))

    def test_invoice_dated_in_the_future_is_not_in_the_receivables(self):
        self._invoice(500, "2026-11-10")
        self.assertEqual((self._inputs().receivable, self._control()["difference"]), (0, 0))
        self.assertEqual(self._owed(None), 500)

    def test_aging_is_as_of_today_without_being_asked(self):
        self._pay(self._invoice(1000, "2026-09-01"), "2026-11-15")
        aging = self.env["credit.aging"].search([("company_id", "=", self.company.id)])
        self.assertEqual(sum(aging.mapped("amount")), 1000)

    def test_sheet_cannot_close_on_a_day_that_is_not_over(self):
        sheet = self.env["credit.kpi.sheet"].create(
            {"company_id": self.company.id, "date_from": "2026-10-01", "date_to": TODAY}
        )
        sheet.action_compute()
        with self.assertRaisesRegex(Exception, "not over yet"):
            sheet.action_close()

    def test_tax_receivable_is_no_customers_debt(self):
        tax = self.env["account.account"].create(
            {
                "code": "444000",
                "name": "Tax receivable",
                "account_type": "asset_receivable",
                "non_trade": True,
            }
        )
        self._invoice(1000, "2026-09-01")
        move = self.env["account.move"].create(
            {
                "journal_id": self.misc.id,
                "date": "2026-09-05",
                "line_ids": [
                    (
                        0,
                        0,
                        {"account_id": tax.id, "partner_id": self.customer.id, "balance": 33333},
                    ),
                    (0, 0, {"account_id": self.income.id, "balance": -33333}),
                ],
            }
        )
        move.action_post()
        self.assertEqual(self._owed(), 1000)
        self.assertEqual((self._inputs().receivable, self._inputs().overdue), (1000, 1000))
        control = self._control()
        self.assertEqual(
            (control["ledger"], control["difference"], control["non_trade"]), (1000, 0, 33333)
        )

    def test_share_overdue_knows_no_taxes(self):
        """33,333 of taxes late would make 63.2 % of the 53.4 % that customers owe late."""
        self._invoice(66_754.15, "2026-09-01", "2026-10-01")
        self._invoice(58_253.63, "2026-10-10", "2026-11-30")
        tax = self.env["account.account"].create(
            {"code": "444000", "name": "Taxes", "account_type": "asset_receivable"}
        )
        entry = self.env["account.move"].create(
            {
                "journal_id": self.misc.id,
                "date": "2026-09-05",
                "line_ids": [
                    (
                        0,
                        0,
                        {"account_id": tax.id, "partner_id": self.customer.id, "balance": 33333},
                    ),
                    (0, 0, {"account_id": self.income.id, "balance": -33333}),
                ],
            }
        )
        entry.action_post()

        def share():
            inputs = self._inputs()
            return round(100 * inputs.overdue / inputs.receivable, 1)

        self.assertEqual(share(), 63.2)
        tax.non_trade = True
        self.assertEqual(share(), 53.4)

    def test_account_turned_into_non_trade_is_left_out_at_once(self):
        self._invoice(1000, "2026-09-01")
        self.receivable.non_trade = True
        self.assertEqual(self._owed(), 0)

    def test_draft_entry_matched_with_an_invoice_lowers_nothing(self):
        invoice = self._invoice(1000, "2026-09-01")
        payment = self._pay(invoice, "2026-10-05", 77)
        self.assertEqual(self._owed(), 923)
        payment.button_draft()
        self.assertTrue(payment.line_ids.matched_debit_ids, "Odoo keeps the match")
        for as_of in (TODAY, None, "2026-10-06"):
            with self.subTest(as_of=as_of):
                self.assertEqual(self._owed(as_of), 1000)
        self.assertEqual(self._control()["difference"], 0)

    def test_invoice_paid_in_full_by_a_draft_is_open(self):
        invoice = self._invoice(1000, "2026-09-01")
        payment = self._pay(invoice, "2026-10-05")
        payment.button_draft()
        for as_of in (TODAY, None):
            with self.subTest(as_of=as_of):
                self.assertEqual(self._owed(as_of), 1000)
        position = self.env["credit.account"]._get(self.customer, self.company)._position()
        self.assertEqual(position.receivable, 1000)
        payment.action_post()
        self.assertEqual((self._owed(), self._owed(None)), (0, 0))
