"""Promises to pay: kept, partly kept or broken, judged from the payments.

* Each instalment has until its date plus the tolerance (that day included). What is promised up to
  then must have been paid by then, all instalments up to it together: paying ahead helps later.
* A missed instalment breaks the rest: the promise is broken on the next day, for good.
* Missing only the last one leaves it partly kept when something was paid by then, else broken.
* Kept as soon as everything promised is paid and no instalment was missed.
* A payment taken back (negative amount) counts from the beginning, as if never paid.
* Nobody can pay more than is owed: what was credited or cancelled since takes from the end.
"""

from datetime import date, timedelta
from math import fsum
from typing import NamedTuple

OPEN = "open"
KEPT = "kept"
PARTLY = "partly"
BROKEN = "broken"
STATES = (OPEN, KEPT, PARTLY, BROKEN)


class Instalment(NamedTuple):
    """An amount promised for a date."""

    date: date
    amount: float


class Verdict(NamedTuple):
    """``paid`` and ``missing`` of the promised total as of today, late payments included.

    ``broken_on`` is the first day after a missed instalment's time: set when broken or partly kept.
    """

    state: str
    paid: float
    missing: float
    broken_on: date | None


def judge(instalments, payments, today, tolerance_days=0, digits=2, owed=None):
    """Return the ``Verdict`` on a promise as of today.

    :param instalments: ``(date, amount)`` pairs, amounts positive, in any order
    :param payments: ``(date, amount)`` pairs on the promise's items since it was made, in the
        promise's currency; those after today are not looked at
    :param tolerance_days: days after each date within which a payment is still in time
    :param owed: what can be paid at all, payments since included; ``None`` for what was promised
    :param digits: decimal places to which amounts are compared
    :raises ValueError: no instalment, or one without a positive amount
    """
    if not instalments or any(amount <= 0 for _, amount in instalments):
        raise ValueError("A promise needs instalments with positive amounts.")
    payments = [payment for payment in payments if payment[0] <= today]
    instalments = _payable(instalments, owed)
    total = round(fsum(amount for _, amount in instalments), digits)
    paid = _paid_by(payments, today, digits)
    broken_on, last = _missed(instalments, payments, today, tolerance_days, digits)
    state = KEPT if paid >= total else OPEN
    if broken_on is not None:
        in_time = _paid_by(payments, broken_on - timedelta(1), digits)
        state = PARTLY if last and in_time > 0 else BROKEN
    return Verdict(state, paid, max(round(total - paid, digits), 0.0), broken_on)


def kept_share(states):
    """Return kept / (kept + partly + broken) as a fraction, ``None`` when none came to its end."""
    ended = [state for state in states if state != OPEN]
    return ended.count(KEPT) / len(ended) if ended else None


def allowed_until(made_on, limit_days_by_role):
    """Return ``(role, last date it may accept)`` pairs; ``None`` as date: no limit.

    :param limit_days_by_role: ``(role, days)`` pairs from the lowest role up, days from the day the
        promise is made, ``None`` for no limit
    """
    return [
        (role, None if days is None else made_on + timedelta(days))
        for role, days in limit_days_by_role
    ]


def role_needed(made_on, promised, limit_days_by_role):
    """Return the lowest role that may accept a promise for this (last) date, ``None``: nobody."""
    for role, until in allowed_until(made_on, limit_days_by_role):
        if until is None or promised <= until:
            return role
    return None


def _payable(instalments, owed):
    """Return the instalments without what is no longer owed, taken from the last ones."""
    if owed is None:
        return instalments
    left, payable = max(owed, 0), []
    for day, amount in sorted(instalments):
        payable.append((day, min(amount, left)))
        left = max(left - amount, 0)
    return payable


def _missed(instalments, payments, today, tolerance_days, digits):
    """Return the day after the first missed instalment's time, and whether it was the last one."""
    final = max(day for day, _ in instalments)
    for day in sorted({day for day, _ in instalments}):
        deadline = day + timedelta(tolerance_days)
        if today <= deadline:
            break
        owed = round(fsum(amount for due, amount in instalments if due <= day), digits)
        if _paid_by(payments, deadline, digits) < owed:
            return deadline + timedelta(1), day == final
    return None, False


def _paid_by(payments, day, digits):
    """Return what was paid by the end of the day and not taken back since, never negative."""
    held = fsum(amount for paid_on, amount in payments if paid_on <= day or amount < 0)
    return max(round(held, digits), 0.0)
