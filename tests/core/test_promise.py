"""Promises judged on the days around each date plus tolerance, and to the cent."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_collection.core import promise
from credit_collection.core.promise import BROKEN, KEPT, OPEN, PARTLY, Instalment

DAY = date(2025, 6, 16)
WORTH = {BROKEN: 0, PARTLY: 1, OPEN: 2, KEPT: 3}
quickly = settings(max_examples=100, deadline=None)


def on(count):
    return DAY + timedelta(count)


def judge(promised, paid, today, tolerance=0):
    """Judge ``(day, amount)`` pairs with days counted from ``DAY``."""
    instalments = [Instalment(on(day), amount) for day, amount in promised]
    payments = [(on(day), amount) for day, amount in paid]
    return promise.judge(instalments, payments, on(today), tolerance)


@pytest.mark.parametrize("tolerance", [0, 3])
@pytest.mark.parametrize(
    ("paid", "today", "state"),
    [
        ([], -1, OPEN),
        ([], 0, OPEN),
        ([], 1, BROKEN),
        ([(-5, 100.0)], -5, KEPT),  # at once, not only at the date
        ([(0, 100.0)], 1, KEPT),
        ([(1, 100.0)], 1, BROKEN),  # a day late
        ([(0, 40.0)], 0, OPEN),
        ([(0, 40.0)], 1, PARTLY),
        ([(0, 40.0), (1, 60.0)], 9, PARTLY),
        ([(0, 99.99)], 1, PARTLY),
        ([(0, 100.01)], 1, KEPT),
        ([(1, 100.0)], 0, OPEN),  # what comes after today is not known
        ([(-2, 100.0), (5, -100.0)], 4, KEPT),
        ([(-2, 100.0), (5, -100.0)], 5, BROKEN),  # taken back by the bank
        ([(-2, 100.0), (-1, -100.0), (0, 100.0)], 5, KEPT),
    ],
)
def test_one_date(paid, today, state, tolerance):
    paid = [(day + tolerance, amount) for day, amount in paid]
    verdict = judge([(0, 100.0)], paid, today + tolerance, tolerance)
    assert verdict.state == state
    assert verdict.broken_on == (on(tolerance + 1) if state in (BROKEN, PARTLY) else None)


@pytest.mark.parametrize(
    ("paid", "today", "state", "broken_on"),
    [
        ([], 0, OPEN, None),
        ([], 1, BROKEN, 1),  # the first missed one breaks the rest
        ([(0, 99.0)], 1, BROKEN, 1),
        ([(0, 100.0)], 10, OPEN, None),
        ([(0, 100.0)], 11, PARTLY, 11),
        ([(0, 100.0), (10, 50.0)], 11, PARTLY, 11),
        ([(0, 100.0), (10, 200.0)], 11, KEPT, None),
        ([(0, 300.0)], 0, KEPT, None),
        ([(0, 150.0), (10, 150.0)], 11, KEPT, None),  # ahead helps later
        ([(1, 300.0)], 30, BROKEN, 1),  # paid after it broke: stays broken
    ],
)
def test_instalments(paid, today, state, broken_on):
    verdict = judge([(10, 200.0), (0, 100.0)], paid, today)
    assert (verdict.state, verdict.broken_on) == (state, broken_on and on(broken_on))


def test_paid_and_missing_count_late_payments():
    verdict = judge([(0, 100.0)], [(0, 40.0), (3, 25.5)], 5)
    assert (verdict.paid, verdict.missing) == (65.5, 34.5)
    assert judge([(0, 100.0)], [(0, 140.0)], 5).missing == 0.0


def test_cents_that_floats_cannot_write_and_decimals():
    assert judge([(0, 0.3)], [(-1, 0.1), (0, 0.2)], 1).state == KEPT
    assert judge([(0, Decimal("0.30"))], [(0, Decimal("0.30"))], 1).state == KEPT


@pytest.mark.parametrize("promised", [[], [(0, 0.0)], [(0, 5.0), (1, -5.0)]])
def test_a_promise_of_nothing_is_refused(promised):
    with pytest.raises(ValueError, match="positive"):
        judge(promised, [], 0)


def test_kept_share():
    assert promise.kept_share([]) is None
    assert promise.kept_share([OPEN]) is None
    assert promise.kept_share([KEPT, KEPT, PARTLY, BROKEN, OPEN]) == 0.5


LIMITS = (("collector", 7), ("officer", 30), ("manager", None))


@pytest.mark.parametrize(
    ("count", "role"),
    [(0, "collector"), (7, "collector"), (8, "officer"), (30, "officer"), (31, "manager")],
)
def test_role_needed(count, role):
    assert promise.role_needed(DAY, on(count), LIMITS) == role


def test_nobody_may_promise_that_long():
    assert promise.role_needed(DAY, on(31), LIMITS[:2]) is None
    assert promise.allowed_until(DAY, LIMITS) == [
        ("collector", on(7)),
        ("officer", on(30)),
        ("manager", None),
    ]


days = st.integers(-10, 10)
cents = st.integers(1, 20_000).map(lambda amount: amount / 100)
promises = st.lists(st.tuples(days, cents), min_size=1, max_size=4)
payments = st.lists(st.tuples(days, cents), max_size=4)


@quickly
@given(promises, payments, days, st.integers(0, 4), st.integers(0, 5), cents)
def test_paying_earlier_or_more_never_hurts(promised, paid, today, tolerance, earlier, more):
    before = WORTH[judge(promised, paid, today, tolerance).state]
    for better in (
        [(day - earlier, amount) for day, amount in paid],
        [(day, amount + more) for day, amount in paid],
        [*paid, (today, more)],
    ):
        assert WORTH[judge(promised, better, today, tolerance).state] >= before


@quickly
@given(promises, payments, days, st.integers(0, 4), st.randoms())
def test_order_means_nothing_and_more_tolerance_never_hurts(promised, paid, today, tolerance, rnd):
    verdict = judge(promised, paid, today, tolerance)
    shuffled = rnd.sample(promised, len(promised)), rnd.sample(paid, len(paid))
    assert judge(*shuffled, today, tolerance) == verdict
    assert WORTH[judge(promised, paid, today, tolerance + 1).state] >= WORTH[verdict.state]


@quickly
@given(promises, payments, days, st.integers(0, 4))
def test_a_verdict_once_given_stays(promised, paid, today, tolerance):
    verdict = judge(promised, paid, today, tolerance)
    tomorrow = judge(promised, paid, today + 1, tolerance)
    if verdict.state != OPEN:
        assert (tomorrow.state, tomorrow.broken_on) == (verdict.state, verdict.broken_on)
    assert judge(promised, paid, 30, tolerance).state != OPEN
