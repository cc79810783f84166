"""The verdict before the order says the same as the decision on it."""

from decimal import Decimal

from hypothesis import given

from credit_collection.core.decision import HOLD, PASS, WARN, decide
from credit_collection.core.verdict import smallest_order, verdict

from .cases import CENT, TODAY, item, position, positions, request, rule, rule_lists, searched


def test_free_up_to_what_the_limit_leaves():
    told = verdict(position(limit="50000", receivable="8960"), [rule("limit")], TODAY)
    assert told.decision.outcome == PASS
    assert told.passes == told.free == Decimal("41040.00")


def test_somebody_with_credit_left_whose_every_order_is_held():
    late = position(item(1, "1200", 31), limit="50000")
    told = verdict(late, [rule("limit"), rule("overdue_days", days=30)], TODAY)
    assert told.decision.outcome == HOLD
    assert told.passes == 0


def test_no_limit_is_no_bound():
    told = verdict(position(receivable="1000000"), [rule("limit")], TODAY)
    assert told.passes is None
    assert told.decision.outcome == PASS


def test_prepayment_only_passes_nothing():
    told = verdict(position(limit="0"), [rule("limit")], TODAY)
    assert told.decision.outcome == HOLD
    assert told.passes == 0


def test_a_warning_leaves_what_passes_alone():
    rules = [rule("limit", "warn"), rule("order_amount", amount="500")]
    told = verdict(position(limit="100", receivable="100"), rules, TODAY)
    assert told.decision.outcome == WARN
    assert told.free == 0
    assert told.passes == Decimal("500.00")


def test_a_policy_that_holds_nothing_still_says_that_it_is_over():
    told = verdict(position(limit="100", receivable="100"), [], TODAY)
    assert told.decision.outcome == PASS
    assert told.passes is None
    assert told.over_limit


def test_held_by_hand_passes_nothing():
    told = verdict(position(manual_hold="Insolvent"), [], TODAY)
    assert told.passes == told.free == 0


def test_asked_about_an_amount():
    least, more = Decimal("100.00"), Decimal("100.01")
    for amount, outcome in ((least, PASS), (more, HOLD)):
        told = verdict(position(limit="100"), [rule("limit")], TODAY, amount)
        assert told.decision.outcome == outcome
        assert told.passes == least


@searched
@given(positions(), rule_lists())
def test_the_bound_is_where_the_decision_turns(owed, listed):
    """At the bound the order passes, a cent more is held; no bound: the largest passes too."""
    told = verdict(owed, listed, TODAY)

    def holds(amount):
        asked = request(str(amount), customer_terms_days=0)
        return decide(owed, asked, listed, TODAY).holds

    if told.passes is None:
        assert not holds(Decimal(10**12))
        return
    if told.passes:
        assert not holds(told.passes)
    assert holds(told.passes + CENT)


@searched
@given(positions(), rule_lists())
def test_free_is_never_more_than_what_passes(owed, listed):
    told = verdict(owed, listed, TODAY)
    if told.passes is not None:
        assert told.free is not None
        assert told.free <= told.passes
    assert (told.free == 0) == (decide(owed, smallest_order(owed), listed, TODAY).outcome != PASS)
