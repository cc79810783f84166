"""Which level an item comes to, at the edges of every delay."""

import pytest

from credit_collection.core import dunning
from credit_collection.core.dunning import Level

from .dunning_case import (
    DEMAND,
    LEGAL,
    LEVELS,
    PRETRIAL,
    REMIND,
    TODAY,
    days,
    explain,
    item,
    level_of,
    policy,
    reason,
)


@pytest.mark.parametrize(
    ("age", "had", "level"),
    [
        (-2, (), None),
        (-1, (), REMIND),
        (-1, (REMIND,), None),
        (0, (), None),  # the reminder lapses on the due date
        (1, (), DEMAND),
        (1, (REMIND,), DEMAND),
        (1, (DEMAND,), None),
        (2, (DEMAND,), PRETRIAL),
        (2, (REMIND, DEMAND, PRETRIAL), None),
        (9, (DEMAND, PRETRIAL), None),
        (10, (DEMAND, PRETRIAL), LEGAL),
        (11, (DEMAND, PRETRIAL), LEGAL),
        (11, (DEMAND, PRETRIAL, LEGAL), None),
        (400, (), DEMAND),  # no level is skipped
        (400, (DEMAND,), PRETRIAL),
        (10, (PRETRIAL,), LEGAL),  # what lies below is not made up for
    ],
)
def test_next_level_of_an_item(age, had, level):
    assert level_of(item(age, had)) == (level and (level, {1: level}))


@pytest.mark.parametrize(
    ("age", "had", "level"),
    [
        (1, (), DEMAND),
        (2, (), PRETRIAL),
        (9, (), PRETRIAL),
        (10, (), LEGAL),
        (400, (), LEGAL),
        (400, (DEMAND,), PRETRIAL),  # once begun, step by step
        (-1, (), REMIND),
        (-2, (), None),
        (0, (), None),
    ],
)
def test_start_at_age(age, had, level):
    found = level_of(item(age, had), settings=policy(start_at_age=True))
    assert found == (level and (level, {1: level}))


def test_due_date_moved_later_repeats_nothing():
    assert reason(item(-1, (DEMAND, PRETRIAL))) == (dunning.NOT_YET, days(11))


def test_level_on_the_due_date():
    levels = (*LEVELS, Level(5, 0))
    assert level_of(item(0), settings=policy(levels)) == (5, {1: 5})
    assert level_of(item(1), settings=policy(levels)) == (5, {1: 5})


def test_levels_of_one_delay_follow_their_sequence():
    twins = (Level(8, 1, sequence=2), Level(9, 1, sequence=1))
    assert level_of(item(5), settings=policy(twins)) == (9, {1: 9})
    assert level_of(item(5, (9,)), settings=policy(twins)) == (8, {1: 8})


def test_level_added_below_what_the_item_had_is_not_made_up_for():
    assert level_of(item(12, (PRETRIAL,)), settings=policy((*LEVELS, Level(9, 1)))) == (
        LEGAL,
        {1: LEGAL},
    )


def test_archived_level_counts_with_its_delay():
    archived = Level(9, 5, active=False)
    assert level_of(item(20), settings=policy((*LEVELS, archived))) == (DEMAND, {1: DEMAND})
    assert level_of(item(20, (9,)), settings=policy((*LEVELS, archived))) == (LEGAL, {1: LEGAL})
    replaced = (Level(DEMAND, 1, active=False), Level(9, 1), Level(LEGAL, 10))
    assert level_of(item(5, (DEMAND,)), settings=policy(replaced)) is None


def test_two_levels_with_one_id_are_refused():
    with pytest.raises(ValueError, match="same id"):
        dunning.plan(policy((Level(1, 1), Level(1, 2))), [], TODAY)


def test_no_levels_no_steps():
    assert reason(item(50), settings=policy(())) == (dunning.LAST_LEVEL, None)


# Broken promises


@pytest.mark.parametrize(
    ("age", "had", "reached_on", "broke", "level"),
    [
        (5, (DEMAND, PRETRIAL), days(-3), None, None),
        (5, (DEMAND, PRETRIAL), days(-3), days(-2), LEGAL),
        (5, (DEMAND, PRETRIAL), days(-3), days(-3), None),  # used up by the message of that day
        (5, (DEMAND, PRETRIAL), days(-3), days(-4), None),  # used up since
        (5, (DEMAND, PRETRIAL, LEGAL), days(-3), TODAY, None),  # never past the last level
        (5, (DEMAND,), days(-3), TODAY, PRETRIAL),  # one level, not two
        (1, (DEMAND,), days(-1), TODAY, PRETRIAL),
        (0, (REMIND,), days(-1), TODAY, None),  # not overdue yet
        (-5, (), None, TODAY, None),
    ],
)
def test_broken_promise_brings_next_level_forward(age, had, reached_on, broke, level):
    found = level_of(item(age, had, reached_on=reached_on, promise_broken_on=broke))
    assert found == (level and (level, {1: level}))


def test_reason_of_the_step():
    broken = item(5, (DEMAND, PRETRIAL), promise_broken_on=TODAY)
    assert explain(broken).step.reason == dunning.BROKEN_PROMISE
    due = item(12, (DEMAND, PRETRIAL), 2)
    assert explain(broken, due).step.reason == dunning.DELAY_PASSED
    assert explain(broken, due).step.amount == 200.0
