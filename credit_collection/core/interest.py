"""Interest for late payment: what it is, line by line, and the lump sum beside it.

The due day does not count, the day of payment does: due on 1 April and paid on 16 May are 45 days,
from 2 April to 16 May.  Interest is simple.  A line ends where the amount, the rate or the length
of the year changes; it is rounded once.
"""

from bisect import bisect_right
from datetime import date, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from . import day_count as days_of
from .exact import a_day, cents_of, decimals, exact, kind_of, not_negative, units_of
from .numbers import in_numbers, listed

BY_PERIOD = "by_period"
AT_DEFAULT = "at_default"
BY_HALF_YEAR = "by_half_year"
FIXINGS = (BY_PERIOD, AT_DEFAULT, BY_HALF_YEAR)
ONE = timedelta(1)
LAST_HALF_YEAR = date(date.max.year, 7, 1)
PLAIN = 1e12  # what is below it needs no closer look: together nothing becomes too large


class Line(NamedTuple):
    """Interest of one stretch: first and last day that count, both included."""

    date_from: date
    date_to: date
    base: float
    rate: float
    days: int
    amount: float


@in_numbers
def accrue(balances, rates, date_from, date_to, day_count="act/365", fixing=BY_PERIOD, digits=2):
    """Return the interest of a debt as ``Line`` tuples, in order and without overlap.

    :param balances: ``(day, amount from that day on)`` in any order; before the first day nothing
        is owed.  What is paid on a day is still owed on it: it goes down on the next day.
    :param rates: ``(day, percent a year from that day on)`` in any order
    :param date_from: the first day that counts, the one after the due day
    :param date_to: the last day that counts, the day of payment or the day asked about
    :param day_count: ``act/365``, ``act/act``, ``act/360`` or ``30/360``
    :param fixing: ``by_period``: each day at its rate; ``at_default``: all days at the rate of
        ``date_from``; ``by_half_year``: all days of a half-year at the rate of its first day
    :param digits: decimals of the currency
    :raises ValueError: what is no date or number, a negative amount, a day without a rate, a last
        day earlier than the eve of the first
    """
    if not isinstance(fixing, str) or fixing not in FIXINGS:
        raise ValueError(f"Unknown fixing {fixing!r}; the fixings are: {', '.join(FIXINGS)}.")
    days_of.days(date_from, date_to, day_count)
    decimals(digits)
    balances, rates = listed(balances, "the balances", 2), listed(rates, "the rates", 2)
    kind = kind_of(*(value for _day, value in (*balances, *rates)))
    balances = _steps(balances, "amount", not_negative)
    rates = _steps(rates, "rate", exact)
    if date_to < date_from:
        return []
    if fixing == AT_DEFAULT:
        known = [day for day in rates if day <= date_from]
        rates = {date_from: rates[max(known)]} if known else {}
    elif fixing == BY_HALF_YEAR:
        rates = half_year_rates(rates.items(), date_from, date_to, as_dict=True)
    lines = []
    for first, last, base, rate in _stretches(balances, rates, date_from, date_to, day_count):
        number = days_of.days(first, last, day_count)
        year = days_of.year_length(first, day_count)
        amount = cents_of(
            base.numerator * rate.numerator * number,
            base.denominator * rate.denominator * 100 * year,
            digits,
        )
        lines.append(Line(first, last, kind(base), kind(rate), number, kind(amount)))
    return [line for line in lines if line.days]


