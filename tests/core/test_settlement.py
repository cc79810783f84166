"""Discounts, instalments, netting and assignment by the published examples."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import assignment, discount, netting
from credit_collection.core.discount import part_payment, yearly_cost
from credit_collection.core.schedule import add_months, instalments

JUNE_29, JULY_1 = date(2026, 6, 29), date(2026, 7, 1)
THREE = [
    ("A", 1000, [(2, date(2026, 7, 5))]),
    ("B", 1000, [(1, date(2026, 6, 30))]),
    ("C", 1000, []),
]


@pytest.mark.parametrize(
    ("terms", "year", "effective", "percent"),
    [
        ((2, 10, 30), 360, False, 36.73),  # D1
        ((2, 10, 30), 365, False, 37.24),
        ((2, 10, 30), 365, True, 44.59),
        ((2, 20, 45), 365, True, 34.31),  # D2
        ((3, 15, 45), 360, False, 37.11),  # D3
        ((3, 15, 45), 365, False, 37.63),
        ((1.5, 10, 30), 365, False, 27.79),  # D4
        ((2, 10, 60), 365, True, 15.89),
        ((2, 14, 30), 365, False, 46.56),  # D5: 46.6
    ],
)
def test_what_a_discount_costs_a_year(terms, year, effective, percent):
    assert round(yearly_cost(*terms, year=year, effective=effective) * 100, 2) == percent


def test_d5_what_the_first_step_is_worth():
    assert round(discount.step_cost(3, 7, 2, 14) * 100, 1) == 53.8


def test_no_time_gained_no_cost():
    assert yearly_cost(2, 30, 30) is None
    assert discount.step_cost(2, 14, 3, 30) is None


@pytest.mark.parametrize("bad", [(100, 10, 30), (-1, 10, 30), (2, -1, 30), (float("nan"), 1, 2)])
def test_bad_terms_get_a_sentence(bad):
    with pytest.raises(ValueError, match=r"[A-Z].*\.$"):
        yearly_cost(*bad)


def test_d6_a_part_payment_settles_more_than_it_is():
    found, settled = part_payment(485, 2)
    assert (found, settled) == (9.90, 494.90)
    assert round(1000 - settled, 2) == 505.10
    assert part_payment(Decimal("485"), 2) == (Decimal("9.90"), Decimal("494.90"))


def test_d6_three_invoices_on_two_days():
    assert discount.to_pay(THREE, JUNE_29) == 2970
    assert discount.to_pay(THREE, JULY_1) == 2980


def test_d6_the_better_discount_is_settled_first():
    later_first = [THREE[2], THREE[1], THREE[0]]
    assert discount.settle(later_first, 1475, JUNE_29) == [("A", 980, 20), ("B", 495, 5)]


def test_the_last_day_of_a_tier_counts():
    tiers = [(3, date(2026, 6, 7)), (2, date(2026, 6, 14))]
    on = [discount.tier_on(tiers, date(2026, 6, day)) for day in (7, 8, 14, 15)]
    assert on == [3, 2, 2, 0]


def test_e4_three_months_from_the_start():
    assert instalments(1000, 3, date(2025, 1, 31)) == [
        (date(2025, 1, 31), 333.33),
        (date(2025, 2, 28), 333.33),
        (date(2025, 3, 31), 333.34),
    ]


def test_every_second_month():
    days = [day for day, _ in instalments(900, 3, date(2025, 8, 31), months=2)]
    assert days == [date(2025, 8, 31), date(2025, 10, 31), date(2025, 12, 31)]
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


@pytest.mark.parametrize(
    "bad",
    [
        (0, 3, JULY_1),
        (-1, 3, JULY_1),
        (1000, 0, JULY_1),
        (1000, 1.5, JULY_1),
        (0.02, 3, JULY_1),
        (1000, 3, "2026-07-01"),
        (1000, 3, JULY_1, 0),
        (float("inf"), 3, JULY_1),
        (1, 601, JULY_1),
    ],
)
def test_bad_instalments_get_a_sentence(bad):
    with pytest.raises(ValueError, match=r"[A-Z0-9].*\.$"):
        instalments(*bad)


@given(st.integers(1, 10**9), st.integers(1, 60), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_instalments_add_up(units, n, start):
    if units < n:
        return
    rows = instalments(Decimal(units) / 100, n, start)
    assert sum(amount for _, amount in rows) == Decimal(units) / 100
    assert all(amount > 0 for _, amount in rows)
    assert [day for day, _ in rows] == sorted({day for day, _ in rows})


def test_e1_the_smaller_side_is_set_off():
    amount, ours, theirs = netting.net([("R", JULY_1, 100)], [("P", JULY_1, 1200)])
    assert (amount, ours, theirs) == (100, [("R", 100)], [("P", 100)])


def test_the_oldest_is_set_off_first():
    ours = [("new", JULY_1, 50), ("old", JUNE_29, 80)]
    amount, parts, theirs = netting.net(ours, [("P", JULY_1, 300)], 100)
    assert (amount, parts, theirs) == (100, [("old", 80), ("new", 20)], [("P", 100)])


def test_nothing_against_nothing():
    assert netting.net([], [("P", JULY_1, 5)]) == (0, [], [])


@pytest.mark.parametrize("amount", [101, -1, float("nan")])
def test_no_more_than_both_sides_owe(amount):
    with pytest.raises(ValueError, match=r"[A-Z].*\.$"):
        netting.net([("R", JULY_1, 100)], [("P", JULY_1, 1200)], amount)


amounts = st.lists(st.integers(1, 10**6), max_size=6)


@given(amounts, amounts)
def test_both_sides_are_set_off_alike(ours, theirs):
    sides = [[(n, JULY_1, value) for n, value in enumerate(side)] for side in (ours, theirs)]
    amount, left, right = netting.net(*sides)
    assert sum(value for _, value in left) == sum(value for _, value in right) == amount
    assert amount == min(sum(ours), sum(theirs))


def test_e2_without_recourse():
    terms = assignment.assign(370000, hold_back=5, fee=1.8)
    assert (terms.cash, terms.held_back, terms.loss) == (344840, 18500, 6660)  # printed 344,480


def test_e3_with_recourse():
    """The printed one takes the recourse liability out of the cash."""
    terms = assignment.assign(154700, hold_back=5, fee=3, liability=6720)
    assert (terms.cash, terms.held_back, terms.loss) == (142324, 7735, 11361)
    debits = terms.cash + terms.held_back + terms.loss
    assert debits == 154700 + terms.liability


def test_sale_of_a_debt():
    assert assignment.sell(10000, 3500) == (3500, 6500)


def test_what_the_factor_costs_a_year():
    assert round(assignment.yearly_cost(6660, 344840, 60) * 100, 2) == 11.75
    assert assignment.yearly_cost(6660, 0, 60) is None


def test_costs_above_the_assigned_get_a_sentence():
    with pytest.raises(ValueError, match=r"[A-Z].*\.$"):
        assignment.assign(100, hold_back=90, fee=11)
