"""Which past orders a policy would have held, on one customer's worked month.

Limit 1,000. Invoice A of 600 (1 March, due 11 March) is paid on 20 April; order P of 500
(5 March) is invoiced on 12 March as B (due 22 March) and paid on 15 March.
"""

from datetime import date, datetime
from decimal import Decimal

import pytest

from credit_collection.core.decision import Request, simulation
from credit_collection.core.decision.rules import Rule

D = Decimal
THOUSAND = D(1000)
LIMIT = Rule(id=1, name="Limit", kind="limit")
LATE = Rule(id=2, name="Late", kind="overdue_days", days=30)

INVOICE_A = simulation.Entry(
    1, "A", date(2026, 3, 1), date(2026, 3, 11), D(0), ((date(2026, 4, 20), D(600)),)
)
INVOICE_B = simulation.Entry(
    2, "B", date(2026, 3, 12), date(2026, 3, 22), D(0), ((date(2026, 3, 15), D(500)),)
)
ORDER_P = simulation.Commitment(10, datetime(2026, 3, 5, 9), ((date(2026, 3, 12), D(500)),))


def order(id_, moment, amount, **request):
    return simulation.PastOrder(
        id_, moment, Request("confirmation", D(amount), D(amount), **request)
    )


def held(orders, rules=(LIMIT,), limit=THOUSAND, **arguments):
    customer = simulation.Customer((INVOICE_A, INVOICE_B), (ORDER_P,), limit)
    return list(simulation.simulate(customer, orders, rules, **arguments))


@pytest.mark.parametrize(
    ("day", "open_amount"),
    [
        (date(2026, 2, 28), 0),
        (date(2026, 3, 1), 600),
        (date(2026, 4, 19), 600),
        (date(2026, 4, 20), 0),
    ],
)
def test_item_is_open_from_its_day_until_the_day_before_it_is_paid(day, open_amount):
    assert INVOICE_A.open_on(day) == open_amount


@pytest.mark.parametrize(
    ("day", "open_amount"),
    [(date(2026, 3, 11), 500), (date(2026, 3, 12), 0)],
)
def test_order_is_open_until_it_is_invoiced(day, open_amount):
    assert ORDER_P.open_on(day) == open_amount


def test_draft_invoice_and_remainder_stay_open():
    commitment = simulation.Commitment(10, datetime(2026, 3, 5), ((None, D(40)),), D(60))
    assert commitment.open_on(date(2027, 1, 1)) == 100


def test_order_is_judged_on_the_evening_before_it():
    """P itself: 600 + 500 = 1,100 is above 1,000."""
    [verdict] = held([order(10, ORDER_P.moment, 500)])
    assert (verdict.order_id, verdict.position.exposure) == (10, 600)
    assert [finding.measured for finding in verdict.decision.findings] == [D(1100)]


def test_earlier_order_counts_and_is_not_counted_twice_once_invoiced():
    """10 March: 600 + 500 ordered; 14 March: 600 + 500 invoiced; 16 March: 600 alone."""
    exposures = [
        verdict.position.exposure
        for verdict in held([order(20 + day, datetime(2026, 3, day), 600) for day in (10, 14, 16)])
    ]
    assert exposures == [1100, 1100, 600]


@pytest.mark.parametrize(("amount", "count"), [("400", 0), ("400.01", 1)])
def test_limit_is_allowed_up_to_the_cent(amount, count):
    assert len(held([order(30, datetime(2026, 4, 1), amount)])) == count


@pytest.mark.parametrize(("day", "count"), [(10, 0), (11, 1)])
def test_overdue_days_count_from_the_due_date(day, count):
    """A is due on 11 March: 30 days late on 10 April, 31 on 11 April."""
    orders = [order(30, datetime(2026, 4, day), 1)]
    assert len(held(orders, rules=(LATE,), limit=None)) == count


def test_grace_days_delay_what_is_overdue():
    orders = [order(30, datetime(2026, 4, 11), 1)]
    assert not held(orders, rules=(LATE,), limit=None, grace_days=31)


def test_prepaid_order_passes():
    assert not held([order(30, datetime(2026, 3, 6), 500, prepaid=D(500))])


def test_rules_whose_past_is_unknown_are_left_out():
    rule = Rule(id=3, name="Promises", kind="broken_promise")
    assert not held([order(30, datetime(2026, 3, 6), 500)], rules=(rule,))


@pytest.mark.parametrize(
    ("invoices", "expected"),
    [
        ([], ("not_invoiced", 0)),
        ([(date(2026, 3, 11), D(0), date(2026, 3, 11))], ("on_time", 0)),
        ([(date(2026, 3, 11), D(0), date(2026, 3, 12))], ("late", 1)),
        ([(date(2026, 3, 11), D(5), None)], ("open", 20)),
        ([(date(2026, 4, 11), D(5), None)], ("open", 0)),
        (
            [(date(2026, 3, 1), D(0), date(2026, 3, 9)), (date(2026, 3, 30), D(5), None)],
            ("open", 1),
        ),
    ],
)
def test_what_became_of_the_invoices(invoices, expected):
    assert simulation.outcome(invoices, date(2026, 3, 31)) == expected
