"""What holds for every KPI whatever the numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import kpi

amounts = st.integers(0, 10**9)
positive = st.integers(1, 10**9)
days = st.integers(1, 400)
factors = st.integers(1, 1000)
periods = st.lists(st.tuples(st.integers(-(10**6), 10**6), days), min_size=1, max_size=12)


def same(first, second):
    if first is None or second is None:
        return first is second
    return first == pytest.approx(second)


@given(amounts, amounts, amounts, amounts, days, factors)
def test_figures_do_not_depend_on_the_unit_of_money(a, b, c, d, number, k):
    assert same(kpi.overdue_share(a, b), kpi.overdue_share(a * k, b * k))
    assert same(kpi.cash_plan_rate(a, b), kpi.cash_plan_rate(a * k, b * k))
    assert same(kpi.overdue_to_turnover(a, b), kpi.overdue_to_turnover(a * k, b * k))
    assert same(kpi.dso_simple(a, b, number), kpi.dso_simple(a * k, b * k, number))
    once = kpi.weighted_days_overdue([(a, number), (c, 1)], b)
    assert same(once, kpi.weighted_days_overdue([(a * k, number), (c * k, 1)], b * k))
    once = kpi.collection_effectiveness(a, b, c, d)
    assert same(once, kpi.collection_effectiveness(a * k, b * k, c * k, d * k))


@given(amounts, periods, factors)
def test_count_back_does_not_depend_on_the_unit_of_money(receivable, history, k):
    once = kpi.dso_count_back(receivable, history)
    scaled = kpi.dso_count_back(receivable * k, [(sales * k, number) for sales, number in history])
    assert same(once, scaled)


@given(amounts, amounts, amounts, amounts, days, factors)
def test_cash_plan_grows_with_the_unit_of_money(due, overdue, sales, prepaid, deferral, k):
    for method in kpi.CASH_PLAN_METHODS:
        plan = kpi.cash_plan(due, overdue, sales, deferral, prepaid, method)
        assert plan >= due + overdue + prepaid
        scaled = kpi.cash_plan(due * k, overdue * k, sales * k, deferral, prepaid * k, method)
        assert scaled == pytest.approx(plan * k)


@given(amounts, amounts)
def test_overdue_share_is_a_share(overdue, current):
    share = kpi.overdue_share(overdue, overdue + current)
    assert share is None or 0 <= share <= 1


@given(st.lists(st.tuples(amounts, st.integers(0, 400))), amounts)
def test_weighted_days_lie_between_none_and_the_oldest(items, current):
    result = kpi.weighted_days_overdue(items, current + sum(amount for amount, _ in items))
    oldest = max((late for _, late in items), default=0)
    assert result is None or 0 <= result <= oldest * (1 + 1e-9)


@given(amounts, amounts, positive, days)
def test_best_possible_dso_is_at_most_the_simple(current, overdue, sales, number):
    best = kpi.dso_best_possible(current, sales, number)
    assert 0 <= best <= kpi.dso_simple(current + overdue, sales, number)


@given(amounts, amounts, st.floats(0, 1), st.floats(0, 1))
def test_collection_effectiveness_is_a_share(opening, sales, open_part, current_part):
    closing = int((opening + sales) * open_part)
    result = kpi.collection_effectiveness(opening, sales, closing, int(closing * current_part))
    assert result is None or 0 <= result <= 1


@given(positive, st.integers(1, 12), days, st.floats(0, 1))
def test_count_back_equals_simple_when_sales_are_level(sales, count, number, part):
    receivable = int(sales * count * part)
    counted = kpi.dso_count_back(receivable, [(sales, number)] * count)
    assert counted == pytest.approx(kpi.dso_simple(receivable, sales * count, number * count))


@given(st.integers(0, 10**7), st.integers(0, 10**7), periods)
def test_count_back_is_monotone_in_the_receivables(first, second, history):
    smaller, larger = sorted((first, second))
    less, more = kpi.dso_count_back(smaller, history), kpi.dso_count_back(larger, history)
    if less is None:  # beyond the history, or no sales in it
        assert more is None
    elif more is not None:
        assert 0 <= less <= more <= sum(number for _, number in history)
