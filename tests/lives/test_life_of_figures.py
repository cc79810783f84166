from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from odoo import Command
from odoo.tests import tagged

from ..figures.common import FiguresCase
from .common import Life, live

AMOUNTS = st.integers(1, 2000)
NAMES = ("receivable", "overdue", "sales", "received")


class LifeOfFigures(Life):
    """An accountant's weeks: invoices, money, credit notes, write-offs, mistakes and repairs."""

    start = date(2026, 9, 20)

    def begin(self):
        self.documents, self.payments, self.notes = [], [], {}

    def _touch(self, day):
        """What is posted, matched or undone for a day changes it and the days after it."""
        self.notes = {noted: seen for noted, seen in self.notes.items() if noted < day}

    def _open(self, moves):
        for move in moves:
            for line in move.line_ids:
                if line.account_id == self.case.receivable and line.amount_residual:
                    yield move
                    break

    @rule(amount=AMOUNTS, terms=st.integers(0, 45), back=st.integers(0, 5))
    def invoice(self, amount, terms, back):
        day = self.today - timedelta(back)
        self.documents.append(self.case._invoice(amount, day, day + timedelta(terms)))
        self._touch(day)

    @rule(amount=AMOUNTS)
    def credit_note(self, amount):
        self.documents.append(self.case._invoice(-amount, self.today))
        self._touch(self.today)

    @rule(amount=AMOUNTS, ahead=st.integers(-4, 10))
    def money_on_account(self, amount, ahead):
        day = self.today + timedelta(ahead)
        self.payments.append(self.case._entry(amount, day))
        self._touch(day)

    @rule(part=st.integers(1, 100), which=st.integers(0, 9), lost=st.integers(0, 99))
    def settle_at_the_bank(self, part, which, lost):
        """A part of an invoice comes in, another part of that is written off in the entry."""
        invoices = [move for move in self._open(self.documents) if move.move_type == "out_invoice"]
        if not invoices:
            return
        invoice = invoices[which % len(invoices)]
        amount = round(invoice.amount_residual * part / 100, 2)
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

    @rule(which=st.integers(0, 9))
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

    @rule(which=st.integers(0, 9))
    def undo_a_match(self, which):
        matched = [move for move in self.payments if self._partials(move)]
        if matched:
            move = matched[which % len(matched)]
            self._touch(min(self._partials(move).mapped("max_date")))
            move.line_ids.remove_move_reconcile()

    def _partials(self, move):
        return move.line_ids.matched_debit_ids | move.line_ids.matched_credit_ids

    @rule(which=st.integers(0, 9))
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
            self.notes[self.today] = self._seen(self.today)
            self.sleep(1)

    def _seen(self, day):
        inputs = self.env["credit.kpi"]._inputs(self.case.company, day.replace(day=1), day)
        return [round(getattr(inputs.get(None), name, 0), 2) for name in NAMES]

    @invariant()
    def control_total_is_zero(self):
        for day in (self.today, self.today - timedelta(9), self.today + timedelta(4)):
            control = self.env["credit.open.item"]._control_total(self.case.company, day)
            assert control["difference"] == 0, (day, control)

    @precondition(lambda self: self.notes)
    @rule(which=st.integers(0, 99))
    def a_day_is_seen_later_as_it_was(self, which):
        day = sorted(self.notes)[which % len(self.notes)]
        assert self._seen(day) == self.notes[day], (day, self.today)


@tagged("post_install", "-at_install")
class TestLifeOfFigures(FiguresCase):
    def test_figures_of_a_random_life(self):
        live(LifeOfFigures, self, lives=3, steps=16)
