"""Which unapplied credits are left for what is asked for.

A credit settles first the part that is left alone anyway, so that as much is asked before it is
matched as after:

* a credit note the disputed part of its customer's items, for which it was written;
* what remains, and money, the items that are muted, blocked or promised;
* what is in payment is paid by that payment and takes no credit.

Money does not settle disputes: it was paid for the rest. Each currency stands by itself.
"""

from collections import defaultdict
from math import fsum


def left(ladder, situation, today):
    """Return the credits of a situation that remain for what is asked for, in their order."""
    if not situation.credits:
        return ()
    disputed, alone = defaultdict(list), defaultdict(list)
    for item in situation.items:
        amount, contested = item.amount_currency, item.disputed_currency
        if amount is None:
            amount, contested = item.amount, item.disputed_amount
        if item.muted or item.blocked:
            alone[item.currency].append(amount)
            continue
        contested = min(contested, amount) if contested > 0 else 0
        disputed[item.currency].append(contested)
        if ladder.protects(item, today):
            promised = amount if item.promised_part >= 1 else amount * item.promised_part
            alone[item.currency].append(min(promised, amount - contested))
    credits = list(situation.credits)
    notes = [at for at, credit in enumerate(credits) if credit.is_credit_note]
    money = [at for at, credit in enumerate(credits) if not credit.is_credit_note]
    for currency, amounts in disputed.items():
        _absorb(credits, notes, currency, fsum(amounts))
    for currency, amounts in alone.items():
        _absorb(credits, money + notes, currency, fsum(amounts))
    return tuple(credit for credit in credits if credit.amount > 0)


def due(entries, credits, digits):
    """Return what remains of ``(currency, amount)`` entries after the credits of their currency.

    Amounts are the company's. What one currency has too much pays nothing in another.
    """
    owed, given = defaultdict(list), defaultdict(list)
    for currency, amount in entries:
        owed[currency].append(amount)
    for credit in credits:
        given[credit.currency].append(credit.amount)
    rests = (fsum(amounts) - fsum(given[currency]) for currency, amounts in owed.items())
    return fsum(max(round(rest, digits), 0) for rest in rests)


def _absorb(credits, places, currency, amount):
    """Take ``amount`` off the credits at ``places``, those of the currency, one after the other."""
    for at in places:
        credit = credits[at]
        if amount <= 0 or credit.currency != currency or credit.amount_currency <= 0:
            continue
        taken = min(amount, credit.amount_currency)
        amount -= taken
        rest = credit.amount_currency - taken
        share = 0 if taken == credit.amount_currency else rest / credit.amount_currency
        credits[at] = credit._replace(amount=credit.amount * share, amount_currency=rest)
