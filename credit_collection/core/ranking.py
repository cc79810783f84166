"""The rank of a credit file on the collections desk: 0 to 100 points, a sum of six parts.

``PARTS`` is the formula: code, SQL, page and README read it from here. Parts grow
evenly up to their full points: ``points * min(value, full_at) / full_at``. The two amounts have no
upper end: ``points * value / (value + reference)``, half of their points at the reference.
No part ever falls when its value rises.
"""

from typing import NamedTuple


class Part(NamedTuple):
    """One part: its most ``points``, reached at the value ``full_at`` (``None``: an amount)."""

    key: str
    points: float
    full_at: float | None


class Score(NamedTuple):
    """The ``total`` and its ``parts``: ``(key, value measured, points given, most points)``."""

    total: float
    parts: tuple[tuple[str, float | None, float, float], ...]


PARTS = (
    Part("overdue", 30.0, None),
    Part("days_overdue", 25.0, 90.0),
    Part("broken_promises", 15.0, 3.0),
    Part("days_since_contact", 10.0, 14.0),
    Part("over_limit", 10.0, 1.0),
    Part("worth", 10.0, None),
)
REFERENCE = 10_000.0
FORMULA = (
    "Out of 100: overdue amount to chase up to 30 (half at the policy's reference amount), oldest "
    "delay up to 25 (90 days), broken promises up to 15 (3), days since the last contact up to 10 "
    "(14, or never), 10 when over the limit, and up to 10 for what a call is worth: chance of "
    "payment times amount, less the cost of a call (half at the reference amount)."
)


def score(
    overdue,
    days_overdue=0,
    broken_promises=0,
    days_since_contact=None,
    over_limit=False,
    worth=0.0,
    reference=REFERENCE,
):
    """Return the ``Score`` of a file; the highest total is worked first.

    :param overdue: overdue amount in company currency; below 0 counts as 0
    :param days_overdue: days of the oldest overdue item
    :param broken_promises: how many broke in the period that the policy looks at
    :param days_since_contact: ``None`` when there never was one: full points
    :param over_limit: whether the exposure is above the limit
    :param worth: chance of payment times amount, less the cost of a call; below 0 counts as 0
    :param reference: amount in company currency that earns half of an amount's points
    :raises ValueError: the reference is not positive
    """
    if reference <= 0:
        raise ValueError("The reference amount must be positive.")
    values = (overdue, days_overdue, broken_promises, days_since_contact, over_limit, worth)
    parts = tuple(
        (part.key, value, _points(part, value, reference), part.points)
        for part, value in zip(PARTS, values, strict=True)
    )
    return Score(sum(points for _, _, points, _ in parts), parts)


def _points(part, value, reference):
    """Return the points that one value earns."""
    if value is None:
        return part.points
    value = max(float(value), 0.0)
    if part.full_at is None:
        # Written so that rounding cannot make a larger amount score less.
        return part.points * (1.0 - float(reference) / (value + float(reference)))
    return part.points * min(value, part.full_at) / part.full_at
