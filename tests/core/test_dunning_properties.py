"""What holds for every customer: random policies, items and histories, and simulated runs."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from credit_collection.core.dunning import (
    Item,
    Level,
    PolicySettings,
    Situation,
    explain,
    plan,
)

TODAY = date(2025, 6, 16)
quickly = settings(max_examples=150, deadline=None)
often = settings(max_examples=800, deadline=None)  # one plan each, of which few are of interest
near = st.integers(-12, 12).map(lambda count: TODAY + timedelta(count))
maybe_near = st.none() | near
ANY_QUIET = st.integers(0, 6)
EITHER = st.booleans()
amounts = st.integers(1, 50_000).map(lambda cents: cents / 100)


@st.composite
def policies(draw, quiet=ANY_QUIET, start_at_age=EITHER, free=False):
    """Random levels; ``quiet`` as a strategy per level; ``free``: no minimum stands in the way."""
    delays = draw(st.lists(st.integers(-8, 20), min_size=1, max_size=5))
    minimum = st.just(0.0) if free else st.sampled_from([0.0, 0.0, 200.0])
    levels = [
        Level(number, delay, 0, draw(minimum), draw(quiet))
        for number, delay in enumerate(delays, 1)
    ]
    return PolicySettings(tuple(levels), draw(start_at_age), draw(minimum), draw(st.integers(0, 3)))


# Most items are in nobody's way: else hardly a customer would get a message.
SELDOM = st.sampled_from([False, False, False, False, False, False, False, True])
AGES = st.sampled_from([1, 2, 3, 5, 8, 12, 20, 30]) | st.integers(-15, 30)
HAD = st.sampled_from([(), (), (), (1,), (2,), (1, 2), (1, 3), (4,)])
DISPUTED = st.sampled_from([*[0.0] * 8, 5.0, 1e6])


@st.composite
def seldom(draw, values):
    """One of ``values``, mostly ``None``."""
    return draw(values) if draw(SELDOM) else None


@st.composite
def customers(draw, account_id=1, fresh=False):
    """A random customer; ``fresh``: no history, nothing in the way."""
    items = []
    for number in range(1, draw(st.sampled_from([2, 1, 2, 3, 4, 0])) + 1):
        due = TODAY - timedelta(draw(AGES))
        items.append(Item(number, draw(amounts), due))
        if not fresh:
            items[-1] = items[-1]._replace(
                delivered=draw(HAD),
                reached_on=draw(maybe_near),
                muted=draw(SELDOM),
                in_payment=draw(SELDOM),
                disputed_amount=draw(DISPUTED),
                promised_until=draw(seldom(near)),
                promise_broken_on=draw(seldom(near)),
            )
    if fresh:
        return Situation(account_id, tuple(items))
    credit = draw(st.sampled_from([0.0, 0.0, 0.0, 20.0, 400.0]))
    last_message, last_contact = draw(seldom(near)), draw(seldom(near))
    return Situation(account_id, tuple(items), credit, None, last_message, last_contact)


def record(situation, step, today, pending=False):
    """The customer after the step was sent, or while it waits."""
    levels = {line.item_id: line.level_id for line in step.lines if line.level_id}
    items = []
    for item in situation.items:
        if item.id in levels and pending:
            item = item._replace(pending=True)
        elif item.id in levels:
            item = item._replace(delivered=(*item.delivered, levels[item.id]), reached_on=today)
        items.append(item)
    situation = situation._replace(items=tuple(items))
    if pending:
        return situation
    return situation._replace(last_message=today)


def run(policy, situation, length=40):
    """Plan and send day by day; return the steps with their days."""
    sent = []
    for count in range(length):
        today = TODAY + timedelta(count)
        for step in plan(policy, [situation], today):
            sent.append((today, step))
            situation = record(situation, step, today)
    return sent, situation


def ladder(policy):
    ranked = sorted(policy.levels, key=lambda level: (level.delay, level.sequence, level.id))
    return {level.id: at for at, level in enumerate(ranked)}


@quickly
@given(policies(), customers())
def test_no_item_gets_a_level_twice_and_levels_only_rise(policy, situation):
    _, after = run(policy, situation)
    order = ladder(policy)
    for before, item in zip(situation.items, after.items, strict=True):
        assert len(set(item.delivered)) == len(item.delivered)
        new = [order[level] for level in item.delivered[len(before.delivered) :]]
        had = [order[level] for level in before.delivered if level in order]
        assert new == sorted(new)
        assert not new or min(new) > max(had, default=-1)


@quickly
@given(policies(start_at_age=st.just(False)), customers(fresh=True))
def test_no_level_is_skipped(policy, situation):
    _, after = run(policy, situation)
    ranked = sorted(policy.levels, key=lambda level: (level.delay, level.id))
    before_due = [level.id for level in ranked if level.delay < 0]
    after_due = [level.id for level in ranked if level.delay >= 0]
    for item in after.items:
        early = [level for level in item.delivered if level in before_due]
        late = [level for level in item.delivered if level in after_due]
        assert early == before_due[: len(early)]
        assert late == after_due[: len(late)]


@quickly
@given(policies(quiet=st.integers(0, 3), free=True), customers(fresh=True))
def test_every_item_comes_to_its_last_level(policy, situation):
    _, after = run(policy, situation, length=90)
    last = max(policy.levels, key=lambda level: (level.delay, level.id))
    for item in after.items:
        assert last.delay < 0 or last.id in item.delivered


@quickly
@given(policies(), customers())
def test_no_level_before_its_delay_unless_a_promise_broke(policy, situation):
    delay = {level.id: level.delay for level in policy.levels}
    promised = {item.id for item in situation.items if item.promise_broken_on}
    for _, step in run(policy, situation)[0]:
        for line in step.lines:
            if line.level_id and line.item_id not in promised:
                assert line.days_overdue >= delay[line.level_id]
                assert delay[line.level_id] >= 0 or line.days_overdue < 0


@quickly
@given(policies(), customers())
def test_never_two_messages_within_the_quiet_days(policy, situation):
    quiet = {level.id: level.quiet_days for level in policy.levels}
    last = situation.last_message
    for today, step in run(policy, situation)[0]:
        assert last is None or (today - last).days >= max(quiet[step.level_id], 1)
        last = today


@quickly
@given(policies(), customers(), st.booleans())
def test_planning_the_same_day_twice_changes_nothing(policy, situation, pending):
    for step in plan(policy, [situation], TODAY):
        assert not plan(policy, [record(situation, step, TODAY, pending)], TODAY)


@quickly
@given(policies(), customers(), st.integers(0, 10_000))
def test_covering_credits_silence(policy, situation, more):
    debt = sum(item.amount for item in situation.items)
    assert not plan(policy, [situation._replace(unapplied=debt + more / 100)], TODAY)


@quickly
@given(policies(), customers())
def test_credits_for_what_has_come_silence_its_level(policy, situation):
    """What a message asks for, paid on account: neither its level goes nor a higher one."""
    order = ladder(policy)
    for step in plan(policy, [situation], TODAY):
        paid = situation._replace(unapplied=round(situation.unapplied + step.amount, 2))
        for other in plan(policy, [paid], TODAY):
            assert order[other.level_id] < order[step.level_id]


@often
@given(policies(), customers())
def test_message_carries_its_level_and_nothing_above(policy, situation):
    order = ladder(policy)
    answer = explain(policy, situation, TODAY)
    assert (answer.step is None) == (answer.reason is not None)
    for step in plan(policy, [situation], TODAY):
        assert step == answer.step
        levels = [line.level_id for line in step.lines if line.level_id]
        assert max(levels, key=order.get) == step.level_id
        assert step.amount > 0
        assert all(line.amount > 0 for line in step.lines)
        assert explain(policy, situation, TODAY, ceiling=step.level_id).step == step
