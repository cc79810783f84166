from unittest.mock import patch

from freezegun import freeze_time
from odoo.fields import Command
from odoo.tests import tagged

from .common import TODAY, DeskCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPromiseMoney(DeskCase):
    """A promise is kept by money, in its own currency, up to what can still be owed."""

    LATER = "2026-03-20"

    def _entry(self, amount, journal_type, account, day="2026-03-12", **values):
        """Takes ``amount`` off the customer, against ``account``."""
        journal = self.env["account.journal"].search(
            [("type", "=", journal_type), ("company_id", "=", self.company.id)], limit=1
        )
        move = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": (account or journal.default_account_id).id,
                            "balance": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.customer.property_account_receivable_id.id,
                            "partner_id": self.customer.id,
                            "balance": -amount,
                        }
                    ),
                ],
                **values,
            }
        )
        move.action_post()
        return move

    def _match(self, *moves):
        account = self.customer.property_account_receivable_id
        lines = self.env["account.move.line"].union(*(move.line_ids for move in moves))
        lines.filtered(lambda line: line.account_id == account).reconcile()

    def _expense(self):
        return self.env["account.account"].search(
            [
                ("account_type", "=", "expense"),
                ("company_ids", "in", self.company.ids),
                ("id", "!=", self.company.account_journal_early_pay_discount_loss_account_id.id),
            ],
            limit=1,
        )

    def _judged(self, promise, day=LATER):
        promise.sudo()._judge(day)
        return promise.state

    def test_corrected_invoice_paid_in_full_keeps_the_promise(self):
        invoice = self._late(500.0)
        promise = self._promise(invoice, 500.0)
        self._credit(invoice, 50.0)
        self._pay(invoice, 450.0, date="2026-03-12")
        self.assertEqual(self._judged(promise), "kept")

    def test_credited_item_takes_its_promise_along(self):
        invoice = self._late(500.0)
        promise = self._promise(invoice, 500.0)
        self._credit(invoice, 500.0)
        self.assertEqual(self._judged(promise), "cancelled")

    def test_cancelled_item_leaves_the_rest_to_be_paid(self):
        kept, gone = self._late(300.0), self._late(200.0)
        promise = self._promise(
            None,
            500.0,
            move_line_ids=[Command.set((self._item(kept) | self._item(gone)).ids)],
        )
        gone.button_draft()
        gone.button_cancel()
        self._pay(kept, 300.0, date="2026-03-12")
        self.assertEqual(self._judged(promise), "kept")

    def test_money_on_account_in_time_keeps_the_promise(self):
        promise = self._promise(self._late(500.0), 500.0)
        self._entry(500.0, "bank", None)
        self.assertEqual(self._judged(promise), "kept")

    def test_money_on_account_that_settles_something_else_keeps_nothing(self):
        promise = self._promise(self._late(500.0), 500.0)
        other = self._late(500.0)
        money = self._entry(500.0, "bank", None)
        self.assertEqual(self._judged(promise), "kept")
        self._match(other, money)
        self.assertEqual(self._judged(promise), "broken")

    def test_money_keeps_one_promise_of_two(self):
        first = self._promise(self._late(1000.0), 1000.0, date="2026-03-12")
        second = self._promise(self._late(1000.0), 1000.0, date="2026-03-16")
        self._entry(1000.0, "bank", None, day="2026-03-11")
        for night in ("2026-03-11", "2026-03-12", "2026-03-13"):
            self.env["credit.promise"]._judge(night)
        self.assertEqual((first.state, second.state), ("kept", "open"))
        self.assertEqual(self._judged(second), "broken")
        self.assertEqual(first.state, "kept")

    def test_money_that_kept_a_promise_does_not_keep_a_later_one(self):
        first = self._promise(self._late(1000.0), 1000.0, date="2026-03-16")
        self._entry(1000.0, "bank", None, day="2026-03-11")
        self.assertEqual(self._judged(first, "2026-03-11"), "kept")
        second = self._promise(self._late(1000.0), 1000.0, date="2026-03-12")
        self.assertEqual(self._judged(second), "broken")
        self.assertEqual(first.state, "kept")

    def test_broken_promise_takes_no_money_from_a_new_one(self):
        invoice = self._late(1000.0)
        broken = self._promise(invoice, 1000.0, date="2026-03-10")
        self.assertEqual(self._judged(broken, "2026-03-13"), "broken")
        with freeze_time("2026-03-13"):
            new = self._promise(invoice, 1000.0, date="2026-03-18")
        self._entry(1000.0, "bank", None, day="2026-03-14")
        (broken | new).sudo()._judge("2026-03-15")
        self.assertEqual((broken.state, new.state), ("broken", "kept"))

    def test_entry_on_account_that_is_no_money_keeps_nothing(self):
        invoice = self._late(1000.0)
        promise = self._promise(invoice, 1000.0)
        written = self._entry(1000.0, "general", self._expense())
        self.assertEqual(self._judged(promise, "2026-03-12"), "open")
        self._match(invoice, written)
        self.assertEqual(self._judged(promise), "broken")

    def test_what_a_credit_note_will_settle_need_not_be_paid(self):
        invoice = self._late(1000.0)
        promise = self._promise(invoice, 1000.0)
        refund = self._invoice(300.0, date="2026-03-10", move_type="out_refund")
        self._pay(invoice, 700.0, date="2026-03-12")
        self.assertEqual(self._judged(promise, "2026-03-14"), "kept")
        self._match(invoice, refund)
        self.assertEqual(self._judged(promise), "kept")

    def test_credit_note_for_what_is_disputed_elsewhere_lowers_no_promise(self):
        invoice, other = self._late(1000.0), self._late(300.0)
        promise = self._promise(invoice, 1000.0)
        self._dispute(other, 300.0)
        self._invoice(300.0, date="2026-03-10", move_type="out_refund")
        self._pay(invoice, 700.0, date="2026-03-12")
        self.assertEqual(self._judged(promise), "partly")

    def test_credit_note_of_another_invoice_lowers_no_promise(self):
        invoice, other = self._late(1000.0), self._late(300.0)
        promise = self._promise(invoice, 1000.0)
        self._invoice(300.0, date="2026-03-10", move_type="out_refund", reversed_entry_id=other.id)
        self._pay(invoice, 700.0, date="2026-03-12")
        self.assertEqual(self._judged(promise), "partly")

    def test_money_taken_back_breaks_what_it_kept(self):
        promise = self._promise(self._late(500.0), 500.0)
        money = self._entry(500.0, "bank", None)
        self.assertEqual(self._judged(promise, "2026-03-12"), "kept")
        money.button_draft()
        self.env["credit.promise"]._judge("2026-03-20")
        self.assertEqual(promise.state, "broken")

    def test_a_match_judges_a_set_and_leaves_paid_promises_alone(self):
        paid = self.env["credit.promise"]
        for _number in range(6):
            invoice = self._late(100.0)
            paid |= self._promise(invoice, 100.0)
            self._pay(invoice, 100.0, date="2026-03-10")
        self.assertEqual(set(paid.mapped("state")), {"kept"})
        judged = []
        judge_on = type(paid)._judge_on

        def noted(promises, today):
            judged.append(promises)
            return judge_on(promises, today)

        other = self._late(100.0)
        promise = self._promise(other, 100.0)
        with patch.object(type(paid), "_judge_on", noted):
            self._pay(other, 50.0, date="2026-03-10")
        self.assertTrue(judged)
        self.assertLessEqual({one.id for some in judged for one in some}, set(promise.ids))

    def test_credit_note_on_account_is_no_money(self):
        invoice, other = self._late(500.0), self._late(500.0)
        promise = self._promise(invoice, 500.0)
        refund = self._invoice(500.0, date="2026-03-10", move_type="out_refund")
        self.assertEqual(self._judged(promise), "open")
        self._match(other, refund)
        self.assertEqual(self._judged(promise), "broken")

    def test_promise_of_what_a_credit_note_settles_goes_with_it(self):
        invoice = self._late(500.0)
        promise = self._promise(invoice, 500.0)
        refund = self._invoice(500.0, date="2026-03-10", move_type="out_refund")
        self.assertEqual(self._judged(promise), "open")
        self._match(invoice, refund)
        self.assertEqual(self._judged(promise), "cancelled")

    def test_written_off_is_not_kept(self):
        invoice = self._late(1000.0)
        promise = self._promise(invoice, 1000.0)
        self._match(invoice, self._entry(1000.0, "general", self._expense()))
        natures = self._item(invoice).matched_credit_ids._credit_settlement_nature()
        self.assertEqual(list(natures.values()), [{"write_off": 1000}])
        self.assertEqual(self._judged(promise), "broken")

    def test_netted_is_not_kept(self):
        invoice = self._late(1000.0)
        promise = self._promise(invoice, 1000.0)
        netting = self._entry(1000.0, "bank", None, credit_settlement="netting")
        self._match(invoice, netting)
        self.assertEqual(self._judged(promise), "broken")

    def test_discount_keeps_it_like_money(self):
        invoice = self._late(1000.0)
        promise = self._promise(invoice, 1000.0)
        discount = self._entry(20.0, "general", self._expense(), credit_settlement="discount")
        self._match(invoice, discount, self._entry(980.0, "bank", None))
        self.assertEqual(self._judged(promise), "kept")

    def test_promise_in_the_companys_currency_counts_what_the_money_was_worth(self):
        # 1,000 units are 500 when invoiced and 460 when they come in.
        foreign = self.env.ref("base.GBP")
        foreign.active = True
        foreign.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": foreign.id, "name": day, "rate": rate}
                for day, rate in (("2026-01-01", 2.0), ("2026-03-11", 1000 / 460))
            ]
        )
        invoice = self._late(1000.0, currency_id=foreign.id)
        promise = self._promise(invoice, 500.0, currency_id=self.currency.id)
        self._pay(invoice, date="2026-03-12")
        self.assertEqual(self._item(invoice).amount_residual, 0)
        self.assertEqual(self._judged(promise), "partly")
        self.assertAlmostEqual(promise.paid, 460.0, 2)
