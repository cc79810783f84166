"""Expected days, cash by week, and how good a forecast was."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core.forecast import (
    Delays,
    Item,
    accuracy,
    by_week,
    expected_day,
    naive_due,
    naive_mean,
)

TODAY = date(2026, 3, 2)


def days(number):
    return timedelta(number)


def test_accuracy_and_bias_of_three_weeks():
    found = accuracy([100, 50, 80], [90, 70, 80])
    assert found == (pytest.approx(0.875), pytest.approx(-0.0417, abs=5e-5))


def test_nothing_came_nothing_to_measure():
    assert accuracy([5], [0]) == (None, None)
    assert accuracy([], []) == (None, None)


@pytest.mark.parametrize(
    ("forecast", "actual", "why"),
    [([1], [], "Each forecast"), (["x"], [1], "number"), ([1], [float("nan")], "finite")],
)
def test_what_cannot_be_graded_is_refused(forecast, actual, why):
    with pytest.raises(ValueError, match=why):
        accuracy(forecast, actual)


def test_a_promise_goes_before_history():
    item = Item(TODAY, 100, Delays([10]), TODAY + days(3))
    assert expected_day(item, TODAY) == (TODAY + days(3), "promise")
    assert expected_day(item, TODAY + days(4)) == (TODAY + days(10), "history")


def test_days_that_have_passed_are_left_out():
    delays = Delays([0, 0, 0, 30, 50])
    assert expected_day(Item(TODAY, 1, delays), TODAY)[0] == TODAY
    assert expected_day(Item(TODAY, 1, delays), TODAY + days(1))[0] == TODAY + days(30)
    assert expected_day(Item(TODAY, 1, delays), TODAY + days(99)) == (TODAY + days(99), "nothing")


def test_a_customer_without_history_pays_like_the_others():
    group = Delays([7] * 20)
    assert expected_day(Item(TODAY, 1, Delays((), group)), TODAY) == (TODAY + days(7), "history")
    weeks = by_week([Item(TODAY, 100, Delays((), group))], TODAY)
    assert [week.expected for week in weeks[:3]] == [0, 100, 0]


def test_the_own_history_outweighs_the_group_as_it_grows():
    group = Delays([0] * 50)
    delays = Delays([14] * 15, group, prior=5)
    weeks = by_week([Item(TODAY, 100, delays)], TODAY)
    assert [week.expected for week in weeks[:3]] == pytest.approx([25, 0, 75])
    assert weeks[0].due == 100
    assert weeks[0].low < 25 < weeks[0].high


def test_what_is_promised_comes_on_its_day_as_far_as_promises_are_kept():
    item = Item(TODAY - days(7), 100, Delays([9, 30, 30]), TODAY + days(8))
    weeks = by_week([item], TODAY, kept=0.6)
    assert weeks[1].promised == 100
    assert weeks[0].expected == 0
    assert weeks[1].expected == pytest.approx(60)
    assert weeks[3].expected == pytest.approx(40)


def test_nobody_knows_when_what_is_later_than_ever_comes():
    weeks = by_week([Item(TODAY - days(200), 100, Delays([5]))], TODAY)
    assert sum(week.expected for week in weeks) == 0


@given(
    st.lists(st.integers(-30, 120), min_size=1, max_size=30),
    st.integers(-100, 100),
    st.one_of(st.none(), st.integers(-5, 120)),
    st.floats(0, 1),
)
def test_never_more_is_expected_than_is_open(late, due, promised, kept):
    item = Item(
        TODAY + days(due),
        100,
        Delays(late, Delays([0, 20, 90])),
        None if promised is None else TODAY + days(promised),
    )
    weeks = by_week([item], TODAY, kept=kept)
    assert all(week.expected >= -1e-9 for week in weeks)
    assert sum(week.expected for week in weeks) <= 100 + 1e-6


def test_delays_are_counted_however_they_are_given():
    assert Delays({5: 2, 20: 1}).mean() == 10
    assert Delays([5, 5, 20]).mean() == 10
    assert Delays().mean() is None


def test_two_naive_forecasts():
    items = [Item(TODAY - days(20), 10, Delays()), Item(TODAY + days(8), 30, Delays())]
    assert naive_due(items, TODAY, 3) == [10, 30, 0]
    assert naive_mean(items, TODAY, 7.2, 3) == [10, 0, 30]
