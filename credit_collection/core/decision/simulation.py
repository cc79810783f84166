"""Which past orders a policy would have held: positions rebuilt from what came afterwards.

What a customer owed at the end of a past day is what is open now plus what was settled after that
day; what was ordered and not invoiced is what was invoiced after that day plus what is still to
be invoiced.  Each order is judged on the end of the day before it, plus the orders confirmed
before it, so that neither itself nor its own invoice is counted twice.

Drafts, disputes, promises, follow-up levels and manual holds of that day are not on record and
are left out; orders count with the amount they have now, and orders that would have been held
count into the exposure of later ones, because they did go through.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from ..money import ZERO
from . import Decision, OpenItem, Position, Request, Rule, decide, set_off

ON_TIME, LATE, OPEN, NOT_INVOICED = OUTCOMES = ("on_time", "late", "open", "not_invoiced")

# Kinds of rules whose past can be rebuilt from the ledger.
REPLAYABLE = frozenset({"limit", "overdue_days", "overdue_amount", "terms", "order_amount"})


@dataclass(frozen=True)
class Entry:
    """One receivable item: what is open of it now, and what was settled when.

    :param settled: pairs (day, amount), amounts with the sign of the item
    """

    id: int
    name: str
    date: date
    date_due: date
    open_now: Decimal
    settled: tuple[tuple[date, Decimal], ...] = ()

    def open_on(self, day: date) -> Decimal:
        """What was open at the end of ``day``."""
        if self.date > day:
            return ZERO
        return self.open_now + sum((amount for when, amount in self.settled if when > day), ZERO)


@dataclass(frozen=True)
class Commitment:
    """A confirmed order: what was invoiced when (``None``: a draft), and what is still to be."""

    order_id: int
    moment: datetime
    invoiced: tuple[tuple[date | None, Decimal], ...] = ()
    remaining: Decimal = ZERO

    def open_on(self, day: date) -> Decimal:
        """What of it was not invoiced at the end of ``day``."""
        later = (amount for when, amount in self.invoiced if when is None or when > day)
        return self.remaining + sum(later, ZERO)


@dataclass(frozen=True)
class PastOrder:
    id: int
    moment: datetime
    request: Request


@dataclass(frozen=True)
class Customer:
    """What is on record of one customer; ``limit`` ``None`` is unlimited."""

    entries: tuple[Entry, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    limit: Decimal | None = None


@dataclass(frozen=True)
class Verdict:
    order_id: int
    position: Position
    decision: Decision


def simulate(
    customer: Customer,
    orders: Iterable[PastOrder],
    rules: Iterable[Rule],
    grace_days: int = 0,
    digits: int = 2,
) -> Iterator[Verdict]:
    """Yield the orders that the rules would have held, in the order given."""
    rules = tuple(rule for rule in rules if rule.kind in REPLAYABLE)
    for order in orders:
        today = order.moment.date()
        position = _position(customer, order, grace_days, digits)
        decision = decide(position, order.request, rules, today)
        if decision.holds:
            yield Verdict(order.id, position, decision)


def outcome(invoices: Iterable[tuple[date, Decimal, date | None]], today: date) -> tuple[str, int]:
    """What became of an order's invoices, and how many days late.

    :param invoices: one row per instalment: due date, open amount, day of the last settlement
    :return: one of ``OUTCOMES`` and the worst delay in days (of the open ones: until ``today``)
    """
    invoices = list(invoices)
    if not invoices:
        return NOT_INVOICED, 0
    still_open = [due for due, amount, _paid in invoices if amount > 0]
    if still_open:
        return OPEN, max((today - min(still_open)).days, 0)
    days = max(((paid - due).days for due, _amount, paid in invoices if paid), default=0)
    return (LATE, days) if days > 0 else (ON_TIME, 0)


def _position(customer, order, grace_days, digits):
    today = order.moment.date()
    before = today - timedelta(days=1)
    items = tuple(_items(customer.entries, before, today, grace_days))
    receivable = sum((item.amount for item in items), ZERO)
    ordered = (
        commitment.open_on(before)
        for commitment in customer.commitments
        if (commitment.moment, commitment.order_id) < (order.moment, order.id)
    )
    return Position(
        receivable=receivable,
        ordered=sum(ordered, ZERO),
        credit_limit=customer.limit,
        items=set_off(items, digits),
        digits=digits,
    )


def _items(entries, before, today, grace_days):
    for entry in entries:
        amount = entry.open_on(before)
        if amount:
            days = (today - entry.date_due).days
            yield OpenItem(
                id=entry.id,
                name=entry.name,
                amount=amount,
                date_due=entry.date_due,
                days_overdue=max(days, 0),
                is_overdue=amount > 0 and days > grace_days,
            )
