"""Credits and minimum amounts against what has come to a level, to the cent."""

from decimal import Decimal

import pytest

from credit_collection.core import dunning
from credit_collection.core.dunning import Level

from .dunning_case import (
    DEMAND,
    LEGAL,
    LEVELS,
    PRETRIAL,
    explain,
    item,
    level_of,
    policy,
    reason,
)


@pytest.mark.parametrize(("unapplied", "level"), [(99.99, DEMAND), (100.0, None), (100.01, None)])
def test_credits_that_cover_the_debt(unapplied, level):
    answer = explain(item(), item(-30, item_id=2, amount=900.0), unapplied=unapplied)
    assert (answer.step and answer.step.level_id) == level
    assert answer.reason == (None if level else dunning.COVERED)


def test_credits_cover_the_oldest_first():
    items = (item(12, (DEMAND, PRETRIAL), 1), item(1, (), 2, amount=200.0))
    assert level_of(*items, unapplied=100.0) == (DEMAND, {1: None, 2: DEMAND})
    assert reason(*items, unapplied=300.0) == (dunning.COVERED, None)


@pytest.mark.parametrize(("amount", "sent"), [(49.99, False), (50.0, True), (50.01, True)])
def test_minimum_of_policy_and_of_level(amount, sent):
    for settings in (policy(minimum=50.0), policy([Level(1, 1, minimum_amount=50.0)])):
        answer = explain(item(amount=amount), item(-5, (1,), 2, amount=900.0), settings=settings)
        assert (answer.step is not None) is sent
        assert answer.reason == (None if sent else dunning.BELOW_MINIMUM)


def test_minimum_after_credits():
    assert reason(item(), unapplied=51.0, settings=policy(minimum=50))[0] == dunning.BELOW_MINIMUM
    assert explain(item(), unapplied=50.0, settings=policy(minimum=50)).step


def test_level_under_its_minimum_waits_and_lower_ones_go():
    levels = (*LEVELS[:3], Level(LEGAL, 10, minimum_amount=500.0))
    items = (item(12, (DEMAND, PRETRIAL), 1), item(1, (), 2, amount=1000.0))
    assert level_of(*items, settings=policy(levels)) == (DEMAND, {1: None, 2: DEMAND})


def test_cents_that_floats_cannot_write():
    items = [item(item_id=number, amount=0.1) for number in range(1, 4)]
    assert reason(*items, unapplied=0.3) == (dunning.COVERED, None)
    assert explain(*items, settings=policy(minimum=0.3)).step.amount == 0.3


def test_decimals_are_welcome():
    step = explain(
        item(amount=Decimal("10.10"), disputed_amount=Decimal("0.10")),
        settings=policy(minimum=Decimal("9.00")),
        unapplied=Decimal("1.00"),
    ).step
    assert (step.lines[0].amount, step.amount) == (Decimal("10.00"), 9.0)
