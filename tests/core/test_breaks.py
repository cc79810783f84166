"""Natural breaks: never worse than equal counts or equal intervals."""

from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from credit_collection.core.breaks import goodness_of_fit, natural_breaks

VALUES = st.lists(st.integers(0, 40), min_size=2, max_size=12)


def _squares(groups):
    return sum(
        sum((value - sum(group) / len(group)) ** 2 for value in group) for group in groups if group
    )


def test_two_classes_of_four_values():
    groups = natural_breaks([4, 5, 9, 10], 2)
    assert groups == [[4, 5], [9, 10]]
    assert goodness_of_fit(groups) == pytest.approx(0.9615, abs=5e-5)
    assert _squares([[4, 5, 9, 10]]) == 26
    assert _squares(groups) == 1


@given(VALUES, st.integers(1, 5))
def test_no_other_boundaries_are_better(values, k):
    assume(k <= len(set(values)))
    ordered = sorted(values)
    groups = natural_breaks(values, k)
    assert [value for group in groups for value in group] == ordered
    assert all(groups)
    least = min(
        _squares([ordered[a:b] for a, b in zip((0, *cuts), (*cuts, len(ordered)), strict=True)])
        for cuts in combinations(range(1, len(ordered)), k - 1)
    )
    assert _squares(groups) == pytest.approx(least, abs=1e-9)


@given(VALUES, st.integers(1, 5))
def test_equal_values_stay_together(values, k):
    assume(k <= len(set(values)))
    groups = natural_breaks(values, k)
    assert sum(len(set(group)) for group in groups) == len(set(values))


def test_twenty_thousand_scores_in_five_classes():
    scores = [round((i * 7919 % 10_000) / 100, 2) for i in range(20_000)]
    groups = natural_breaks(scores, 5)
    assert len(groups) == 5
    assert goodness_of_fit(groups) > 0.9


def test_values_that_are_all_the_same_have_no_fit():
    assert goodness_of_fit(natural_breaks([3, 3], 1)) is None


@pytest.mark.parametrize(
    ("values", "k", "why"),
    [
        ([], 1, "Without values"),
        ([1, 1], 2, "1 different"),
        ([1, 2], 0, "not 0"),
        ([1, 2], True, "not True"),
        ([1, 2], 1.5, "not 1.5"),
        ([1, None], 1, "number"),
    ],
)
def test_what_makes_no_classes_is_refused(values, k, why):
    with pytest.raises(ValueError, match=why):
        natural_breaks(values, k)
