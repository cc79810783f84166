from decimal import Decimal
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core.decision.remedy import largest_split
from credit_collection.core.money import to_decimal

from .cases import cents, searched


def line(quantity, unit_total, step="1"):
    return ("line", Decimal(quantity), Decimal(unit_total), Decimal(step))


@pytest.mark.parametrize(
    "amount, expected",
    [
        ("0", [0, 0, 0]),
        ("99.99", [0, 1, 0]),
        ("100", [1, 0, 0]),
        ("340", [3, 0, 1]),
        ("380.01", [3, 1, 0]),
        ("1000", [3, 2, 1]),
    ],
)
def test_lines_are_taken_in_turn(amount, expected):
    # 3 x 100, 2 x 80, 1 x 30
    lines = [line(3, "100"), line(2, "80"), line(1, "30")]
    assert largest_split(lines, Decimal(amount)) == expected


def test_whole_steps_only():
    # Boxes of 6 at 2.50 a piece are 15 a box; two boxes fit into 44.99, and 4 loose ones stay.
    assert largest_split([line(16, "2.50", 6)], Decimal("44.99")) == [12]
    assert largest_split([line(16, "2.50", 6)], Decimal("1000")) == [12]
    assert largest_split([line("1.75", "10", "0.25")], Decimal("14")) == [Decimal("1.25")]


def test_line_total_is_counted_rounded_up():
    # A third of 100 three times: 33.34 + 33.34 = 66.68 fits into 66.68, not into 66.67.
    third = Decimal(100) / 3
    lines = [line(1, third), line(1, third)]
    assert largest_split(lines, Decimal("66.67")) == [1, 0]
    assert largest_split(lines, Decimal("66.68")) == [1, 1]


def test_free_lines_come_along_and_discounts_make_no_room():
    assert largest_split([line(2, "0"), line(1, "-50"), line(1, "60")], Decimal("20")) == [2, 0, 0]
    assert largest_split([line(-1, "10"), line(1, "10")], Decimal("10")) == [0, 1]


def test_digits_of_the_currency():
    assert largest_split([line(9, "33.4")], Decimal("100"), digits=0) == [2]


@pytest.mark.parametrize("step", ["0", "-1"])
def test_step_must_be_positive(step):
    with pytest.raises(ValueError, match="step"):
        largest_split([line(1, "10", step)], Decimal("10"))


order_lines = st.lists(
    st.tuples(
        st.just("line"),
        st.integers(0, 5000).map(lambda count: Decimal(count) / 100),
        st.integers(0, 10**7).map(lambda count: Decimal(count) / 30000),
        st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("0.01"), Decimal(6)]),
    ),
    max_size=5,
)


@searched
@given(order_lines, cents(0, 2_000_000))
def test_split_stays_within_the_amount_and_takes_all_it_can(lines, amount):
    left = Fraction(amount)
    for (_line, quantity, unit_total, step), taken in zip(
        lines, largest_split(lines, amount), strict=True
    ):
        assert 0 <= taken <= quantity
        assert taken % step == 0
        # Exact: a product of long decimals is rounded to 28 digits, and a cent with it.
        worth = Fraction(ceil(Fraction(taken) * Fraction(unit_total) * 100), 100)
        assert taken + step > quantity or Fraction(taken + step) * Fraction(unit_total) > left
        left -= worth
    assert left >= 0


@searched
@given(order_lines, cents(0, 2_000_000))
def test_no_rounding_ends_above_the_amount(lines, amount):
    taken = largest_split(lines, amount)
    totals = [quantity * line[2] for quantity, line in zip(taken, lines, strict=True)]
    assert sum(map(to_decimal, totals)) <= amount
    assert to_decimal(sum(totals)) <= amount
