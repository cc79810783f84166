"""How a customer pays: measured from what they settled in cash, and nothing else.

An *experience* is ``(days late, amount)`` of one payment of one invoice; early days are below 0.
Netting, credit notes, write-offs and assignments are no experiences. Numbers are plain, fractions
are fractions, and what is not defined is ``None``.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import inf, sqrt

from .numbers import in_numbers, interpolate, listed, number

# Days late and the index: 80 is on time, each step down is a class of the trade's own scale.
INDEX_POINTS = (
    (-30, 100), (-20, 90), (0, 80), (15, 70), (22, 60), (30, 50), (60, 40), (90, 30), (120, 20),
    (177, 1),
)  # fmt: skip
# This many experiences weigh as much as what is known of the group.
PRIOR = 5
# Chance that an item is still paid, by days since it fell due: a published curve, used until there
# are enough items of one's own.
PUBLISHED_RECOVERY = (
    (0, 0.949), (30, 0.899), (60, 0.813), (90, 0.696), (182, 0.521), (273, 0.391), (365, 0.228),
    (730, 0.093),
)  # fmt: skip
OWN_ITEMS = 200
HORIZON = 730
# Own ages at which the curve is read.
AGES = (0, 15, 30, 45, 60, 90, 120, 182, 273, 365, 545, 730)


@dataclass(frozen=True)
class Behaviour:
    """What the experiences say; days are days late, ``on_time`` is a share of the amount."""

    count: int
    amount: float
    mean: float
    weighted_mean: float
    weighted_median: float
    spread: float
    on_time: float
    index: float


@dataclass(frozen=True)
class Expectation:
    """Days late to expect, and what that rests on: own history, the tag's or the company's.

    ``own_share`` is the weight of the customer's own history, 0 to 1.
    """

    days: float
    basis: str
    own_share: float
    count: int


@in_numbers
def payment_index(experiences):
    """Amount-weighted payment index: 100 is 30 days early, 80 on time, 50 is 30 days late.

    Each experience is read off straight lines between the steps of the scale. None without
    any amount.

    :raises ValueError: an amount below 0, or no number
    """
    return _index(_checked(experiences))


def weighted_mean(experiences):
    """Amount-weighted mean of the days late; None without any amount."""
    return _weighted(_checked(experiences))


@in_numbers
def weighted_median(experiences):
    """The days late below and above which half of the amount lies; None without any amount.

    Exactly in the middle between two experiences it is half-way between them, as the plain median.
    """
    return _median(pair for pair in _checked(experiences) if pair[1] > 0)


def _median(pairs):
    pairs = sorted(pairs)
    half, seen = sum(amount for _days, amount in pairs) / 2, 0.0
    for at, (days, amount) in enumerate(pairs):
        seen += amount
        if abs(seen - half) <= 1e-9 * half and at + 1 < len(pairs):
            return (days + pairs[at + 1][0]) / 2
        if seen > half:
            return days
    return None


def describe(experiences):
    """The ``Behaviour`` of a customer, None without any amount."""
    pairs = [pair for pair in _checked(experiences) if pair[1] > 0]
    if not pairs:
        return None
    total = sum(amount for _days, amount in pairs)
    mean = _weighted(pairs)
    return Behaviour(
        count=len(pairs),
        amount=total,
        mean=sum(days for days, _amount in pairs) / len(pairs),
        weighted_mean=mean,
        weighted_median=_median(pairs),
        spread=sqrt(sum(amount * (days - mean) ** 2 for days, amount in pairs) / total),
        on_time=sum(amount for days, amount in pairs if days <= 0) / total,
        index=_index(pairs),
    )


def trend(recent, before):
    """Amount-weighted days late of the last days less those of the year before; None if unknown.

    Above 0 the customer pays later than they used to.
    """
    new, old = weighted_mean(recent), weighted_mean(before)
    return None if new is None or old is None else new - old


def expected_days(own, tag=None, company=None, prior=PRIOR):
    """The ``Expectation`` of one customer, shrunk to the group while their history is short.

    expected = (n × own mean + prior × group's) / (n + prior). The group is the tag, where it has
    payments, else the company. None when nobody ever paid.

    :param own: ``(number of payments, days late)`` of the customer, days None without any
    :param tag: the same of the customer's tag, ``company``: of all customers
    :raises ValueError: a number of payments below 0
    """
    count, days = own or (0, None)
    number(count, "The number of payments", low=0)
    groups = [(name, group) for name, group in (("tag", tag), ("company", company)) if group]
    known = next(((n, g) for n, g in groups if g[0] and g[1] is not None), None)
    if not count or days is None:
        return known and Expectation(known[1][1], known[0], 0.0, known[1][0])
    if known is None:
        return Expectation(days, "own", 1.0, count)
    share = count / (count + prior)
    basis = "own" if share >= 0.8 else f"own_and_{known[0]}"
    return Expectation(share * days + (1 - share) * known[1][1], basis, share, count)


def own_curve(settled, waiting=(), lost=0, ages=AGES):
    """Chance that an item still unpaid at an age is paid in the end, from one's own ledger.

    The product-limit estimate: what is still open counts as long as it was watched. What was
    written off is never paid. ``((age, chance), ...)``, never rising with age; None while fewer
    than 200 items have come to an end.

    :param settled: days late of each item paid
    :param waiting: days late so far of each item still open
    :param lost: how many items were written off
    """
    settled, waiting = sorted(settled), sorted(waiting)
    if len(settled) + lost < OWN_ITEMS:
        return None
    events = {}
    for days in settled:
        events.setdefault(days, [0, 0])[0] += 1
    for days in waiting:
        events.setdefault(days, [0, 0])[1] += 1
    at_risk, unpaid, survival = len(settled) + len(waiting) + lost, 1.0, []
    for days in sorted(events):
        paid, left = events[days]
        unpaid *= 1 - paid / at_risk
        at_risk -= paid + left
        survival.append((days, unpaid))
    chances, least = [], 1.0
    for age in ages:
        now = _survival(survival, age)
        end = _survival(survival, max(HORIZON, age))
        least = min(least, 1 - end / now if now else 0.0)
        chances.append((age, least))
    return tuple(chances)


def recovery_probability(days_overdue, curve=PUBLISHED_RECOVERY):
    """Chance that an item is still paid, by its days since it fell due.

    Straight lines between the points; before the due day and beyond the last point it is held.
    """
    return interpolate(curve, number(days_overdue, "The days overdue"))


def worth(amount, probability, cost):
    """What the next step is worth: chance × amount − what the step costs."""
    amount = number(amount, "The amount")
    return number(probability, "The chance", 0, 1) * amount - number(cost, "The cost", 0)


def _survival(steps, age):
    """The share still unpaid after the payments of the days up to and including ``age``."""
    found = 1.0
    for days, unpaid in steps:
        if days > age:
            break
        found = unpaid
    return found


def _checked(experiences):
    return [
        # What is plainly right needs no closer look: there are tens of thousands.
        (float(days), amount)
        if type(days) is int and type(amount) is float and 0.0 <= amount < inf
        else (number(days, "Days late"), number(amount, "The amount of a payment", low=0))
        for days, amount in listed(experiences, "the experiences", 2)
    ]


@lru_cache(4096)
def _points(days):
    return interpolate(INDEX_POINTS, days)


def _index(pairs):
    return _weighted([(_points(days), weight) for days, weight in pairs])


def _weighted(pairs):
    total = sum(weight for _value, weight in pairs)
    return sum(value * weight for value, weight in pairs) / total if total > 0 else None
