"""Each kind of rule just below, at and just above its threshold."""

from decimal import Decimal

import pytest

from credit_collection.core.decision import CHECKPOINTS, KINDS, Fact, Rule, decide, measure

from .cases import TODAY, days_ago, item, position, request, rule


def violated(a_rule, a_position, a_request):
    return measure(a_rule, a_position, a_request, TODAY).violated


# Exposure 300 + 200 + 400 = 900.
@pytest.mark.parametrize(
    "limit, tolerance, amount, expected",
    [
        ("1000", "0", "99.99", False),
        ("1000", "0", "100", False),
        ("1000", "0", "100.01", True),
        ("1000", "10", "200", False),
        ("1000", "10", "200.01", True),
        ("1000", "-5", "50", False),
        ("1000", "-5", "50.01", True),
        ("900", "0", "0.01", True),
        ("0", "50", "0.01", True),
        (None, "0", "1000000000", False),
    ],
)
def test_limit_with_tolerance(limit, tolerance, amount, expected):
    customer = position(receivable="300", draft="200", ordered="400", limit=limit)
    a_rule = rule("limit", tolerance_percent=tolerance)
    assert violated(a_rule, customer, request(amount)) is expected


def test_limit_of_zero_lets_through_only_what_is_prepaid():
    nothing_owed = position(limit="0")
    assert violated(rule("limit"), nothing_owed, request("10", prepaid="9.99"))
    assert not violated(rule("limit"), nothing_owed, request("10", prepaid="10"))


def test_prepayment_already_booked_is_not_taken_off_the_exposure_twice():
    # The payment of 60 is posted: the customer is 60 in credit. 100 - 60 = 40 is at risk.
    customer = position(item(1, "-60", 0), limit="39.99")
    paid = request("100", prepaid="60", prepaid_booked="60")
    assert measure(rule("limit"), customer, paid, TODAY)[:3] == (40, Decimal("39.99"), "amount")


def test_allowed_with_tolerance_is_rounded_down_to_the_cent():
    # 33.33 * 1.033 = 34.42989
    customer = position(limit="33.33")
    a_rule = rule("limit", tolerance_percent="3.3")
    assert measure(a_rule, customer, request("34.43"), TODAY)[1:] == (
        Decimal("34.42"),
        "amount",
        True,
    )
    assert not violated(a_rule, customer, request("34.42"))


@pytest.mark.parametrize("days, expected", [(29, False), (30, False), (31, True)])
def test_overdue_days_are_allowed_up_to_and_including_the_day(days, expected):
    customer = position(item(1, "10", days), item(2, "500", 3))
    assert violated(rule("overdue_days", days=30), customer, request()) is expected


@pytest.mark.parametrize("amount, expected", [("49.99", False), ("50", False), ("50.01", True)])
def test_overdue_days_ignore_items_up_to_the_floor(amount, expected):
    customer = position(item(1, amount, 90), item(2, "500", 5))
    a_rule = rule("overdue_days", days=30, amount="50")
    assert violated(a_rule, customer, request()) is expected


def test_overdue_ignores_grace_disputes_and_credits():
    in_grace = item(1, "100", 2, is_overdue=False)
    disputed = item(2, "100", 60, disputed="100")
    credit = item(3, "-100", 60)
    partly_disputed = item(4, "100", 10, disputed="30")
    customer = position(in_grace, disputed, credit, partly_disputed)
    assert customer.overdue == 70
    assert measure(rule("overdue_days"), customer, request(), TODAY).measured == 10


@pytest.mark.parametrize(
    "limit, amount, percent, allowed",
    [
        ("1000", "0", "0", 0),
        ("1000", "150", "0", 150),
        ("1000", "0", "20", 200),
        ("1000", "150", "20", 200),
        ("1000", "250", "20", 250),
        ("0", "0", "20", 0),
        (None, "150", "20", 150),
    ],
)
@pytest.mark.parametrize("difference, expected", [("-0.01", False), ("0", False), ("0.01", True)])
def test_overdue_amount_above_the_greater_threshold(
    limit, amount, percent, allowed, difference, expected
):
    overdue = allowed + Decimal(difference)
    customer = position(item(1, overdue, 5), limit=limit)
    a_rule = rule("overdue_amount", amount=amount, percent=percent)
    assert violated(a_rule, customer, request()) is expected


def test_percentage_of_unlimited_credit_is_no_threshold():
    customer = position(item(1, "1000000", 5))
    assert not violated(rule("overdue_amount", percent="20"), customer, request())


@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
@pytest.mark.parametrize("sales, shipments", [(True, False), (False, True)])
def test_followup_level_stops_sales_or_shipments(checkpoint, sales, shipments):
    customer = position(followup_level="Demand", stops_sales=sales, stops_shipments=shipments)
    stopped = shipments if checkpoint == "delivery" else sales
    assert violated(rule("followup_level"), customer, request(checkpoint=checkpoint)) is stopped


