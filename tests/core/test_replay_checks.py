"""The counts of the replay find what they are there to find."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from bench.replay.checks import (
    CHECKS,
    History,
    Letter,
    Promise,
    Reached,
    Rung,
    count,
    expected_state,
)

DUE = date(2012, 3, 1)
LADDER = [
    Rung("Note", -7, 0, "due soon"),
    Rung("First", 1, 0, "reminder"),
    Rung("Second", 10, 5, "second reminder"),
]
TITLES = {check.__name__: title for title, check in CHECKS}


def day(late):
    return DUE + timedelta(days=late)


def step(level, late, number="A"):
    return Reached(number, level, day(late))


def letter(level, late, amount=100.0, number="A"):
    return Letter(day(late), "Deco", level, {number: amount})


def story(**changes):
    """An invoice of 100 is paid 20 days late; note, first and second letter came in time."""
    letters = changes.pop("letters", [letter("Note", -7), letter("First", 1), letter("Second", 10)])
    history = History(
        invoices={
            "A": SimpleNamespace(number="A", customer="Deco", amount=100, due=DUE, settled=day(20))
        },
        ladders={"Deco": LADDER},
        letters=letters,
        reached=[step("Note", -7), step("First", 1), step("Second", 10)],
        recorded=[entry[:3] for entry in letters],
        end=day(60),
    )
    return replace(history, **changes)


def faults(**changes):
    found = count(story(**changes))
    return {name for name, title in TITLES.items() if found[title]}


def test_nothing_is_wrong_with_a_good_story():
    assert faults() == set()


@pytest.mark.parametrize(("late", "wrong"), [(19, set()), (20, {"paid"}), (21, {"paid"})])
def test_letter_on_the_day_of_payment_is_one_too_many(late, wrong):
    assert faults(letters=[letter("Second", late)]) == wrong


def test_letter_with_another_amount_is_wrong():
    assert faults(letters=[letter("First", 1, 99.99)]) == {"paid"}


def test_level_left_out_is_found():
    assert faults(reached=[step("Note", -7), step("Second", 10)]) == {"skipped"}


def test_levels_before_the_due_date_lapse():
    assert faults(reached=[step("First", 1), step("Second", 10)]) == set()


def test_level_twice_and_two_letters_a_day_are_found():
    twice = [step("First", 1), step("First", 5)]
    assert faults(reached=twice) == {"duplicates"}
    assert faults(letters=[letter("Note", 1), letter("First", 1)]) == {"duplicates"}


@pytest.mark.parametrize(("before", "wrong"), [(4, set()), (5, set()), (6, {"quiet"})])
def test_quiet_days_run_from_letters_and_from_conversations(before, wrong):
    assert faults(letters=[letter("First", before), letter("Second", 10)]) == wrong
    assert faults(contacts=[(day(before), "Deco")]) == wrong


def test_level_before_its_day_needs_a_promise_broken_before():
    steps = [step("First", 1), step("Second", 7)]
    promise = Promise(made=day(2), until=day(4), last=day(6), numbers=("A",))
    assert faults(reached=steps) == {"early"}
    assert faults(reached=steps, promises=[promise], letters=[letter("First", 1)]) == set()
    late = Promise(made=day(2), until=day(5), last=day(7), numbers=("A",))
    assert faults(reached=steps, promises=[late], letters=[]) == {"early"}


@pytest.mark.parametrize(("late", "wrong"), [(1, set()), (2, {"protected"}), (5, {"protected"})])
def test_letter_during_a_dispute_or_a_promise_is_found(late, wrong):
    letters = [letter("First", late)]
    assert faults(letters=letters, disputes={"A": (day(2), day(5))}) == wrong
    promise = Promise(made=day(2), until=day(4), last=day(5), numbers=("A",))
    assert faults(letters=letters, promises=[promise]) == wrong


def test_late_item_that_nobody_demanded_is_found():
    assert faults(reached=[], letters=[]) == {"forgotten"}
    assert faults(reached=[], letters=[], disputes={"A": (day(0), day(5))}) == set()
    assert faults(reached=[], letters=[], end=day(13)) == set()
    assert faults(reached=[], letters=[], end=day(14)) == {"forgotten"}


def test_letter_that_did_not_arrive_or_was_not_recorded_is_found():
    assert faults(recorded=[]) == {"unmatched"}
    assert faults(letters=[], recorded=[letter("First", 1)[:3]]) == {"unmatched"}


@pytest.mark.parametrize(
    ("settled", "today", "state"),
    [
        ((5, 7), 7, "kept"),
        ((5, 7), 6, "open"),
        ((5, 8), 8, "partly"),
        ((8, 9), 8, "broken"),
        ((8, 9), 7, "open"),
    ],
)
def test_what_becomes_of_a_promise(settled, today, state):
    promise = Promise(made=day(0), until=day(5), last=day(7), numbers=("A", "B"))
    invoices = [SimpleNamespace(settled=day(late)) for late in settled]
    assert expected_state(promise, invoices, day(today)) == state
