"""Every remedy lifts the hold, a unit less does not, and one left out could not have lifted it."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core.decision import decide
from credit_collection.core.decision.remedy import Remedy, apply_remedy, remedies

from .cases import CENT, TODAY, cents, held_cases, positions, requests, rule_lists, searched

PLENTY = Decimal(10) ** 15


def holds(case, rules):
    return decide(*case, rules, TODAY).holds


def floor_of(remedy, position, request):
    """The amount at which a remedy does nothing, or at which nothing less is offered."""
    if remedy.kind != "limit":
        return 0
    if position.credit_limit is None:
        return max(position.exposure + request.added_exposure, 0)
    return position.credit_limit


def maximum(kind, position, request):
    """The most of a remedy that one could offer; None when it does not apply."""
    if kind == "pay":
        return sum(item.undisputed for item in position.items) or None
    if kind == "prepay":
        return max(request.document_amount - request.prepaid, 0) or None
    if kind == "fit":
        return CENT if request.amount > CENT else None
    unlimited = position.credit_limit is None and position.limit_expired_on is None
    return None if unlimited else PLENTY


@searched
@given(held_cases())
def test_remedies_are_the_smallest_that_lift_the_hold(case):
    position, request, rules = case
    found = {each.kind: each for each in remedies(position, request, rules, TODAY)}
    for remedy in found.values():
        assert remedy.amount >= 0
        assert not holds(apply_remedy(position, request, remedy), rules)
        worse = CENT if remedy.kind == "fit" else -CENT
        if remedy.amount + worse >= floor_of(remedy, position, request):
            weaker = replace(remedy, amount=remedy.amount + worse)
            assert holds(apply_remedy(position, request, weaker), rules)
    for kind in {"pay", "prepay", "fit", "limit"} - found.keys():
        most = maximum(kind, position, request)
        if most is not None:
            case = apply_remedy(position, request, Remedy(kind, most))
            assert holds(case, rules), kind


@searched
@given(held_cases(), cents(1, 100_000), cents(1, 100_000))
def test_more_of_a_remedy_never_makes_it_worse(case, some, more):
    position, request, rules = case
    for kind in ("pay", "prepay", "fit", "limit"):
        less, greater = some, some + more
        if kind == "fit":
            less, greater = greater, less
        elif kind == "limit":
            less, greater = less + position.credit_limit, greater + position.credit_limit
        cases = [apply_remedy(position, request, Remedy(kind, each)) for each in (less, greater)]
        if not holds(cases[0], rules):
            assert not holds(cases[1], rules), kind


@searched
@given(held_cases(), st.data())
def test_payment_goes_to_the_oldest_items_and_adds_up(case, data):
    position, request, rules = case
    total = sum(item.undisputed for item in position.items)
    amount = data.draw(cents(0, int(total / CENT)))
    paid, same = apply_remedy(position, request, Remedy("pay", amount))
    assert same == request
    assert paid.receivable == position.receivable - amount
    assert sum(item.amount for item in paid.items) == (
        sum(item.amount for item in position.items) - amount
    )
    assert all(after.undisputed >= 0 for after in paid.items)
    for remedy in remedies(position, request, rules, TODAY):
        assert sum(part for _id, _name, part in remedy.items) == (
            remedy.amount if remedy.kind == "pay" else 0
        )


@searched
@given(positions(), requests(), rule_lists())
def test_nothing_held_needs_no_remedy(position, request, rules):
    if not holds((position, request), rules):
        assert remedies(position, request, rules, TODAY) == ()


@searched
@given(held_cases())
def test_warnings_never_have_remedies(case):
    position, request, rules = case
    warnings = [replace(rule, consequence="warn") for rule in rules]
    assert remedies(replace(position, manual_hold=""), request, warnings, TODAY) == ()
