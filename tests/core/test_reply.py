"""What a customer's answer seems to say: the rules, without a database."""

from datetime import date
from decimal import Decimal

import pytest

from credit_collection.core import reply

TODAY = date(2026, 3, 31)  # a Tuesday
OPEN = ("INV/2026/00012", "INV/2026/00034")


@pytest.mark.parametrize(
    ("text", "kind", "day", "amount", "documents"),
    [
        ("We will pay 1,250.00 on 2026-04-03.", "promised", date(2026, 4, 3), "1250.00", ()),
        (
            "We shall pay INV/2026/00034 by 10 April",
            "promised",
            date(2026, 4, 10),
            None,
            ("INV/2026/00034",),
        ),
        ("You get it on Friday", "promised", date(2026, 4, 3), None, ()),
        ("Payment will follow tomorrow", "promised", date(2026, 4, 1), None, ()),
        ("This was paid on 27.03.2026, 480.00", "paid", date(2026, 3, 27), "480.00", ()),
        ("We transferred it on March 20", "paid", date(2026, 3, 20), None, ()),
        (
            "Please send a copy of inv/2026/00012",
            "copy_sent",
            None,
            None,
            ("INV/2026/00012",),
        ),
        ("We never received the invoice", "copy_sent", None, None, ()),
        (
            "The pump of INV/2026/00012 arrived damaged",
            "disputed",
            None,
            None,
            ("INV/2026/00012",),
        ),
        ("Please call me", "call_back", None, None, ()),
        ("I am out of office until 2026-04-15", "automatic", None, None, ()),
        ("Thank you for your message", "read", None, None, ()),
        ("Wir haben am 27.03.2026 überwiesen", "paid", date(2026, 3, 27), None, ()),
        ("Die Ware ist beschädigt", "disputed", None, None, ()),
        ("Zapłacimy 10 kwietnia 1 250,00", "promised", date(2026, 4, 10), "1250.00", ()),
        ("Оплатим 10 апреля", "promised", date(2026, 4, 10), None, ()),
        ("4月10日会付", "promised", date(2026, 4, 10), None, ()),
        ("", "read", None, None, ()),
    ],
)
def test_what_an_answer_says(text, kind, day, amount, documents):
    found = reply.read(text, TODAY, OPEN)
    assert found == reply.Proposal(kind, day, amount and Decimal(amount), documents)


def test_what_it_answers_is_no_answer():
    text = "We pay on 2026-04-03\n\nOn Mon, 30 Mar 2026, Wholesale wrote:\n> please pay 9,999.00"
    assert reply.read(text, TODAY) == reply.Proposal("promised", date(2026, 4, 3))


def test_order_of_day_and_month():
    assert reply.read("paid on 3/4/2026", TODAY, month_first=True).day == date(2026, 3, 4)
    assert reply.read("will pay on 3/4/2026", TODAY).day == date(2026, 4, 3)


def test_an_amount_is_no_day():
    found = reply.read("we will pay 3.50 and 1,200", TODAY)
    assert (found.day, found.amount) == (None, Decimal(1200))


def test_no_day_that_does_not_exist():
    assert reply.read("we will pay on 31.02.2026", TODAY).day is None


def test_number_of_a_longer_document_is_another():
    assert reply.read("INV/2026/000123 is wrong", TODAY, OPEN).documents == ()
