"""Numbers of callers made exact, and given back in the kind they came in.

Money and percentages are calculated as fractions: nothing is lost between a rate and its cent.
Results are ``float``, or ``Decimal`` as soon as one of the arguments is one.
"""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from .kpi import is_number


def exact(value, what="amount"):
    """Return ``value`` as a fraction; ``what`` names it in the message.

    :raises ValueError: when it is not a finite number
    """
    if isinstance(value, Fraction):
        return value
    if not is_number(value):
        raise ValueError(f"A finite number is needed as {what}, not {value!r}.")
    # A float is the decimal it prints as: 12.1 is 121/10.
    return _fraction(str(value))


@lru_cache(4096)
def _fraction(text):
    return Fraction(text)


def not_negative(value, what="amount"):
    """Return ``value`` as a fraction that is not below zero."""
    number = exact(value, what)
    if number < 0:
        raise ValueError(f"The {what} must not be negative: {value}.")
    return number


def percentage(value, what="percentage"):
    """Return a percentage from 0 to below 100 as a fraction of one."""
    number = not_negative(value, what)
    if number >= 100:
        raise ValueError(f"The {what} must be below 100: {value}.")
    return number / 100


def a_day(value, what="day"):
    """Return ``value`` when it is a date; moments and text are refused."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(f"A date is needed as {what}, not {value!r}.")
    return value


def decimals(digits):
    """Return the decimals of a currency when they are some."""
    if isinstance(digits, bool) or not isinstance(digits, int) or not 0 <= digits <= 6:
        raise ValueError(f"Amounts have 0 to 6 decimals, not {digits!r}.")
    return digits


def cents(number, digits=2):
    """Return a fraction rounded half up to ``digits`` decimals, as ``Decimal``."""
    return cents_of(number.numerator, number.denominator, digits)


def cents_of(numerator, denominator, digits=2):
    """The same of a quotient of whole numbers, the lower one above zero: nothing is reduced."""
    decimals(digits)
    return Decimal(units_of(numerator, denominator, digits)).scaleb(-digits)


def units_of(numerator, denominator, digits=2):
    """The same in whole units of the last decimal."""
    # Half up on the exact fraction: a quotient of two decimals could already be rounded.
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) * 10**digits + denominator) // (2 * denominator))


def kind_of(*values):
    """Return what makes results of the callers' kind: decimals when one value is one, or floats."""
    return _decimal if any(isinstance(value, Decimal) for value in values) else float


def _decimal(number):
    if isinstance(number, Fraction):
        return Decimal(number.numerator) / Decimal(number.denominator)
    return Decimal(str(number))
