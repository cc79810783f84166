from collections import Counter
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from odoo.fields import Command
from odoo.tests import tagged

from ..followup.common import TODAY, FollowupCase
from .common import Life, TwoCurrencies, live

AMOUNTS = st.integers(10, 2000)
WHICH = st.integers(0, 9)


RATE = 0.5


class LifeOfFollowup(Life):
    """A collector's weeks: late invoices, disputes, promises, money that came or is on its way, in
    two currencies whose rate moves, and the daily run."""

    start = TODAY

    def begin(self):
        self.invoices, self.sent = [], self.env["credit.followup"]
        self.money, self.notes, self.under_way = [], [], self.env["account.payment"]
        # What came in by currency; what a unit of the other currency was worth, ever.
        self.received, self.worths = Counter(), [1 / RATE]

    def _one(self, which):
        """An invoice with something open, or nothing."""
        found = [move for move in self.invoices if self._line(move).amount_residual > 0]
        return found[which % len(found)] if found else None

    def _line(self, move):
        return self.case._item(move)

    def _currency(self, foreign):
        """One in five is in the other currency."""
        return self.case.currency if foreign else self.case.foreign

    @rule(rate=st.sampled_from([0.4, 0.5, 0.6]))
    def move_the_rate(self, rate):
        self.case._rate(self.today, rate)
        self.worths.append(1 / rate)

    def _due(self):
        self.env.invalidate_all()
        groups = self.case.file._due_now(self.today)[self.case.file]
        return round(sum(group["to_pay"] for group in groups), 2)

    @rule(amount=AMOUNTS, late=st.integers(-5, 40), foreign=st.integers(0, 4))
    def invoice(self, amount, late, foreign):
        due = self.today - timedelta(late)
        self.invoices.append(
            self.case._invoice(
                float(amount),
                date=due - timedelta(30),
                due=due,
                currency_id=self._currency(foreign).id,
            )
        )

    @rule(which=WHICH, part=st.integers(1, 100))
    def pay(self, which, part):
        if invoice := self._one(which):
            line = self._line(invoice)
            amount = max(round(line.amount_residual_currency * part / 100, 2), 0.01)
            residual = line.amount_residual_currency
            self.case._pay(invoice, amount, date=self.today)
            assert line.amount_residual_currency < residual, "what came is matched"
            self.received[line.currency_id] += amount

    @rule(which=WHICH, part=st.integers(1, 100))
    def pay_on_the_way(self, which, part):
        """Money is told of and not seen at the bank yet: it has no entry."""
        if invoice := self._one(which):
            free = self._line(invoice).amount_residual_currency - self._paying(invoice)
            amount = round(free * part / 100, 2)
            if amount > 0:
                self.under_way |= self.case._on_the_way(invoice, amount, self.case.slow, self.today)
                assert self._line(invoice).amount_residual_currency >= amount

    def _paying(self, invoice):
        return sum(
            self.under_way.filtered(
                lambda payment: payment.state == "in_process" and invoice in payment.invoice_ids
            ).mapped("amount")
        )

    @rule(which=WHICH, comes=st.booleans())
    def what_is_on_the_way_comes_or_not(self, which, comes):
        """Asked before it comes is asked after it came."""
        waiting = self.under_way.filtered(lambda payment: payment.state == "in_process")
        if not waiting:
            return
        payment = waiting[which % len(waiting)]
        if not comes:
            payment.action_cancel()
            return
        line = self._line(payment.invoice_ids)
        nothing_else = not (
            self._promises("open", "kept", "partly", "broken")
            or any(map(self._is_open, self.money + self.notes))
            or line.amount_residual_currency < payment.amount
        )
        before = self._due()
        entry = self.case._on_account(payment.amount, self.today, payment.currency_id)
        self.received[payment.currency_id] += payment.amount
        self.money.append(entry)
        if line.amount_residual_currency > 0:
            (line | self._line(entry)).reconcile()
        payment.action_validate()
        if nothing_else:
            assert self._due() == before, "asked before it came is asked after it came"

    @rule(amount=AMOUNTS, foreign=st.integers(0, 4))
    def money_on_account(self, amount, foreign):
        currency = self._currency(foreign)
        self.money.append(self.case._on_account(float(amount), self.today, currency))
        self.received[currency] += amount

    @rule(amount=AMOUNTS, foreign=st.integers(0, 4))
    def credit_note_on_account(self, amount, foreign):
        self.notes.append(self.case._note(float(amount), self.today, self._currency(foreign)))

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
        kept = Counter()
        for promise in self._promises("open", "kept"):
            kept[promise.currency_id] += promise.paid
        own, foreign = self.case.currency, self.case.foreign
        assert kept[foreign] <= self.received[foreign] + 0.05, (kept, self.received)
        assert (
            kept[own] + kept[foreign] * min(self.worths)
            <= self.received[own] + self.received[foreign] * max(self.worths) + 0.05
        ), (kept, self.received, self.worths)

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
            )
        )
        if not promises:
            return
        promise = promises[which % len(promises)]
        credits = [move for move in credits if self._line(move).currency_id == promise.currency_id]
        if not credits:
            return
        credit = credits[which % len(credits)]
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
        waiting = self.under_way.filtered(lambda payment: payment.state == "in_process")
        return not (rest or others or disputes or waiting or any(lines.mapped("no_followup")))

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
        disputes = self.env["credit.dispute"].search(
            [("account_id", "=", self.case.file.id), ("state", "in", ("open", "accepted"))],
            order="id",
        )
        if not disputes or any(map(self._is_open, self.notes)):
            return
        dispute = disputes[which % len(disputes)]
        rest = min(dispute.amount - dispute.credited, dispute.move_line_id.amount_residual_currency)
        before = self._due()
        refund = self.case._note(round(rest, 2), self.today, dispute.currency_id)
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
            most = self._most(item)
            assert 0 < line.amount_currency <= max(most, 0) + 0.005, (line.amount_currency, most)

    def _most(self, item):
        """What can be asked of an item: neither disputed, nor promised, nor in payment."""
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
        return residual - min(disputed, residual) - promised - self._paying(item.move_id)

    @invariant()
    def nothing_asked_that_is_disputed_promised_muted_or_in_payment(self):
        self.env.invalidate_all()
        for group in self.case.file._due_now(self.today)[self.case.file]:
            for row in group["rows"]:
                if row["amount"] <= 0:
                    continue
                item = self.env["account.move.line"].browse(row["move_line_id"])
                most = 0 if item.no_followup else max(self._most(item), 0)
                assert row["asked"] <= most + 0.006, (row["asked"], most, item.amount_currency)

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
class TestLifeOfFollowup(TwoCurrencies, FollowupCase):
    rate = RATE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.slow = cls._slow_bank()

    def _note(self, amount, day, currency):
        return self._invoice(amount, date=day, move_type="out_refund", currency_id=currency.id)

    def test_followup_of_a_random_life(self):
        live(LifeOfFollowup, self, lives=4, steps=18)
