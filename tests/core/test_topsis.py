"""Closeness to the ideal: two published examples, and what must always hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import topsis

CARS = [[7, 9, 9, 8], [8, 7, 8, 7], [9, 6, 8, 9], [6, 7, 8, 6]]


def test_four_cars():
    found = topsis.closeness(CARS, [0.1, 0.4, 0.3, 0.2], [True, True, True, False])
    assert found == pytest.approx([0.7427, 0.4036, 0.1759, 0.4414], abs=5e-5)


def test_three_alternatives_of_equal_weights():
    rows = [[80, 90, 600], [65, 58, 200], [83, 60, 400]]
    found = topsis.closeness(rows, [1, 1, 1], [False, True, False])
    assert found == pytest.approx([0.32385, 0.67902, 0.40902], abs=5e-6)


def test_nothing_is_closer_when_all_are_alike():
    assert topsis.closeness([[1, 2], [1, 2]], [1, 1], [True, True]) == [None, None]
    assert topsis.closeness([], [1], [True]) == []


def test_a_column_of_zeros_says_nothing():
    assert topsis.closeness([[1, 0], [2, 0]], [1, 1], [True, True]) == [0, 1]


@given(st.lists(st.tuples(st.floats(1, 99), st.floats(1, 99)), min_size=2, max_size=9))
def test_whoever_is_at_least_as_good_in_everything_is_at_least_as_close(rows):
    found = topsis.closeness(rows, [2, 1], [True, False])
    for (more, less), close in zip(rows, found, strict=True):
        for (other_more, other_less), other in zip(rows, found, strict=True):
            if more >= other_more and less <= other_less and None not in (close, other):
                assert close >= other - 1e-9


@pytest.mark.parametrize(
    ("rows", "weights", "benefits", "why"),
    [
        ([[1]], [1, 1], [True], "one direction"),
        ([[1]], [0], [True], "above 0"),
        ([[1]], [-1], [True], "below 0"),
        ([[1, 2]], [1], [True], "one value"),
        ([["x"]], [1], [True], "number"),
        ([], [], [], "above 0"),
    ],
)
def test_what_cannot_be_ranked_is_refused(rows, weights, benefits, why):
    with pytest.raises(ValueError, match=why):
        topsis.closeness(rows, weights, benefits)
