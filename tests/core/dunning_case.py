"""The case that the planning tests share: one customer, the distributor's -1/+1/+2/+10."""

from datetime import date, timedelta

from credit_collection.core import dunning
from credit_collection.core.dunning import Item, Level, PolicySettings, Situation

TODAY = date(2025, 6, 16)
REMIND, DEMAND, PRETRIAL, LEGAL = 1, 2, 3, 4
LEVELS = (Level(REMIND, -1), Level(DEMAND, 1), Level(PRETRIAL, 2), Level(LEGAL, 10))
POLICY = PolicySettings(LEVELS)


def days(count):
    return TODAY + timedelta(count)


def item(age=1, had=(), item_id=1, amount=100.0, **values):
    """An open item ``age`` days after its due date that has had these levels."""
    return Item(item_id, amount, days(-age), tuple(had), **values)


def policy(levels=LEVELS, **values):
    return PolicySettings(tuple(levels), **values)


def explain(*items, settings=POLICY, ceiling=None, **values):
    return dunning.explain(settings, Situation(7, items, **values), TODAY, ceiling)


def level_of(*items, **values):
    """The message's level and the level that each listed item reaches by it."""
    step = explain(*items, **values).step
    return step and (step.level_id, {line.item_id: line.level_id for line in step.lines})


def reason(*items, **values):
    answer = explain(*items, **values)
    return answer.reason, answer.on
