"""Remedies worked out by hand."""

import json
from decimal import Decimal
from time import perf_counter

import pytest

from credit_collection.core.decision.remedy import Remedy, apply_remedy, remedies

from .cases import TODAY, days_ago, item, position, request, rule


def found(a_position, a_request, *rules):
    """The remedies as {kind: amount}."""
    return {each.kind: each.amount for each in remedies(a_position, a_request, rules, TODAY)}


def test_order_over_the_limit():
    # 500 + 100 + 200 = 800 exposed; 300 more on a limit of 1,000 is 100 too much.
    customer = position(item(1, "500", 10), draft="100", ordered="200", limit="1000")
    assert found(customer, request("300"), rule("limit")) == {
        "pay": 100,
        "prepay": 100,
        "fit": 200,
        "limit": 1100,
    }


def test_oldest_items_are_paid_first_and_the_last_in_part():
    customer = position(
        item(3, "400", 5), item(1, "100.50", 40), item(4, "70", -10), item(2, "80", 40), limit="600"
    )
    # 650.50 exposed and 150 more: 200.50 must go; items 1 and 2 fell due together, 1 comes first.
    pay, *_ = remedies(customer, request("150"), [rule("limit")], TODAY)
    assert pay == Remedy(
        "pay",
        Decimal("200.50"),
        ((1, "INV/1", Decimal("100.50")), (2, "INV/2", Decimal("80")), (3, "INV/3", Decimal("20"))),
    )
    paid, _ = apply_remedy(customer, request("150"), pay)
    assert paid.receivable == 450
    assert sum(each.amount for each in paid.items) == 450


def test_old_debt_is_lifted_by_paying_it_down_or_by_prepaying_all():
    customer = position(item(1, "100", 31), item(2, "900", 30), limit="5000")
    # Down to the floor of 20 the old item no longer counts.
    assert found(customer, request("300"), rule("overdue_days", days=30, amount="20")) == {
        "pay": 80,
        "prepay": 300,
    }


def test_overdue_amount_is_lifted_by_paying_the_excess_or_by_a_higher_limit():
    customer = position(item(1, "300", 31), limit="1000")
    # 20 % of the limit may be overdue: 200 today; 300 would need a limit of 1,500.
    assert found(customer, request("50"), rule("overdue_amount", percent="20")) == {
        "pay": 100,
        "prepay": 50,
        "limit": 1500,
    }


def test_disputed_part_is_never_asked_for():
    customer = position(item(1, "100", 40, disputed="30"), limit="0")
    assert "pay" not in found(customer, request("50"), rule("limit"))
    only_overdue = remedies(customer, request("50"), [rule("overdue_amount")], TODAY)[0]
    assert only_overdue == Remedy("pay", Decimal("70"), ((1, "INV/1", Decimal("70")),))


def test_longer_terms_are_not_lifted_by_paying():
    customer = position(item(1, "100", 40), limit="1000")
    longer = request("50", terms_days=60, customer_terms_days=30)
    assert found(customer, longer, rule("terms")) == {"prepay": 50}


def test_large_order_fits_in_part():
    assert found(position(), request("700"), rule("order_amount", amount="500")) == {
        "prepay": 700,
        "fit": 500,
    }


def test_fit_reduces_the_document_and_what_it_adds_alike():
    # 200 of the 1,000 are invoiced already; 800 are asked for, 300 fit.
    held = request("800", document="1000")
    fit = next(
        each
        for each in remedies(position(limit="300"), held, [rule("limit")], TODAY)
        if each.kind == "fit"
    )
    assert apply_remedy(position(), held, fit)[1] == request("300", document="500")


def test_nothing_fits_when_the_limit_is_used_up():
    customer = position(item(1, "500", 0), limit="500")
    assert "fit" not in found(customer, request("10"), rule("limit"))


@pytest.mark.parametrize(
    "tolerance, expected", [("0", "100.01"), ("10", "90.92"), ("3.3", "96.82"), ("-10", "111.13")]
)
def test_limit_with_tolerance_is_rounded_up_to_the_cent(tolerance, expected):
    # 100.01 / 1.1 = 90.918..., / 1.033 = 96.815..., / 0.9 = 111.122...
    a_rule = rule("limit", tolerance_percent=tolerance)
    assert found(position(limit="50"), request("100.01"), a_rule)["limit"] == Decimal(expected)


def test_expired_limit_is_renewed_no_lower_than_it_was():
    expired = position(receivable="100", limit="1000", limit_expired_on=days_ago(1))
    assert found(expired, request("50"), rule("limit_expired"))["limit"] == 1000
    assert found(expired, request("2000"), rule("limit_expired"), rule("limit"))["limit"] == 2100


def test_expired_limit_under_an_unlimited_default_is_renewed_for_what_is_asked():
    expired = position(receivable="100", limit_expired_on=days_ago(1))
    assert found(expired, request("50"), rule("limit_expired"))["limit"] == 150


def test_held_delivery_is_lifted_by_money_or_a_limit_but_cannot_shrink():
    customer = position(item(1, "200", 10), ordered="900", limit="1000")
    assert found(customer, request("900", "delivery"), rule("limit")) == {
        "pay": 100,
        "prepay": 100,
        "limit": 1100,
    }


def test_remedy_must_lift_every_hold():
    customer = position(item(1, "500", 60), limit="1000", broken_promises=(days_ago(3),))
    rules = [rule("overdue_days", days=30), rule("broken_promise", number=2, period_days=30)]
    assert found(customer, request("600"), *rules) == {"prepay": 600}


def test_manual_hold_has_no_remedy():
    assert found(position(limit="0", manual_hold="Insolvent"), request(), rule("limit")) == {}


def test_warning_needs_no_remedy():
    assert found(position(limit="0"), request(), rule("limit", "warn")) == {}
    # A warning beside a hold asks for nothing either: only the 40 over the order amount go.
    rules = [rule("limit", "warn"), rule("order_amount", number=2, amount="60")]
    assert found(position(limit="0"), request("100"), *rules) == {"prepay": 100, "fit": 60}


def test_currency_without_cents():
    customer = position(item(1, "500", 0), limit="333", digits=0)
    # 501 / 1.1 = 455.45...; with 455 only 500 (500.5 rounded down) is allowed.
    assert found(customer, request("1"), rule("limit", tolerance_percent="10")) == {
        "pay": 135,
        "prepay": 1,
        "limit": 456,
    }


def test_remedy_survives_json():
    remedy = Remedy("pay", Decimal("20.50"), ((1, "INV/1", Decimal("20.50")),))
    data = json.loads(json.dumps(remedy.to_dict()))
    assert data == {"kind": "pay", "amount": "20.50", "items": [[1, "INV/1", "20.50"]]}
    assert Remedy.from_dict(data) == remedy


def test_unknown_kind_of_remedy_is_refused():
    with pytest.raises(ValueError, match="unknown kind of remedy"):
        apply_remedy(position(), request(), Remedy("pray", Decimal(1)))


def test_five_hundred_items_are_quick():
    items = [item(number, "1000000.01", number % 100) for number in range(500)]
    rules = [rule("limit"), rule("overdue_days", days=30), rule("overdue_amount", percent="10")]
    held = request("250000000", terms_days=30, customer_terms_days=30)

    def seconds():
        customer = position(*items, limit="1000000")
        start = perf_counter()
        assert found(customer, held, *rules).keys() == {"prepay"}
        assert found(customer, request("5000"), *rules[2:]).keys() == {"pay", "prepay", "limit"}
        return perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.1
