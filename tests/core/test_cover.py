"""Securities: limit raised, exposure covered, days counted by the insurer (examples F)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import cover

amounts = st.integers(0, 10**7)
securities = st.lists(st.tuples(amounts, st.integers(0, 100), st.integers(0, 100)), max_size=5)


def test_a_guarantee_raises_the_limit_by_its_share():
    assert cover.limit_with(100_000, [(50_000, 50)]) == 125_000
    assert cover.limit_with(Decimal(100), [(Decimal(50), 100), (10, 0)]) == Decimal(150)
    assert cover.limit_with(100_000, []) == 100_000
    assert cover.limit_with(None, [(50_000, 50)]) is None


@pytest.mark.parametrize(
    ("exposure", "held", "left"),
    [
        (80_000, [(50_000, 80)], 40_000),
        (30_000, [(50_000, 80)], 0),
        (80_000, [(50_000, 100), (50_000, 100)], 0),
        (80_000, [], 80_000),
        (-10, [(50_000, 100)], 0),
        (10_000, [(50_000, 100, 10)], 1_000),  # the insured keeps 10 % of it
        (100_000, [(50_000, 100, 10)], 50_000),
    ],
)
def test_what_no_security_covers(exposure, held, left):
    assert cover.uncovered(exposure, held) == left


def test_securities_are_used_in_their_order():
    assert cover.used(60, [(50, 100), (50, 100)]) == [50, 10]


@given(amounts, securities)
def test_cover_never_exceeds_exposure_or_value(exposure, held):
    used = cover.used(exposure, held)
    assert sum(used) <= exposure + 1e-6
    assert all(-1e-6 <= part <= value for part, (value, *_) in zip(used, held, strict=True))
    left = pytest.approx(exposure - sum(used), abs=1e-6)
    assert cover.uncovered(exposure, held) == left


@given(amounts, securities)
def test_the_order_of_use_does_not_change_what_is_uncovered(exposure, held):
    reverse = pytest.approx(cover.uncovered(exposure, held[::-1]), abs=1e-6)
    assert cover.uncovered(exposure, held) == reverse


@pytest.mark.parametrize("security", [(-1, 50), (1, 101), (1, -1), (float("nan"), 1)])
def test_impossible_securities(security):
    with pytest.raises(ValueError):
        cover.limit_with(1, [security])
    with pytest.raises(ValueError):
        cover.uncovered(1, [security])


def test_the_day_of_the_invoice_is_not_counted():
    assert cover.deadline(date(2022, 1, 1), 120) == date(2022, 5, 1)
    assert cover.deadline(date(2022, 1, 1), 150) == date(2022, 5, 31)


def test_the_insurers_calendar():
    days = cover.calendar(date(2022, 1, 1), date(2022, 1, 31), 60, 150, 30)
    assert days == {
        "extended": date(2022, 4, 1),
        "notice": date(2022, 5, 31),
        "handover": date(2022, 5, 1),
    }
    assert cover.calendar(date(2022, 1, 1), date(2022, 1, 31))["notice"] is None
