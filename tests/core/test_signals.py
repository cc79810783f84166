"""Danger signals: fifteen kinds, ten of them measured, and what they weigh."""

import pytest

from credit_collection.core import signals


def test_fifteen_kinds_ten_of_them_measured():
    assert len(signals.KINDS) == 15
    assert len(signals.MEASURED) == 10
    assert all(signals.KINDS[code].threshold > 0 for code in signals.MEASURED)


@pytest.mark.parametrize(
    ("measured", "threshold", "fires"),
    [(1.99, 2, False), (2, 2, True), (None, 2, False), (0, 0, False)],
)
def test_a_signal_fires_at_its_threshold(measured, threshold, fires):
    assert signals.fires(measured, threshold) is fires


def test_warnings_are_ranked_by_weight_and_exposure():
    assert signals.urgency([3, 2], 1000) == 5000
    assert signals.urgency([3], -5) == 0
    assert signals.urgency([], 1000) == 0


def test_a_weight_below_nothing_is_refused():
    with pytest.raises(ValueError, match="below 0"):
        signals.weight([-1])
