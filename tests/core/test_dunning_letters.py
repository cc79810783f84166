"""One letter for each address: own items, and all together what a single letter would ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core import dunning
from credit_collection.core.dunning import Credit

from .dunning_case import DEMAND, LEGAL, POLICY, PRETRIAL, explain, item

NORTH, SOUTH = "north", "south"
EUR = 1


def euro(item_id, amount, age=1, had=()):
    return item(age, had, item_id=item_id, amount=amount, currency=EUR, amount_currency=amount)


def apart(items, homes, credits=()):
    """``{address: (level, ids of the items, amount, credit)}``."""
    step = explain(*items, credits=credits).step
    letters = dunning.by_address(POLICY, step, homes, {one.id: EUR for one in items})
    return {
        address: (
            letter.level_id,
            [line.item_id for line in letter.lines],
            letter.amount,
            sum(credit.amount for credit in letter.credits),
        )
        for address, letter in letters
    }


def test_each_address_has_its_items_and_its_level():
    items = euro(1, 1000.0), euro(2, 500.0, 12, (DEMAND, PRETRIAL)), euro(3, 70.0, -20)
    found = apart(items, {1: NORTH, 2: SOUTH, 3: NORTH})
    assert found == {SOUTH: (LEGAL, [2], 500, 0), NORTH: (DEMAND, [1, 3], 1000, 0)}


def test_nothing_for_whom_no_item_reaches_a_level():
    items = euro(1, 1000.0), euro(2, 500.0, 1, (DEMAND,))
    assert list(apart(items, {1: NORTH, 2: SOUTH})) == [NORTH]


@pytest.mark.parametrize(
    ("home", "amounts"),
    [
        (SOUTH, {NORTH: (900.0, 100.0), SOUTH: None}),
        (NORTH, {NORTH: (400.0, 600.0), SOUTH: (500.0, 0)}),
        ("elsewhere", {NORTH: (400.0, 600.0), SOUTH: (500.0, 0)}),
    ],
)
def test_a_credit_settles_first_what_its_own_address_owes(home, amounts):
    items = euro(1, 1000.0, 2), euro(2, 500.0)
    credit = Credit(9, EUR, 600.0, 600.0)
    found = apart(items, {1: NORTH, 2: SOUTH, 9: home}, (credit,))
    assert {at: found[at][2:] if at in found else None for at in amounts} == amounts


@given(
    st.lists(st.tuples(st.integers(1, 900), st.integers(0, 3)), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(1, 900), st.integers(0, 3)), max_size=4),
)
def test_all_letters_together_ask_for_what_one_would(owed, given_back):
    items = [euro(at, float(amount)) for at, (amount, _home) in enumerate(owed)]
    homes = {at: home for at, (_amount, home) in enumerate(owed)}
    credits = tuple(
        Credit(100 + at, EUR, float(amount), float(amount))
        for at, (amount, _home) in enumerate(given_back)
    )
    homes |= {100 + at: home for at, (_amount, home) in enumerate(given_back)}
    step = explain(*items, credits=credits).step
    if step is None:
        return
    letters = dunning.by_address(POLICY, step, homes, {one.id: EUR for one in items})
    assert sum(letter.amount for _at, letter in letters) == pytest.approx(step.amount)
