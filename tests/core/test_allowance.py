"""Allowances (examples H1-H6)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import allowance

MILLION = 10**6


@pytest.mark.parametrize(
    ("amounts", "rates", "expected"),
    [
        (  # H1
            [15 * MILLION, 7.5 * MILLION, 4 * MILLION, 2.5 * MILLION, MILLION],
            [0.003, 0.016, 0.036, 0.066, 0.106],
            [45_000, 120_000, 144_000, 165_000, 106_000],
        ),
        (  # H3
            [7 * MILLION, 4 * MILLION, 2.5 * MILLION, MILLION],
            [0.015, 0.034, 0.071, 0.108],
            [105_000, 136_000, 177_500, 108_000],
        ),
        (  # H4
            [15_000, 7_500, 4_000, 2_500],
            [0.005, 0.022, 0.027, 0.045],
            [75, 165, 108, 112.5],
        ),
    ],
)
def test_matrix(amounts, rates, expected):
    assert allowance.by_matrix(amounts, rates) == expected


def test_the_published_totals():
    h1 = allowance.by_matrix(
        [15 * MILLION, 7.5 * MILLION, 4 * MILLION, 2.5 * MILLION, MILLION],
        [0.003, 0.016, 0.036, 0.066, 0.106],
    )
    assert sum(h1) == 580_000
    h3 = allowance.by_matrix(
        [7 * MILLION, 4 * MILLION, 2.5 * MILLION, MILLION], [0.015, 0.034, 0.071, 0.108]
    )
    assert sum(h3) == 526_500


def test_loss_rates_of_a_cohort():
    rates = allowance.loss_rates([100_000, 50_000, 23_000, 8_000, 2_000])  # H2
    assert [round(rate, 3) for rate in rates] == [0.02, 0.04, 0.087, 0.25, 1]
    parts = allowance.by_matrix([300_000, 140_000, 60_000, 23_000, 5_000], rates)
    assert round(sum(parts)) == 27_567
    assert allowance.loss_rates([Decimal(4), Decimal(1)]) == [Decimal("0.25"), Decimal(1)]
    assert allowance.loss_rates([4, 0, 0]) == [0, None, None]
    for wrong in ([], [1, 2], [1, -1]):
        with pytest.raises(ValueError):
            allowance.loss_rates(wrong)


def test_roll_rates_chained_are_the_loss_rates():
    stages = [100_000, 50_000, 23_000, 8_000, 2_000]
    rolls = [after / before for before, after in zip(stages, [*stages[1:], 2_000], strict=True)]
    assert allowance.chained(rolls) == pytest.approx(allowance.loss_rates(stages))
    assert allowance.chained([0.5, None, 0.2]) == [None, None, 0.2]


def test_top_up_to_the_target():
    assert allowance.top_up(4_970, 1_530) == 3_440  # H5
    assert allowance.top_up(4_970, -360) == 5_330
    assert allowance.top_up(1_000, 1_530) == -530
    assert allowance.top_up(0.3, 0.1) == 0.2
    with pytest.raises(ValueError):
        allowance.top_up(-1, 0)


def test_tax_bands_and_their_cap():
    rates = [allowance.rate_at(allowance.TAX_RATES, days) for days in (60, 100)]  # H6
    parts = allowance.by_matrix([120_000, 80_000], rates)
    assert parts == [60_000, 80_000]
    assert allowance.capped(sum(parts), 0.1, 1_000_000, 900_000) == 100_000
    assert allowance.capped(99_999.99, 0.1, 1_000_000, 900_000) == 99_999.99
    assert allowance.capped(140_000, 0, 1_000_000) == 140_000


@pytest.mark.parametrize(("days", "rate"), [(-5, 0), (44, 0), (45, 0.5), (90, 0.5), (91, 1)])
def test_the_days_around_the_bands(days, rate):
    assert allowance.rate_at(allowance.TAX_RATES, days) == rate


@pytest.mark.parametrize(
    ("amounts", "rates"), [([1], []), ([1], [1.5]), ([1], [-0.1]), ([float("nan")], [0.1])]
)
def test_bad_input(amounts, rates):
    with pytest.raises(ValueError):
        allowance.by_matrix(amounts, rates)


@given(
    st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=8),
    st.decimals(0, 10**6, places=2),
)
def test_a_capped_allowance_is_shared_to_the_cent(parts, total):
    shared = allowance.shared(total, parts)
    assert sum(shared) == (total if sum(parts) else 0)
    assert all(part >= 0 for part in shared)
