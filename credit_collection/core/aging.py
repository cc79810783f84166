"""Aging buckets: one declaration for SQL, columns, titles, XLSX and tests.

Days overdue are whole days since the due date: 0 on the due date itself, negative before it.
A bucket holds ``lower < days <= upper``, so exactly 30 days late is "1-30".
"""

from typing import NamedTuple

from .fault import Fault, _lt
from .kpi import aligned

DEFAULT_BOUNDARIES = (0, 30, 60, 90)

# Amount x age, in reading order: (key, at or above the amount, older than the days).
QUADRANTS = (
    ("large_old", True, True),
    ("large_recent", True, False),
    ("small_old", False, True),
    ("small_recent", False, False),
)


class Bucket(NamedTuple):
    """``lower < days overdue <= upper``; None means without end.

    ``key`` can name an SQL column or a field. For a title: not due when ``lower`` is None, "over
    {lower}" when ``upper`` is None, otherwise "{first_day}-{upper}".
    """

    key: str
    lower: int | None
    upper: int | None

    @property
    def first_day(self):
        """The first day overdue in the bucket; None for what is not due."""
        return None if self.lower is None else self.lower + 1

    def holds(self, days_overdue):
        """Whether an item this late belongs here."""
        return (self.lower is None or days_overdue > self.lower) and (
            self.upper is None or days_overdue <= self.upper
        )


def buckets(boundaries=DEFAULT_BOUNDARIES):
    """Make the buckets between the boundaries: not due, 1-30, 31-60, 61-90, over 90.

    Boundaries are whole days, increasing, starting with 0. Together the buckets hold every
    number of days exactly once.
    """
    boundaries = tuple(boundaries)
    _check_boundaries(boundaries)
    return (
        Bucket("not_due", None, 0),
        *(
            Bucket(f"days_{lower + 1}_{upper}", lower, upper)
            for lower, upper in zip(boundaries, boundaries[1:], strict=False)
        ),
        Bucket(f"over_{boundaries[-1]}", boundaries[-1], None),
    )


def _check_boundaries(boundaries):
    if not boundaries:
        raise Fault(_lt("Aging needs at least one boundary, for example 30,60,90."))
    for boundary in boundaries:
        if not isinstance(boundary, int):
            raise Fault(
                _lt("An aging boundary is a whole number of days, not %(boundary)s."),
                boundary=repr(boundary),
            )
        if boundary < 0:
            raise Fault(
                _lt("An aging boundary must not be negative: %(boundary)s."), boundary=boundary
            )
    for lower, upper in zip(boundaries, boundaries[1:], strict=False):
        if upper <= lower:
            raise Fault(
                _lt("Aging boundaries must increase: %(upper)s follows %(lower)s."),
                upper=upper,
                lower=lower,
            )
    if boundaries[0]:
        raise Fault(
            _lt("Aging boundaries start with 0, the due date, not %(first)s."), first=boundaries[0]
        )


def parse_boundaries(text):
    """Read "30,60,90" as (0, 30, 60, 90); a leading 0 may be written or left out.

    What is empty, no whole number, negative or not increasing raises ValueError.
    """
    if not text or not text.strip():
        raise Fault(_lt("Aging needs at least one boundary, for example 30,60,90."))
    boundaries = tuple(_parse_day(part.strip()) for part in text.split(","))
    if boundaries[0] > 0:
        boundaries = (0, *boundaries)
    _check_boundaries(boundaries)
    return boundaries


def _parse_day(part):
    try:
        return int(part)
    except ValueError:
        raise Fault(
            _lt("An aging boundary is a whole number of days, not %(boundary)s."),
            boundary=repr(part),
        ) from None


def bucket_of(days_overdue, buckets):
    """The bucket that an item this late belongs to."""
    return next(bucket for bucket in buckets if bucket.holds(days_overdue))


def totals(items, buckets):
    """Sum the items (amount, days overdue) by bucket: {key: amount}, every bucket present."""
    items = list(items)
    amounts = aligned(*(amount for amount, _ in items))
    sums = dict.fromkeys((bucket.key for bucket in buckets), 0)
    for amount, (_amount, days) in zip(amounts, items, strict=True):
        sums[bucket_of(days, buckets).key] += amount
    return sums


def quadrant(amount, days, amount_threshold, days_threshold):
    """The key in ``QUADRANTS`` of an item of this amount, this late.

    Large is at or above the amount, old is later than the days, as with buckets: 30 days late is
    not yet older than 30.
    """
    amount, amount_threshold = aligned(amount, amount_threshold)
    place = (amount >= amount_threshold, days > days_threshold)
    return next(key for key, *where in QUADRANTS if tuple(where) == place)
