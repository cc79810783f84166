from freezegun import freeze_time
from odoo import Command

from ..figures.common import FiguresCase


@freeze_time("2026-10-31")
class TestAsOf(FiguresCase):
    """What was open on a day: the ledger of that day, never what came later."""

    def assertOpen(self, day, amounts):
        """The open amounts of a day, and the ledger's balance agrees with them."""
        self.assertEqual(sorted(self._items(day).mapped("amount")), sorted(amounts), day)
        control = self.env["credit.open.item"]._control_total(self.company, day)
        self.assertEqual(control["items"], sum(amounts), day)
        self.assertEqual(control["difference"], 0, day)

    def test_payment_counts_from_its_own_day(self):
        invoice = self._invoice(1000, "2026-07-01")
        self._pay(invoice, "2026-08-15", 400)
        self._pay(invoice, "2026-09-15", 600)
        self.assertOpen("2026-06-30", [])
        self.assertOpen("2026-07-01", [1000])
        self.assertOpen("2026-08-14", [1000])
        self.assertOpen("2026-08-15", [600])
        self.assertOpen("2026-09-14", [600])
        self.assertOpen("2026-09-15", [])

    def test_several_partials_on_one_day(self):
        first, second = self._invoice(300, "2026-07-01"), self._invoice(500, "2026-07-02")
        payments = [self._entry(amount, "2026-08-01") for amount in (100, 250, 450)]
        self._match(first, second, *payments)
        self.assertOpen("2026-07-31", [300, 500])
        self.assertOpen("2026-08-01", [])

    def test_payment_before_the_invoice_is_an_unapplied_credit(self):
        prepaid = self._entry(700, "2026-07-01")
        invoice = self._invoice(1000, "2026-08-01")
        self._match(prepaid, invoice)
        self.assertOpen("2026-07-15", [-700])
        self.assertOpen("2026-08-01", [300])

    def test_credit_note_matched_later(self):
        invoice, refund = self._invoice(1000, "2026-07-01"), self._invoice(-200, "2026-07-20")
        self.assertOpen("2026-07-20", [1000, -200])
        self._match(invoice, refund)
        self.assertOpen("2026-07-19", [1000])
        self.assertOpen("2026-07-20", [800])

    def test_bounced_payment_makes_the_invoice_open_again(self):
        invoice = self._invoice(1000, "2026-07-01")
        payment = self._pay(invoice, "2026-08-01")
        payment.line_ids.remove_move_reconcile()
        bounce = self._entry(-1000, "2026-08-20")
        self._match(payment, bounce)
        self.assertEqual(sum(self._items("2026-08-10").mapped("amount")), 0)
        self.assertOpen("2026-08-20", [1000])
        self.assertOpen("2026-10-31", [1000])

    def test_write_off(self):
        invoice = self._invoice(1000, "2026-07-01")
        self._pay(invoice, "2026-08-01", 990)
        self._match(invoice, self._entry(10, "2026-09-01", self.misc, self.expense))
        self.assertOpen("2026-08-31", [10])
        self.assertOpen("2026-09-01", [])

    def test_entry_posted_later_with_an_earlier_date(self):
        self._invoice(1000, "2026-09-01")
        self.assertOpen("2026-08-31", [])
        self._invoice(50, "2026-08-10")
        self.assertOpen("2026-08-31", [50])
        self.assertOpen("2026-10-31", [1000, 50])

    def test_exchange_difference(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            [
                {"currency_id": dollar.id, "company_id": self.company.id, "name": day, "rate": rate}
                for day, rate in (("2026-01-01", 2.0), ("2026-08-01", 1.6))
            ]
        )
        invoice = self._invoice(1000, "2026-07-01", currency_id=dollar.id)
        payment = self.env["account.move"].create(
            {
                "journal_id": self.bank.id,
                "date": "2026-08-10",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.customer.id,
                            "currency_id": dollar.id,
                            "amount_currency": sign * 1000,
                        }
                    )
                    for account, sign in ((self.bank_account, 1), (self.receivable, -1))
                ],
            }
        )
        payment.action_post()
        self._match(invoice, payment)
        self.assertTrue(invoice.line_ids.matched_credit_ids.exchange_move_id)
        self.assertOpen("2026-08-09", [500])
        self.assertEqual(self._items("2026-08-09").amount_currency, 1000)
        # Odoo dates the difference at the end of the month: until then it stands in the ledger.
        self.assertOpen("2026-08-10", [-125])
        self.assertEqual(self._items("2026-08-10").amount_currency, 0)
        self.assertOpen("2026-08-31", [])

    def test_instalments_age_by_their_own_due_date(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in sixty days",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 60)
                ],
            }
        )
        self._invoice(1000, "2026-07-01", invoice_payment_term_id=term.id, invoice_date_due=False)
        items = self._items("2026-07-31")
        self.assertEqual(items.mapped("days_overdue"), [30, 0])
        self.assertEqual(items.mapped("is_overdue"), [True, False])

    def test_today_as_a_date_is_today(self):
        self._pay(self._invoice(1000, "2026-07-01"), "2026-08-15", 400)
        names = ["amount", "days_overdue", "is_overdue"]
        self.assertEqual(self._items("2026-10-31").read(names), self._items().read(names))
        accounts = self.env["credit.account"]._get(self.customer, self.company)
        today = accounts._position().read()
        self.assertEqual(accounts.with_context(as_of="2026-10-31")._position().read(), today)
        self.assertEqual(today[0]["receivable"], 600)

    def test_two_days_in_one_transaction_do_not_mix(self):
        invoice = self._invoice(1000, "2026-07-01")
        self._pay(invoice, "2026-08-15", 400)
        self.assertEqual(self._items().amount, 600)
        self.assertEqual(self._items("2026-08-01").amount, 1000)
        self.assertFalse(self._items("2026-07-31").is_overdue)
        self.assertTrue(self._items("2026-08-01").is_overdue)
        account = self.env["credit.account"]._get(self.customer, self.company)
        self.assertEqual(account.receivable, 600)
        self.assertEqual(account.with_context(as_of="2026-08-01").receivable, 1000)

    def test_a_past_day_has_no_waiting_payments(self):
        invoice = self._invoice(1000, "2026-07-01")
        self._pay(invoice, "2026-08-15")
        self.assertFalse(self._items("2026-08-01").in_payment)

    def test_position_of_a_past_day_equals_its_items(self):
        self._pay(self._invoice(1000, "2026-07-01"), "2026-09-15", 400)
        self._invoice(300, "2026-08-20")
        position = (
            self.env["credit.position"]
            .with_context(as_of="2026-08-31")
            .search([("partner_id", "=", self.customer.id)])
        )
        self.assertEqual((position.receivable, position.overdue), (1300, 1000))
        self.assertEqual(position.max_days_overdue, 31)

    def test_control_total_shows_what_differs(self):
        self._invoice(1000, "2026-07-01")
        self._invoice(70, "2026-11-05")
        self._entry(30, "2026-07-05", partner=self.env["res.partner"])
        control = self.env["credit.open.item"]._control_total(self.company)
        self.assertEqual(control["items"], 970)
        self.assertEqual(control["ledger"], 970)
        self.assertEqual(control["difference"], 0)
        self.assertEqual(control["dated_later"], 70)
        self.assertEqual(control["without_customer"], -30)

    def test_branch_counts_with_its_root(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.env = self.env(context={"allowed_company_ids": (self.company | branch).ids})
        customer = self.customer.with_company(branch).with_env(self.env)
        customer.with_company(branch).property_account_receivable_id = self.receivable
        self._invoice(1000, "2026-07-01", company_id=branch.id)
        self.assertOpen("2026-08-01", [1000])
