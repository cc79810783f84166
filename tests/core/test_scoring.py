"""Bands without holes, scores, grades, and what a score is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import scoring
from credit_collection.core.scoring import Criterion, check_bands

LATE = ((None, 1, 100), (1, 30, 50), (30, None, 0))
YEARS = ((None, 12, 20), (12, None, 80))
CARD = [Criterion("late", 60, LATE), Criterion("months", 40, YEARS)]


def test_bands_come_in_order_whatever_the_order_they_were_typed_in():
    assert check_bands(LATE[::-1]) == [scoring.Band(*band) for band in LATE]


@pytest.mark.parametrize(
    ("bands", "code", "values"),
    [
        ([], "none", ()),
        # Published: "4 to 7" beside "8 to 10", and "below 2" beside "3 and more".
        ([(None, 7, 1), (8, None, 2)], "gap", (7, 8)),
        ([(None, 2, 1), (3, None, 2)], "gap", (2, 3)),
        ([(None, 5, 1), (4, None, 2)], "overlap", (4,)),
        ([(None, None, 1), (4, None, 2)], "overlap", (4,)),
        ([(None, None, 1), (None, None, 2)], "overlap", ()),
        ([(0, None, 1)], "start", (0,)),
        ([(None, 9, 1)], "end", (9,)),
        ([(None, 5, 1), (5, 5, 1), (5, None, 2)], "order", (5, 5)),
    ],
)
def test_holes_and_overlaps_are_refused(bands, code, values):
    with pytest.raises(scoring.BandFault) as fault:
        check_bands(bands)
    assert (fault.value.code, fault.value.values) == (code, values)


@pytest.mark.parametrize(("value", "points"), [(0.99, 100), (1, 50), (29.99, 50), (30, 0)])
def test_a_boundary_belongs_to_the_band_above_it(value, points):
    assert scoring.band_of(value, check_bands(LATE)).points == points


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=6, unique=True), st.floats(-99, 99))
def test_without_holes_every_value_has_one_band(cuts, value):
    cuts = [None, *sorted(cuts), None]
    bands = check_bands([(a, b, 0) for a, b in zip(cuts, cuts[1:], strict=False)])
    assert sum(scoring.band_of(value, [band]) is not None for band in bands) == 1


def test_the_score_is_the_weighted_mean_of_the_points():
    result = scoring.score(CARD, {"late": 10, "months": 36})
    assert result.score == 62  # 50 × 60 % + 80 × 40 %
    assert [line.contribution for line in result.lines] == [30, 32]


@pytest.mark.parametrize(
    ("missing", "score"), [("zero", 30), ("renormalise", 50), ("no_score", None)]
)
def test_what_is_missing_is_said_and_does_what_the_scorecard_says(missing, score):
    result = scoring.score(CARD, {"late": 10}, missing)
    assert result.score == score
    assert result.missing == ("months",)


def test_without_any_value_there_is_no_score():
    assert scoring.score(CARD, {}).score is None


GRADES = [("A", 80), ("B", 60), ("C", 0)]


@pytest.mark.parametrize(
    ("score", "grade"), [(100, "A"), (80, "A"), (79.99, "B"), (60, "B"), (0, "C"), (None, None)]
)
def test_a_grade_begins_with_its_least_score(score, grade):
    assert scoring.grade(score, GRADES) == grade


def test_what_helped_what_cost_most_and_what_would_reach_the_next_grade():
    result = scoring.score(CARD, {"late": 10, "months": 36})
    found = scoring.explain(result, CARD, next_least=80)
    assert found.helped == (("months", 32), ("late", 30))
    assert found.cost == (("late", 30), ("months", pytest.approx(8)))
    assert found.needed == 18
    assert found.ways == (("late", LATE[0], 30),)


def test_when_nothing_alone_is_enough_it_is_said_what_is_together():
    result = scoring.score(CARD, {"late": 10, "months": 3})  # 30 + 8
    found = scoring.explain(result, CARD, next_least=75)
    assert not found.ways
    assert found.together == ("months", "late")


def test_at_the_top_there_is_no_next_grade():
    result = scoring.score(CARD, {"late": 0, "months": 36})
    assert scoring.explain(result, CARD).needed is None


@pytest.mark.parametrize(
    "call",
    [
        lambda: scoring.score([], {}),
        lambda: scoring.score(CARD, {}, "guess"),
        lambda: scoring.score([Criterion("late", 0, LATE)], {"late": 1}),
        lambda: scoring.score([Criterion("late", -1, LATE)], {"late": 1}),
        lambda: scoring.score([Criterion("q", 1)], {"q": 101}),
        lambda: scoring.score(CARD, {"late": float("nan")}),
    ],
)
def test_what_makes_no_score_is_refused(call):
    with pytest.raises(ValueError, match="must|needs|are zero"):
        call()
