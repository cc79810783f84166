"""Figures of the whole book, norms and contacts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import kpi, portfolio

YEAR = (1, 1, 1, 1, 1, 1.2, 1.5, 1.2, 1, 1, 1, 0.8)


def test_diluting_30_percent_to_the_norm_of_20_takes_1_500_000_of_sales():
    assert portfolio.sales_to_dilute(900_000, 3_000_000, 0.2) == 1_500_000
    assert portfolio.sales_to_dilute(900_000, 3_000_000, Decimal("0.2")) == 1_500_000


@pytest.mark.parametrize("pdz", [600_000, 599_999, 0, -10])
def test_nothing_to_dilute_at_or_below_the_norm(pdz):
    assert portfolio.sales_to_dilute(pdz, 3_000_000, 0.2) == 0


def test_a_credit_balance_with_nothing_overdue_needs_no_sales():
    assert portfolio.sales_to_dilute(0, -5, 0.2) == 0


@pytest.mark.parametrize("norm", [0, -0.1, 1.01])
def test_a_norm_to_dilute_to_is_a_share(norm):
    with pytest.raises(ValueError, match="share above 0 and at most 1"):
        portfolio.sales_to_dilute(1, 1, norm)


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.sampled_from([0.05, 0.2, 0.5, 1]))
def test_diluted_receivables_stand_at_the_norm(pdz, current, norm):
    dz = pdz + current
    share = kpi.overdue_share(pdz, dz + portfolio.sales_to_dilute(pdz, dz, norm))
    assert share == pytest.approx(min(norm, pdz / dz))


@pytest.mark.parametrize(("days", "expected"), [(89, 0), (90, 0), (91, 0.25)])
def test_doubtful_is_what_is_later_than_90_days(days, expected):
    assert portfolio.doubtful_share([(50, days), (150, -3)], 200) == expected


def test_doubtful_share_needs_receivables():
    assert portfolio.doubtful_share([(50, 100)], 0) is None
    assert portfolio.doubtful_share([(50, 61)], 200, over=60) == 0.25


def test_concentration_of_the_largest_debtors():
    assert portfolio.concentration([10, 40, 30, 20, -500], top=2) == 0.7
    assert portfolio.concentration([10, 40]) == 1
    assert portfolio.concentration([-1, 0]) is None
    with pytest.raises(ValueError, match="at least the largest"):
        portfolio.concentration([1], top=0)


@given(st.lists(st.integers(-(10**6), 10**6)), st.integers(1, 20))
def test_concentration_is_a_share_and_grows_with_the_top(amounts, top):
    share = portfolio.concentration(amounts, top)
    if share is not None:
        assert 0 < share <= portfolio.concentration(amounts, top + 1) <= 1


@pytest.mark.parametrize(("month", "expected"), [(1, 0.15), (7, 0.225), (12, 0.12)])
def test_seasonal_norm(month, expected):
    assert portfolio.seasonal_norm(0.15, YEAR, month) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("coefficients", "month", "sentence"),
    [
        (YEAR[:11], 1, "needs 12 seasonal coefficients, not 11"),
        (YEAR, 0, "from 1 to 12, not 0"),
        (YEAR, 13, "from 1 to 12, not 13"),
        ((0, *YEAR[1:]), 5, "above 0, not 0"),
    ],
)
def test_an_impossible_season_is_refused(coefficients, month, sentence):
    with pytest.raises(ValueError, match=sentence):
        portfolio.seasonal_norm(0.15, coefficients, month)


def test_contacts_lead_to_promises_to_cash():
    effect = portfolio.contact_effectiveness(40, 20, 15, 60_000)
    assert effect == (0.5, 0.75, 0.375, 1_500)
    assert portfolio.contact_effectiveness(0, 0, 0, 0) == (None, None, None, None)
    with pytest.raises(ValueError, match="counted from 0, not -1"):
        portfolio.contact_effectiveness(1, -1, 0, 0)
