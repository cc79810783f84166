"""The nine figures of a KPI sheet as pure functions.

Amounts are in one currency, days are days, ratios are fractions (0.814 is 81.4 %), and ``None``
means that the figure is undefined. Numbers may be int, float or Decimal, also mixed: one Decimal
among the arguments makes the result a Decimal, otherwise it is a float. What is not a finite
number raises ``ValueError``.

Words: DZ, the receivables at a date, net of unapplied payments and credit notes; PDZ, the overdue
part of DZ; T, the sales of a period, tax included and credit notes deducted; F, the cash received
in a period; P, the cash planned for it.

This file needs nothing but Python itself and can be loaded on its own.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import wraps
from itertools import chain
from math import isfinite

__all__ = [
    "overdue_share",
    "weighted_days_overdue",
    "cash_plan",
    "cash_plan_of_period",
    "cash_plan_rate",
    "overdue_to_turnover",
    "dso_simple",
    "dso_count_back",
    "dso_best_possible",
    "collection_effectiveness",
]

MONTH = 30  # days: the published cash plan counts every month as thirty
CRUMBS = 10**9  # sums of floats leave crumbs: a billionth of the receivables is no open sale

# What the month's own sales bring in within the month: (sales plan, average deferral) -> amount.
CASH_PLAN_METHODS = {
    "published": lambda sales, deferral: sales * deferral / MONTH,
    "due_within_month": lambda sales, deferral: max(sales, 0) * max(MONTH - deferral, 0) / MONTH,
}


def is_number(value):
    """Whether ``value`` is a finite number that a float can hold; text and yes or no are none."""
    if type(value) is float:
        return isfinite(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    try:
        return isfinite(value) and isfinite(float(value))
    except (OverflowError, ValueError):
        return False


def listed(values, what, width=None):
    """Return a list of what somebody gave as one; what can be read only once is read here, once.

    :param what: what the sentence calls them
    :param width: how many values each row has; the rows are then tuples
    :raises ValueError: no list, or a row of another length
    """
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise ValueError(f"A list is needed as {what}, not {values!r}.")
    values = list(values)
    if width is None:
        return values
    rows = [row if type(row) is tuple else tuple(listed(row, f"each of {what}")) for row in values]
    for row in rows:
        if len(row) != width:
            raise ValueError(f"Each of {what} needs {width} values, not {len(row)}: {row!r}.")
    return rows


def in_numbers(function):
    """Let a function refuse, with a sentence, numbers that together are too large for any."""

    @wraps(function)
    def reckoned(*args, **kwargs):
        try:
            result = function(*args, **kwargs)
        except (ArithmeticError, RecursionError):
            result = float("nan")
        if not _reckoned(result):
            raise ValueError("These numbers are too large, or too small, to be reckoned with.")
        return result

    return reckoned


def _reckoned(result):
    if isinstance(result, list | tuple):
        return all(map(_reckoned, result))
    if isinstance(result, bool) or not isinstance(result, int | float | Decimal):
        return True
    return is_number(result)


def aligned(*values):
    """Return the values in one arithmetic: all Decimal as soon as one of them is."""
    for value in values:
        if not is_number(value):
            raise ValueError(f"A number is needed here, not {value!r}.")
    if any(isinstance(value, Decimal) for value in values):
        return tuple(v if isinstance(v, Decimal) else Decimal(str(v)) for v in values)
    return values


def ratio(part, whole):
    """part / whole, or None when the whole is zero or negative and a share of it says nothing."""
    part, whole = aligned(part, whole)
    return part / whole if whole > 0 else None


def check_days(*days):
    """Refuse negative numbers of days."""
    for number in days:
        if number < 0:
            raise ValueError(f"A number of days must not be negative: {number}.")


@in_numbers
def overdue_share(pdz, dz):
    """%PDZ = PDZ / DZ, a fraction; source: share of past-due in total receivables.

    None without receivables or when the customer is in credit (DZ <= 0). Above 1 when credits
    not yet due make DZ smaller than PDZ; negative when overdue credits exceed overdue debts.
    """
    return ratio(pdz, dz)


@in_numbers
def weighted_days_overdue(items, dz):
    """T_PDZ = sum(overdue amount x its days overdue) / DZ, in days.

    ``items`` are pairs (amount, days overdue); items not overdue count with 0 days or are left
    out, and negative days raise ValueError. DZ is the total including what is not overdue, so
    the figure says how late the average unit of receivables is (the amount-weighted average of
    the textbooks, taken over all receivables). None without receivables (DZ <= 0); 0 when
    nothing is overdue.
    """
    items = listed(items, "the overdue items", 2)
    dz, *flat = aligned(dz, *chain.from_iterable(items))
    amounts, days = flat[::2], flat[1::2]
    check_days(*days)
    return ratio(sum(amount * late for amount, late in zip(amounts, days, strict=True)), dz)


@in_numbers
def cash_plan(due, overdue, sales_plan, deferral_days, prepaid, method="published"):
    """P = current receivables falling due + overdue + from the sales plan + prepaid, an amount.

    The part of the sales plan, with the average deferral in days (0 or more), is by method:

    * ``published``: sales plan x deferral / 30, the published formula;
    * ``due_within_month``: sales plan x (30 - deferral) / 30, what falls due inside the month
      when it sells evenly; never below 0, and 0 from thirty days of deferral on.

    Always defined. Amounts are added with their sign: what is owed to customers lowers the plan.
    """
    if not isinstance(method, str) or method not in CASH_PLAN_METHODS:
        known = ", ".join(CASH_PLAN_METHODS)
        raise ValueError(f"Unknown cash plan method {method!r}; the methods are: {known}.")
    due, overdue, sales_plan, deferral_days, prepaid = aligned(
        due, overdue, sales_plan, deferral_days, prepaid
    )
    check_days(deferral_days)
    return due + overdue + CASH_PLAN_METHODS[method](sales_plan, deferral_days) + prepaid


def cash_plan_of_period(plans, date_from, date_to):
    """P of any period from one person's plans by month, an amount.

    Part of a month counts by its days. What is overdue when a later month begins was in the plan
    of the month before, as overdue or as falling due: it counts in the first one alone.

    :param plans: ``(first day of the month, P of the month, overdue in it)``
    """
    total, first = 0, True
    for month, planned, overdue in sorted(plans):
        days = monthrange(month.year, month.month)[1]
        begin, end = max(month, date_from), min(month.replace(day=days), date_to)
        if begin > end:
            continue
        part = (end - begin).days + 1
        counted = planned if first else planned - overdue
        total += counted if part == days else counted * part / days
        first = False
    return total


@in_numbers
def cash_plan_rate(received, planned):
    """%VP = F / P, a fraction; above 1 when more came in than planned.

    None when nothing was planned (P <= 0); negative when bounced payments exceed receipts.
    """
    return ratio(received, planned)


@in_numbers
def overdue_to_turnover(pdz, turnover):
    """%PDZ_T = PDZ / T, a fraction: 0.15 is 0.15 overdue per 1 of sales.

    None without sales, or when credit notes outweigh them (T <= 0). Above 1 when more is overdue
    than the period sold.
    """
    return ratio(pdz, turnover)


@in_numbers
def dso_simple(receivable, sales, days):
    """DSO = closing receivables / credit sales of the period x days of the period, in days.

    Source: days sales outstanding as in the textbooks and of the Credit Research Foundation
    (CRF). 0 without receivables. None without sales (<= 0), for a period of no days, and for a
    credit balance (receivable < 0), which is not outstanding for any time.
    """
    receivable, sales, days = aligned(receivable, sales, days)
    check_days(days)
    if receivable < 0 or sales <= 0 or not days:
        return None
    return receivable * days / sales


@in_numbers
def dso_count_back(receivable, periods):
    """DSO by counting back (exhaustion method), in days: how far back the sales still open reach.

    ``periods`` are pairs (sales, days), latest first. Each period's sales are taken off the
    receivables and its days counted, until a period is larger than the rest: of this one
    days x rest / sales counts. Source: count-back DSO of the credit management textbooks.

    A period without sales counts with all its days; one in which credit notes outweigh sales
    hands the difference on to the period before. 0 without receivables. None without any sales,
    for a credit balance, and when the receivables reach back beyond the periods given: then
    the caller should look further back.
    """
    periods = listed(periods, "the periods", 2)
    receivable, *flat = aligned(receivable, *chain.from_iterable(periods))
    periods = list(zip(flat[::2], flat[1::2], strict=True))
    check_days(*(days for _, days in periods))
    if receivable < 0 or not any(sales > 0 and days for sales, days in periods):
        return None
    rest, counted = receivable, receivable * 0
    for sales, days in periods:
        if rest * CRUMBS <= receivable:
            return counted
        if rest <= sales:
            return counted + rest * days / sales
        rest, counted = rest - sales, counted + days
    return counted if rest * CRUMBS <= receivable else None


@in_numbers
def dso_best_possible(current, sales, days):
    """Best possible DSO = current (not overdue) receivables / sales x days, in days.

    The DSO that would remain if everybody paid on time. Source: CRF. At most ``dso_simple`` as
    long as the overdue part is not a credit. Edge cases as for ``dso_simple``.
    """
    return dso_simple(current, sales, days)


@in_numbers
def collection_effectiveness(opening, sales, closing, closing_current):
    """CEI = (opening + sales - closing) / (opening + sales - closing current), a fraction.

    What was collected in the period, of what could have been; 1 when nothing is overdue at its
    end. Source: collection effectiveness index of the CRF, there times 100. Between 0 and 1 as
    long as closing current <= closing <= opening + sales; above 1 when the overdue part is a
    credit, negative when receivables grew by more than sales. None when nothing could have been
    collected (denominator <= 0).
    """
    opening, sales, closing, closing_current = aligned(opening, sales, closing, closing_current)
    return ratio(opening + sales - closing, opening + sales - closing_current)
