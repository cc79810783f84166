"""When the open items will be paid: expected days, cash by week, and how good the forecast was.

A customer's payments are expected to come as late as theirs did, mixed with what the group does
while their history is short. What has not been paid so far cannot be paid earlier any more, so the
days already passed are left out of the distribution.
"""

from bisect import bisect_right
from collections import Counter
from datetime import date, timedelta
from itertools import accumulate
from math import sqrt
from typing import NamedTuple

from .numbers import in_numbers, listed, number

WEEKS = 13
# The group's payments weigh as much as so many of the customer's own: how delays spread needs more
# experience than their mean.
PRIOR = 20
# Four of five weeks should lie within it, were the items independent of each other.
BAND = 1.2816


class Delays:
    """How late payments come: own days late and the group's, which weighs as ``prior`` payments.

    :param own: days late of the customer's payments, or ``{days late: how many}``
    :param group: a ``Delays`` of everybody, or None
    """

    def __init__(self, own=(), group=None, prior=PRIOR):
        counts = Counter(own)
        self.days = sorted(day for day, count in counts.items() if count > 0)
        self._until = [0, *accumulate(counts[day] for day in self.days)]
        self.group = group
        self.prior = prior if group is not None and group.weight else 0
        self._shares = {}  # of a group many customers ask for the same days

    @property
    def weight(self):
        """How many payments it rests on, the group's included."""
        return self._until[-1] + self.prior

    def mean(self):
        """The plain mean of the own days late, None without any."""
        counts = (b - a for a, b in zip(self._until, self._until[1:], strict=False))
        total = sum(day * count for day, count in zip(self.days, counts, strict=True))
        return total / self._until[-1] if self._until[-1] else None

    def after(self, days):
        """The weight of what comes more than ``days`` late."""
        until = self._until
        own = until[-1] - until[bisect_right(self.days, days)]
        return own + self.prior * self.group.share_after(days) if self.prior else own + 0.0

    def share_after(self, days):
        """The share of what comes more than ``days`` late, 0 when nothing is known."""
        share = self._shares.get(days)
        if share is None:
            share = self._shares[days] = self.after(days) / self.weight if self.weight else 0.0
        return share

    def chance(self, passed, until):
        """Chance of payment by ``until`` days late, unpaid after ``passed``; None: unknown.

        Unknown is also what is later than anything ever was.
        """
        waiting = self.after(passed)
        return 1 - self.after(until) / waiting if waiting > 0 else None

    def middle(self, passed):
        """The days late by which half of what is unpaid after ``passed`` is paid; None: unknown."""
        waiting = self.after(passed)
        if waiting <= 0:
            return None
        candidates = self._candidates()
        low, high = bisect_right(candidates, passed), len(candidates) - 1
        while low < high:
            half = (low + high) // 2
            if self.after(candidates[half]) > waiting / 2:
                low = half + 1
            else:
                high = half
        return candidates[low]

    def _candidates(self):
        if not self.prior:
            return self.days
        return (
            sorted({*self.days, *self.group._candidates()})
            if self.days
            else (self.group._candidates())
        )


class Item(NamedTuple):
    """An open item: due day, open amount, how late such items come, what was promised, and the
    chance that it is paid at all."""

    due: date
    amount: float
    delays: Delays
    promised: date | None = None
    chance: float = 1.0


class Week(NamedTuple):
    """The cash of one week: what falls due, is expected, is promised, and the band around it."""

    start: date
    due: float
    expected: float
    promised: float
    low: float
    high: float


@in_numbers
def accuracy(forecast, actual):
    """``(accuracy, bias)``: 1 − Σ|F − A| ÷ ΣA and (ΣF − ΣA) ÷ ΣA, as fractions.

    A bias below 0 promised too little. Both None when nothing came.

    :raises ValueError: not as many forecasts as actual amounts
    """
    forecast = [number(value, "A forecast") for value in listed(forecast, "the forecasts")]
    actual = [number(value, "An amount received") for value in listed(actual, "what came")]
    if len(forecast) != len(actual):
        raise ValueError("Each forecast needs the amount that came.")
    total = sum(actual)
    if total <= 0:
        return None, None
    missed = sum(abs(f - a) for f, a in zip(forecast, actual, strict=True))
    return 1 - missed / total, (sum(forecast) - total) / total


def expected_day(item, today):
    """``(day, basis)`` on which an item should be paid: basis is promise, history or nothing.

    The promise while its day is still to come; else the day by which half of such items are paid,
    those days left out that have passed. Without history: the due date, and today once it passed.
    """
    if item.promised and item.promised >= today:
        return item.promised, "promise"
    late = item.delays.middle((today - item.due).days - 1)
    if late is None:
        return max(item.due, today), "nothing"
    return item.due + timedelta(late), "history"


def by_week(items, today, weeks=WEEKS, kept=1.0):
    """The ``Week`` s that begin today: what the open items will bring.

    :param today: the first day of the first week; items are open on its morning
    :param kept: the share of promises that is kept; the rest comes as late as others
    """
    ends = [7 * (week + 1) - 1 for week in range(weeks)]
    due, promised = [0.0] * weeks, [0.0] * weeks
    expected, variance = [0.0] * weeks, [0.0] * weeks
    for item in items:
        at = max((item.due - today).days, 0) // 7
        if at < weeks:
            due[at] += item.amount
        on_promise = -1
        if item.promised and item.promised >= today:
            on_promise = (item.promised - today).days // 7
            if on_promise < weeks:
                promised[on_promise] += item.amount
        for week, chance in enumerate(_chances(item, today, ends, on_promise, kept)):
            chance *= item.chance
            expected[week] += item.amount * chance
            variance[week] += item.amount**2 * chance * (1 - chance)
    return [
        Week(
            today + timedelta(7 * week),
            due[week],
            expected[week],
            promised[week],
            max(expected[week] - BAND * sqrt(variance[week]), 0.0),
            expected[week] + BAND * sqrt(variance[week]),
        )
        for week in range(weeks)
    ]


def naive_due(items, today, weeks=WEEKS):
    """Every item is paid on its due date, what is overdue in the first week."""
    return _naive(items, today, weeks, 0)


def naive_mean(items, today, mean, weeks=WEEKS):
    """Every item is paid ``mean`` days late, what should have been paid already in week one."""
    return _naive(items, today, weeks, mean)


def _naive(items, today, weeks, late):
    cash = [0.0] * weeks
    for item in items:
        at = int(max((item.due - today).days + round(late), 0) // 7)
        if at < weeks:
            cash[at] += item.amount
    return cash


def _chances(item, today, ends, on_promise, kept):
    """The chance of payment in each week."""
    late = (today - item.due).days
    sure = kept if 0 <= on_promise < len(ends) else 0.0
    rest, before = 1.0 - sure, 0.0
    first = max(on_promise, 0)  # nobody pays before the day that they asked for
    after = item.delays.after
    waiting = after(late - 1 + 7 * first)
    for week, end in enumerate(ends):
        chance = 0.0
        if week >= first and rest and waiting > 0:
            by_now = 1 - after(late + end) / waiting
            chance = rest * (by_now - before)
            before = by_now
        yield chance + (sure if week == on_promise else 0.0)
