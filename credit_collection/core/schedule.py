"""Instalments: an amount in n parts, month by month from one day."""

from calendar import monthrange
from datetime import date

from .exact import a_day, decimals, exact, kind_of
from .fault import Fault, _lt
from .money import floor_to, to_decimal

MOST = 600  # instalments: fifty years of months


def instalments(amount, n, start, months=1, digits=2):
    """Return ``[(date, amount)]``: n equal parts, the last one takes the rounding.

    Dates are counted from ``start``, not from the previous one: monthly from 31 January comes to
    28 February and 31 March.

    :raises ValueError: an amount that is not above zero, too small for n parts or with more
        decimals than its currency, n or months
        that are no whole numbers from 1 (n up to 600), or no date
    """
    total = exact(amount)
    a_day(start, "first day")
    if not _counts(n):
        raise Fault(
            _lt("Instalments are counted from 1 to %(most)s, not %(number)s."),
            most=MOST,
            number=repr(n),
        )
    if not _counts(months):
        raise Fault(
            _lt("The months between instalments are counted from 1 to %(most)s, not %(number)s."),
            most=MOST,
            number=repr(months),
        )
    if total <= 0:
        raise Fault(_lt("The amount in instalments must be above zero: %(amount)s."), amount=amount)
    whole = to_decimal(amount, decimals(digits))
    if exact(whole) != total:
        raise Fault(
            _lt("%(amount)s has more than %(digits)s decimals."), amount=amount, digits=digits
        )
    units = int(whole.scaleb(digits)) // n
    part = floor_to(units, 0).scaleb(-digits)
    if part <= 0:
        raise Fault(
            _lt("%(amount)s is too small for %(number)s instalments."), amount=amount, number=n
        )
    kind = kind_of(amount)
    parts = [part] * (n - 1) + [whole - part * (n - 1)]
    return [(add_months(start, index * months), kind(value)) for index, value in enumerate(parts)]


def add_months(day, months):
    """Return the same day of a later month, or the last one that the month has."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    if year > date.max.year:
        raise Fault(
            _lt("%(months)s months after %(day)s lie beyond the calendar."), months=months, day=day
        )
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _counts(number):
    return isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= MOST
