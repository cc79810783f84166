"""Positions, requests and rules in one line each, and hypothesis strategies for them.

Amounts are given as text ("1000.00"), days as distance from the one day the core tests live on.
"""

import os
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume, settings
from hypothesis import strategies as st

from credit_collection.core.decision import (
    CHECKPOINTS,
    CONSEQUENCES,
    HOLD,
    KINDS,
    OpenItem,
    Position,
    Request,
    Rule,
    decide,
)

TODAY = date(2026, 3, 31)
CENT = Decimal("0.01")

# CORE_EXAMPLES=5000 searches longer; deadlines would only measure a busy machine.
searched = settings(deadline=None, max_examples=int(os.environ.get("CORE_EXAMPLES", "40")))


def days_ago(days):
    return TODAY - timedelta(days=days)


def item(number, amount, days_overdue, disputed="0", is_overdue=None):
    overdue = days_overdue > 0 if is_overdue is None else is_overdue
    return OpenItem(
        number,
        f"INV/{number}",
        Decimal(amount),
        days_ago(days_overdue),
        days_overdue,
        Decimal(disputed),
        is_overdue=overdue,
    )


def position(*items, limit=None, **values):
    """A position of these items; ``receivable`` is their sum unless given."""
    values.setdefault("receivable", sum((each.amount for each in items), Decimal(0)))
    money = {"receivable", "draft", "ordered"}
    values = {name: Decimal(value) if name in money else value for name, value in values.items()}
    limit = None if limit is None else Decimal(limit)
    return Position(items=items, credit_limit=limit, **values)


def request(amount="100", checkpoint="confirmation", document=None, **values):
    """A document; at delivery it adds nothing to the exposure, as its order is already there."""
    if "prepaid" in values:
        values["prepaid"] = Decimal(values["prepaid"])
    if "prepaid_booked" in values:
        values["prepaid_booked"] = Decimal(values["prepaid_booked"])
    added = Decimal(0) if checkpoint == "delivery" else Decimal(amount)
    return Request(checkpoint, added, Decimal(amount if document is None else document), **values)


def rule(kind, consequence="hold", number=1, **values):
    money = {"amount", "percent", "tolerance_percent"}
    values = {name: Decimal(value) if name in money else value for name, value in values.items()}
    return Rule(number, f"Rule {number}", kind, consequence=consequence, **values)


def cents(low, high):
    return st.integers(low, high).map(lambda count: count * CENT)


@st.composite
def open_items(draw, number):
    amount = draw(cents(-50_000, 100_000))
    disputed = draw(st.sampled_from([Decimal(0), amount / 2, amount])) if amount > 0 else Decimal(0)
    days = draw(st.integers(-30, 120))
    return OpenItem(
        number,
        f"INV/{number}",
        amount,
        days_ago(days),
        days,
        disputed.quantize(CENT),
        is_overdue=days > 3,
    )


@st.composite
def positions(draw, limits=None):
    numbers = range(1, draw(st.integers(0, 4)) + 1)
    items = tuple(draw(open_items(number)) for number in numbers)
    return Position(
        receivable=sum((each.amount for each in items), Decimal(0)),
        draft=draw(cents(-10_000, 20_000)),
        ordered=draw(cents(0, 30_000)),
        credit_limit=draw(st.none() | cents(0, 300_000) if limits is None else limits),
        limit_expired_on=draw(st.sampled_from([None, None, None, days_ago(0), days_ago(1)])),
        items=items,
        broken_promises=tuple(draw(st.lists(st.integers(0, 60).map(days_ago), max_size=3))),
        followup_level=draw(st.sampled_from(["", "Demand"])),
        stops_sales=draw(st.sampled_from([False, False, False, True])),
        stops_shipments=draw(st.sampled_from([False, False, False, True])),
        manual_hold=draw(st.sampled_from([""] * 6 + ["Insolvent"])),
    )


@st.composite
def requests(draw, min_document=0):
    checkpoint = draw(st.sampled_from(CHECKPOINTS))
    document = draw(cents(min_document, 200_000))
    amount = (
        Decimal(0) if checkpoint == "delivery" else draw(cents(min_document, int(document / CENT)))
    )
    prepaid = draw(st.just(Decimal(0)) | cents(0, int(document / CENT)))
    return Request(
        checkpoint,
        amount,
        document,
        terms_days=draw(st.sampled_from([None, 0, 30, 60])),
        customer_terms_days=draw(st.sampled_from([None, 30, 60])),
        prepaid=prepaid,
        pays_up_front=draw(st.sampled_from([False] * 5 + [True])),
        prepaid_booked=draw(st.sampled_from([Decimal(0), prepaid])),
    )


@st.composite
def rules(draw, number=1):
    return Rule(
        number,
        f"Rule {number}",
        draw(st.sampled_from(sorted(KINDS))),
        checkpoints=frozenset(draw(st.sets(st.sampled_from(CHECKPOINTS), min_size=1))),
        consequence=draw(st.sampled_from(CONSEQUENCES)),
        tolerance_percent=draw(st.sampled_from([Decimal(0), Decimal(10), Decimal("3.3")])),
        days=draw(st.integers(0, 90)),
        amount=draw(cents(0, 60_000)),
        percent=draw(st.sampled_from([Decimal(0), Decimal(20), Decimal("7.5")])),
        count=draw(st.integers(0, 3)),
        period_days=draw(st.integers(0, 60)),
    )


@st.composite
def rule_lists(draw):
    size = draw(st.integers(0, 3))
    return [draw(rules(number)) for number in range(1, size + 1)]


@st.composite
def held_cases(draw):
    """A position, a request and rules that hold it, most often by something money can lift."""
    limit = rule("limit", tolerance_percent=draw(st.sampled_from(["0", "10", "3.3", "-10"])))
    others = [replace(each, consequence=HOLD) for each in draw(rule_lists())]
    listed = [limit, *others] if draw(st.booleans()) else others or [limit]
    case = draw(positions(limits=cents(0, 100_000))), draw(requests(min_document=1)), listed
    assume(decide(*case, TODAY).holds)
    return case
