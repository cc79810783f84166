"""Assignment of receivables to a factor, or their sale: what comes in and what it costs."""

from typing import NamedTuple

from .exact import cents, exact, kind_of, not_negative


class Terms(NamedTuple):
    """Amounts of an assignment; ``cash + held_back + fee + interest`` is what was assigned.

    ``loss`` is the cost to book: fee and interest, and the expected recourse as it becomes a
    liability.  No money is taken out of the cash for that liability.
    """

    cash: float
    held_back: float
    fee: float
    interest: float
    liability: float
    loss: float


def assign(amount, hold_back=0, fee=0, interest=0, liability=0, digits=2):
    """Return the ``Terms`` of assigning ``amount``.

    :param hold_back: percent that the factor keeps until the debtor has paid
    :param fee: percent of the amount
    :param interest: amount of interest taken out of the advance
    :param liability: what is expected to be charged back, with recourse
    :raises ValueError: negative numbers, or nothing left to pay out
    """
    total = not_negative(amount)
    kind = kind_of(amount, hold_back, fee, interest, liability)
    held, costs = (
        exact(cents(total * not_negative(share, what) / 100, digits))
        for share, what in ((hold_back, "hold-back"), (fee, "fee"))
    )
    interest = exact(cents(not_negative(interest, "interest"), digits))
    recourse = exact(cents(not_negative(liability, "recourse liability"), digits))
    cash = total - held - costs - interest
    if cash < 0:
        raise ValueError("Hold-back, fee and interest are more than what is assigned.")
    loss = costs + interest + recourse
    return Terms(*(kind(value) for value in (cash, held, costs, interest, recourse, loss)))


def sell(amount, price, digits=2):
    """Return ``(cash, loss)`` of selling debts for a price; a price above them is no loss."""
    total, paid = not_negative(amount), not_negative(price, "price")
    kind = kind_of(amount, price)
    return kind(cents(paid, digits)), kind(cents(total - paid, digits))


def yearly_cost(costs, cash, days, year=365):
    """Return what the money costs a year, as a fraction; ``None`` without money or time.

    :param costs: fee and interest; :param cash: what came in; :param days: until the debtor pays
    """
    costs, cash, days = exact(costs, "costs"), exact(cash, "cash"), exact(days, "days")
    if cash <= 0 or days <= 0:
        return None
    return float(costs / cash * not_negative(year, "year") / days)
