"""What one customer gets, at the edges of every threshold, and why nothing."""

import pytest

from credit_collection.core import dunning
from credit_collection.core.dunning import Level, Situation

from .dunning_case import (
    DEMAND,
    LEGAL,
    LEVELS,
    POLICY,
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

# One customer, one message


def test_highest_level_decides_and_each_item_keeps_its_own():
    items = (item(12, (DEMAND, PRETRIAL), 1), item(1, (), 2), item(-30, (), 3), item(2, (), 4))
    step = explain(*items).step
    assert step.level_id == LEGAL
    assert [tuple(line) for line in step.lines] == [
        (1, LEGAL, 100.0, 12),
        (4, DEMAND, 100.0, 2),
        (2, DEMAND, 100.0, 1),
        (3, None, 100.0, -30),
    ]
    assert (step.amount, step.reason) == (100.0, dunning.DELAY_PASSED)


def test_step_amount_counts_what_has_come_to_the_level():
    items = (item(12, (DEMAND, PRETRIAL, LEGAL), 1), item(2, (DEMAND,), 2), item(1, (), 3))
    assert explain(*items, unapplied=30.0).step.amount == 170.0


@pytest.mark.parametrize(
    ("values", "left_alone"),
    [
        ({"muted": True}, dunning.MUTED),
        ({"blocked": True}, dunning.BLOCKED),
        ({"in_payment": True}, dunning.IN_PAYMENT),
        ({"disputed_amount": 100.0}, dunning.DISPUTED),
        ({"disputed_amount": 120.0}, dunning.DISPUTED),
        ({"promised_until": TODAY}, dunning.PROMISED),
    ],
)
def test_left_alone_is_neither_chased_nor_listed(values, left_alone):
    alone = item(12, (DEMAND, PRETRIAL), **values)
    assert reason(alone)[0] == left_alone
    assert reason(alone, item(-30, (), 2))[0] == left_alone
    assert level_of(alone, item(1, (), 2)) == (DEMAND, {2: DEMAND})


@pytest.mark.parametrize(("disputed", "asked"), [(99.99, 0.01), (40.0, 60.0), (0.0, 100.0)])
def test_the_rest_of_a_part_dispute_is_chased(disputed, asked):
    step = explain(item(disputed_amount=disputed)).step
    assert (step.lines[0].amount, step.amount) == (asked, asked)


@pytest.mark.parametrize("promised", [-4, -3, -2])
def test_promise_protects_until_its_date_plus_tolerance(promised):
    settings = policy(promise_tolerance_days=3)
    expected = (None, None) if promised == -4 else (dunning.PROMISED, days(promised + 4))
    assert reason(item(promised_until=days(promised)), settings=settings) == expected


@pytest.mark.parametrize("paused", [-1, 0, 1])
def test_pause_includes_its_last_day(paused):
    expected = (None, None) if paused == -1 else (dunning.PAUSED, days(paused + 1))
    assert reason(item(), paused_until=days(paused)) == expected


def test_waiting_message_holds_the_next_one():
    assert reason(item(), item(item_id=2, pending=True)) == (dunning.PENDING, None)
    assert reason(item(), item(item_id=2, pending=True, muted=True)) == (dunning.PENDING, None)


def test_nothing_open():
    assert reason(unapplied=10.0) == (dunning.NOTHING_OPEN, None)
    assert reason(item(amount=-5.0)) == (dunning.NOTHING_OPEN, None)


def test_nothing_to_come():
    assert reason(item(1, (DEMAND,))) == (dunning.NOT_YET, days(1))
    assert reason(item(1, (DEMAND,)), item(-3, item_id=2)) == (dunning.NOT_YET, days(1))
    assert reason(item(11, (LEGAL,))) == (dunning.LAST_LEVEL, None)


# Quiet days


@pytest.mark.parametrize("field", ["last_contact", "last_message"])
@pytest.mark.parametrize(("ago", "sent"), [(2, False), (3, True), (4, True)])
def test_quiet_days_of_the_level(field, ago, sent):
    settings = policy([Level(1, 1, quiet_days=3)])
    expected = (None, None) if sent else (dunning.QUIET, days(3 - ago))
    assert reason(item(20), settings=settings, **{field: days(-ago)}) == expected


def test_without_quiet_days_still_one_message_a_day():
    assert reason(item(20), last_message=TODAY) == (dunning.QUIET, days(1))
    assert explain(item(20), last_message=days(-1)).step
    assert explain(item(20), last_contact=TODAY).step


def test_lower_level_does_not_overtake_one_that_is_quiet():
    levels = (*LEVELS[:3], Level(LEGAL, 10, quiet_days=7))
    old, new = item(12, (DEMAND, PRETRIAL), 1), item(-1, (), 2)
    settings = policy(levels)
    assert reason(old, new, settings=settings, last_message=days(-6)) == (dunning.QUIET, days(1))
    assert level_of(old, new, settings=settings, last_message=days(-7))[0] == LEGAL


# Explaining, and the check before sending


def test_notes_say_what_awaits_each_item():
    items = (
        item(1, (), 1),
        item(1, (DEMAND,), 2),
        item(1, (DEMAND,), 3, muted=True),
        item(1, (), 4, promised_until=days(4)),
        item(-5, (), 5),
        item(40, (LEGAL,), 6),
        item(-3, (), 7, promised_until=days(20)),
    )
    assert [tuple(note) for note in explain(*items).notes] == [
        (1, None, DEMAND, TODAY),
        (2, dunning.NOT_YET, PRETRIAL, days(1)),
        (3, dunning.MUTED, PRETRIAL, None),
        (4, dunning.PROMISED, DEMAND, days(5)),
        (5, dunning.NOT_YET, REMIND, days(4)),
        (6, dunning.LAST_LEVEL, None, None),
        (7, dunning.PROMISED, DEMAND, days(21)),
    ]
    assert dunning.upcoming(POLICY, items[1], TODAY) == explain(*items).notes[1]


def test_check_before_sending_never_climbs():
    late = item(2, (DEMAND,), 1)
    assert level_of(late, item(1, (), 2), ceiling=DEMAND) == (DEMAND, {1: None, 2: DEMAND})
    assert reason(late, ceiling=DEMAND)[0] == dunning.NOT_YET
    assert level_of(late, ceiling=LEGAL) == (PRETRIAL, {1: PRETRIAL})
    assert level_of(item(-1), ceiling=REMIND) == (REMIND, {1: REMIND})
    assert level_of(item(0), ceiling=REMIND) is None
    assert level_of(late, ceiling=99) is None


def test_plan_is_explain_for_many():
    situations = [Situation(1, (item(),)), Situation(2, (item(0),)), Situation(3, (item(2),))]
    steps = dunning.plan(POLICY, situations, TODAY)
    assert [step.account_id for step in steps] == [1, 3]
    assert steps == [dunning.explain(POLICY, situations[at], TODAY).step for at in (0, 2)]
