from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core.decision import (
    CHECKPOINTS,
    Decision,
    Finding,
    Request,
    decide,
    needs_items,
)

from .cases import (
    TODAY,
    days_ago,
    item,
    position,
    positions,
    request,
    requests,
    rule,
    rule_lists,
    searched,
)

OVER_LIMIT = position(receivable="500", limit="100")
LIMIT = [rule("limit")]


def outcome(a_position, a_request, rules=LIMIT):
    return decide(a_position, a_request, rules, TODAY).outcome


def test_position_figures():
    customer = position(
        item(1, "600", 10, disputed="50"),
        item(2, "300", -5, disputed="20"),
        item(3, "-100", 0),
        draft="150",
        ordered="250",
        limit="1000",
    )
    assert customer.exposure == 1200
    assert customer.available == -200
    assert customer.overdue == 550
    assert customer.unallocated == 100
    assert customer.disputed == 70
    assert position().available is None


def test_finding_says_measured_and_allowed():
    decision = decide(OVER_LIMIT, request("20.50"), LIMIT, TODAY)
    assert decision == Decision(
        "hold",
        (Finding(1, "Rule 1", "limit", "hold", Decimal("520.50"), Decimal("100"), "amount"),),
    )
    assert decision.holds


def test_rules_of_another_checkpoint_are_silent():
    at_delivery = [rule("limit", checkpoints=frozenset({"delivery"}))]
    assert outcome(OVER_LIMIT, request(), at_delivery) == "pass"
    assert outcome(OVER_LIMIT, request(checkpoint="delivery"), at_delivery) == "hold"


def test_gravest_consequence_decides():
    both = [rule("limit", "warn"), rule("order_amount", "hold", number=2)]
    decision = decide(OVER_LIMIT, request(), both, TODAY)
    assert decision.outcome == "hold"
    assert [found.consequence for found in decision.findings] == ["warn", "hold"]
    assert outcome(OVER_LIMIT, request(), both[:1]) == "warn"
    assert outcome(OVER_LIMIT, request(), []) == "pass"


@pytest.mark.parametrize(
    "checkpoint, paid, expected",
    [
        ("quotation", {"pays_up_front": True}, "pass"),
        ("confirmation", {"pays_up_front": True}, "pass"),
        ("delivery", {"pays_up_front": True}, "hold"),
        ("confirmation", {"prepaid": "99.99"}, "hold"),
        ("confirmation", {"prepaid": "100"}, "pass"),
        ("quotation", {"prepaid": "100.01"}, "pass"),
        ("confirmation", {"prepaid": "100", "prepaid_booked": "100"}, "pass"),
        ("delivery", {"prepaid": "100"}, "hold"),
    ],
)
def test_full_payment_up_front_exempts_until_delivery(checkpoint, paid, expected):
    assert outcome(OVER_LIMIT, request("100", checkpoint, **paid)) == expected


@pytest.mark.parametrize("amount, expected", [("-5", "pass"), ("0", "pass"), ("0.01", "hold")])
@pytest.mark.parametrize("checkpoint", ["quotation", "confirmation"])
def test_order_that_adds_no_exposure_passes(checkpoint, amount, expected):
    assert outcome(OVER_LIMIT, request(amount, checkpoint)) == expected


def test_free_replacement_is_delivered():
    assert outcome(OVER_LIMIT, request("0", "delivery")) == "pass"
    assert outcome(OVER_LIMIT, request("0.01", "delivery")) == "hold"


@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
@pytest.mark.parametrize("paid", [{}, {"prepaid": "100"}, {"pays_up_front": True}])
def test_manual_hold_holds_without_any_rule_and_however_paid(checkpoint, paid):
    insolvent = position(manual_hold="Insolvent")
    decision = decide(insolvent, request("100", checkpoint, **paid), [], TODAY)
    assert decision.findings == (Finding(None, "", "manual", "hold", "Insolvent", "", "text"),)
    assert decision.outcome == "hold"


def test_manual_hold_lets_pass_what_costs_nothing():
    insolvent = position(manual_hold="Insolvent")
    assert outcome(insolvent, request("0", "delivery")) == "pass"
    assert outcome(insolvent, request("0")) == "pass"


def test_unknown_checkpoint_is_refused():
    with pytest.raises(ValueError, match="unknown checkpoint"):
        Request("lunch")


def test_items_are_needed_only_by_rules_on_overdue():
    rules = [rule("limit"), rule("overdue_days", checkpoints=frozenset({"delivery"}))]
    assert not needs_items(rules, "confirmation")
    assert needs_items(rules, "delivery")


@pytest.mark.parametrize(
    "measured, allowed, unit",
    [
        (Decimal("520.50"), Decimal("100.00"), "amount"),
        (31, 30, "days"),
        (2, 1, "count"),
        (date(2026, 3, 1), TODAY, "date"),
        ("Demand", "", "text"),
    ],
)
def test_finding_survives_json(measured, allowed, unit):
    finding = Finding(7, "Rule", "limit", "warn", measured, allowed, unit)
    assert Finding.from_dict(finding.to_dict()) == finding


def test_finding_as_data():
    finding = Finding(7, "Old", "limit_expired", "hold", days_ago(1), TODAY, "date")
    assert finding.to_dict() == {
        "rule_id": 7,
        "rule_name": "Old",
        "kind": "limit_expired",
        "consequence": "hold",
        "measured": "2026-03-30",
        "allowed": "2026-03-31",
        "unit": "date",
    }


@searched
@given(positions(), requests(), rule_lists(), st.randoms(use_true_random=False))
def test_order_of_rules_does_not_change_the_outcome(a_position, a_request, rules, random):
    shuffled = random.sample(rules, len(rules))
    one, other = (decide(a_position, a_request, each, TODAY) for each in (rules, shuffled))
    assert one.outcome == other.outcome
    assert set(one.findings) == set(other.findings)
