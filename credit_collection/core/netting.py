"""Netting: what is owed both ways, set off against each other, oldest first."""

from .exact import a_day, exact, kind_of


def net(receivables, payables, amount=None):
    """Return ``(amount, receivable parts, payable parts)``.

    The amount is the smaller of both sides, or less by choice.  On each side the oldest due is set
    off first; parts are ``(key, amount)`` and add up to the amount on both sides.

    :param receivables: ``(key, due day, open amount)``, amounts above zero; :param payables: same
    :param amount: how much to set off; ``None`` for all that is possible
    :raises ValueError: an amount of a side that is not above zero, or more than is possible
    """
    sides = [_sorted(side) for side in (receivables, payables)]
    possible = min(sum((exact(row[2]) for row in side), exact(0)) for side in sides)
    kind = kind_of(amount, *(row[2] for side in sides for row in side))
    wanted = possible if amount is None else exact(amount)
    if not 0 <= wanted <= possible:
        raise ValueError(f"Between 0 and {float(possible)} can be set off, not {amount}.")
    return kind(wanted), *([*_parts(side, wanted, kind)] for side in sides)


def _sorted(side):
    for _key, day, amount in side:
        a_day(day, "due day")
        if exact(amount) <= 0:
            raise ValueError(f"An open amount must be above zero: {amount}.")
    return sorted(side, key=lambda row: row[1])


def _parts(side, wanted, kind):
    for key, _day, amount in side:
        if wanted <= 0:
            return
        part = min(exact(amount), wanted)
        wanted -= part
        yield key, kind(part)
