"""What will not be paid: allowances for doubtful debts.

Amounts may be int, float or Decimal; rates and results of rates are fractions (0.02 is 2 %).
"""

from decimal import Decimal

from .kpi import aligned
from .money import to_decimal
from .numbers import in_numbers, listed

ZERO, ONE = Decimal(0), Decimal(1)


@in_numbers
def by_matrix(amounts, rates, digits=2):
    """Return the allowance of each amount at the rate of its place, rounded to ``digits``.

    :param rates: fractions from 0 to 1, one per amount: 15,000,000 at 0.003 need 45,000
    :raise ValueError: another number of rates than of amounts, a negative amount, or a rate
        outside 0 to 1
    """
    amounts, rates = listed(amounts, "the amounts"), listed(rates, "the rates")
    if any(amount < 0 for amount in aligned(*amounts)):
        raise ValueError("What is owed cannot be negative.")
    if len(amounts) != len(rates):
        raise ValueError("A matrix needs one rate for every amount.")
    for rate in set(rates):
        _fraction(rate)
    return [_product(amount, rate, digits) for amount, rate in zip(amounts, rates, strict=True)]


@in_numbers
def loss_rates(cohort):
    """Return the share of each stage that was lost in the end, ``None`` for an empty stage.

    :param cohort: what remained unpaid stage by stage, the last being lost: 100,000, 50,000,
        23,000, 8,000, 2,000 gives 2 %, 4 %, 8.7 %, 25 %, 100 %
    :raise ValueError: no stage, or one that is negative or larger than the one before it
    """
    cohort = aligned(*listed(cohort, "the cohort"))
    if not cohort:
        raise ValueError("A cohort needs at least one stage.")
    for before, after in zip(cohort, cohort[1:], strict=False):
        if after > before:
            raise ValueError("What remains unpaid cannot grow from stage to stage.")
    if cohort[-1] < 0:
        raise ValueError("What remains unpaid cannot be negative.")
    return [cohort[-1] / amount if amount > 0 else None for amount in cohort]


def chained(roll_rates):
    """Return the share of each stage that is lost in the end, from the shares that roll on.

    :param roll_rates: from each stage to the next, the last one to the loss: 0.5, 0.46 loses 23 %
        of the first stage and 46 % of the second; ``None`` where unknown stays unknown
    """
    result, share = [], 1
    for rate in reversed(list(roll_rates)):
        share = None if rate is None or share is None else min(max(rate, 0), 1) * share
        result.append(share)
    return result[::-1]


@in_numbers
def top_up(target, balance):
    """Return what to book so that the allowance reaches its target; negative: to release.

    :param balance: of the allowance account today, a credit balance positive: a target of 4,970
        takes 3,440 with 1,530 there, and 5,330 with a debit balance of 360 (-360)
    """
    target, balance = aligned(target, balance)
    if target < 0:
        raise ValueError("An allowance cannot be negative.")
    difference = target - balance
    return difference if isinstance(difference, Decimal | int) else round(difference, 6)


def rate_at(rates, days_overdue):
    """Return the rate of the highest age that the days reach, 0 when they reach none.

    :param rates: ``(more days overdue than this, fraction)``, the highest age first; -1 stands for
        all, not due yet included
    """
    age = max(days_overdue, 0)
    return next((rate for after, rate in rates if age > after), 0.0)


def capped(amount, fraction, *bases):
    """Return the amount, at most that fraction of the largest base; ``fraction`` 0: no cap."""
    _fraction(fraction)
    if not fraction or not bases:
        return amount
    amount, fraction, *bases = aligned(amount, fraction, *bases)
    return min(amount, max(bases) * fraction)


def shared(total, parts, digits=2):
    """Return the parts scaled so that they add up to ``total`` to the last digit."""
    whole = sum(to_decimal(part, digits) for part in parts)
    if not whole:
        return [_like(part, ZERO) for part in parts]
    result, given, seen = [], ZERO, ZERO
    for part in parts:
        seen += to_decimal(part, digits)
        upto = to_decimal(to_decimal(total, digits) * seen / whole, digits)
        result.append(_like(part, upto - given))
        given = upto
    return result


# More days overdue than this, and the share allowed, as the tax law of Russia has it: 45 to 90 days
# 50 %, above 90 days all.
TAX_RATES = ((90, 1.0), (44, 0.5))


def _product(amount, rate, digits):
    aligned(amount)
    product = Decimal(str(amount)) * Decimal(str(rate))
    return _like(amount, to_decimal(product, digits))


def _like(amount, value):
    return value if isinstance(amount, Decimal) else float(value)


def _fraction(rate):
    (rate,) = aligned(rate)
    if not 0 <= rate <= 1:
        raise ValueError("A rate lies between 0 and 1.")
