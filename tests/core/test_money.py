from decimal import Decimal

import pytest

from credit_collection.core.money import ceil_to, floor_to, quantum, to_decimal


@pytest.mark.parametrize(
    "value, digits, expected",
    [
        (1.005, 2, "1.01"),
        (1.004, 2, "1.00"),
        (-1.005, 2, "-1.01"),
        ("0.125", 2, "0.13"),
        (Decimal("2.675"), 2, "2.68"),
        (0.1 + 0.2, 2, "0.30"),
        (1234567890.12, 2, "1234567890.12"),
        (7, 2, "7.00"),
        (2.5, 0, "3"),
        (1.2345, 3, "1.235"),
    ],
)
def test_amounts_are_rounded_half_up(value, digits, expected):
    assert str(to_decimal(value, digits)) == expected


@pytest.mark.parametrize("value", ["", "ten", None, float("nan"), float("inf")])
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(ValueError, match="not an amount of money"):
        to_decimal(value)


def test_quantum_is_the_smallest_unit():
    assert [str(quantum(digits)) for digits in (0, 2, 3)] == ["1", "0.01", "0.001"]


def test_floor_and_ceiling_are_the_neighbouring_units():
    value = Decimal("33.333")
    assert (floor_to(value), ceil_to(value)) == (Decimal("33.33"), Decimal("33.34"))
    assert (floor_to(-value), ceil_to(-value)) == (Decimal("-33.34"), Decimal("-33.33"))
    assert floor_to(Decimal("5")) == ceil_to(Decimal("5")) == 5
