"""Figures over time, on examples worked by hand."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import history

PAID = [
    (date(2026, 1, 1), date(2026, 1, 31), date(2026, 1, 21), 100),  # 20 days, 10 early
    (date(2026, 1, 1), date(2026, 1, 31), date(2026, 1, 31), 100),  # 30 days, on time
    (date(2026, 2, 1), date(2026, 3, 3), date(2026, 4, 2), 600),  # 60 days, 30 late
    (date(2026, 3, 1), date(2026, 3, 31), None, 9_999),  # open
]


def test_average_days_delinquent_is_what_lateness_adds():
    assert history.average_days_delinquent(45, 30) == 15
    assert history.average_days_delinquent(45, None) is None
    assert history.average_days_delinquent(None, 30) is None


def test_receivables_turnover_goes_by_the_average_balance():
    assert history.receivables_turnover(12_000, [1_000, 3_000]) == 6
    assert history.receivables_turnover(12_000, [1_000, 2_000, 3_000]) == 6
    assert history.receivables_turnover(12_000, []) is None
    assert history.receivables_turnover(12_000, [0, 0]) is None


def test_average_days_to_pay():
    assert history.average_days_to_pay(PAID) == pytest.approx(110 / 3)
    assert history.average_days_to_pay(iter(PAID), weighted=True) == 51.25
    assert history.average_days_to_pay(PAID[3:]) is None
    assert history.average_days_to_pay([]) is None


def test_average_days_late_counts_early_payers_as_on_time():
    assert history.average_days_late(PAID) == 10
    assert history.average_days_late(PAID, weighted=True) == 22.5
    assert history.average_days_late(PAID, net=True) == pytest.approx(20 / 3)
    assert history.average_days_late(PAID, weighted=True, net=True) == 21.25


def test_weighted_by_no_amount_is_undefined():
    free = [(*PAID[0][:3], 0)]
    assert history.average_days_to_pay(free) == 20
    assert history.average_days_to_pay(free, weighted=True) is None


def test_credit_notes_are_no_payment_history():
    with pytest.raises(ValueError, match="invoices only, not credits: -5"):
        history.average_days_to_pay([(*PAID[0][:3], -5)])


def test_roll_rates_follow_the_money_into_the_next_bucket():
    previous = {"not_due": 1_000, "days_1_30": 400, "days_31_60": 200, "over_60": 50}
    current = {"not_due": 900, "days_1_30": 300, "days_31_60": 100, "over_60": 150}
    assert history.roll_rates(previous, current) == {
        "not_due": None,
        "days_1_30": 0.3,
        "days_31_60": 0.25,
        "over_60": 0.6,  # 150 of the 200 + 50 that can be there
    }


def test_roll_rates_are_undefined_where_nothing_could_roll():
    assert history.roll_rates({"a": 0, "b": 5, "c": 0}, {"a": 1, "b": 2, "c": 3})["b"] is None


def test_roll_rates_want_the_same_buckets():
    with pytest.raises(ValueError, match="same buckets in the same order"):
        history.roll_rates({"a": 1, "b": 2}, {"b": 2, "a": 1})


def test_cost_of_credit_is_rate_times_balance_over_time():
    balances = [(100_000, 73), (50_000, 146)]
    assert history.cost_of_credit(balances, Decimal("0.12")) == Decimal(4_800)
    assert history.cost_of_credit([(36_000, 10)], 0.12, year=360) == pytest.approx(120)
    assert history.cost_of_credit([(100, 10), (-100, 10)], 0.12) == 0
    assert history.cost_of_credit([], 0.12) == 0


@pytest.mark.parametrize(
    ("balances", "year", "sentence"),
    [([(1, -1)], 365, "days must not be negative"), ([(1, 1)], 0, "positive number of days")],
)
def test_cost_of_credit_refuses_impossible_time(balances, year, sentence):
    with pytest.raises(ValueError, match=sentence):
        history.cost_of_credit(balances, 0.1, year)


@given(st.lists(st.tuples(st.dates(), st.dates(), st.dates(), st.integers(1, 10**6)), min_size=1))
def test_days_late_are_never_negative_and_never_below_net(rows):
    for weighted in (False, True):
        late = history.average_days_late(rows, weighted)
        assert late >= 0
        assert late >= history.average_days_late(rows, weighted, net=True)
