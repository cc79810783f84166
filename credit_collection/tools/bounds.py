"""Bounds of the numbers that people type: a sentence instead of an overflow years later.

A model says what is possible in ``_credit_bounds = {"answer_hours": (1, 8_760)}``; every other
number that can be written has the bounds of its type.
"""

import math

from odoo.exceptions import ValidationError

from .write_guards import PREFIX

# More than any company turns over, and still exact to a cent as a double.
LARGEST_AMOUNT = 10.0**13
# A hundred years.
MOST_DAYS = 36_525
MOST_HOURS = 8_784
MOST_PERCENT = 10_000.0
AMOUNT = (0, LARGEST_AMOUNT)
DAYS = (0, MOST_DAYS)
PERCENT = (0, MOST_PERCENT)
OF_TYPE = {
    "integer": (-1_000_000_000, 1_000_000_000),
    "float": (-LARGEST_AMOUNT, LARGEST_AMOUNT),
    "monetary": (-LARGEST_AMOUNT, LARGEST_AMOUNT),
}


def bounds_of(model, name):
    """The least and the most that field ``name`` takes; None when it is no number."""
    usual = OF_TYPE.get(model._fields[name].type)
    return usual and getattr(model, "_credit_bounds", {}).get(name, usual)


def refuse_out_of_bounds(records, vals, names=None):
    """Raise when a number in ``vals``, or a default of the caller, is none or out of bounds.

    :param names: the fields to look at, by default all
    """
    defaults = {
        key.removeprefix(PREFIX): value
        for key, value in records.env.context.items()
        if key.startswith(PREFIX)
    }
    for name, value in (defaults | vals).items():
        if name not in records._fields or (names is not None and name not in names):
            continue
        bounds = bounds_of(records, name)
        if bounds and value is not None and value is not False:
            refuse_number(records, records._fields[name].string, value, *bounds)


def number_given(records, name, value):
    """``value``, given for the field ``name``, as a number; raises a sentence when it is none."""
    return refuse_number(records, records._fields[name].string, value, *OF_TYPE["monetary"])


def refuse_number(records, label, value, least, most):
    """Raise unless ``value`` is a number from ``least`` to ``most``.

    :param label: what people call it
    :return: the number
    """
    number = _number(value)
    if not (math.isfinite(number) and least <= number <= most):
        raise ValidationError(
            records.env._(
                "%(field)s has to be a number from %(least)s to %(most)s.",
                field=label,
                least=_plain(least),
                most=_plain(most),
            )
        )
    return number


def _number(value):
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _plain(number):
    return f"{number:,.0f}" if number == int(number) else f"{number:,}"
