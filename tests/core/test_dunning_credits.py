"""Which credits are left for what is asked: as much before they are matched as after."""

from datetime import date, timedelta

import pytest

from credit_collection.core import dunning
from credit_collection.core.dunning import Credit
from credit_collection.core.promise import BROKEN, KEPT, PARTLY, judge

from .dunning_case import POLICY, TODAY, days, explain, item, reason

EUR, USD = 1, 2


def euro(**values):
    amount = values.pop("amount", 1000.0)
    return item(
        amount=amount,
        currency=EUR,
        amount_currency=amount,
        disputed_currency=values.get("disputed_amount", 0),
        **values,
    )


def note(amount, currency=EUR):
    return Credit(9, currency, amount, amount, True)


def money(amount, currency=EUR):
    return Credit(8, currency, amount, amount)


def asked(*items, credits=()):
    step = explain(*items, credits=tuple(credits)).step
    return step.amount if step else 0


@pytest.mark.parametrize(("disputed", "owed"), [(300.0, 700.0), (600.0, 400.0)])
def test_credit_note_settles_the_disputed_part_first(disputed, owed):
    assert asked(euro(disputed_amount=disputed)) == owed
    assert asked(euro(disputed_amount=disputed), credits=[note(disputed)]) == owed
    assert asked(euro(amount=1000 - disputed)) == owed


def test_money_was_paid_for_what_is_not_disputed():
    assert asked(euro(disputed_amount=300.0), credits=[money(700.0)]) == 0
    assert asked(euro(disputed_amount=300.0), credits=[money(500.0)]) == 200


@pytest.mark.parametrize("alone", [{"muted": True}, {"promised_until": days(3)}])
def test_money_settles_first_what_is_left_alone(alone):
    items = euro(item_id=1, amount=800.0, **alone), euro(item_id=2, amount=500.0)
    assert asked(*items, credits=[money(800.0)]) == 500
    assert asked(*items, credits=[money(900.0)]) == 400
    assert asked(items[1]) == 500


def test_what_is_in_payment_takes_no_credit():
    items = euro(item_id=1, in_payment=True), euro(item_id=2, amount=500.0)
    assert asked(*items, credits=[money(300.0)]) == 200


def test_part_promise_and_part_payment_protect_their_part():
    assert asked(euro(promised_until=days(3), promised_part=0.4)) == 600
    assert asked(euro(in_payment=True, paying_part=0.01)) == 990
    assert reason(euro(in_payment=True))[0] == dunning.IN_PAYMENT


def test_currencies_do_not_pay_for_each_other():
    assert asked(euro(), credits=[money(400.0, USD)]) == 1000
    dollars = item(item_id=2, amount=50.0, currency=USD, amount_currency=60.0)
    assert asked(euro(), dollars, credits=[money(400.0, USD)]) == 1000


def test_rest_of_the_credits_goes_with_the_step():
    step = explain(euro(disputed_amount=300.0), credits=(note(350.0),)).step
    assert [(credit.id, credit.amount) for credit in step.credits] == [(9, 50.0)]


def test_unread_reply_makes_everything_wait():
    assert reason(euro(), reply_waiting=True) == (dunning.REPLY, None)


def test_due_now_lists_what_no_level_asks_yet():
    situation = dunning.Situation(7, (euro(age=-5, disputed_amount=300.0),), credits=(note(100.0),))
    due = dunning.due_now(POLICY, situation, TODAY)
    assert due == ({1: (None, 700.0, 700.0)}, ())


def test_promise_of_more_than_can_be_owed():
    """500 promised, the invoice corrected to 450 and paid."""
    day = date(2026, 3, 15)
    later, promised = day + timedelta(5), [(day, 500)]
    assert judge(promised, [(day, 450)], later).state == PARTLY
    assert judge(promised, [(day, 450)], later, owed=450).state == KEPT
    assert judge(promised, [(day, 449)], later, owed=450).state == PARTLY
    assert judge(promised, [], later, owed=450).state == BROKEN


def test_what_is_owed_no_more_comes_off_the_last_instalments():
    first, last = date(2026, 3, 15), date(2026, 4, 15)
    promised = [(first, 300), (last, 200)]
    assert judge(promised, [(first, 300)], first, owed=300).state == KEPT
    assert judge(promised, [(last, 300)], last, owed=300).state == BROKEN
