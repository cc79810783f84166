from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import freeze_time

from .common import OFFICER
from .desk_case import TODAY, DeskCase


@freeze_time(TODAY)
class TestPromise(DeskCase):
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

    def test_item_is_promised_while_the_promise_is_open(self):
        invoice = self._late()
        promise = self._promise(invoice)
        self.assertEqual(self._open_item(invoice).promised_until, Date.to_date("2026-03-15"))
        promise.action_cancel()
        self.assertFalse(self._open_item(invoice).promised_until)

    def test_past_day_shows_the_promise_of_that_day(self):
        invoice = self._late()
        self._promise(invoice)
        item = self.env["credit.open.item"]
        with freeze_time("2026-03-20"):
            self.env["credit.promise"]._judge()
            self.env.flush_all()
            then = item.with_context(as_of="2026-03-12").search([("move_id", "=", invoice.id)])
            self.assertEqual(then.promised_until, Date.to_date("2026-03-15"))
            item.invalidate_model()
            before = item.with_context(as_of="2026-03-09").search([("move_id", "=", invoice.id)])
            self.assertFalse(before.promised_until)

    def test_broken_promise_is_known_to_followup_and_rules(self):
        invoice = self._late()
        promise = self._promise(invoice)
        promise._judge(Date.to_date("2026-03-18"))
        broken = Date.to_date("2026-03-18")
        line = self._item(invoice)
        self.assertEqual(self.env["credit.promise"]._broken_on(line.ids), {line.id: broken})
        self.assertEqual(self._account()._broken_promises(), (broken,))

    def test_broken_promise_holds_the_next_order(self):
        self.policy.rule_ids.unlink()
        self.policy.rule_ids = [
            Command.create(
                {
                    "name": "Broken", "kind": "broken_promise", "count": 1, "period_days": 90,
                    "on_confirmation": True, "consequence": "hold",
                }
            )
        ]  # fmt: skip
        promise = self._promise(self._late())
        promise._judge(Date.to_date("2026-03-18"))
        order = self._order()
        with freeze_time("2026-03-18"):
            order.action_confirm()
        self.assertEqual(order.credit_state, "held")

    def test_broken_promise_calls_the_collector(self):
        account = self._account()
        account.collector_id = self.collector
        promise = self._promise(self._late())
        promise._judge(Date.to_date("2026-03-18"))
        self.assertEqual(promise.activity_ids.user_id, self.collector)

    def test_kept_share_on_the_file(self):
        kept, broken = self._late(100.0), self._late(200.0)
        self._promise(kept, 100.0)
        self._promise(broken, 200.0)
        self._pay(kept, date="2026-03-10")
        self.env["credit.promise"]._judge(Date.to_date("2026-03-18"))
        account = self._account()
        account.invalidate_recordset()
        self.assertEqual(account.promise_kept_share, 0.5)
        self.assertEqual(account.promise_judged, 2)

    def test_roles(self):
        with self.assertRaisesRegex(UserError, "credit officer.*up to 7 days"):
            self._promise(self._late(), date="2026-03-18")
        officer = self._user("oscar", OFFICER)
        with self.assertRaisesRegex(UserError, "credit manager.*up to 30 days"):
            self._promise(self._late(), date="2026-04-10", user=officer)
        self._promise(self._late(), date="2026-03-17")
        self._promise(self._late(), date="2026-04-09", user=officer)
        self._promise(self._late(), date="2026-06-30", user=self.manager)

    def test_bad_promises_change_nothing(self):
        mine, paid = self._late(), self._late()
        self._pay(paid)
        other = self._late(partner=self._customer("Other"))
        cases = [
            (dict(invoice=mine, date="2026-03-09"), "has passed"),
            (dict(invoice=mine, amount=0.0), "above zero"),
            (dict(invoice=mine, amount=-5.0), "above zero"),
            (dict(invoice=mine, amount=1000.01), "more than"),
            (dict(invoice=paid), "Nothing is open"),
            (dict(invoice=other), "another customer"),
            (dict(invoice=mine, date=False), "by which day"),
            (dict(account_id=False), "which customer"),
        ]
        count = self.env["credit.promise"].search_count([])
        for values, message in cases:
            with self.subTest(message), self.env.cr.savepoint():
                with self.assertRaisesRegex((UserError, ValidationError), message):
                    with self.env.cr.savepoint():
                        self._promise(**values)
        self.assertEqual(self.env["credit.promise"].search_count([]), count)

    def test_item_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        line = self._item(self._late())
        account = self.env["credit.account"]._get(self.customer, company)
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.env["credit.promise"].create(
                {
                    "account_id": account.id,
                    "date": "2026-03-12",
                    "amount": 10.0,
                    "move_line_ids": [Command.set(line.ids)],
                }
            )

    def test_an_item_is_promised_once(self):
        invoice = self._late()
        self._promise(invoice, 400.0)
        with self.assertRaisesRegex(ValidationError, "promised already"):
            self._promise(invoice, 600.0)

    def test_nothing_owed(self):
        with self.assertRaisesRegex(UserError, "owes nothing"):
            self._promise(amount=10.0)

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

    # ------------------------------------------------------------------
    # The attacker
    # ------------------------------------------------------------------

    def test_a_promise_does_not_change_by_hand(self):
        promise = self._promise(self._late())
        for values in (
            {"state": "kept"}, {"date": "2027-01-01"}, {"amount": 1.0}, {"broken_on": False},
            {"made_on": "2026-01-01"}, {"line_ids": [Command.clear()]},
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                promise.write(values)
        promise.note = "Will pay in two parts"
        with self.assertRaises(AccessError):
            promise.line_ids.write({"date": "2027-01-01"})
        with self.assertRaises(AccessError):
            promise.unlink()
        with self.assertRaises(AccessError):
            self._promise(self._late(), state="kept")

    def test_made_on_cannot_be_moved_to_gain_days(self):
        promise = self._promise(self._late(), made_on="2026-05-01", user_id=self.manager.id)
        self.assertEqual(promise.made_on, Date.to_date(TODAY))
        self.assertEqual(promise.user_id, self.collector)

    def test_salesperson_reads_and_does_nothing(self):
        invoice = self._late()
        promise = self._promise(invoice)
        self.assertEqual(promise.with_user(self.salesperson).amount, 1000.0)
        with self.assertRaises(AccessError):
            promise.with_user(self.salesperson).action_cancel()
        with self.assertRaises(AccessError):
            self._promise(invoice, user=self.salesperson)
        stranger = self._user("sid", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            promise.with_user(stranger).read(["amount"])

    def test_other_company_sees_nothing(self):
        promise = self._promise(self._late())
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("eve", "account.group_account_manager")
        stranger.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        with self.assertRaises(AccessError):
            promise.with_user(stranger).read(["amount"])
        with self.assertRaises(AccessError):
            promise.with_user(stranger).action_cancel()
        with self.assertRaises(AccessError):
            self._promise(account_id=promise.account_id.id, user=stranger)

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
