"""No item is treated worse because of what happens to another, nor because of any order."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core.dunning import explain, plan

from .test_dunning_properties import TODAY, customers, ladder, policies, quickly

CHANGES = {
    "mute": {"muted": True},
    "dispute": {"disputed_amount": 1e9},
    "dispute in part": {"disputed_amount": 3.0},
    "promise": {"promised_until": TODAY + timedelta(3)},
    "pay": {"in_payment": True},
}


def changed(situation, change):
    """The customer with one item, the first, left alone."""
    first, *others = situation.items
    values = CHANGES[change]
    if "disputed_amount" in values:
        values = {"disputed_amount": max(first.disputed_amount, values["disputed_amount"])}
    if "promised_until" in values and first.promised_until:
        values = {"promised_until": max(first.promised_until, values["promised_until"])}
    return situation._replace(items=(first._replace(**values), *others))


def levels(step, order):
    """Each item's height in a message, -1 without."""
    return {line.item_id: order.get(line.level_id, -1) for line in step.lines} if step else {}


@quickly
@given(
    st.integers(0, 6).flatmap(lambda days: policies(quiet=st.just(days))),
    customers().filter(lambda situation: situation.items),
    st.sampled_from(sorted(CHANGES)),
)
def test_leaving_one_item_alone_makes_no_other_level_higher(policy, situation, change):
    order = ladder(policy)
    before = levels(explain(policy, situation, TODAY).step, order)
    after = levels(explain(policy, changed(situation, change), TODAY).step, order)
    for item_id, level in after.items():
        assert level <= before.get(item_id, -1)


@quickly
@given(
    policies(),
    customers().filter(lambda situation: situation.items),
    st.sampled_from(sorted(CHANGES)),
)
def test_with_differing_quiet_days_it_ends_at_most_a_wait(policy, situation, change):
    """A lower level may go once the higher one no longer makes it wait; none goes higher."""
    order = ladder(policy)
    then = explain(policy, situation, TODAY)
    now = explain(policy, changed(situation, change), TODAY)
    assert now.notes[1:] == then.notes[1:]  # what awaits the others is their own affair
    before = levels(then.step, order)
    for item_id, level in levels(now.step, order).items():
        assert then.reason == "quiet" or level <= before.get(item_id, -1)


@quickly
@given(policies(), st.lists(st.booleans(), max_size=5), st.randoms(), st.data())
def test_order_of_items_and_customers_means_nothing(policy, numbers, random, data):
    situations = [data.draw(customers(number)) for number, _ in enumerate(numbers)]
    steps = {step.account_id: step for step in plan(policy, situations, TODAY)}
    shuffled = [
        situation._replace(items=tuple(random.sample(situation.items, len(situation.items))))
        for situation in random.sample(situations, len(situations))
    ]
    turned = policy.__class__(
        tuple(reversed(policy.levels)),
        policy.start_at_age,
        policy.minimum,
        policy.promise_tolerance_days,
    )
    assert {step.account_id: step for step in plan(turned, shuffled, TODAY)} == steps
