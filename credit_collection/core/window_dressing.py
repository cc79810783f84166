"""Was a figure dressed up for the closing date? Two pure indicators.

Numbers, fractions and ``None`` as in ``kpi``.
"""

from datetime import timedelta
from typing import NamedTuple

from .kpi import aligned, ratio


class ClosingCheck(NamedTuple):
    """A figure on the closing day beside its average over the period's snapshots."""

    average: float | None
    closing: float | None
    ratio: float | None  # closing / average: 0.5 = on the closing day half of the usual


def closing_against_average(snapshots, closing):
    """Compare the closing value with the plain average of the (weekly) snapshots of the period.

    ``snapshots`` are values of the same figure; undefined ones (None) are left out. The average
    is None without any, the ratio when average or closing is None or the average is not positive.
    """
    known = aligned(*(value for value in snapshots if value is not None))
    average = ratio(sum(known), len(known))
    if average is None or closing is None:
        return ClosingCheck(average, closing, None)
    return ClosingCheck(average, closing, ratio(closing, average))


def late_deliveries_share(deliveries, date_from, date_to, last_days=5):
    """Deliveries of the period's last days / all of the period, a fraction of their amounts.

    ``deliveries`` are pairs (date, amount); those outside date_from..date_to (both included) are
    left out. Steady selling gives about 5 / 30; much more pushes up DZ and T just before they are
    measured. None without deliveries (or with more returned than delivered).
    """
    if last_days < 1 or date_to < date_from:
        raise ValueError("The period and its last days must each have at least one day.")
    inside = [(day, amount) for day, amount in deliveries if date_from <= day <= date_to]
    amounts = aligned(*(amount for _, amount in inside))
    start = date_to - timedelta(days=last_days)
    late = sum(a for (day, _), a in zip(inside, amounts, strict=True) if day > start)
    return ratio(late, sum(amounts))
