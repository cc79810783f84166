"""Is it worth going on? What a step of collection brings, and what it costs.

Amounts may be int, float or Decimal; probability, fee and shares are fractions.
"""

from typing import NamedTuple

from .kpi import aligned


class Worth(NamedTuple):
    """``net`` is what is left of the amount after the fee, ``gain`` what is left after costs."""

    expected: float
    fee: float
    net: float
    costs: float
    gain: float
    pursue: bool


def worth(amount, probability, fee=0, costs=0):
    """Weigh a step: pursue when p x amount x (1 - fee) exceeds its fixed costs.

    :raise ValueError: a negative amount or cost, a probability or fee outside 0 to 1
    """
    amount, probability, fee, costs = aligned(amount, probability, fee, costs)
    for share in (probability, fee):
        if not 0 <= share <= 1:
            raise ValueError("A probability or a fee lies between 0 and 1.")
    if amount < 0 or costs < 0:
        raise ValueError("An amount or a cost cannot be negative.")
    expected = probability * amount
    kept = expected * fee
    net = expected - kept
    return Worth(expected, kept, net, costs, net - costs, net > costs)


def fee_rate(steps, age_days, amount):
    """Return the fee of an agency for a claim by its age and amount, ``None`` when none fits.

    :param steps: ``(from days, from amount, fraction)``; the highest age reached counts, and of
        that age the highest amount reached
    """
    fitting = [step for step in steps if age_days >= step[0] and amount >= step[1]]
    return max(fitting)[2] if fitting else None
