"""What would lift a hold: the smallest payment, prepayment or limit, the largest part that fits.

Every remedy is found by trying: the position or the request is changed and ``decide`` asked again.
More of a remedy never makes a decision worse (a rule that passes keeps passing), so bisection over
the currency's smallest units finds the first amount that lifts the hold. What is above the allowed
amount is tried first: mostly it is the answer. A new kind of rule needs no word here as long as it
keeps that promise.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import accumulate

from ..money import ZERO, ceil_to, quantum
from . import DELIVERY, HOLD, Decision, OpenItem, Position, Request, Rule, codec, decide
from .split import largest_split

__all__ = ["FIT", "LIMIT", "PAY", "PREPAY", "Remedy", "apply_remedy", "largest_split", "remedies"]

PAY, PREPAY, FIT, LIMIT = "pay", "prepay", "fit", "limit"

# A limit so far above everything owed that no higher one could help.
BEYOND_ANY_NEED = 10**8

Case = tuple[Position, Request]


@dataclass(frozen=True)
class Remedy:
    """One way to lift a hold by itself; ``amount`` in company currency.

    * ``pay``: pay ``amount`` on the oldest items; ``items`` are ``(item_id, name, amount)``,
      oldest first, the last one possibly in part
    * ``prepay``: prepay ``amount`` more on this document
    * ``fit``: reduce what the document adds to the exposure to ``amount``
    * ``limit``: approve a limit of ``amount`` (also in place of an expired one)
    """

    kind: str
    amount: Decimal
    items: tuple[tuple[int, str, Decimal], ...] = ()

    def to_dict(self) -> dict:
        """Plain JSON: amounts as text."""
        return codec.dump(self)

    @classmethod
    def from_dict(cls, data: dict) -> "Remedy":
        """The remedy that ``to_dict`` wrote."""
        return codec.load(cls, data)


def remedies(
    position: Position, request: Request, rules: Iterable[Rule], today: date
) -> tuple[Remedy, ...]:
    """Return the remedies that lift the hold each by itself; none when nothing is held."""
    rules = tuple(rules)

    def passes(case):
        return not decide(*case, rules, today).holds

    decision = decide(position, request, rules, today)
    if not decision.holds:
        return ()
    excess = _excess(decision)
    found = (find(position, request, passes, excess) for find in (_pay, _prepay, _fit, _limit))
    return tuple(remedy for remedy in found if remedy)


def apply_remedy(position: Position, request: Request, remedy: Remedy) -> Case:
    """Return the position and the request as they are once the remedy is done.

    :raise ValueError: on an unknown kind of remedy
    """
    if remedy.kind == PAY:
        return _Payables(position).paid(remedy.amount), request
    if remedy.kind == PREPAY:
        return position, replace(request, prepaid=request.prepaid + remedy.amount)
    if remedy.kind == FIT:
        return position, _reduced(request, request.amount - remedy.amount)
    if remedy.kind == LIMIT:
        return replace(position, credit_limit=remedy.amount, limit_expired_on=None), request
    raise ValueError(f"unknown kind of remedy: {remedy.kind!r}")


class _Payables:
    """The items a customer can be asked to pay, oldest first, and payments tried on them."""

    def __init__(self, position: Position):
        self.position = position
        items = [item for item in position.items if item.undisputed > 0]
        self.items = sorted(items, key=lambda item: (item.date_due or date.max, item.id))
        self.others = tuple(item for item in position.items if item.undisputed <= 0)
        self.totals = list(accumulate(item.undisputed for item in self.items))
        # What a full payment leaves open: the disputed part, if any.
        self.remains = [
            _less(item, item.undisputed) if item.disputed else None for item in self.items
        ]

    @property
    def total(self) -> Decimal:
        return self.totals[-1] if self.totals else ZERO

    def split(self, amount: Decimal) -> tuple[int, Decimal]:
        """How many items ``amount`` pays in full before the last it touches, and the rest of it."""
        last = bisect_left(self.totals, amount)
        return last, amount - (self.totals[last - 1] if last else ZERO)

    def touched(self, amount: Decimal) -> tuple[tuple[int, str, Decimal], ...]:
        last, rest = self.split(amount)
        full = tuple((item.id, item.name, item.undisputed) for item in self.items[:last])
        return (*full, (self.items[last].id, self.items[last].name, rest))

    def paid(self, amount: Decimal) -> Position:
        amount = min(amount, self.total)
        if amount <= 0:
            return self.position
        last, rest = self.split(amount)
        items = (
            *self.others,
            *filter(None, self.remains[:last]),
            _less(self.items[last], rest),
            *self.items[last + 1 :],
        )
        return replace(self.position, receivable=self.position.receivable - amount, items=items)


def _less(item: OpenItem, amount: Decimal) -> OpenItem:
    return replace(item, amount=item.amount - amount)


def _reduced(request: Request, amount: Decimal) -> Request:
    return replace(
        request, amount=request.amount - amount, document_amount=request.document_amount - amount
    )


def _excess(decision: Decision) -> Decimal:
    """By how much the amounts that hold are above what is allowed, at most."""
    above = [
        finding.measured - finding.allowed
        for finding in decision.findings
        if finding.consequence == HOLD and finding.unit == "amount"
    ]
    return max(above, default=ZERO)


def _smallest(
    lifts: Callable[[Decimal], bool], low: Decimal, high: Decimal, digits: int, guess: Decimal
):
    """The smallest amount in ``low < amount <= high`` that lifts, or None when ``high`` does not.

    ``low`` is a whole number of units that does not lift; ``guess`` and the unit below it are tried
    first.
    """
    if high <= low or not lifts(high):
        return None
    unit = quantum(digits)
    fails, works = int(low / unit), int(ceil_to(high, digits) / unit)

    def halve(middle):
        nonlocal fails, works
        if lifts(middle * unit):
            works = middle
        else:
            fails = middle

    for tried in (int(guess / unit), int(guess / unit) - 1):
        if fails < tried < works:
            halve(tried)
    while works - fails > 1:
        halve((fails + works) // 2)
    return works * unit


def _pay(position, request, passes, excess):
    payables = _Payables(position)
    amount = _smallest(
        lambda paid: passes((payables.paid(paid), request)),
        ZERO,
        payables.total,
        position.digits,
        excess,
    )
    return amount and Remedy(PAY, amount, payables.touched(amount))


def _prepay(position, request, passes, excess):
    amount = _smallest(
        lambda paid: passes((position, replace(request, prepaid=request.prepaid + paid))),
        ZERO,
        request.document_amount - request.prepaid,
        position.digits,
        excess,
    )
    return amount and Remedy(PREPAY, amount)


def _fit(position, request, passes, excess):
    """At least one unit of the document has to remain."""
    if request.checkpoint == DELIVERY:
        return None
    cut = _smallest(
        lambda amount: passes((position, _reduced(request, amount))),
        ZERO,
        request.amount - quantum(position.digits),
        position.digits,
        excess,
    )
    return cut and Remedy(FIT, request.amount - cut)


def _limit(position, request, passes, excess):
    """Never below the present limit: what is asked for is a decision to trust more, or again."""
    if position.credit_limit is None and position.limit_expired_on is None:
        return None
    wanted = max(position.exposure + request.added_exposure, ZERO)
    present = wanted if position.credit_limit is None else position.credit_limit
    lowest = ceil_to(max(present, ZERO), position.digits)
    highest = (wanted + lowest + position.overdue) * BEYOND_ANY_NEED
    renewed = replace(position, limit_expired_on=None)

    def lifts(limit):
        return passes((replace(renewed, credit_limit=limit), request))

    amount = (
        lowest
        if lifts(lowest)
        else _smallest(lifts, lowest, highest, position.digits, present + excess)
    )
    return None if amount is None else Remedy(LIMIT, amount)
