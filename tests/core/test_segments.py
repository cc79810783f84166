"""Segments: both sides of each boundary, and shares worked by hand."""

import pytest

from credit_collection.core import segments


@pytest.mark.parametrize(
    ("days", "expected"),
    [(None, "new"), (-3, "prompt"), (5, "prompt"), (5.1, "slow"), (30, "slow"), (30.1, "late")],
)
def test_how_a_customer_pays(days, expected):
    assert segments.behaviour_class(days) == expected


def test_own_boundaries_and_their_order():
    assert segments.behaviour_class(12, slow_after=12, late_after=12) == "prompt"
    assert segments.behaviour_class(13, slow_after=12, late_after=12) == "late"
    with pytest.raises(ValueError, match="begins before"):
        segments.behaviour_class(1, slow_after=31, late_after=30)
    with pytest.raises(ValueError, match="finite"):
        segments.behaviour_class(float("nan"))


def test_size_by_share():
    # 70 of 100, then 79, 94, 99, 100: the second begins at 70 %, the third at 79 %.
    sales = {"one": 70, "two": 9, "three": 15, "four": 5, "five": 1, "none": 0, "back": -4}
    assert segments.size_classes(sales) == {
        "one": "a",
        "three": "a",
        "two": "b",
        "four": "b",
        "five": "c",
        "none": "c",
        "back": "c",
    }
    assert segments.size_classes({1: 0}) == {1: "c"}
    assert segments.size_classes({}) == {}
    assert segments.size_classes({1: 5, 2: 5}) == {1: "a", 2: "a"}


@pytest.mark.parametrize(
    ("days", "overdue", "secured", "hopeless", "expected"),
    [
        (0, False, False, False, "current"),
        (3, False, False, False, "current"),
        (4, True, False, False, "overdue"),
        (90, True, False, False, "overdue"),
        (91, True, False, False, "doubtful"),
        (91, True, True, False, "overdue"),
        (0, False, False, True, "hopeless"),
        (400, True, True, True, "hopeless"),
    ],
)
def test_the_kind_of_debt(days, overdue, secured, hopeless, expected):
    assert segments.standing(days, overdue, secured, hopeless) == expected
