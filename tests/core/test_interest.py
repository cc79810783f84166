"""Interest to the cent by the published examples, and what must hold for any debt."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import day_count
from credit_collection.core.interest import (
    Line,
    accrue,
    compensation,
    fixed_rates,
    gaps,
    half_year_rates,
    uncharged,
)

UK = [(0, 40), (1000, 70), (10000, 100)]
DUE = date(2023, 1, 31)


def simple(amount, rate, days, count="act/365"):
    """Interest on one amount at one rate for a number of days after the due day."""
    first = DUE + timedelta(1)
    lines = accrue([(DUE, amount)], [(date(2000, 1, 1), rate)], first, DUE + timedelta(days), count)
    assert [line.days for line in lines] == [days]
    return lines[0].amount


@pytest.mark.parametrize(
    ("amount", "rate", "days", "interest"),
    [
        (5000, 12.25, 101, 169.49),  # C1, printed 169.68
        (5000, 12, 90, 147.95),  # C2
        (2000, 13.25, 45, 32.67),  # C3, printed 32.66
        (1000, 5.12, 25, 3.51),  # C5
        (1000, 6, 100, 16.44),  # C8
        (17777, 7.5, 66, 241.09),  # C8
        (500000, 36.5, 30, 15000),  # C12: 0.1 % a day
        (850, 11.75, 45, 12.31),  # C13
        (6500, 11.75, 120, 251.10),
        (18000, 11.75, 200, 1158.90),
        (75000, 11.75, 180, 4345.89),
    ],
)
def test_published_sums(amount, rate, days, interest):
    assert simple(amount, rate, days) == interest


@pytest.mark.parametrize(
    ("amount", "lump"), [(5000, 70), (850, 40), (6500, 70), (18000, 100), (75000, 100)]
)
def test_compensation_of_the_uk(amount, lump):
    assert compensation(amount, UK) == lump


def test_claim_of_c1():
    assert round(simple(5000, 12.25, 101) + compensation(5000, UK), 2) == 239.49


@pytest.mark.parametrize(
    ("amount", "lump"), [(0, 0), (0.01, 40), (999.99, 40), (1000, 70), (9999.99, 70), (10000, 100)]
)
def test_steps_at_their_edges(amount, lump):
    assert compensation(amount, UK) == lump


def test_nothing_below_the_first_step():
    assert compensation(99.99, [(100, 40)]) == 0
    assert compensation(500, []) == 0


@pytest.mark.parametrize(
    ("due", "paid", "days"),
    [(date(2024, 4, 1), date(2024, 5, 16), 45), (date(2024, 7, 1), date(2024, 7, 5), 4)],
)  # C4 and C6
def test_the_day_of_payment_counts_the_due_day_does_not(due, paid, days):
    assert day_count.days(due + timedelta(1), paid) == days


def test_paid_on_the_due_day_costs_nothing():
    assert accrue([(DUE, 100)], [(DUE, 9)], DUE + timedelta(1), DUE) == []


def test_c7_thirty_days_a_month_or_the_real_ones():
    rates = [(date(2016, 1, 1), 6)]
    debt = [(date(2016, 1, 1), 10000)]
    (months,) = accrue(debt, rates, date(2016, 1, 1), date(2016, 7, 30), "30/360")
    assert (months.days, months.amount) == (210, 350.00)
    (real,) = accrue(debt, rates, date(2016, 1, 2), date(2016, 7, 30), "act/act")
    assert (real.days, real.amount) == (211, 345.90)


def test_c9_the_rate_of_the_day_interest_starts_stays():
    debt = [(date(2023, 5, 31), 10000)]
    rates = [(date(2023, 1, 1), 11.5), (date(2023, 7, 1), 13.0)]
    period = (date(2023, 6, 1), date(2023, 8, 31))
    (fixed,) = accrue(debt, rates, *period, fixing="at_default")
    assert fixed == (*period, 10000, 11.5, 92, 289.86)
    split = accrue(debt, rates, *period, fixing="by_half_year")
    assert split == accrue(debt, rates, *period)
    assert round(sum(line.amount for line in split), 2) == 315.34


def test_c10_key_rates_of_russia():
    lines = accrue(
        [(date(2017, 2, 28), 100000)],
        [(date(2016, 9, 19), 10), (date(2017, 3, 27), 9.75), (date(2017, 5, 2), 9.25)],
        date(2017, 3, 1),
        date(2017, 5, 31),
        "act/act",
    )
    assert [(line.days, line.amount) for line in lines] == [
        (26, 712.33),
        (36, 961.64),
        (30, 760.27),
    ]
    assert round(sum(line.amount for line in lines), 2) == 2434.24


def test_c11_a_leap_year_ends():
    lines = accrue(
        [(date(2016, 12, 19), 100000)],
        [(date(2016, 9, 19), 10)],
        date(2016, 12, 20),
        date(2017, 1, 31),
        "act/act",
    )
    assert [(line.days, line.amount) for line in lines] == [(12, 327.87), (31, 849.32)]


def test_part_payment_splits_and_ends_the_line():
    """Paid 400 of 1,000 on the 10th, the rest on the 20th: the tail is charged too."""
    lines = accrue(
        [(date(2024, 2, 29), 1000), (date(2024, 3, 11), 600), (date(2024, 3, 21), 0)],
        [(date(2024, 1, 1), 36.5)],
        date(2024, 3, 1),
        date(2024, 4, 30),
    )
    assert lines == [
        (date(2024, 3, 1), date(2024, 3, 10), 1000, 36.5, 10, 10.00),
        (date(2024, 3, 11), date(2024, 3, 20), 600, 36.5, 10, 6.00),
    ]


def test_a_rate_repeated_does_not_cut():
    rates = [(date(2024, 1, 1), 9), (date(2024, 2, 1), 9)]
    assert len(accrue([(date(2024, 1, 1), 50)], rates, date(2024, 1, 1), date(2024, 3, 1))) == 1


def test_half_years_take_the_rate_of_their_first_day_or_its_eve():
    rates = [(date(2022, 12, 15), 3.5), (date(2023, 2, 2), 4), (date(2023, 7, 1), 5)]
    period = (date(2023, 3, 1), date(2023, 12, 31))
    first = [(date(2023, 1, 1), 3.5), (date(2023, 7, 1), 5)]
    assert half_year_rates(rates, *period) == first
    eve = [(date(2023, 1, 1), 3.5), (date(2023, 7, 1), 4)]
    assert half_year_rates(rates, *period, eve=True) == eve


def test_decimals_in_decimals_out():
    (line,) = accrue(
        [(DUE, Decimal("5000"))], [(DUE, Decimal("12"))], DUE + timedelta(1), DUE + timedelta(90)
    )
    assert line.amount == Decimal("147.95")
    assert compensation(Decimal("500"), UK) == Decimal(40)


def test_a_currency_without_cents():
    lines = accrue([(DUE, 5000)], [(DUE, 12)], DUE + timedelta(1), DUE + timedelta(90), digits=0)
    assert lines[0].amount == 148


@pytest.mark.parametrize(
    "bad",
    [
        {"day_count": "30/365"},
        {"fixing": "by_week"},
        {"balances": [(DUE, -1)]},
        {"balances": [(DUE, float("nan"))]},
        {"balances": [(DUE, "100")]},
        {"balances": [(DUE, 1), (DUE, 2)]},
        {"rates": []},
        {"rates": [(DUE + timedelta(9), 5)]},
        {"rates": [(DUE, float("inf"))]},
        {"rates": [("2023-01-01", 5)]},
        {"date_to": DUE - timedelta(1)},
        {"date_from": None},
        {"digits": -1},
    ],
)
def test_bad_input_gets_a_sentence(bad):
    good = {
        "balances": [(DUE, 100)],
        "rates": [(DUE, 9)],
        "date_from": DUE + timedelta(1),
        "date_to": DUE + timedelta(30),
    }
    with pytest.raises(ValueError, match=r"[A-Z].*[.!]$"):
        accrue(**(good | bad))


@pytest.mark.parametrize("bad", [(-1, UK), (100, [(0, -5)]), (100, [(0, 1), (0, 2)])])
def test_bad_compensation_gets_a_sentence(bad):
    with pytest.raises(ValueError, match=r"[A-Z].*\.$"):
        compensation(*bad)


dates = st.dates(date(2015, 1, 1), date(2030, 12, 31))
counts = st.sampled_from(day_count.DAY_COUNTS)


@given(dates, st.integers(0, 900), st.integers(0, 900), counts)
def test_days_add_up_wherever_a_period_is_cut(first, length, cut, count):
    last = first + timedelta(length)
    middle = first + timedelta(min(cut, length))
    whole = day_count.days(first, last, count)
    parts = day_count.days(first, middle, count), day_count.days(middle + timedelta(1), last, count)
    assert whole == sum(parts)


@given(
    st.dictionaries(dates, st.integers(0, 10**6), min_size=1, max_size=6),
    st.dictionaries(dates, st.integers(0, 40), max_size=6),
    dates,
    st.integers(0, 2000),
    counts,
    st.sampled_from(["by_period", "at_default"]),
)
def test_lines_never_overlap_and_stay_inside(balances, rates, first, length, count, fixing):
    rates = {date(2014, 7, 1): 5, **rates}
    last = first + timedelta(length)
    lines = accrue(balances.items(), rates.items(), first, last, count, fixing)
    for line, after in zip(lines, lines[1:], strict=False):
        assert line.date_to < after.date_from
    for line in lines:
        assert first <= line.date_from <= line.date_to <= last
        assert line.base > 0
        assert line.days == day_count.days(line.date_from, line.date_to, count)


@given(dates, st.integers(0, 400), st.integers(1, 400), st.integers(1, 10**6), counts)
def test_later_lines_continue_what_was_charged(first, length, more, amount, count):
    """Charged to one day and from the next: the same days as at once, amounts but a rounding."""
    rates = [(date(2014, 1, 1), 9.12)]
    debt = [(first, amount)]
    middle = first + timedelta(length)
    last = middle + timedelta(more)
    at_once = accrue(debt, rates, first, last, count)
    parts = accrue(debt, rates, first, middle, count) + accrue(
        debt, rates, middle + timedelta(1), last, count
    )
    assert sum(line.days for line in at_once) == sum(line.days for line in parts)
    gap = sum(line.amount for line in at_once) - sum(line.amount for line in parts)
    assert abs(gap) <= 0.005 * (len(parts) + len(at_once)) + 1e-6


@given(
    st.dictionaries(dates, st.integers(0, 10**9), min_size=1, max_size=4),
    st.integers(0, 40_000_000),
    dates,
    st.integers(-1, 800),
    st.sampled_from(["act/365", "act/360"]),
    st.sampled_from([0, 2, 3]),
)
def test_many_plain_debts_are_charged_as_one_looked_at_closely(
    balances, rate, first, length, count, digits
):
    """Floats at one rate take a shorter way; in decimals the same days are worked out exactly."""
    last = first + timedelta(length)
    plain = {day: value / 100 for day, value in balances.items()}
    close = {day: Decimal(value) / 100 for day, value in balances.items()}
    short = uncharged(
        plain.items(), [(date(2014, 7, 1), rate / 10**6)], first, last, [], count, digits
    )
    exact = accrue(
        close.items(),
        [(date(2014, 7, 1), Decimal(rate) / 10**6)],
        first,
        last,
        count,
        digits=digits,
    )
    assert short == [
        Line(line.date_from, line.date_to, *map(float, line[2:4]), line.days, float(line.amount))
        for line in exact
    ]
    assert all(type(line.amount) is float for line in short)


def on(day):
    return date(2026, 1, day)


def test_gaps_of_what_was_charged():
    assert gaps(on(1), on(9), []) == [(on(1), on(9))]
    assert gaps(on(1), on(9), [(on(4), on(5)), (on(1), on(2))]) == [
        (on(3), on(3)),
        (on(6), on(9)),
    ]
    assert gaps(on(1), on(9), [(on(1), on(20))]) == []


def test_only_days_that_were_not_charged_yet():
    lines = uncharged([(on(1), 1000)], [(on(1), 36.5)], on(1), on(10), [(on(3), on(6))])
    assert [(line.date_from, line.days, line.amount) for line in lines] == [
        (on(1), 2, 2.0),
        (on(7), 4, 4.0),
    ]


def test_the_rate_may_be_read_on_the_eve_of_the_half_year():
    rates = [(date(2025, 12, 1), 4), (on(1), 5), (on(20), 6)]
    assert fixed_rates(rates, on(25), on(31), "at_default", "eve") == [(on(1), 4)]
    assert fixed_rates(rates, on(25), on(31), "at_default", "half_year") == [(on(1), 5)]
    assert fixed_rates(rates, on(25), on(31), "at_default") == [(on(25), 6)]
    assert fixed_rates(rates, on(25), on(31), "by_period") == rates
