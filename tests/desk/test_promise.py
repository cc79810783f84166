from odoo.fields import Command, Date
from odoo.tests import freeze_time

from .common import TODAY, DeskCase


@freeze_time(TODAY)
class TestPromise(DeskCase):
    """Kept, partly kept or broken: judged from the payments."""

    def test_kept_when_paid_within_the_tolerance(self):
        invoice = self._late()
        promise = self._promise(invoice)
        self.assertEqual(promise.state, "open")
        with freeze_time("2026-03-17"):
            self._pay(invoice, date="2026-03-17")
        self.assertRecordValues(
            promise, [{"state": "kept", "paid": 1000.0, "missing": 0.0, "broken_on": False}]
        )

    def test_broken_on_the_day_after_the_tolerance(self):
        promise = self._promise(self._late())
        promise._judge(Date.to_date("2026-03-17"))
        self.assertEqual(promise.state, "open")
        promise._judge(Date.to_date("2026-03-18"))
        self.assertRecordValues(
            promise, [{"state": "broken", "broken_on": Date.to_date("2026-03-18")}]
        )

    def test_judging_without_records_judges_all_open_ones(self):
        promise = self._promise(self._late())
        self.env["credit.promise"]._judge(Date.to_date("2026-03-18"))
        self.assertEqual(promise.state, "broken")

    def test_partly_kept(self):
        invoice = self._late()
        promise = self._promise(invoice)
        self._pay(invoice, 400.0, date="2026-03-12")
        promise._judge(Date.to_date("2026-03-18"))
        self.assertRecordValues(promise, [{"state": "partly", "paid": 400.0, "missing": 600.0}])

    def test_paid_in_time_and_matched_late_was_kept(self):
        invoice = self._late()
        promise = self._promise(invoice)
        promise._judge(Date.to_date("2026-03-18"))
        self.assertEqual(promise.state, "broken")
        with freeze_time("2026-03-19"):
            self._pay(invoice, date="2026-03-16")
        self.assertEqual(promise.state, "kept")
        self.assertFalse(promise.activity_ids)

    def test_payment_before_the_promise_does_not_count(self):
        invoice = self._late()
        self._pay(invoice, 300.0, date="2026-03-10")
        promise = self._promise(invoice, 700.0)
        promise._judge(Date.to_date("2026-03-10"))
        self.assertRecordValues(promise, [{"state": "open", "paid": 0.0, "missing": 700.0}])

    def test_matching_an_old_payment_again_does_not_count_twice(self):
        invoice = self._late()
        payment = self._pay(invoice, 300.0, date="2026-03-09")
        promise = self._promise(invoice, 700.0)
        item = self._item(invoice)
        item.remove_move_reconcile()
        counterpart = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == item.account_id
        )
        (item | counterpart).reconcile()
        self.assertRecordValues(promise, [{"state": "open", "paid": 0.0}])

    def test_bounced_payment_breaks_the_promise(self):
        invoice = self._late()
        promise = self._promise(invoice, date="2026-03-10")
        self._pay(invoice, date="2026-03-10")
        self.assertEqual(promise.state, "kept")
        with freeze_time("2026-03-20"):
            self._item(invoice).remove_move_reconcile()
        self.assertRecordValues(
            promise, [{"state": "broken", "broken_on": Date.to_date("2026-03-13")}]
        )

    def test_missing_one_instalment_breaks_the_rest(self):
        promise = self._promise(
            self._late(),
            line_ids=[
                Command.create({"date": "2026-03-12", "amount": 300.0}),
                Command.create({"date": "2026-03-15", "amount": 300.0}),
                Command.create({"date": "2026-03-17", "amount": 400.0}),
            ],
        )
        self.assertRecordValues(
            promise,
            [
                {
                    "amount": 1000.0,
                    "date": Date.to_date("2026-03-17"),
                    "next_date": Date.to_date("2026-03-12"),
                }
            ],
        )
        promise._judge(Date.to_date("2026-03-15"))
        self.assertRecordValues(
            promise, [{"state": "broken", "broken_on": Date.to_date("2026-03-15")}]
        )

    def test_next_payment_moves_on_when_an_instalment_is_paid(self):
        invoice = self._late()
        promise = self._promise(
            invoice,
            line_ids=[
                Command.create({"date": "2026-03-12", "amount": 300.0}),
                Command.create({"date": "2026-03-17", "amount": 700.0}),
            ],
        )
        self._pay(invoice, 300.0, date="2026-03-10")
        self.assertEqual(promise.next_date, Date.to_date("2026-03-17"))

    def test_without_items_the_oldest_are_covered(self):
        new, old = self._late(due="2026-03-01"), self._late(due="2026-01-20")
        promise = self._promise(amount=900.0)
        self.assertEqual(promise.move_line_ids, self._item(old))
        self.assertNotEqual(promise.move_line_ids, self._item(new))

    def test_promise_in_the_currency_of_the_items(self):
        euro = self.env.ref("base.EUR")
        if euro == self.company.currency_id:
            euro = self.env.ref("base.USD")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "name": "2026-01-01",
                "rate": 0.5,
                "company_id": self.company.id,
            }
        )
        invoice = self._late(currency_id=euro.id)
        promise = self._promise(invoice, 1000.0)
        self.assertRecordValues(promise, [{"currency_id": euro.id, "amount_company": 2000.0}])
        self._pay(invoice, date="2026-03-10")
        self.assertRecordValues(promise, [{"state": "kept", "paid": 1000.0}])

    def test_cancelled_invoice_cancels_the_promise(self):
        invoice = self._late()
        promise = self._promise(invoice)
        invoice.button_draft()
        invoice.button_cancel()
        promise._judge(Date.to_date("2026-03-18"))
        self.assertEqual(promise.state, "cancelled")

    def test_judging_many_costs_the_same_queries_for_reading(self):
        invoices = [self._late(100.0) for _number in range(12)]
        promises = self.env["credit.promise"]
        for invoice in invoices:
            promises |= self._promise(invoice, 100.0)
        self.env.flush_all()
        for count in (2, 12):
            self.env.invalidate_all()
            with self.assertQueryCount(14):
                promises[:count].sudo()._judge(Date.to_date("2026-03-12"))

    def test_agreement_prints(self):
        promise = self._promise(
            self._late(),
            line_ids=[
                Command.create({"date": "2026-03-12", "amount": 300.0}),
                Command.create({"date": "2026-03-17", "amount": 700.0}),
            ],
        )
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "credit_collection.credit_promise_report", promise.ids
        )
        for text in ("Deco Ltd", "03/17/2026", "700.00", "falls due at once"):
            self.assertIn(text, html.decode())
