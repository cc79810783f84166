"""The rank formula: worked by hand, and never falling in any of its values."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_collection.core import ranking
from credit_collection.core.ranking import PARTS, score

quickly = settings(max_examples=100, deadline=None)


def points(*values, **options):
    return {key: given for key, _, given, _ in score(*values, **options).parts}


def test_worked_example():
    assert points(10_000.0, 45, 1, 7, False, 10_000.0) == {
        "overdue": 15.0,
        "days_overdue": 12.5,
        "broken_promises": 5.0,
        "days_since_contact": 5.0,
        "over_limit": 0.0,
        "worth": 5.0,
    }
    assert score(10_000.0, 45, 1, 7, False, 10_000.0).total == 42.5
    assert score(30_000.0, 90, 3, None, True, -5.0).total == 82.5


@pytest.mark.parametrize(
    ("part", "value", "given_points"),
    [
        ("days_overdue", -1, 0.0),
        ("days_overdue", 0, 0.0),
        ("days_overdue", 18, 5.0),
        ("days_overdue", 90, 25.0),
        ("days_overdue", 91, 25.0),
        ("broken_promises", 2, 10.0),
        ("broken_promises", 4, 15.0),
        ("days_since_contact", 0, 0.0),
        ("days_since_contact", 14, 10.0),
        ("days_since_contact", 15, 10.0),
        ("days_since_contact", None, 10.0),
        ("over_limit", True, 10.0),
    ],
)
def test_each_part(part, value, given_points):
    assert points(0.0, **{part: value})[part] == given_points


@pytest.mark.parametrize(("overdue", "given_points"), [(-5, 0), (0, 0), (500, 15), (1500, 22.5)])
def test_amount_against_the_reference(overdue, given_points):
    assert points(overdue, reference=500.0)["overdue"] == given_points


def test_reference_must_be_positive():
    with pytest.raises(ValueError, match="positive"):
        score(1.0, reference=0.0)


def test_parts_make_a_hundred_and_the_text_says_the_same_numbers():
    assert sum(part.points for part in PARTS) == 100
    said = [float(number) for number in re.findall(r"\d+", ranking.FORMULA)]
    full = {part.full_at for part in PARTS if part.key != "over_limit"}
    numbers = {part.points for part in PARTS} | full | {100.0}
    assert set(said) == numbers - {None}


amounts = st.floats(-1e9, 1e9)
counts = st.integers(-10, 500)
values = st.tuples(amounts, counts, counts, counts, st.booleans(), amounts)


@quickly
@given(values, values, st.floats(1, 1e6))
def test_no_value_rises_and_the_score_falls(one, other, reference):
    low = [min(pair) for pair in zip(one, other, strict=True)]
    high = [max(pair) for pair in zip(one, other, strict=True)]
    lower, higher = (score(*side, reference=reference) for side in (low, high))
    assert lower.total <= higher.total
    assert all(a[2] <= b[2] for a, b in zip(lower.parts, higher.parts, strict=True))
    assert 0 <= lower.total <= 100
    assert score(*low[:3], None, *low[4:], reference=reference).total >= lower.total