@pytest.mark.parametrize(
    "expired_on, expected",
    [(None, False), (days_ago(-1), False), (days_ago(0), False), (days_ago(1), True)],
)
def test_limit_is_valid_on_its_last_day(expired_on, expected):
    customer = position(limit="1000", limit_expired_on=expired_on)
    assert violated(rule("limit_expired"), customer, request()) is expected


@pytest.mark.parametrize(
    "ages, count, period, expected",
    [
        ([29], 1, 30, True),
        ([30], 1, 30, True),
        ([31], 1, 30, False),
        ([-1], 1, 30, False),
        ([5], 2, 30, False),
        ([5, 6], 2, 30, True),
        ([5, 31], 2, 30, False),
        ([5, 3000], 2, 0, True),
        ([], 0, 0, False),
    ],
)
def test_broken_promises_within_the_period(ages, count, period, expected):
    customer = position(broken_promises=tuple(days_ago(age) for age in ages))
    a_rule = rule("broken_promise", count=count, period_days=period)
    assert violated(a_rule, customer, request()) is expected


@pytest.mark.parametrize(
    "document, customer, expected",
    [
        (29, 30, False),
        (30, 30, False),
        (31, 30, True),
        (None, 0, False),
        (1, 0, True),
        (90, None, False),
    ],
)
def test_terms_longer_than_the_customers_own(document, customer, expected):
    a_request = request(terms_days=document, customer_terms_days=customer)
    assert violated(rule("terms"), position(), a_request) is expected


@pytest.mark.parametrize("amount, expected", [("499.99", False), ("500", False), ("500.01", True)])
def test_order_amount(amount, expected):
    a_request = request("10", document=amount)
    assert violated(rule("order_amount", amount="500"), position(), a_request) is expected


# Exposure 1,000 and a document of 500; a guarantee over 800, an insurer who leaves a tenth to us.
@pytest.mark.parametrize(
    "securities, amount, expected",
    [
        ([], "1500", False),
        ([], "1499.99", True),
        ([("800", "100")], "700", False),
        ([("800", "100")], "699.99", True),
        ([("5000", "90")], "150", False),
        ([("5000", "90")], "149.99", True),
        ([("5000", "90"), ("800", "100")], "0", False),
    ],
)
def test_uncovered(securities, amount, expected):
    facts = tuple(
        Fact("security", value=Decimal(value), allowed=Decimal(share))
        for value, share in securities
    )
    customer = position(receivable="1000", facts=facts)
    assert violated(rule("uncovered", amount=amount), customer, request("500")) is expected


@pytest.mark.parametrize("days, expected", [(1, True), (0, False), (-1, False), (None, False)])
def test_cover_lost(days, expected):
    facts = () if days is None else (Fact("cover_lost", day=days_ago(days)),)
    assert violated(rule("cover_lost"), position(facts=facts), request()) is expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("checkpoint", CHECKPOINTS)
@pytest.mark.parametrize("consequence", ["warn", "hold"])
def test_every_kind_decides_at_every_checkpoint(kind, checkpoint, consequence):
    customer = position(
        item(1, "500", 60),
        limit="100",
        limit_expired_on=days_ago(10),
        followup_level="Demand",
        stops_sales=True,
        stops_shipments=True,
        broken_promises=(days_ago(5),),
        ordered="10",
        facts=(
            Fact("cover_lost", day=days_ago(3)),
            Fact("case_open", text="CASE/1"),
            Fact("returned_instrument", day=days_ago(2)),
            Fact("signals", value=Decimal(2)),
            Fact("checklist", value=Decimal(1)),
            Fact("grade", value=Decimal(1), text="E"),
            Fact("group", value=Decimal(5), allowed=Decimal(1)),
        ),
    )
    a_request = request("1000", checkpoint, terms_days=60, customer_terms_days=30)
    decision = decide(customer, a_request, [rule(kind, consequence)], TODAY)
    assert decision.outcome == consequence
    assert [(found.kind, found.rule_id) for found in decision.findings] == [(kind, 1)]
    assert decide(position(), a_request, [rule(kind, amount="1000", days=60)], TODAY).outcome == (
        "hold" if kind == "terms" else "pass"
    )


@pytest.mark.parametrize(
    "wrong", [{"kind": "mood"}, {"consequence": "shout"}, {"checkpoints": frozenset({"lunch"})}]
)
def test_rule_of_unknown_words_is_refused(wrong):
    with pytest.raises(ValueError, match="unknown"):
        Rule(**{"id": 1, "name": "Rule", "kind": "limit", **wrong})


def test_invoices_without_orders_are_asked_about_only_where_a_rule_says_so():
    late = position(item(1, "100.00", 40))
    asked = request(checkpoint="invoice")
    usual = rule("overdue_days", days=30)
    assert not decide(late, asked, [usual], TODAY).findings
    here = rule("overdue_days", days=30, checkpoints=frozenset({"invoice"}))
    assert decide(late, asked, [here], TODAY).holds
    assert not decide(late, request(), [here], TODAY).findings
