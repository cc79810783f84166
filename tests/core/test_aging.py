"""Buckets at their borders, and that they share out everything exactly once."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import aging

BUCKETS = aging.buckets()
boundaries = st.sets(st.integers(1, 400), max_size=8).map(lambda days: (0, *sorted(days)))


def test_default_buckets():
    assert BUCKETS == (
        ("not_due", None, 0),
        ("days_1_30", 0, 30),
        ("days_31_60", 30, 60),
        ("days_61_90", 60, 90),
        ("over_90", 90, None),
    )
    assert [bucket.first_day for bucket in BUCKETS] == [None, 1, 31, 61, 91]


@pytest.mark.parametrize(
    ("days", "key"),
    [
        (-400, "not_due"),
        (-1, "not_due"),
        (0, "not_due"),
        (1, "days_1_30"),
        (29, "days_1_30"),
        (30, "days_1_30"),
        (31, "days_31_60"),
        (59, "days_31_60"),
        (60, "days_31_60"),
        (61, "days_61_90"),
        (89, "days_61_90"),
        (90, "days_61_90"),
        (91, "over_90"),
        (4_000, "over_90"),
    ],
)
def test_bucket_borders(days, key):
    assert aging.bucket_of(days, BUCKETS).key == key


@given(st.integers(-1000, 1000), boundaries)
def test_every_day_is_in_exactly_one_bucket(days, edges):
    made = aging.buckets(edges)
    assert sum(bucket.holds(days) for bucket in made) == 1
    assert len({bucket.key for bucket in made}) == len(edges) + 1
    assert all(bucket.key.isidentifier() for bucket in made)


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(-100, 500))), boundaries)
def test_buckets_share_out_the_whole_total(items, edges):
    shared = aging.totals(items, aging.buckets(edges))
    assert sum(shared.values()) == sum(amount for amount, _ in items)


def test_totals_show_every_bucket_in_order():
    items = [(Decimal("0.1"), 5), (0.2, 6), (50, 91), (-20, 0)]
    assert aging.totals(iter(items), BUCKETS) == {
        "not_due": -20,
        "days_1_30": Decimal("0.3"),
        "days_31_60": 0,
        "days_61_90": 0,
        "over_90": 50,
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30,60,90", (0, 30, 60, 90)),
        ("0,30,60,90", (0, 30, 60, 90)),
        (" 7 , 14 ", (0, 7, 14)),
        ("0", (0,)),
    ],
)
def test_boundaries_are_read_from_text(text, expected):
    assert aging.parse_boundaries(text) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "at least one boundary"),
        ("  ", "at least one boundary"),
        (None, "at least one boundary"),
        ("30,,60", "whole number of days, not ''"),
        ("30,sixty", "whole number of days, not 'sixty'"),
        ("30.5", "whole number of days, not '30.5'"),
        ("-5,30", "must not be negative: -5"),
        ("30,-60", "must not be negative: -60"),
        ("60,30", "must increase: 30 follows 60"),
        ("30,30", "must increase: 30 follows 30"),
    ],
)
def test_boundaries_that_make_no_sense_are_refused(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        aging.parse_boundaries(text)


@pytest.mark.parametrize(
    ("edges", "sentence"),
    [
        ((), "at least one boundary"),
        ((30, 60), "start with 0"),
        ((0, 30.5), "whole number"),
        ((0, 0), "must increase"),
    ],
)
def test_buckets_check_their_boundaries(edges, sentence):
    with pytest.raises(ValueError, match=sentence):
        aging.buckets(edges)


@pytest.mark.parametrize(
    ("amount", "days", "key"),
    [
        (999.99, 30, "small_recent"),
        (1000, 30, "large_recent"),
        (Decimal("1000.01"), 31, "large_old"),
        (999.99, 31, "small_old"),
        (-5, -5, "small_recent"),
    ],
)
def test_quadrants_at_their_borders(amount, days, key):
    assert aging.quadrant(amount, days, 1000, 30) == key
    assert key in [quadrant[0] for quadrant in aging.QUADRANTS]
