"""What a new company starts with is of the same order of magnitude everywhere."""

import pytest

from credit_collection.core.magnitude import scaled


@pytest.mark.parametrize(
    ("amount", "currency", "rate", "expected"),
    [
        (50.0, "USD", None, 50.0),
        (50.0, "EUR", None, 50.0),
        (50.0, "JPY", None, 5000.0),
        (10_000.0, "VND", None, 200_000_000.0),
        (50.0, "EUR", 0.83, 40.0),
        (10_000.0, "JPY", 149.7, 1_000_000.0),
        (0.0, "JPY", None, 0.0),
    ],
)
def test_shipped_amounts_become_round_numbers(amount, currency, rate, expected):
    assert scaled(amount, currency, rate) == expected
