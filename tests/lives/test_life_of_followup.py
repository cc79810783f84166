from collections import Counter
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from odoo.fields import Command
from odoo.tests import tagged

from ..followup.common import TODAY, FollowupCase
from .common import Life, live

AMOUNTS = st.integers(10, 2000)
WHICH = st.integers(0, 9)


class LifeOfFollowup(Life):
    """A collector's weeks: late invoices, disputes, promises, money, and the daily run."""

    start = TODAY

    def begin(self):
        self.invoices, self.sent = [], self.env["credit.followup"]
        self.money, self.notes, self.received = [], [], 0.0

    def _one(self, which):
        """An invoice with something open, or nothing."""
        found = [move for move in self.invoices if self._line(move).amount_residual > 0]
        return found[which % len(found)] if found else None

    def _line(self, move):
        return self.case._item(move)

    def _due(self):
        self.env.invalidate_all()
        groups = self.case.file._due_now(self.today)[self.case.file]
        return round(sum(group["to_pay"] for group in groups), 2)

    @rule(amount=AMOUNTS, late=st.integers(-5, 40), foreign=st.integers(0, 4))
    def invoice(self, amount, late, foreign):
        due = self.today - timedelta(late)
        values = {} if foreign else {"currency_id": self.case.foreign.id}
        self.invoices.append(
            self.case._invoice(float(amount), date=due - timedelta(30), due=due, **values)
        )

    @rule(which=WHICH, part=st.integers(1, 100))
    def pay(self, which, part):
        if invoice := self._one(which):
            line = self._line(invoice)
            residual, worth = line.amount_residual_currency, line.amount_residual
            amount = max(round(residual * part / 100, 2), 0.01)
            self.case._pay(invoice, amount, date=self.today)
            self.received += amount * worth / residual

    @rule(amount=AMOUNTS)
    def money_on_account(self, amount):
        self.money.append(self.case._on_account(float(amount), self.today))
        self.received += amount

    @rule(amount=AMOUNTS)
    def credit_note_on_account(self, amount):
        self.notes.append(self.case._note(float(amount), self.today))

    def _promises(self, *states):
        return self.env["credit.promise"].search(
            [("account_id", "=", self.case.file.id), ("state", "in", states)], order="id"
        )

    @rule()
    def evening(self):
        """Judging alone asks for nothing, and no money keeps two promises."""
        before = self._due()
        changed = self.env["credit.promise"]._judge(self.today)
        if not set(changed.mapped("state")) & {"broken", "partly", "cancelled"}:
            assert self._due() == before, "asked before the judge is asked after it"
        promises = self._promises("open", "kept")
        kept = sum(one.paid * one.amount_company / one.amount for one in promises)
        assert kept <= self.received + 0.05, (kept, self.received)

    @rule(which=WHICH, note=st.booleans())
    def match_with_what_is_promised(self, which, note):
        """Asked before matching is asked after it, and the promise is what it was."""
        self.env["credit.promise"]._judge(self.today)
        credits = [move for move in (self.notes if note else self.money) if self._is_open(move)]
        promises = self._promises("open", "kept").filtered(
            lambda promise: (
                promise.unmatched > 0
                and promise.move_line_ids.amount_residual > 0
                and promise.date >= self.today
                and promise.currency_id == self.case.currency
            )
        )
        if not credits or not promises:
            return
        promise, credit = promises[which % len(promises)], credits[which % len(credits)]
        before, state = self._due(), promise.state
        (promise.move_line_ids | self._line(credit)).reconcile()
        self.env["credit.promise"]._judge(self.today)
        if self._is_alone(promise, credit):
            assert self._due() == before, "asked before matching is asked after matching"
            assert promise.state in (state, "cancelled"), (state, promise.state)

    def _is_open(self, move):
        return self._line(move).amount_residual < 0

    def _is_alone(self, promise, credit):
        """Whether nothing else could have had the credit: nothing disputed, muted or promised."""
        rest = [move for move in self.money + self.notes if self._is_open(move) and move != credit]
        others = self._promises("open", "kept", "partly", "broken") - promise
        lines = self.env["account.move.line"].union(*map(self._line, self.invoices))
        disputes = self.env["credit.dispute"].search([("account_id", "=", self.case.file.id)])
        return not (rest or others or disputes or any(lines.mapped("no_followup")))

    @rule(which=WHICH, part=st.integers(1, 100))
    def dispute(self, which, part):
        invoice = self._one(which)
        if not invoice:
            return
        line = self._line(invoice)
        before = self.env["credit.dispute"].search(
            [("move_line_id", "=", line.id), ("state", "in", ("open", "accepted"))]
        )
        free = line.amount_residual_currency - sum(
            max(other.amount - other.credited, 0) for other in before
        )
        if free < 0.05:
            return
        self.env["credit.dispute"].with_user(self.case.collector).create(
            {
                "account_id": self.case.file.id,
                "move_line_id": line.id,
                "amount": max(round(free * part / 100, 2), 0.01),
                "reason_id": self.env.ref("credit_collection.credit_dispute_reason_price").id,
            }
        )

    @rule(which=WHICH)
    def credit_what_is_disputed(self, which):
        """Asked before matching is asked after matching."""
        disputes = (
            self.env["credit.dispute"]
            .search(
                [("account_id", "=", self.case.file.id), ("state", "in", ("open", "accepted"))],
                order="id",
            )
            .filtered(lambda dispute: dispute.currency_id == self.case.currency)
        )
        if not disputes or any(map(self._is_open, self.notes)):
            return
        dispute = disputes[which % len(disputes)]
        rest = min(dispute.amount - dispute.credited, dispute.move_line_id.amount_residual)
        before = self._due()
        refund = self.case._credit_note(round(rest, 2))
        # Other disputes may take the note as long as it is not matched: the sum stays the same.
        assert self._due() == before, "a credit note for what is disputed changes nothing"
        (dispute.move_line_id | self._line(refund)).reconcile()
        assert self._due() == before, "asked before matching is asked after matching"

    @rule(which=WHICH, part=st.integers(1, 100), days=st.integers(0, 6))
    def promise(self, which, part, days):
        invoice = self._one(which)
        if not invoice:
            return
        line = self._line(invoice)
        if self.env["credit.promise"].search(
            [("move_line_ids", "in", line.ids), ("state", "=", "open")]
        ):
            return
        self.env["credit.promise"].with_user(self.case.manager).create(
            {
                "account_id": self.case.file.id,
                "date": self.today + timedelta(days),
                "amount": max(round(line.amount_residual_currency * part / 100, 2), 0.01),
                "move_line_ids": [Command.set(line.ids)],
            }
        )

    @rule(which=WHICH)
    def mute_or_not(self, which):
        if invoice := self._one(which):
            line = self._line(invoice)
            line.no_followup = not line.no_followup

    @rule(days=st.integers(1, 6))
    def days_of_work(self, days):
        for _number in range(days):
            self.env["credit.promise"]._judge(self.today)
            self._run()
            self.sleep(1)

    def _run(self):
        planned = self.case._plan(self.today)
        planned.filtered(lambda followup: followup.state == "draft").sudo()._move("approve")
        for followup in planned:
            self._check_asked(followup)
        if planned:
            self.case._send(planned)
        self.sent |= planned.filtered(lambda followup: followup.state == "sent")
        assert not self.case._plan(self.today), "planning the same day twice changes nothing"

    def _check_asked(self, followup):
        for line in followup.line_ids:
            item = line.move_line_id
            assert not item.no_followup, "muted"
            disputed = sum(
                max(dispute.amount - dispute.credited, 0)
                for dispute in self.env["credit.dispute"].search(
                    [("move_line_id", "=", item.id), ("state", "in", ("open", "accepted"))]
                )
            )
            promised = sum(
                self.env["credit.promise"]
                .search(
                    [
                        ("move_line_ids", "in", item.ids),
                        ("state", "=", "open"),
                        ("date", ">=", self.today),
                    ]
                )
                .mapped("unmatched")
            )
            residual = item.amount_residual_currency
            most = residual - min(disputed, residual) - promised
            assert 0 < line.amount_currency <= max(most, 0) + 0.005, (
                line.amount_currency,
                residual,
                disputed,
                promised,
            )

    @invariant()
    def no_level_twice_and_no_two_messages_a_day(self):
        lines = self.sent.line_ids.filtered("level_id")
        twice = Counter((line.move_line_id.id, line.level_id.id) for line in lines)
        assert not twice or max(twice.values()) == 1, twice
        days = Counter(followup.date for followup in self.sent)
        assert not days or max(days.values()) == 1, days

    @invariant()
    def list_and_statement_ask_for_the_same(self):
        position = self.env["credit.position"].browse(self.case.file.id)
        self.env.invalidate_all()
        groups = self.case.file._due_now(self.today)[self.case.file]
        due_today = any(row["days"] == 0 for group in groups for row in group["rows"])
        if not due_today and all(group["currency"] == self.case.currency for group in groups):
            asked = round(sum(group["to_pay"] for group in groups), 2)
            assert round(position.to_chase, 2) == asked, (position.to_chase, asked)


@tagged("post_install", "-at_install")
class TestLifeOfFollowup(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env["res.currency"].create({"name": "XTR", "symbol": "X"})
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.foreign.id,
                "name": "2025-01-01",
                "rate": 0.5,
                "company_id": cls.company.id,
            }
        )

    def _on_account(self, amount, day):
        """Money of the customer that is matched with nothing."""
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        receivable = self.customer.property_account_receivable_id
        move = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {"account_id": journal.default_account_id.id, "balance": amount}
                    ),
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.customer.id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move

    def _note(self, amount, day):
        return self._invoice(amount, date=day, move_type="out_refund")

    def test_followup_of_a_random_life(self):
        live(LifeOfFollowup, self, lives=4, steps=18)
