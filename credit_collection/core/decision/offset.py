"""What is left of the open items once unapplied payments and credit notes are set off.

The rules read what the letters read: a customer who has paid is not overdue because nobody has
matched the payment yet.  The order is that of :mod:`..dunning.credits`:

* a credit note settles first the disputed parts, for which it was written;
* what remains, and money, settles the items that are left alone anyway (muted, promised);
* then the oldest.

Money does not settle disputes.  Each currency stands by itself.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ..money import ZERO, to_decimal
from .position import OpenItem


def set_off(items: Iterable[OpenItem], digits: int = 2) -> tuple[OpenItem, ...]:
    """Return the items as they are after the credits among them are set off, oldest first.

    What of a credit is too much stays as an item below zero.
    """
    owed, credits, notes, money = [], [], defaultdict(Decimal), defaultdict(Decimal)
    for item in sorted(items, key=lambda item: (item.date_due or date.max, item.id)):
        if item.amount > 0:
            owed.append(_Owed(item))
        elif item.amount < 0:
            credits.append(item)
            given = notes if item.is_credit_note else money
            given[item.currency] -= item.own_amount
    if not credits:
        return tuple(each.item for each in owed)
    for each in owed:
        each.settle_disputed(notes)
    for currency, amount in notes.items():
        money[currency] += amount
    for each in owed:
        each.settle(money, each.alone)
    for each in owed:
        each.settle(money, each.undisputed)
    rest = (_rest(credit, money, digits) for credit in reversed(credits))
    left = (each.left(digits) for each in owed)
    return (*(item for item in left if item), *filter(None, rest))


class _Owed:
    """An item on the way down, in its own currency."""

    def __init__(self, item):
        self.item = item
        self.amount, self.disputed = item.own_amount, min(item.own_disputed, item.own_amount)
        self.alone = item.alone_share * self.amount

    @property
    def undisputed(self):
        return self.amount - self.disputed

    def settle_disputed(self, notes):
        taken = min(notes[self.item.currency], self.disputed)
        notes[self.item.currency] -= taken
        self.amount -= taken
        self.disputed -= taken

    def settle(self, money, most):
        taken = max(min(money[self.item.currency], most, self.undisputed), ZERO)
        money[self.item.currency] -= taken
        self.amount -= taken

    def left(self, digits):
        """The item as it is now, or None when nothing is left of it."""
        item = self.item
        if self.amount == item.own_amount:
            return item
        amount = _share(item.amount, self.amount, item.own_amount, digits)
        disputed = _share(item.disputed, self.disputed, item.own_disputed, digits)
        now = replace(item, amount=amount, disputed=min(disputed, amount))
        if item.amount_currency is not None:
            now = replace(now, amount_currency=self.amount, disputed_currency=self.disputed)
        return now if amount > 0 else None


def _rest(credit, money, digits):
    """What of a credit nothing took: the latest credits are left first."""
    over = min(money[credit.currency], -credit.own_amount)
    money[credit.currency] -= over
    if not over:
        return None
    amount = _share(credit.amount, over, -credit.own_amount, digits)
    own = None if credit.amount_currency is None else -over
    return replace(credit, amount=amount, amount_currency=own)


def _share(amount, part, whole, digits):
    return to_decimal(amount * part / whole, digits) if whole else ZERO
