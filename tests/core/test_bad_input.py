"""What callers of the published functions may get wrong: a sentence or None, nothing else.

Each public function of the page of entry points stands here once, with arguments that are right.
Each argument in turn is replaced by each thing that is wrong; what comes back is finite, ``None``
or a ``ValueError`` with a sentence.  What is right for an argument by chance gives a result.
"""

import copy
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from math import isfinite

import pytest

from credit_collection.core import (
    ahp,
    allowance,
    behaviour,
    breaks,
    ceiling,
    cover,
    discount,
    forecast,
    interest,
    kpi,
    limitation,
    schedule,
    topsis,
)

DAY, LATER = date(2026, 1, 31), date(2026, 7, 1)
RU = limitation.SHIPPED["RU"]
ITEMS = [(100.0, 10), (50.0, 0)]
# (function, arguments that are right)
RIGHT = [
    (ahp.weights, ([[1, 3], [1 / 3, 1]],)),
    (topsis.closeness, ([[1, 2], [3, 1]], [1, 2], [True, False])),
    (breaks.natural_breaks, ([1, 2, 9, 10], 2)),
    (behaviour.payment_index, (ITEMS,)),
    (behaviour.weighted_median, (ITEMS,)),
    (forecast.accuracy, ([1, 2], [1, 3])),
    (
        interest.accrue,
        ([(DAY, 1000)], [(date(2025, 1, 1), 8)], DAY, LATER, "act/365", "by_period", 2),
    ),
    (interest.compensation, (1000, [(0, 40), (1000, 70)])),
    (discount.yearly_cost, (2, 10, 30, 365, True)),
    (discount.yearly_cost, (2, 10, 30, 365, False)),
    (discount.part_payment, (980, 2)),
    (schedule.instalments, (1000, 3, DAY, 1, 2)),
    (limitation.limitation, ([(DAY, "due"), (LATER, "acknowledgement")], RU)),
    (allowance.by_matrix, ([1000, 500], [0.1, 0.2])),
    (allowance.loss_rates, ([100, 50, 10],)),
    (allowance.top_up, (4970, 1530)),
    (cover.limit_with, (100_000, [(50_000, 50)])),
    (cover.uncovered, (100_000, [(50_000, 50)])),
    (ceiling.cost_of_credit, (1000, 30, 0.1, 365)),
    (ceiling.sales_to_earn_back, (1000, 0.2)),
    (kpi.overdue_share, (30, 100)),
    (kpi.weighted_days_overdue, (ITEMS, 150)),
    (kpi.cash_plan, (100, 50, 300, 10, 20, "published")),
    (kpi.cash_plan_rate, (90, 100)),
    (kpi.overdue_to_turnover, (30, 200)),
    (kpi.dso_simple, (100, 200, 30)),
    (kpi.dso_count_back, (100, [(80, 30), (90, 31)])),
    (kpi.dso_best_possible, (70, 200, 30)),
    (kpi.collection_effectiveness, (100, 200, 90, 60)),
]
WRONG = [
    None,
    "12",
    "x",
    b"12",
    True,
    float("nan"),
    float("inf"),
    -float("inf"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    1e308,
    -1e308,
    5e-324,
    10**400,
    Decimal("1e5000"),
    0,
    -1,
    2.5,
    1000.005,
    5,
    [],
    {},
    set(),
    {1: 2},
    [None],
    [1],
    ["12", "13"],
    [[]],
    [[1]],
    [(1, 2, 3)],
    [(None, None)],
    [("1", "2")],
    ["ab", "cd"],
    [(True, True)],
    [(1e308, 1e308), (1e308, 1e308)],
    [1e308, 1e308],
    [(date.min, 5)],
    [(DAY, None)],
    [(DAY, "12")],
    [(datetime(2026, 1, 1), "due")],
    [(DAY, [])],
    object(),
    DAY,
    date.min,
    date.max,
    datetime(2026, 1, 31, 12),
    "RU",
    complex(1, 1),
]


def _names(pair):
    return f"{pair[0].__module__.rpartition('.')[2]}.{pair[0].__name__}"


def _finite(value):
    """Whether all numbers in a result are finite."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return isfinite(value)
    if isinstance(value, list | tuple):
        return all(map(_finite, value))
    return True


@pytest.mark.parametrize("right", RIGHT, ids=map(_names, RIGHT))
def test_right_input_gives_a_result(right):
    function, arguments = right
    before = copy.deepcopy(arguments)
    assert function(*arguments) is not None
    assert arguments == before


@pytest.mark.parametrize("right", RIGHT, ids=map(_names, RIGHT))
def test_wrong_input_gives_a_sentence_or_nothing(right):
    function, arguments = right
    failures = []
    for place in range(len(arguments)):
        for wrong in WRONG:
            given = [*copy.deepcopy(arguments[:place]), copy.deepcopy(wrong)]
            given += copy.deepcopy(arguments[place + 1 :])
            if isinstance(wrong, object) and type(wrong) is object:
                given[place] = wrong
            before = repr(given)
            try:
                result = function(*given)
            except ValueError as error:
                said = str(error)
                if not said.endswith(".") or " " not in said:
                    failures.append((place, wrong, f"no sentence: {said}"))
            except Exception as error:  # whatever else comes is what this test is about
                failures.append((place, wrong, repr(error)))
            else:
                if not _finite(result):
                    failures.append((place, wrong, result))
            if repr(given) != before:
                failures.append((place, wrong, "changed what it was given"))
    assert not failures, "\n".join(map(str, failures))


@pytest.mark.parametrize("right", RIGHT, ids=map(_names, RIGHT))
def test_what_can_be_read_once_counts_as_a_list(right):
    function, arguments = right
    once = [_once(value) if isinstance(value, list) else value for value in arguments]
    assert function(*once) == function(*arguments)


def _once(values) -> Iterator:
    return (_once(value) if isinstance(value, list) else value for value in values)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (interest.accrue, ("ab", [(DAY, 8)], DAY, LATER)),
        (interest.accrue, ([(DAY, 1000)], [(DAY, "8")], DAY, LATER)),
        (interest.compensation, ("1000", [(0, 40)])),
        (schedule.instalments, (1000.005, 3, DAY)),
        (schedule.instalments, (1000, 3, DAY, 1, None)),
        (schedule.instalments, (1000, 3, DAY, 1, 2.5)),
        (schedule.instalments, (1000, 3, DAY, 1, -1)),
        (schedule.instalments, (10**400, 3, DAY)),
        (discount.yearly_cost, (99.9, 0, 1, 10**6, True)),
        (limitation.limitation, ([(DAY, None)], RU)),
        (limitation.limitation, ([(DAY, "due")], None)),
        (limitation.limitation, ([(DAY, "due")], "RU")),
        (limitation.limitation, ([(datetime(2026, 1, 1), "due")], RU)),
        (kpi.weighted_days_overdue, ([(1, 2, 3)], 10)),
        (kpi.weighted_days_overdue, ([(1, 2, 3), (4,)], 10)),
        (kpi.dso_count_back, (10, [(1,), (2, 3, 4)])),
        (kpi.cash_plan, (1, 1, 1, 1, 1, [])),
        (kpi.overdue_share, ("1", 2)),
        (allowance.by_matrix, ([True], [0.5])),
        (allowance.by_matrix, ([1000], [True])),
        (allowance.by_matrix, ([-1000], [0.5])),
        (allowance.loss_rates, (None,)),
        (cover.limit_with, (-1, [])),
        (cover.limit_with, (100, 5)),
        (behaviour.payment_index, ([("1", "2")],)),
        (behaviour.payment_index, ([(10, 1e308), (10, 1e308)],)),
        (behaviour.payment_index, (None,)),
        (forecast.accuracy, ([1e308, 1e308], [1e308, 1e308])),
        (ceiling.cost_of_credit, (1e308, 1e308, 1)),
        (ceiling.cost_of_credit, ("1000", 30, 0.1)),
        (ceiling.sales_to_earn_back, (1e308, 1e-308)),
        (
            topsis.closeness,
            ([[1e308, 1], [1e308, 2], [1e308, 3], [1e308, 4]], [1, 1], [True, True]),
        ),
        (ahp.weights, (5,)),
        (breaks.natural_breaks, (None, 2)),
    ],
)
def test_refused_with_a_sentence(function, arguments):
    with pytest.raises(ValueError, match=r"\.$"):
        function(*arguments)
