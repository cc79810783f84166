"""Unapplied payments and credit notes are set off as the letters do it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_collection.core.decision import measure, set_off

from .cases import TODAY, item, open_items, position, request, rule, searched

EURO, DOLLAR = 1, 2


def amounts(items):
    return {each.id: each.amount for each in items}


def note(number, amount):
    return replace(item(number, amount, 0), is_credit_note=True)


def test_money_settles_the_oldest():
    left = set_off([item(1, "300", 5), item(2, "700", 40), item(3, "-800", 0)])
    assert amounts(left) == {1: 200}


def test_a_paid_customer_is_not_overdue():
    customer = position(*set_off([item(1, "500", 40), item(2, "-500", 3)]))
    assert customer.overdue == 0
    assert measure(rule("overdue_days", days=30), customer, request(), TODAY).measured == 0


def test_what_is_too_much_stays():
    assert amounts(set_off([item(1, "500", 40), item(2, "-400", 9), item(3, "-300", 3)])) == {
        3: Decimal(-200)
    }


@pytest.mark.parametrize("maker, overdue", [(item, 400), (note, 700)])
def test_a_credit_note_settles_the_dispute_and_money_does_not(maker, overdue):
    """As the letters: 700 for a dispute of 300 and a credit note of 300, see FAULTS F1."""
    invoice = item(1, "1000", 40, disputed="300")
    credit = note(2, "-300") if maker is note else item(2, "-300", 0)
    customer = position(*set_off([invoice, credit]))
    assert customer.overdue == overdue


def test_what_is_left_alone_takes_money_first():
    muted = replace(item(1, "600", 3), alone_share=Decimal(1))
    left = set_off([item(2, "1000", 40), muted, item(3, "-600", 0)])
    assert amounts(left) == {2: 1000}


def test_each_currency_by_itself():
    def foreign(of, own):
        return replace(of, currency=DOLLAR, amount_currency=Decimal(own))

    local = replace(item(1, "100", 40), currency=EURO)
    left = set_off([local, foreign(item(2, "90", 40), "100"), foreign(item(3, "-92", 0), "-100")])
    assert amounts(left) == {1: 100}, "100 dollars are paid, whatever they were booked at"
    left = set_off([foreign(item(2, "90", 40), "100"), foreign(item(3, "-46", 0), "-50")])
    assert amounts(left) == {2: 45}


@searched
@given(st.integers(0, 5).flatmap(lambda n: st.tuples(*(open_items(k + 1) for k in range(n)))))
def test_nothing_is_lost(items):
    left = set_off(items)
    assert sum(amounts(left).values()) == sum(each.amount for each in items)
    assert position(*left).overdue <= position(*items).overdue
