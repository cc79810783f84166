from datetime import date, timedelta

from freezegun import freeze_time
from odoo.fields import Command
from odoo.tests import tagged

from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestDueNow(FollowupCase):
    """One answer to what is due now: a credit counts once, and the same before it is matched."""

    def _dispute(self, invoice, amount, accept=False):
        dispute = (
            self.env["credit.dispute"]
            .with_user(self.collector)
            .create(
                {
                    "account_id": self.file.id,
                    "move_line_id": self._item(invoice).id,
                    "amount": amount,
                    "reason_id": self.env.ref("credit_collection.credit_dispute_reason_price").id,
                }
            )
        )
        if accept:
            dispute.action_accept()
        return dispute

    def _promise(self, invoice, amount):
        return self.env["credit.promise"].create(
            {
                "account_id": self.file.id,
                "date": TODAY + timedelta(4),
                "amount": amount,
                "move_line_ids": [Command.set(self._item(invoice).ids)],
            }
        )

    def _receivable(self):
        return self.customer.property_account_receivable_id

    def _match(self, *moves):
        lines = self.env["account.move.line"].union(*(move.line_ids for move in moves))
        lines.filtered(lambda line: line.account_id == self._receivable()).reconcile()

    def assertAsked(self, amount):
        """Letter, list and statement ask for the same."""
        self.env.invalidate_all()
        _book, steps = self.env["credit.followup"]._decide(self.company, TODAY, self.file)
        values = [self.env["credit.followup"]._step_vals(_book, step) for step in steps]
        asked = round(sum(value["amount"] for value in values), 2)
        to_chase = self.env["credit.position"].browse(self.file.id).to_chase
        groups = self.file._due_now(TODAY)[self.file]
        to_pay = sum(group["to_pay"] for group in groups)
        self.assertEqual((asked, round(to_chase, 2), to_pay), (amount, amount, amount))

    def test_credit_note_for_an_accepted_dispute_counts_once(self):
        invoice = self._late(1000.0)
        self.assertAsked(1000)
        self._dispute(invoice, 300.0, accept=True)
        self.assertAsked(700)
        refund = self._credit_note(300.0)
        self.assertAsked(700)
        self._match(invoice, refund)
        self.assertAsked(700)

    def test_credit_note_as_large_as_the_dispute_leaves_the_rest_owed(self):
        invoice = self._late(1000.0)
        self._dispute(invoice, 600.0, accept=True)
        refund = self._credit_note(600.0)
        self.assertAsked(400)
        self._match(invoice, refund)
        self.assertAsked(400)

    def test_payment_on_account_for_what_was_promised(self):
        promised, _other = self._late(600.0), self._late(500.0)
        self._promise(promised, 600.0)
        payment = self._on_account(600.0)
        self.assertAsked(500)
        self._match(promised, payment)
        self.assertAsked(500)

    def test_muted_opening_entry_and_its_payment(self):
        opening = self._late(800.0)
        self._late(500.0)
        self._item(opening).no_followup = True
        payment = self._on_account(800.0)
        self.assertAsked(500)
        self._match(opening, payment)
        self.assertAsked(500)

    def test_money_is_paid_for_what_is_not_disputed(self):
        invoice = self._late(1000.0)
        self._dispute(invoice, 300.0)
        payment = self._on_account(700.0)
        self.assertAsked(0)
        self._match(invoice, payment)
        self.assertAsked(0)

    def test_dispute_credited_in_steps(self):
        invoice = self._late(2000.0)
        dispute = self._dispute(invoice, 500.0, accept=True)
        self.assertAsked(1500)
        self._match(invoice, self._credit_note(200.0))
        self.assertAsked(1500)
        self.assertEqual((dispute.state, dispute.credited), ("accepted", 200))
        self._match(invoice, self._credit_note(300.0))
        self.assertAsked(1500)
        self.assertEqual(dispute.state, "closed")

    def test_money_on_account_does_not_unprotect_what_was_promised(self):
        invoice = self._late(1000.0)
        promise = self._promise(invoice, 1000.0)
        payment = self._on_account(400.0)
        self.assertAsked(0)
        promise.sudo()._judge(TODAY)
        self.assertEqual((promise.paid, promise.missing), (400, 600))
        self.assertAsked(0)
        self._match(invoice, payment)
        self.assertAsked(0)

    def test_money_that_kept_a_promise_stays_with_its_item(self):
        """Also where the promised item is not due yet and another one is late."""
        promised, _late = self._late(600.0, -3), self._late(500.0)
        promise = self._promise(promised, 600.0)
        payment = self._on_account(600.0)
        self.assertAsked(500)
        promise.sudo()._judge(TODAY)
        self.assertEqual(promise.state, "kept")
        self.assertAsked(500)
        self._match(promised, payment)
        self.assertAsked(500)

    def test_part_of_a_promise_on_account_leaves_other_items_asked(self):
        invoice, _other = self._late(1000.0), self._late(500.0)
        promise = self._promise(invoice, 600.0)
        payment = self._on_account(400.0)
        self.assertAsked(900)
        promise.sudo()._judge(TODAY)
        self.assertAsked(900)
        self._match(invoice, payment)
        self.assertAsked(900)

    def test_credit_note_on_account_does_not_unprotect_what_was_promised(self):
        invoice = self._late(1000.0)
        promise = self._promise(invoice, 1000.0)
        refund = self._credit_note(300.0)
        self.assertAsked(0)
        promise.sudo()._judge(TODAY)
        self.assertAsked(0)
        self._match(invoice, refund)
        self.assertAsked(0)

    def test_one_credit_note_lowers_one_of_two_disputes(self):
        invoice = self._late(1000.0)
        first, second = self._dispute(invoice, 200.0), self._dispute(invoice, 300.0)
        self.assertAsked(500)
        self._match(invoice, self._credit_note(200.0))
        self.assertAsked(500)
        self.assertEqual((first.state, second.state), ("closed", "open"))
        self.assertEqual((first.credited, second.credited), (200, 0))
        self._match(invoice, self._credit_note(300.0))
        self.assertEqual(second.state, "closed")
        self.assertAsked(500)

    def test_credit_note_goes_to_the_accepted_dispute_first(self):
        invoice = self._late(1000.0)
        doubted, accepted = self._dispute(invoice, 200.0), self._dispute(invoice, 200.0, True)
        self._match(invoice, self._credit_note(200.0))
        self.assertEqual((doubted.state, accepted.state), ("open", "closed"))
        self.assertAsked(600)

    def test_part_promise_protects_its_part(self):
        invoice = self._late(1000.0)
        self._promise(invoice, 400.0)
        self.assertAsked(600)
        self._pay(invoice, 400.0)
        self.assertAsked(600)

    def test_part_promise_protects_the_oldest_items_first(self):
        old, young = self._late(300.0, 9), self._late(500.0, 5)
        self.env["credit.promise"].create(
            {
                "account_id": self.file.id,
                "date": TODAY + timedelta(4),
                "amount": 450.0,
                "move_line_ids": [Command.set((self._item(old) | self._item(young)).ids)],
            }
        )
        self.assertAsked(350)
        [step] = self.env["credit.followup"]._decide(self.company, TODAY, self.file)[1]
        self.assertEqual([line.amount for line in step.lines], [350])

    def test_only_what_is_in_payment_is_left_alone(self):
        invoice = self._late(1000.0)
        self.patch(type(invoice), "_get_invoice_in_payment_state", lambda _: "in_payment")
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        journal.inbound_payment_method_line_ids.payment_account_id = False
        self._pay(invoice, 10.0)
        self.assertEqual(self._item(invoice).amount_residual, 1000.0)
        self.assertAsked(990)

    def test_what_came_is_on_its_way_no_more(self):
        """100 came and are matched, 50 are on their way: 850 of 1,000 are asked."""
        invoice, slow = self._late(1000.0), self._slow_bank()
        self.patch(type(invoice), "_get_invoice_in_payment_state", lambda _: "in_payment")
        came = self._on_the_way(invoice, 100.0, slow)
        self.assertAsked(900)
        self._pay(invoice, 100.0)
        came.action_validate()
        self.assertAsked(900)
        self._on_the_way(invoice, 50.0, slow)
        self.assertAsked(850)

    def test_in_payment_counts_in_the_currency_of_the_item(self):
        """100 of 1,000 protect 100 at whatever rate they were registered."""
        foreign = self.env.ref("base.GBP")
        foreign.active = True
        foreign.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": foreign.id, "name": day, "rate": rate}
                for day, rate in ((date(2020, 1, 1), 0.4), (TODAY, 0.5))
            ]
        )
        invoice = self._late(1000.0, currency_id=foreign.id)
        self.patch(type(invoice), "_get_invoice_in_payment_state", lambda _: "in_payment")
        self._on_the_way(invoice, 100.0, self._slow_bank())
        [group] = self.file._due_now(TODAY)[self.file]
        self.assertEqual(group["to_pay"], 900)

    def test_foreign_disputes_leave_what_the_customer_counts(self):
        for code, rate, amount, disputed, asked in (
            ("KRW", 1466.37, 100_000, 33_333, 66_667),
            ("VND", 26_391.7, 1_000_000, 333_333, 666_667),
            ("GBP", 0.7571, 15_000.10, 5_000.03, 10_000.07),
        ):
            with self.subTest(code):
                currency = self.env.ref(f"base.{code}")
                currency.active = True
                currency.rate_ids.unlink()
                self.env["res.currency.rate"].create(
                    {"currency_id": currency.id, "name": date(2020, 1, 1), "rate": rate}
                )
                invoice = self._late(amount, currency_id=currency.id)
                self._dispute(invoice, disputed)
                [step] = self.env["credit.followup"]._decide(self.company, TODAY, self.file)[1]
                self.assertEqual(currency.round(step.own_amounts[0]), asked)
                [group] = self.file._due_now(TODAY)[self.file]
                self.assertEqual(group["to_pay"], asked)
                self._reverse(invoice)

    def _reverse(self, invoice):
        move = invoice._reverse_moves([{"invoice_date": TODAY}])
        move.action_post()
        return move

    def test_credit_in_another_currency_pays_nothing_here(self):
        dollar = self.env.ref("base.USD" if self.currency.name != "USD" else "base.EUR")
        dollar.active = True
        self._late(1000.0)
        refund = self._credit_note(1.0)
        refund.button_draft()
        refund.currency_id = dollar
        refund.invoice_line_ids.price_unit = 300
        refund.action_post()
        followup = self._plan()
        self.assertEqual(followup.amount, 1000)
        self.assertEqual([group["to_pay"] for group in followup._groups()], [0, 1000])
        self.assertEqual(self.env["credit.position"].browse(self.file.id).to_chase, 1000)

    def test_invoices_that_are_not_due_are_not_attached(self):
        late, _early = self._late(1000.0), self._late(500.0, -10)
        self.first.attach_invoices = True
        report = type(self.env["ir.actions.report"])
        self.patch(report, "_render_qweb_pdf", lambda *args, **values: (b"%PDF", "pdf"))
        names = [name for name, _content in self._plan()._attachments()]
        self.assertEqual(names, [f"{late.name.replace('/', '_')}.pdf"])

    def test_statement_of_2077_asks_for_the_750_of_its_letter(self):
        disputed, promised = self._late(1000.0), self._late(1077.0)
        self._dispute(disputed, 250.0)
        self._promise(promised, 1077.0)
        [letter], [statement] = self._plan()._groups(), self.file._statement_groups()
        self.assertEqual((letter["to_pay"], statement["to_pay"]), (750, 750))
        self.assertEqual(statement["balance"], 2077)
        self.assertTrue(all(row["mark"] for row in statement["rows"]))

    def test_statement_says_what_is_left_alone_and_asks_as_the_letter(self):
        disputed, promised, _plain = self._late(1000.0), self._late(600.0), self._late(500.0)
        self._dispute(disputed, 250.0)
        self._promise(promised, 600.0)
        self._credit_note(100.0)
        followup = self._plan()
        [letter], [statement] = followup._groups(), self.file._statement_groups()
        self.assertEqual((letter["to_pay"], statement["to_pay"]), (1250, 1250))
        self.assertEqual(statement["balance"], 2000)
        marks = {row["amount"]: row["mark"] for row in statement["rows"]}
        self.assertIn("250.00 disputed", marks[1000].replace("$\xa0", "").replace("$", ""))
        self.assertIn("romised", marks[600])
        self.assertFalse(marks[500])
