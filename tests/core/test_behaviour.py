"""How a customer pays: the index, means and medians, what to expect, and the chance of recovery."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import behaviour

EXPERIENCES = st.lists(st.tuples(st.integers(-60, 300), st.integers(0, 10_000)), max_size=20)
DELAYS = [(0, 100), (5, 100), (40, 800)]


def test_three_on_time_and_one_thirty_days_late():
    assert behaviour.payment_index([(0, 100), (0, 100), (0, 100), (30, 100)]) == 72.5


@pytest.mark.parametrize(
    ("days", "index"),
    [
        (-99, 100),
        (-30, 100),
        (-20, 90),
        (0, 80),
        (15, 70),
        (22, 60),
        (30, 50),
        (60, 40),
        (90, 30),
        (120, 20),
        (9999, 1),
        (45, 45),
    ],
)
def test_the_steps_of_the_index(days, index):
    assert behaviour.payment_index([(days, 1)]) == pytest.approx(index)


@given(EXPERIENCES, st.integers(1, 50))
def test_paying_later_never_raises_the_index(experiences, later):
    index = behaviour.payment_index(experiences)
    worse = behaviour.payment_index([(days + later, amount) for days, amount in experiences])
    assert index is worse is None or worse <= index + 1e-9


def test_mean_weighted_mean_and_weighted_median():
    found = behaviour.describe(DELAYS)
    assert found.mean == 15
    assert found.weighted_mean == 32.5
    assert found.weighted_median == behaviour.weighted_median(DELAYS) == 40
    assert found.on_time == 0.1
    assert found.count == 3


def test_half_of_the_amount_on_each_side_is_half_way():
    assert behaviour.weighted_median([(0, 10), (10, 10)]) == 5
    assert behaviour.weighted_median([(10, 10), (0, 11)]) == 0


@pytest.mark.parametrize("nothing", [[], [(5, 0)]])
def test_without_an_amount_nothing_is_defined(nothing):
    assert behaviour.payment_index(nothing) is None
    assert behaviour.weighted_median(nothing) is None
    assert behaviour.weighted_mean(nothing) is None
    assert behaviour.describe(nothing) is None


@pytest.mark.parametrize(
    ("experiences", "why"),
    [([(1, -5)], "below 0"), ([("x", 5)], "number"), ([(1, float("inf"))], "finite")],
)
@pytest.mark.parametrize("figure", [behaviour.payment_index, behaviour.weighted_median])
def test_what_is_no_experience_is_refused(figure, experiences, why):
    with pytest.raises(ValueError, match=why):
        figure(experiences)


def test_trend_compares_with_the_year_before():
    assert behaviour.trend([(20, 100)], [(5, 300)]) == 15
    assert behaviour.trend([], [(5, 300)]) is None


def test_a_short_history_leans_on_the_tag_then_on_the_company():
    tag, company = (40, 10.0), (900, 4.0)
    assert behaviour.expected_days((5, 30.0), tag, company) == (
        behaviour.Expectation(20.0, "own_and_tag", 0.5, 5)
    )
    assert behaviour.expected_days((0, None), tag, company).days == 10
    assert behaviour.expected_days(None, (0, None), company).basis == "company"
    assert behaviour.expected_days((20, 30.0), None, company) == (
        behaviour.Expectation(pytest.approx(24.8), "own", 0.8, 20)
    )
    assert behaviour.expected_days((3, 7.0)).days == 7
    assert behaviour.expected_days(None) is None


@pytest.mark.parametrize(
    ("days", "chance"),
    [
        (-5, 0.949),
        (0, 0.949),
        (30, 0.899),
        (60, 0.813),
        (90, 0.696),
        (182, 0.521),
        (273, 0.391),
        (365, 0.228),
        (730, 0.093),
        (5000, 0.093),
        (45, 0.856),
    ],
)
def test_the_published_curve_of_recovery(days, chance):
    assert behaviour.recovery_probability(days) == pytest.approx(chance)


@given(st.integers(-50, 2000), st.integers(0, 500))
def test_recovery_never_rises_with_age(days, more):
    later = behaviour.recovery_probability(days + more)
    assert later <= behaviour.recovery_probability(days)


def test_an_own_curve_needs_two_hundred_items():
    assert behaviour.own_curve([5] * 199) is None
    assert dict(behaviour.own_curve([5] * 200))[0] == 1


def test_what_was_written_off_lowers_the_own_curve_the_more_the_older():
    # 150 paid on day 10, 25 on day 100, 25 never: of 50 unpaid on day 30 half still comes.
    curve = dict(behaviour.own_curve([10] * 150 + [100] * 25, lost=25))
    assert curve[0] == pytest.approx(0.875)
    assert curve[30] == pytest.approx(0.5)
    assert curve[120] == 0


def test_what_still_waits_is_only_watched_so_far():
    curve = dict(behaviour.own_curve([10] * 200, waiting=[5] * 100))
    assert curve[0] == 1


def test_worth_a_call():
    assert behaviour.worth(1000, 0.9, 15) == pytest.approx(885)
    with pytest.raises(ValueError, match="chance"):
        behaviour.worth(1000, 1.2, 15)