def half_year_rates(rates, date_from, date_to, eve=False, as_dict=False):
    """Return the rate of each half-year, fixed on its first day or on the ``eve`` of it.

    The half-year of ``date_from`` comes first.  Half-years that begin before the first known rate
    have none.
    """
    rates = _steps(rates, "rate", exact)
    kind = kind_of(*rates.values())
    fixed = {}
    start = date(date_from.year, 1 if date_from.month < 7 else 7, 1)
    while start <= date_to:
        known = [day for day in rates if day < start or day == start and not eve]
        if known:
            fixed[start] = rates[max(known)]
        if start >= LAST_HALF_YEAR:
            break
        start = date(start.year + start.month // 7, 1 if start.month == 7 else 7, 1)
    return fixed if as_dict else [(day, kind(rate)) for day, rate in fixed.items()]


@in_numbers
def compensation(amount, steps):
    """Return the lump sum for the costs of recovering one debt.

    :param amount: the debt; nothing is due on a debt of zero
    :param steps: ``(from amount, sum)`` in any order: the highest step reached counts, and below
        the first one nothing is due
    :raises ValueError: negative or no numbers, or two sums from the same amount
    """
    debt, steps = not_negative(amount, "debt"), listed(steps, "the steps", 2)
    kind = kind_of(amount, *(value for _from, value in steps))
    table = {}
    for start, value in steps:
        start = not_negative(start, "amount from")
        if start in table:
            raise ValueError(f"Two compensations from the same amount: {float(start):g}.")
        table[start] = not_negative(value, "compensation")
    reached = [start for start in table if start <= debt]
    return kind(table[max(reached)]) if debt and reached else kind(0)


def _steps(pairs, what, number):
    """Return ``{day: fraction}``; two values for one day are refused."""
    steps = {}
    for day, value in pairs:
        if a_day(day, f"day of the {what}") in steps:
            raise ValueError(f"Two values of the {what} for the same day: {day}.")
        steps[day] = number(value, what)
    return steps


def _stretches(balances, rates, date_from, date_to, day_count):
    """Yield ``(first, last, base, rate)`` while something is owed, as long as they can be."""
    marks = {date_from, *balances, *rates, *days_of.cuts(date_from, date_to, day_count)}
    marks = sorted(day for day in marks if date_from <= day <= date_to)
    balances, rates = sorted(balances.items()), sorted(rates.items())
    if len(marks) == 1 and (base := _in_force(balances, date_from)):
        rate = _in_force(rates, date_from)
        if rate is not None:
            yield date_from, date_to, base, rate
            return
    open_stretch = None
    ends = [*(after - ONE for after in marks[1:]), date_to]
    for first, last in zip(marks, ends, strict=True):
        base = _in_force(balances, first)
        if not base:
            continue
        rate = _in_force(rates, first)
        if rate is None:
            raise ValueError(f"No rate is known for {first}.")
        year = days_of.year_length(first, day_count)
        if (
            open_stretch
            and open_stretch[1] + ONE == first
            and open_stretch[2:]
            == (
                base,
                rate,
                year,
            )
        ):
            open_stretch = (open_stretch[0], last, base, rate, year)
            continue
        if open_stretch:
            yield open_stretch[:4]
        open_stretch = (first, last, base, rate, year)
    if open_stretch:
        yield open_stretch[:4]


def _in_force(steps, day):
    """Return the value of the last step that has begun by ``day``, ``None`` before the first."""
    index = bisect_right(steps, day, key=itemgetter(0))
    return steps[index - 1][1] if index else None


def gaps(date_from, date_to, covered):
    """Return the stretches ``(first, last)`` of a period that no covered stretch touches.

    :param covered: ``(first, last)`` in any order, both days included
    """
    free, day = [], date_from
    for first, last in sorted(covered):
        if first > date_to:
            break
        if first > day:
            free.append((day, first - ONE))
        day = max(day, last + ONE)
    if day <= date_to:
        free.append((day, date_to))
    return free


def uncharged(balances, rates, date_from, date_to, covered, day_count="act/365", digits=2):
    """Return the interest of the days that were not charged yet, as :func:`accrue` does.

    :param rates: already fixed: each day at its rate
    :param covered: ``(first, last)`` of what was charged
    """
    balances, rates = listed(balances, "the balances", 2), listed(rates, "the rates", 2)
    lines = []
    for first, last in gaps(date_from, date_to, covered):
        plain = _plainly(balances, rates, first, last, day_count, digits)
        if plain is None:
            plain = accrue(balances, rates, first, last, day_count, BY_PERIOD, digits)
        lines += plain
    return lines


def _plainly(balances, rates, date_from, date_to, day_count, digits):
    """Return what :func:`accrue` does where all is plain: floats, one rate, years of one length.

    There are tens of thousands of such debts. ``None`` where anything asks for a closer look.
    """
    if day_count not in ("act/365", "act/360") or type(digits) is not int or not 0 <= digits <= 6:
        return None
    if len(rates) != 1 or not _is_plain(*rates[0]) or rates[0][0] > date_from:
        return None
    for day, value in balances:
        if type(day) is not date or type(value) is not float or not 0 <= value < PLAIN:
            return None
    steps = sorted(balances)
    percent = rates[0][1]
    by, over = _whole(percent)
    over *= 100 * days_of.year_length(date_from, day_count)
    lines, open_line = [], None
    for place, (begins, base) in enumerate(steps):
        ends = date_to
        if place + 1 < len(steps):
            if steps[place + 1][0] == begins:
                return None
            ends = min(steps[place + 1][0] - ONE, date_to)
        begins = max(begins, date_from)
        if not base or begins > ends:
            continue
        if open_line and open_line[1] + ONE == begins and open_line[2] == base:
            open_line = (open_line[0], ends, base)
            lines.pop()
        else:
            open_line = (begins, ends, base)
        number = (ends - open_line[0]).days + 1
        value, parts = _whole(base)
        amount = units_of(value * by * number, parts * over, digits) / 10**digits
        lines.append(Line(open_line[0], ends, base, percent, number, amount))
    return lines


def _is_plain(day, value):
    return type(day) is date and type(value) is float and 0 <= value < PLAIN


@lru_cache(4096)
def _whole(value):
    """A plain float as numerator and denominator of the decimal that it prints as."""
    return exact(value).as_integer_ratio()


def fixed_rates(rates, date_from, date_to, fixing, reference="day"):
    """Return the rates by which each day from ``date_from``, the first day of interest, is charged.

    :param fixing: see :func:`accrue`
    :param reference: for ``at_default``: the rate of the ``day`` itself, of the first day of its
        ``half_year``, or of the ``eve`` of that; for ``by_half_year`` the last two
    """
    if date_to < date_from:
        return []
    if fixing == BY_PERIOD:
        return list(rates)
    if fixing == AT_DEFAULT and reference == "day":
        known = [(day, rate) for day, rate in rates if day <= date_from]
        return [(date_from, max(known)[1])] if known else []
    last = date_from if fixing == AT_DEFAULT else date_to
    return half_year_rates(rates, date_from, last, eve=reference == "eve")
