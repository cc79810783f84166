"""The customer's name in what a bank wrote."""

import pytest

from credit_collection.core.payer import payer, words

NAMES = {
    1: words("Northern Timber GmbH"),
    2: words("Timber Ltd"),
    3: words("Łódź Papier sp. z o.o."),
    4: words("ООО Ромашка"),
    5: words("Café Müller"),
    6: words("A & B"),
    7: words("Twin Works Ltd"),
    8: words("Twin Works Inc"),
}


@pytest.mark.parametrize(
    ("text", "customer"),
    [
        ("NORTHERN TIMBER GMBH INV 2026/00017", 1),
        ("Northern-Timber invoice 17", 1),  # the longer name wins over “Timber”
        ("from timber, thanks", 2),
        ("ŁÓDŹ PAPIER SP. Z O.O. faktura 12", 3),
        ('Ромашка ООО "счёт 12"', 4),
        ("CAFE MULLER", 5),
        ("paid by a b", None),  # two letters stand everywhere
        ("Twin Works", None),  # two customers of that name
        ("Timbers of the north", None),  # a part of a word is no name
        ("", None),
        (None, None),
    ],
)
def test_payer(text, customer):
    assert payer(text, NAMES) == customer


def test_words_leave_legal_forms_out():
    assert words("Pine & Sons, Inc.") == ("pine", "sons")
