"""The situation that a customer is in: what is most advanced decides."""

import pytest

from credit_collection.core.playbook import Facts, situation


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), "before_due"),
        (Facts(days_late=0, last_outcome="refuses"), "before_due"),
        (Facts(days_late=1), "first_day"),
        (Facts(days_late=30), "first_day"),
        (Facts(days_late=31), "long_delay"),
        (Facts(days_late=5, excused=True), "excuse"),
        (Facts(days_late=31, excused=True), "long_delay"),
        (Facts(days_late=5, excused=True, broken=True), "broken_promise"),
        (Facts(days_late=90, broken=True), "broken_promise"),
        (Facts(days_late=90, broken=True, last_outcome="refuses"), "refusal"),
        (Facts(days_late=5, last_outcome="disputed"), "refusal"),
        (Facts(days_late=5, last_outcome="promised"), "first_day"),
        (Facts(days_late=5, ladder_ended=True, last_outcome="refuses"), "hand_over"),
        (Facts(days_late=0, ladder_ended=True), "before_due"),
    ],
)
def test_what_is_most_advanced_decides(facts, expected):
    assert situation(facts) == expected
