"""Was the closing day dressed up?"""

from datetime import date

import pytest

from credit_collection.core import window_dressing

APRIL = (date(2026, 4, 1), date(2026, 4, 30))


def test_a_closing_day_half_as_bad_as_the_weeks_before():
    assert window_dressing.closing_against_average([0.3, 0.28, None, 0.32], 0.15) == (
        pytest.approx(0.3),
        0.15,
        pytest.approx(0.5),
    )


@pytest.mark.parametrize(
    ("snapshots", "closing", "expected"),
    [
        ([], 0.1, (None, 0.1, None)),
        ([None], 0.1, (None, 0.1, None)),
        ([0.2], None, (0.2, None, None)),
        ([0, 0], 0.1, (0, 0.1, None)),
    ],
)
def test_nothing_to_compare(snapshots, closing, expected):
    assert window_dressing.closing_against_average(snapshots, closing) == expected


@pytest.mark.parametrize(
    ("day", "share"),
    [(25, 0), (26, 0.5), (30, 0.5)],
)
def test_the_last_five_days_of_april_begin_on_the_26th(day, share):
    deliveries = [(date(2026, 4, 1), 100), (date(2026, 4, day), 100), (date(2026, 5, 1), 900)]
    assert window_dressing.late_deliveries_share(deliveries, *APRIL) == share


def test_a_period_of_one_day_is_all_last_days():
    day = date(2026, 4, 1)
    assert window_dressing.late_deliveries_share([(day, 5)], day, day) == 1


def test_no_deliveries_no_share():
    assert window_dressing.late_deliveries_share([], *APRIL) is None
    assert window_dressing.late_deliveries_share([(date(2026, 4, 2), -5)], *APRIL) is None


@pytest.mark.parametrize(("period", "last"), [(APRIL, 0), (APRIL[::-1], 5)])
def test_an_impossible_period_is_refused(period, last):
    with pytest.raises(ValueError, match="at least one day"):
        window_dressing.late_deliveries_share([], *period, last_days=last)
