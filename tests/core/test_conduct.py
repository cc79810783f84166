"""Hours, weekends and calls a week, tried on both sides of each line."""

from datetime import datetime, timedelta

import pytest

from credit_collection.core import conduct

LIMITS = conduct.Limits(first=8.0, last=20.0, weekends=False, calls=3)
MONDAY = datetime(2026, 3, 16, 10, 0)


@pytest.mark.parametrize(
    ("hour", "minute", "codes"),
    [
        (7, 59, [conduct.HOUR]),
        (8, 0, []),
        (19, 59, []),
        (20, 0, [conduct.HOUR]),
    ],
)
def test_hours_of_the_customers_clock(hour, minute, codes):
    assert conduct.broken(MONDAY.replace(hour=hour, minute=minute), [], LIMITS) == codes


@pytest.mark.parametrize(("days", "codes"), [(4, []), (5, [conduct.WEEKEND]), (7, [])])
def test_no_calls_on_weekends(days, codes):
    assert conduct.broken(MONDAY + timedelta(days), [], LIMITS) == codes


def test_fourth_call_in_seven_days_is_one_too_many():
    earlier = [MONDAY - timedelta(days=day) for day in (1, 3, 6)]
    assert conduct.broken(MONDAY, earlier[:2], LIMITS) == []
    assert conduct.broken(MONDAY, earlier, LIMITS) == [conduct.OFTEN]


def test_a_call_exactly_a_week_ago_does_not_count():
    earlier = [MONDAY - timedelta(days=day) for day in (1, 3, 7)]
    assert conduct.broken(MONDAY, earlier, LIMITS) == []


def test_without_limits_everything_is_fine():
    sunday_night = datetime(2026, 3, 15, 3, 0)
    assert conduct.broken(sunday_night, [sunday_night] * 50, conduct.Limits()) == []


def test_all_that_is_broken_is_said():
    sunday_night = datetime(2026, 3, 15, 23, 0)
    assert conduct.broken(sunday_night, [sunday_night] * 3, LIMITS) == [
        conduct.HOUR,
        conduct.WEEKEND,
        conduct.OFTEN,
    ]
