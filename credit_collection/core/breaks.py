"""Natural breaks: the boundaries that make classes as alike within as they can be.

Fisher's exact optimum (Jenks), by dynamic programming over the distinct values; equal values are
never torn apart.
"""

from collections import Counter
from itertools import accumulate

from .numbers import in_numbers, listed, number


@in_numbers
def natural_breaks(values, k):
    """``values`` in ``k`` classes, ascending, with the least sum of squares within them.

    :raises ValueError: ``k`` is no whole number from 1 to the number of different values
    """
    values = sorted(number(value, "A value") for value in listed(values, "the values"))
    distinct = sorted(set(values))
    if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= len(distinct):
        raise ValueError(
            f"{len(distinct)} different values make 1 to {len(distinct)} classes, not {k!r}."
            if distinct
            else "Without values there are no classes."
        )
    groups = iter(values)
    counts = Counter(values)
    starts = _starts(distinct, [counts[value] for value in distinct], k)
    return [
        [next(groups) for value in distinct[start:end] for _time in range(counts[value])]
        for start, end in zip(starts, [*starts[1:], len(distinct)], strict=True)
    ]


def goodness_of_fit(groups):
    """(SDAM - SDCM) / SDAM: 1 when each class has one value, 0 when the classes say nothing.

    SDAM is the sum of squares around the mean of all, SDCM around the means of the classes. None
    when all values are the same.
    """
    overall = _squares([value for group in groups for value in group])
    within = sum(_squares(group) for group in groups)
    return (overall - within) / overall if overall else None


def _squares(values):
    if not values:
        return 0.0
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values)


def _starts(values, counts, k):
    """The index at which each class begins."""
    size = len(values)
    mean = sum(v * c for v, c in zip(values, counts, strict=True)) / sum(counts)
    moved = [value - mean for value in values]  # squares of large numbers lose their cents
    heads = [0, *accumulate(counts)]
    sums = [0.0, *accumulate(v * c for v, c in zip(moved, counts, strict=True))]
    squares = [0.0, *accumulate(v * v * c for v, c in zip(moved, counts, strict=True))]

    def within(start, end):  # of values[start:end]
        total = sums[end] - sums[start]
        return max(squares[end] - squares[start] - total * total / (heads[end] - heads[start]), 0.0)

    costs = [within(0, end) if end else 0.0 for end in range(size + 1)]
    choices = []
    for classes in range(2, k + 1):
        costs, chosen = _one_more(costs, classes, size, within)
        choices.append(chosen)
    starts, end = [], size
    for chosen in reversed(choices):
        end = chosen[end]
        starts.append(end)
    return [0, *reversed(starts)]


def _one_more(before, classes, size, within):
    """Best costs and last starts with one more class.

    The best last start never falls when the end moves on, so the middle end halves the search.
    """
    costs, chosen = [float("inf")] * (size + 1), [0] * (size + 1)
    waiting = [(classes, size, classes - 1, size - 1)]
    while waiting:
        low, high, first, last = waiting.pop()
        if low > high:
            continue
        end = (low + high) // 2
        starts = range(first, min(last, end - 1) + 1)
        totals = [before[start] + within(start, end) for start in starts]
        best = first + totals.index(min(totals))
        costs[end], chosen[end] = min(totals), best
        waiting += [(low, end - 1, first, best), (end + 1, high, best, last)]
    return costs, chosen
