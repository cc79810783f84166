"""The part of an order that fits into an amount."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import ceil

from ..money import floor_to, quantum


def largest_split(lines: Iterable[tuple], amount: Decimal, digits: int = 2) -> list[Decimal]:
    """Return the quantity to take of each line so that together they stay within ``amount``.

    Greedy: each line in turn gives as many whole steps as still fit. A line's total is counted
    rounded up to the currency's digits, so no rounding of the lines or of their sum ends above
    ``amount``. Free lines are taken whole; lines of negative value (discounts, down payments) are
    left out, so that they make no room for goods.

    :param lines: ``(id, quantity, unit_total, step)``; ``unit_total`` is the price of one unit, tax
        included, unrounded; ``step`` is the smallest quantity that can be split off
    :raise ValueError: when a step is not above 0
    """
    room = Fraction(floor_to(amount, digits))
    cent = Fraction(quantum(digits))
    quantities = []
    for _line_id, quantity, unit_total, step in lines:
        if step <= 0:
            raise ValueError(f"the step of a line must be above 0, not {step}")
        # Fractions, because a product of long decimals would be rounded to 28 digits.
        step_total = Fraction(unit_total) * Fraction(step)
        steps = _steps_that_fit(Fraction(quantity) // Fraction(step), step_total, room)
        room -= ceil(steps * step_total / cent) * cent
        quantities.append(steps * Decimal(step))
    return quantities


def _steps_that_fit(steps, step_total, room):
    if step_total < 0:
        return 0
    if step_total > 0:
        steps = min(steps, room // step_total)
    return max(steps, 0)
