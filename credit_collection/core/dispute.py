"""Which disputes on an item a credit lowers: one credit lowers one dispute, once.

* A dispute keeps what it took before, as far as that credit is still there.
* What is left goes to those accepted first, then to the oldest, a credit after the other.
* Credits from before a dispute are none of its own; ended disputes take nothing new.
"""

from math import fsum
from typing import NamedTuple


class Dispute(NamedTuple):
    """``taken`` is ``{credit: amount}``; credits up to ``floor`` are from before the dispute."""

    id: int
    amount: float
    taken: dict
    floor: int = 0
    waiting: bool = True
    accepted: bool = False


def share(disputes, credits, digits=2):
    """Return ``{dispute id: {credit: amount}}``.

    :param disputes: the ``Dispute`` list of one item
    :param credits: ``{credit: amount}``, credits numbered in the order in which they came
    """
    left = dict(credits)
    shares = {dispute.id: {} for dispute in disputes}
    for dispute in sorted(disputes, key=lambda one: one.id):
        for credit, amount in dispute.taken.items():
            _take(dispute, credit, amount, left, shares[dispute.id], digits)
    waiting = [dispute for dispute in disputes if dispute.waiting]
    for dispute in sorted(waiting, key=lambda one: (not one.accepted, one.id)):
        for credit in sorted(left):
            if credit > dispute.floor:
                _take(dispute, credit, left[credit], left, shares[dispute.id], digits)
    return shares


def _take(dispute, credit, most, left, own, digits):
    rest = dispute.amount - fsum(own.values())
    amount = round(min(left.get(credit, 0), most, rest), digits)
    if amount > 0:
        left[credit] -= amount
        own[credit] = own.get(credit, 0) + amount
