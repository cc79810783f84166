"""One message for each address of the invoices, where a customer wants it so.

* An address gets the items that are addressed to it, and nothing while none of them reaches a
  level.
* A credit settles first what its own address owes, then what the others owe, the longest late
  first: all letters together ask for what a single one would ask for.
* A letter's level is the highest that one of its own items reaches.
"""

from collections import defaultdict

from . import credits as unapplied
from .ladder import Ladder


def by_address(settings, step, addresses, currencies):
    """Return ``[(address, Step)]``: one step taken apart.

    :param PolicySettings settings: the policy of the customer
    :param addresses: ``{item or credit id: address}``
    :param currencies: ``{item id: currency}``
    """
    ladder = Ladder(settings)
    parts, needs = defaultdict(list), {}
    for line, own in zip(step.lines, step.own_amounts, strict=True):
        address = addresses[line.item_id]
        parts[address].append((line, own))
        need = needs.setdefault(address, defaultdict(float))
        if _is_asked(line):
            need[currencies[line.item_id]] += line.amount if own is None else own
    shares = share(needs, step.credits, addresses)
    letters = []
    for address, part in parts.items():
        lines, own = zip(*part, strict=True)
        levels = [line.level_id for line in lines if line.level_id is not None]
        asked = [(currencies[line.item_id], line.amount) for line in lines if _is_asked(line)]
        due = unapplied.due(asked, shares[address], settings.digits)
        if levels and due > 0:
            level = max(levels, key=lambda level: ladder.above((level,)))
            letter = step._replace(level_id=level, lines=lines, amount=due)
            letters.append((address, letter._replace(credits=shares[address], own_amounts=own)))
    return letters


def share(needs, credits, addresses):
    """Return ``{address: tuple of credits}``: who may set off what of the credits.

    What nobody needs stays with the credit's own address, else with the first one.

    :param needs: ``{address: {currency: amount owed in it}}``, the longest late first
    :param credits: tuple of ``Credit``
    :param addresses: ``{credit id: address}``, at least of these credits
    """
    rests = {address: dict(amounts) for address, amounts in needs.items()}
    pieces = {address: defaultdict(float) for address in needs}
    left = {credit.id: credit.amount_currency for credit in credits}
    for at_home in (True, False):
        for credit in credits:
            home = addresses[credit.id]
            for address, rest in rests.items():
                if at_home and address != home:
                    continue
                taken = min(rest.get(credit.currency, 0), left[credit.id])
                if taken > 0:
                    rest[credit.currency] -= taken
                    left[credit.id] -= taken
                    pieces[address][credit.id] += taken
    for credit in credits if needs else ():
        if left[credit.id] > 0:
            home = addresses[credit.id]
            pieces[home if home in needs else next(iter(needs))][credit.id] += left[credit.id]
    return {
        address: tuple(_piece(credit, own[credit.id]) for credit in credits if credit.id in own)
        for address, own in pieces.items()
    }


def _is_asked(line):
    return line.level_id is not None or line.days_overdue >= 0


def _piece(credit, amount_currency):
    part = amount_currency / credit.amount_currency
    return credit._replace(amount=credit.amount * part, amount_currency=amount_currency)
