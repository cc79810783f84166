from datetime import date

from freezegun import freeze_time
from odoo import Command
from odoo.tools import SQL

from .common import FiguresCase

FROM, TO = date(2026, 10, 1), date(2026, 10, 31)


@freeze_time("2026-10-31")
class TestKpiEngine(FiguresCase):
    """Whose money, whose sales, whose overdue."""

    def _by(self, by="user_id", date_from=FROM, date_to=TO):
        return self.env["credit.kpi"]._inputs(self.company, date_from, date_to, by)

    def test_receipts_follow_the_invoices_they_pay(self):
        first = self._invoice(600, "2026-09-01", invoice_user_id=self.ivanov.id)
        second = self._invoice(400, "2026-09-02", invoice_user_id=self.semenov.id)
        self._match(first, second, self._entry(900, "2026-10-05"))
        inputs = self._by()
        self.assertEqual(inputs[self.ivanov.id].received, 600)
        self.assertEqual(inputs[self.semenov.id].received, 300)
        self.assertEqual(inputs[self.semenov.id].receivable, 100)

    def test_unapplied_money_belongs_to_the_customers_salesperson(self):
        self._entry(250, "2026-10-05", partner=self._customer("Beta", self.semenov))
        self._entry(50, "2026-10-05", partner=self._customer("Gamma"))
        inputs = self._by()
        self.assertEqual(inputs[self.semenov.id].received, 250)
        self.assertEqual(inputs[self.semenov.id].receivable, -250)
        self.assertEqual(inputs[False].received, 50)

    def test_bounced_money_is_taken_back_when_it_bounced(self):
        invoice = self._invoice(1000, "2026-08-01", invoice_user_id=self.semenov.id)
        payment = self._pay(invoice, "2026-09-10")
        payment.line_ids.remove_move_reconcile()
        self._match(payment, self._entry(-1000, "2026-10-12"))
        september = self._by(date_from=date(2026, 9, 1), date_to=date(2026, 9, 30))
        self.assertEqual(september[self.semenov.id].received, 1000)
        october = self._by()
        self.assertEqual(october[self.semenov.id].received, -1000)
        self.assertEqual(october[self.semenov.id].overdue, 1000)
        self.assertEqual(october[self.ivanov.id].received, 0)

    def test_bounce_of_a_payment_of_two_peoples_invoices(self):
        first = self._invoice(600, "2026-08-01", invoice_user_id=self.ivanov.id)
        second = self._invoice(400, "2026-08-01", invoice_user_id=self.semenov.id)
        payment = self._entry(1000, "2026-09-10")
        self._match(first, second, payment)
        payment.line_ids.remove_move_reconcile()
        self._match(payment, self._entry(-1000, "2026-10-12"))
        inputs = self._by()
        self.assertEqual(inputs[self.ivanov.id].received, -600)
        self.assertEqual(inputs[self.semenov.id].received, -400)

    def _dollars(self, rates):
        """The dollar, at so many for a euro from each day on."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        dollar.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": dollar.id, "company_id": self.company.id, "name": day, "rate": rate}
                for day, rate in rates.items()
            ]
        )
        return dollar

    def _dollars_paid(self, dollar, day, euros):
        """1,000 dollars in, or back for negative ``euros``."""
        payment = self._entry(euros, day)
        payment.button_draft()
        payment.write(
            {
                "line_ids": [
                    Command.update(
                        line.id,
                        {
                            "currency_id": dollar.id,
                            "amount_currency": 1000 if line.balance > 0 else -1000,
                            "balance": line.balance,
                        },
                    )
                    for line in payment.line_ids
                ]
            }
        )
        payment.action_post()
        return payment

    def test_exchange_difference_belongs_to_the_invoice(self):
        # 1,000 dollars are 500 euros in September, 1,000 on the 5th, 250 on the 20th of October.
        dollar = self._dollars({"2026-09-01": 2, "2026-10-05": 1, "2026-10-20": 4})
        mine = {"currency_id": dollar.id, "invoice_user_id": self.semenov.id}
        for invoiced, paid, euros in (
            ("2026-09-01", "2026-10-05", 1000),
            ("2026-10-06", "2026-10-20", 250),
        ):
            invoice = self._invoice(1000, invoiced, **mine)
            self._match(invoice, self._dollars_paid(dollar, paid, euros))
        inputs = self._by()
        self.assertEqual(inputs[self.semenov.id].received, 1250)
        self.assertEqual(inputs[self.semenov.id].receivable, 0)
        self.assertNotIn(self.ivanov.id, inputs)
        self.assertEqual(len(inputs[self.semenov.id].settled), 2)

    def test_bounce_in_dollars_is_taken_back_from_the_same_person(self):
        # 500 euros came in, 1,000 went back: the dollar had risen.
        dollar = self._dollars({"2026-09-01": 2, "2026-10-05": 1})
        invoice = self._invoice(
            1000, "2026-09-01", currency_id=dollar.id, invoice_user_id=self.semenov.id
        )
        payment = self._dollars_paid(dollar, "2026-09-20", 500)
        self._match(invoice, payment)
        payment.line_ids.remove_move_reconcile()
        self._match(payment, self._dollars_paid(dollar, "2026-10-05", -1000))
        inputs = self._by()
        self.assertEqual(inputs[self.semenov.id].received, -1000)
        self.assertEqual(inputs[self.ivanov.id].received, 0)

    def test_write_offs_and_credit_notes_are_no_cash(self):
        invoice = self._invoice(1000, "2026-10-01")
        self._match(invoice, self._invoice(-200, "2026-10-02"))
        self._match(invoice, self._entry(100, "2026-10-03", self.misc, self.expense))
        inputs = self._by()[self.ivanov.id]
        self.assertEqual(inputs.received, 0)
        self.assertEqual(inputs.sales, 800)
        self.assertEqual(inputs.receivable, 700)

    def test_money_paid_back_for_a_credit_note(self):
        refund = self._invoice(-300, "2026-10-02", invoice_user_id=self.semenov.id)
        self._match(refund, self._entry(-300, "2026-10-05"))
        self.assertEqual(self._by()[self.semenov.id].received, -300)

    def test_sales_include_tax_and_belong_to_the_period(self):
        country = {"country_id": self.env.ref("base.fr").id, "company_id": self.company.id}
        group = self.env["account.tax.group"].create({"name": "VAT", **country})
        tax = self.env["account.tax"].create(
            {"name": "20 %", "amount": 20, "tax_group_id": group.id, **country}
        )
        lines = [
            (
                0,
                0,
                {
                    "name": "Goods",
                    "price_unit": 100,
                    "account_id": self.income.id,
                    "tax_ids": tax.ids,
                },
            ),
        ]
        self._invoice(0, "2026-10-10", invoice_line_ids=lines)
        self._invoice(500, "2026-09-30")
        inputs = self._by()[self.ivanov.id]
        self.assertEqual(inputs.sales, 120)
        self.assertEqual(inputs.periods[date(2026, 9, 1)], 500)
        self.assertEqual(inputs.opening, 500)

    def test_days_to_pay_and_late(self):
        self._pay(self._invoice(100, "2026-09-01", "2026-10-01"), "2026-10-11")
        self._pay(self._invoice(300, "2026-09-01", "2026-10-01"), "2026-10-01")
        figures = self.env["credit.kpi"]._measure(self._by()[self.ivanov.id], FROM, TO)
        self.assertEqual(figures["days_to_pay"], 35)
        self.assertEqual(figures["days_late"], 5)

    def test_count_back_reaches_into_earlier_months(self):
        self._invoice(310, "2026-10-10", "2026-11-10")
        self._invoice(300, "2026-09-10", "2026-10-10")
        figures = self.env["credit.kpi"]._measure(self._by()[self.ivanov.id], FROM, TO)
        self.assertEqual(figures["dso_count_back"], 61)
        self.assertEqual(figures["dso"], 61)

    def test_groups_add_up_to_the_company(self):
        self._pay(self._invoice(600, "2026-09-01", invoice_user_id=self.semenov.id), "2026-10-05")
        self._invoice(400, "2026-08-01")
        self._invoice(70, "2026-10-01", partner_id=self._customer("Beta", self.semenov).id)
        whole = self._by(None)[None]
        for by in ("user_id", "team_id", "partner_id"):
            parts = self._by(by).values()
            for name in ("receivable", "overdue", "sales", "received", "opening"):
                with self.subTest(by=by, name=name):
                    self.assertEqual(
                        sum(getattr(part, name) for part in parts), getattr(whole, name)
                    )
        self.assertEqual((whole.receivable, whole.overdue, whole.received), (470, 400, 600))

    def test_unapplied_payment_counts_in_the_salespersons_team(self):
        self._invoice(400, "2026-10-01")
        self._entry(150, "2026-10-05")
        self.assertEqual(self._by("team_id")[self.team.id].receivable, 250)

    def test_same_queries_for_one_and_many_salespeople(self):
        self._invoice(400, "2026-10-01")
        self._by()
        self.env.flush_all()
        with self.assertQueryCount(5):  # a setting, then one for each sum
            self._by()
        for number in range(8):
            seller = self._seller(f"seller{number}")
            invoice = self._invoice(100, "2026-09-01", invoice_user_id=seller.id)
            self._pay(invoice, "2026-10-02", 40)
        self._by()
        self.env.flush_all()
        with self.assertQueryCount(5):
            self._by()

    def test_empty_company(self):
        self.assertEqual(self._by(), {})
        figures = self.env["credit.kpi"]._measure(self._by(None)[None], FROM, TO)
        self.assertEqual({v for v in figures.values()}, {None})

    def test_deliveries_at_the_prices_of_another_unit(self):
        # Two dozen at 120 are 240; the transfer has 24 units, of which 12 leave.
        dozen = self.env.ref("uom.product_uom_dozen")
        pen = self.env["product.product"].create({"name": "Pen", "is_storable": True})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.ivanov.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": pen.id,
                            "product_uom_id": dozen.id,
                            "product_uom_qty": 2,
                            "price_unit": 120,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        move = order.picking_ids.move_ids
        self.assertEqual(move.product_uom_qty, 24)
        move.write({"quantity": 12, "picked": True})
        order.picking_ids.with_context(skip_backorder=True).button_validate()
        found = self.env["credit.kpi"]._deliveries(self.company, FROM, TO)
        self.assertEqual(found, {self.ivanov.id: [(TO, 120)]})

    def test_one_paid_of_a_thousand_and_the_rest_written_off(self):
        # The wizard's write-off of 999 stands in the bank's entry: F is 1.
        self._settle_at_the_bank(self._invoice(1000, "2026-09-01"), 1)
        self.assertEqual(self._by()[self.ivanov.id].received, 1)
        self.assertEqual(self._settled(), {"write_off": 999})

    def test_discount_taken_off_the_payment(self):
        invoice = self._invoice(1000, "2026-09-01")
        self.company.account_journal_early_pay_discount_loss_account_id = self.expense
        self._settle_at_the_bank(invoice, 980)
        self.assertEqual(self._by()[self.ivanov.id].received, 980)
        self.assertEqual(self._settled(), {"discount": 20})
        figures = self.env["credit.kpi"]._measure(self._by()[self.ivanov.id], FROM, TO)
        self.assertEqual(figures["days_to_pay"], 39)

    def test_what_is_netted_or_written_off_is_never_paid(self):
        first, second = self._invoice(300, "2026-09-01"), self._invoice(70, "2026-09-01")
        self._match(first, self._entry(300, "2026-10-03", self.misc, self.expense))
        netting = self._entry(70, "2026-10-04")
        netting.credit_settlement = "netting"
        self._match(second, netting)
        inputs = self._by()[self.ivanov.id]
        self.assertEqual((inputs.received, inputs.settled), (0, []))
        self.assertEqual(self._settled(), {"write_off": 300, "netting": 70})

    def test_entry_marked_as_money_counts_in_any_journal(self):
        entry = self._entry(250, "2026-10-05", self.misc)
        entry.credit_settlement = "cash"
        self.assertEqual(self._by()[self.ivanov.id].received, 250)

    def _settle_at_the_bank(self, invoice, paid):
        """The bank's entry over an invoice: so much paid, the rest to an expense."""
        entry = self.env["account.move"].create(
            {
                "journal_id": self.bank.id,
                "date": "2026-10-10",
                "line_ids": [
                    Command.create({"account_id": self.bank_account.id, "balance": paid}),
                    Command.create(
                        {
                            "account_id": self.expense.id,
                            "balance": invoice.amount_residual - paid,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.receivable.id,
                            "partner_id": self.customer.id,
                            "balance": -invoice.amount_residual,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        self._match(invoice, entry)

    def _settled(self):
        """What the period settled without money: {nature: amount}."""
        rows = self.env["credit.kpi"]._settled_rows(self.company, FROM, TO)
        return dict(
            self.env.execute_query(
                SQL("SELECT nature, SUM(amount)::float FROM (%s) AS row GROUP BY nature", rows)
            )
        )

    def test_wrong_match_is_forgotten_once_the_money_is_matched_rightly(self):
        # Matched with Ivanov's by mistake, then with Semenov's; it bounces: Semenov loses all.
        wrong = self._invoice(1000, "2026-08-01", invoice_user_id=self.ivanov.id)
        right = self._invoice(1000, "2026-08-01", invoice_user_id=self.semenov.id)
        payment = self._pay(wrong, "2026-09-10")
        payment.line_ids.remove_move_reconcile()
        self._match(right, payment)
        payment.line_ids.remove_move_reconcile()
        self._match(payment, self._entry(-1000, "2026-10-12"))
        inputs = self._by()
        self.assertEqual(inputs[self.semenov.id].received, -1000)
        self.assertEqual(inputs[self.ivanov.id].received, 0)

    def test_running_month_counts_the_days_so_far(self):
        # 270 sold in 27 days and all of it open: 27 days of sales, not 30 or 31.
        with freeze_time("2026-10-27"):
            self._invoice(270, "2026-10-10")
            figures = self.env["credit.kpi"]._measure(self._by()[self.ivanov.id], FROM, TO)
        self.assertEqual((figures["dso"], figures["dso_count_back"]), (27, 27))

    def test_one_payment_of_three_instalments_counts_once(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Three months",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, "nb_days": days})
                    for share, days in ((50, 0), (25, 30), (25, 20))
                ],
            }
        )
        invoice = self._invoice(
            400, "2026-09-01", invoice_payment_term_id=term.id, invoice_date_due=False
        )
        self._pay(invoice, "2026-10-11")
        self._pay(self._invoice(10, "2026-09-11", "2026-10-11"), "2026-10-11")
        inputs = self._by()[self.ivanov.id]
        self.assertEqual(len(inputs.settled), 2)
        figures = self.env["credit.kpi"]._measure(inputs, FROM, TO)
        self.assertEqual(figures["days_to_pay"], 35)  # 40 and 30
        # 200 were 40 days late, 100 ten and 100 twenty: 27.5 by amount; the other 0.
        self.assertEqual(figures["days_late"], 14)

    def test_late_deliveries_by_the_companys_day(self):
        # The last evening of October in Los Angeles is November in UTC.
        self.company.resource_calendar_id.tz = "America/Los_Angeles"
        pen = self.env["product.product"].create({"name": "Pen", "is_storable": True})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.ivanov.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": pen.id,
                            "product_uom_qty": 1,
                            "price_unit": 100,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        order.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        with freeze_time("2026-11-01 03:00:00"):
            order.picking_ids.button_validate()
        found = self.env["credit.kpi"]._deliveries(self.company, FROM, TO)
        self.assertEqual(found, {self.ivanov.id: [(TO, 100)]})
