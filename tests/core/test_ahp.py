"""Weights from pairwise judgements: two published examples, and what must always hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import ahp

LEADER = [[1, 4, 3, 7], [1 / 4, 1, 1 / 3, 3], [1 / 3, 3, 1, 5], [1 / 7, 1 / 3, 1 / 5, 1]]
PUBLISHED = [
    [1, 0.20, 3, 0.33, 3],
    [5, 1, 7, 3, 7],
    [0.33, 0.14, 1, 0.20, 1],
    [3, 0.33, 5, 1, 5],
    [0.33, 0.14, 1, 0.20, 1],
]


def test_experience_counts_most_when_a_leader_is_chosen():
    weights, ratio = ahp.weights(LEADER)
    assert weights == pytest.approx([0.5476, 0.1266, 0.2699, 0.0559], abs=5e-5)
    assert ratio == pytest.approx(0.044, abs=5e-4)


def test_a_published_table_gives_its_eigenvector_not_the_average_of_its_columns():
    weights, ratio = ahp.weights(PUBLISHED)
    assert weights == pytest.approx([0.122, 0.514, 0.053, 0.258, 0.053], abs=5e-4)
    assert ratio < ahp.ACCEPTED


@pytest.mark.parametrize(
    ("matrix", "expected"), [([[1]], [1]), ([[1, 3], [1 / 3, 1]], [0.75, 0.25])]
)
def test_one_or_two_criteria_cannot_contradict_each_other(matrix, expected):
    assert ahp.weights(matrix) == (pytest.approx(expected), 0.0)
    assert ahp.contradiction(matrix) is None


def test_beyond_ten_criteria_no_ratio_is_published():
    weights, ratio = ahp.weights([[1] * 11] * 11)
    assert weights == pytest.approx([1 / 11] * 11)
    assert ratio is None


@given(st.lists(st.floats(0.1, 10), min_size=3, max_size=10))
def test_judgements_that_agree_give_back_the_weights_they_were_made_of(given_weights):
    matrix = [[a / b for b in given_weights] for a in given_weights]
    weights, ratio = ahp.weights(matrix)
    total = sum(given_weights)
    assert weights == pytest.approx([each / total for each in given_weights], rel=1e-6)
    assert ratio == pytest.approx(0, abs=1e-6)


def test_the_judgement_that_contradicts_the_others_most_is_named():
    # The first is 3 times the second, the second 3 times the third: 9, not 1/3.
    matrix = ahp.matrix_of(3, {(0, 1): 3, (1, 2): 3, (0, 2): 1 / 3})
    row, column, judged, implied = ahp.contradiction(matrix)
    assert ahp.weights(matrix)[1] > ahp.ACCEPTED
    assert judged == pytest.approx(matrix[row][column])
    assert implied == pytest.approx(1)


def test_missing_judgements_mean_equal():
    assert ahp.matrix_of(2, {}) == [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    ("matrix", "why"),
    [
        ([], "square"),
        ([[1, 2]], "square"),
        ([[1, 0], [1, 1]], "above 0"),
        ([[1, -3], [-1 / 3, 1]], "above 0"),
        ([[1, 3], [3, 1]], "disagree"),
        ([[2]], "disagree"),
        ([[1, "x"], [1, 1]], "number"),
        ([[1, float("nan")], [1, 1]], "finite"),
    ],
)
def test_what_is_no_table_of_judgements_is_refused(matrix, why):
    with pytest.raises(ValueError, match=why):
        ahp.weights(matrix)
