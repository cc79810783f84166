import contextlib
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import COLLECTOR
from ..figures.common import FiguresCase
from .common import Life, TwoCurrencies, live

AMOUNTS = st.integers(1, 2000)
WHICH = st.integers(0, 9)
NAMES = ("receivable", "overdue", "sales", "received")
RATE = 2.0


class LifeOfFigures(Life):
    """An accountant's weeks: invoices, money, credit notes, write-offs, mistakes and repairs, in
    two currencies whose rate moves; and what is said of money that is not there yet: promises, and
    payments that wait for the bank.
    """

    start = date(2026, 9, 20)

    def begin(self):
        self.documents, self.payments, self.notes = [], [], {}
        self.promises = self.env["credit.promise"]
        self.under_way = self.env["account.payment"]

    def _touch(self, day):
        """What is posted, matched or undone for a day changes it and the days after it."""
        self.notes = {noted: seen for noted, seen in self.notes.items() if noted < day}

    def _open(self, moves):
        for move in moves:
            for line in move.line_ids:
                if line.account_id == self.case.receivable and line.amount_residual:
                    yield move
                    break

    def _currency(self, foreign):
        """One in four is in the other currency."""
        return self.case.currency if foreign else self.case.foreign

    @rule(rate=st.sampled_from([1.5, 2.0, 2.5, 3.0]))
    def move_the_rate(self, rate):
        self.case._rate(self.today, rate)

    @rule(
        amount=AMOUNTS, terms=st.integers(0, 45), back=st.integers(0, 5), foreign=st.integers(0, 3)
    )
    def invoice(self, amount, terms, back, foreign):
        day, currency = self.today - timedelta(back), self._currency(foreign)
        self.documents.append(
            self.case._invoice(amount, day, day + timedelta(terms), currency_id=currency.id)
        )
        self._touch(day)

    @rule(amount=AMOUNTS, foreign=st.integers(0, 3))
    def credit_note(self, amount, foreign):
        currency = self._currency(foreign)
        self.documents.append(self.case._invoice(-amount, self.today, currency_id=currency.id))
        self._touch(self.today)

    @rule(amount=AMOUNTS, ahead=st.integers(-4, 10))
    def money_on_account(self, amount, ahead):
        day = self.today + timedelta(ahead)
        self.payments.append(self.case._entry(amount, day))
        self._touch(day)

    @rule(part=st.integers(1, 100), which=WHICH, lost=st.integers(0, 99))
    def settle_at_the_bank(self, part, which, lost):
        """A part of an invoice comes in, another part of that is written off in the entry."""
        invoice = self._one(which)
        if not invoice:
            return
        currency = invoice.currency_id
        paid = round(invoice.amount_residual * part / 100, 2)
        amount = currency._convert(paid, self.case.currency, self.case.company, self.today)
        gone = round(amount * lost / 100, 2)
        if not amount - gone:
            return
        entry = self.env["account.move"].create(
            {
                "journal_id": self.case.bank.id,
                "date": self.today,
                "line_ids": [
                    Command.create(
                        {"account_id": self.case.bank_account.id, "balance": amount - gone}
                    ),
                    *(
                        [Command.create({"account_id": self.case.expense.id, "balance": gone})]
                        if gone
                        else []
                    ),
                    Command.create(
                        {
                            "account_id": self.case.receivable.id,
                            "partner_id": self.case.customer.id,
                            "currency_id": currency.id,
                            "amount_currency": -paid,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        self.case._match(invoice, entry)
        self.payments.append(entry)
        self._touch(self.today)

    def _one(self, which):
        """An invoice with something open, or nothing."""
        found = [
            move
            for move in self._open(self.documents)
            if move.move_type == "out_invoice" and move.amount_residual > 0
        ]
        return found[which % len(found)] if found else None

    def _item(self, move):
        return move.line_ids.filtered(lambda line: line.account_id == self.case.receivable)

    @rule(which=WHICH, part=st.integers(1, 100), days=st.integers(0, 6))
    def promise(self, which, part, days):
        """What is promised is owed as before."""
        invoice = self._one(which)
        if not invoice or self._item(invoice) & self._promised().move_line_ids:
            return
        line, before = self._item(invoice), self._seen(self.today)
        self.promises |= (
            self.env["credit.promise"]
            .with_user(self.case.collector)
            .create(
                {
                    "account_id": self.case.file.id,
                    "date": self.today + timedelta(days),
                    "amount": max(round(line.amount_residual_currency * part / 100, 2), 0.01),
                    "move_line_ids": [Command.set(line.ids)],
                }
            )
        )
        assert self._seen(self.today) == before, "a promise is no money"

    def _promised(self):
        return self.promises.sudo().filtered(lambda promise: promise.state == "open")

    @rule(which=WHICH)
    def take_a_promise_off(self, which):
        if promises := self._promised():
            with contextlib.suppress(UserError):  # kept meanwhile
                promises[which % len(promises)].with_user(self.case.collector).action_cancel()

    @rule(which=WHICH, part=st.integers(1, 100))
    def pay_on_the_way(self, which, part):
        """What is told of and not seen at the bank is owed as before."""
        invoice = self._one(which)
        amount = round(invoice.amount_residual * part / 100, 2) if invoice else 0
        if amount <= 0:
            return
        before = self._seen(self.today)
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": self.today, "amount": amount, "journal_id": self.case.slow.id})
        )
        payment = wizard._create_payments()
        assert not payment.move_id, "it has no entry"
        self.under_way |= payment
        assert self._seen(self.today) == before, "what is on the way is no money"

    @rule(which=WHICH)
    def what_was_on_the_way_does_not_come(self, which):
        waiting = self.under_way.filtered(lambda payment: payment.state == "in_process")
        if waiting:
            waiting[which % len(waiting)].action_cancel()

    @rule(which=WHICH)
    def match_what_is_open(self, which):
        credits = [
            move
            for move in self._open(self.documents + self.payments)
            if move.move_type != "out_invoice" and move.state == "posted"
        ]
        debts = [
            move
            for move in self._open(self.documents)
            if move.move_type == "out_invoice" and move.state == "posted"
        ]
        if credits and debts:
            credit, debt = credits[which % len(credits)], debts[which % len(debts)]
            self.case._match(credit, debt)
            self._touch(max(credit.date, debt.date))

    @rule(which=WHICH)
    def undo_a_match(self, which):
        matched = [move for move in self.payments if self._partials(move)]
        if matched:
            move = matched[which % len(matched)]
            self._touch(min(self._partials(move).mapped("max_date")))
            move.line_ids.remove_move_reconcile()

    def _partials(self, move):
        return move.line_ids.matched_debit_ids | move.line_ids.matched_credit_ids

    @rule(which=WHICH)
    def back_to_draft_or_posted_again(self, which):
        if self.payments:
            move = self.payments[which % len(self.payments)]
            self._touch(min([move.date, *self._partials(move).mapped("max_date")]))
            if move.state == "posted":
                move.button_draft()
            else:
                move.action_post()

    @rule(days=st.integers(1, 9))
    def days_pass(self, days):
        for _number in range(days):
            if self.promises:
                self.promises._judge()
            self.notes[self.today] = self._seen(self.today)
            self.sleep(1)

    def _seen(self, day):
        inputs = self.env["credit.kpi"]._inputs(self.case.company, day.replace(day=1), day)
        return [round(getattr(inputs.get(None), name, 0), 2) for name in NAMES]

    @invariant()
    def control_total_is_zero(self):
        for day in (self.today, self.today - timedelta(9), self.today + timedelta(4)):
            self._assert_controlled(day)

    def _assert_controlled(self, day):
        control = self.env["credit.open.item"]._control_total(self.case.company, day)
        assert control["difference"] == 0, (day, control)

    @rule()
    def every_day_is_controlled(self):
        """From before the first document to after the last one's day."""
        for number in range(-10, (self.today - self.start).days + 12):
            self._assert_controlled(self.start + timedelta(number))

    @precondition(lambda self: self.notes)
    @rule(which=st.integers(0, 99))
    def a_day_is_seen_later_as_it_was(self, which):
        day = sorted(self.notes)[which % len(self.notes)]
        assert self._seen(day) == self.notes[day], (day, self.today)


@tagged("post_install", "-at_install")
class TestLifeOfFigures(TwoCurrencies, FiguresCase):
    rate = RATE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._user("collector", COLLECTOR)
        cls.file = cls.env["credit.account"]._get(cls.customer, cls.company)
        # With Odoo's accounting app a payment of such a journal makes no entry.
        cls.slow = cls.env["account.journal"].create(
            {
                "name": "Slow Bank",
                "code": "SLO",
                "type": "bank",
                "sequence": 1000,
                "company_id": cls.company.id,
            }
        )
        cls.slow.inbound_payment_method_line_ids.payment_account_id = False

    def test_figures_of_a_random_life(self):
        live(LifeOfFigures, self, lives=3, steps=16)
