"""Danger signals: the kinds that ship, and how they are weighed.

Ten are measured by SQL over all files at once, five are noticed by people. A measured signal fires
when the figure reaches its threshold, and is over when it does not any more.
"""

from typing import NamedTuple

from .numbers import number


class Kind(NamedTuple):
    """Whether it is measured, in which unit, its weight, threshold and window in days."""

    measured: bool
    unit: str
    weight: int
    threshold: float
    window: int


KINDS = {
    "slower": Kind(True, "days", 3, 10, 90),
    "broken_promises": Kind(True, "count", 3, 2, 90),
    "round_payments": Kind(True, "count", 2, 2, 90),
    "new_unpaid": Kind(True, "times", 2, 2, 60),
    "old_disputes": Kind(True, "days", 2, 30, 60),
    "order_above_habit": Kind(True, "times", 2, 3, 30),
    "orders_shrinking": Kind(True, "share", 2, 0.5, 90),
    "longer_terms": Kind(False, "", 2, 0, 180),
    "returned_payment": Kind(True, "count", 4, 1, 90),
    "new_payer": Kind(True, "count", 1, 1, 60),
    "no_answer": Kind(True, "count", 2, 3, 45),
    "changes": Kind(False, "", 2, 0, 180),
    "sued": Kind(False, "", 8, 0, 365),
    "market": Kind(False, "", 3, 0, 180),
    "young_large": Kind(False, "", 2, 0, 90),
}
MEASURED = tuple(code for code, kind in KINDS.items() if kind.measured)


def fires(measured, threshold):
    """Whether what was measured reaches the threshold; nothing measured never does."""
    return measured is not None and measured >= number(threshold, "The threshold", 0) > 0


def weight(signals):
    """The sum of the weights of open signals."""
    return sum(number(each, "A weight", 0) for each in signals)


def urgency(weights, exposure):
    """What ranks the early warnings: sum of the open weights × exposure, never below 0."""
    return weight(weights) * max(number(exposure, "The exposure"), 0.0)
