"""Ceilings of the whole: how much credit a company can carry, and whether it is worth it.

Amounts are plain numbers in one currency, rates and margins fractions (0.12 is 12 %). What is
not defined is ``None``.
"""

from typing import NamedTuple

from .numbers import in_numbers, number

YEAR = 365
BELOW, WORKING, CRITICAL = "below", "working", "critical"


@in_numbers
def cost_of_credit(sales, days, rate, year=YEAR):
    """What it costs to lend ``sales`` of a year for ``days``: sales × days ÷ year × rate.

    The balance stands all year, so the rate of a year applies to it once.

    :raises ValueError: below 0, or no number
    """
    sales, days = number(sales, "Sales", 0), number(days, "The days of credit", 0)
    return sales * days / number(year, "The days of a year", 1) * number(rate, "The rate", 0)


@in_numbers
def sales_to_earn_back(loss, margin):
    """The sales whose margin makes good a loss: loss ÷ margin. None without a margin above 0."""
    loss, margin = number(loss, "The loss", 0), number(margin, "The margin", high=1)
    return loss / margin if margin > 0 else None


def working_ceiling(planned_sales, days, norm_days):
    """Receivables that planned credit sales bring at the norm: sales ÷ days × norm days.

    None for a period without days.
    """
    days = number(days, "The days of the plan", 0)
    sales = number(planned_sales, "Planned credit sales", 0)
    return sales / days * number(norm_days, "The norm of days", 0) if days else None


def critical_ceiling(own_working_capital, committed_lines, stocks_and_needs, payables):
    """Receivables that can be paid for at most; below 0 there is nothing to lend at all.

    Own working capital + committed lines − stocks and other needs + payables.
    """
    return (
        number(own_working_capital, "Own working capital")
        + number(committed_lines, "Committed lines", 0)
        - number(stocks_and_needs, "Stocks and other needs", 0)
        + number(payables, "Payables", 0)
    )


def status(receivable, working=None, critical=None):
    """Which ceiling the receivables are above: ``below`` none, ``working`` or ``critical``."""
    if critical is not None and receivable > critical:
        return CRITICAL
    return WORKING if working is not None and receivable > working else BELOW


def released_by_days(yearly_sales, days, year=YEAR):
    """The money that so many days of DSO are: yearly sales ÷ 365 × days."""
    sales, days = number(yearly_sales, "Sales", 0), number(days, "The days")
    return sales / number(year, "The days of a year", 1) * days


class RealValue(NamedTuple):
    """What inflation takes from a claim, reckoned two ways."""

    linear: float
    compound: float


def inflation_loss(amount, days, rate, year=YEAR):
    """What a claim loses while it waits, at ``rate`` of inflation a year.

    Linear: amount × rate × days ÷ year. Compound: amount × (1 − (1 + rate)^(−days ÷ year)).
    """
    amount, days = number(amount, "The amount", 0), number(days, "The days", 0)
    rate = number(rate, "The rate of inflation", low=-0.99)
    share = days / number(year, "The days of a year", 1)
    return RealValue(amount * rate * share, amount * (1 - (1 + rate) ** -share))


class Growth(NamedTuple):
    """Growth of receivables and sales, fractions, and whether it is a warning."""

    receivables: float
    sales: float
    excess: float
    above: bool


def growth(receivables, sales, tolerance=0.0):
    """Growth of receivables beside that of sales, period by period; oldest first.

    :param receivables: balances at the ends of periods, ``sales``: of the same periods
    :param tolerance: how much faster receivables may grow, a fraction
    :return: one ``Growth`` for each period after the first; None where one began at 0
    :raises ValueError: not as many balances as sales
    """
    if len(receivables) != len(sales):
        raise ValueError("Each period needs one balance and its sales.")
    found = []
    for at in range(1, len(sales)):
        before, sold = receivables[at - 1], sales[at - 1]
        if before <= 0 or sold <= 0:
            found.append(None)
            continue
        grown, more = receivables[at] / before - 1, sales[at] / sold - 1
        excess = grown - more
        found.append(Growth(grown, more, excess, excess > tolerance + 1e-12))
    return found


def grows_too_fast(receivables, sales, tolerance=0.0, periods=2):
    """Whether receivables outgrew sales by more than the tolerance in each of the last periods."""
    last = growth(receivables, sales, tolerance)[-periods:]
    return len(last) == periods and all(each is not None and each.above for each in last)


def receivables_to_plan(opening, sales, days_to_pay, month_days=30):
    """Receivables at the end of each coming month, from a plan of sales and how customers pay.

    Each month's sales come evenly and are paid after ``days_to_pay``; the opening balance is paid
    off evenly over the same time.

    :param sales: planned credit sales by month
    """
    opening = number(opening, "The opening balance", 0)
    wait = number(days_to_pay, "The days to pay", 0)
    balances = []
    for month in range(len(sales)):
        end = (month + 1) * month_days
        left = opening * max(1 - end / wait, 0.0) if wait else 0.0
        for sold_in, sold in enumerate(sales[: month + 1]):
            # The last `wait` days of sales are still unpaid.
            start = max(sold_in * month_days, end - wait)
            unpaid = max(min((sold_in + 1) * month_days, end) - start, 0)
            left += number(sold, "Planned sales", 0) * unpaid / month_days
        balances.append(left)
    return balances


class Worth(NamedTuple):
    """Whether a policy is worth it; all but ``result`` are its parts, costs above 0."""

    margin: float
    capital: float
    loss: float
    discounts: float
    chasing: float
    result: float


def is_credit_worth_it(sales, margin, days, rate, loss_share=0, discount_share=0, chasing=0):
    """Margin of the sales − cost of capital − expected loss − discounts − cost of chasing.

    :param sales: of a year, ``margin``, ``loss_share``, ``discount_share``: fractions of them
    :param days: how long they are owed, ``rate``: cost of capital a year
    """
    earned = number(sales, "Sales", 0) * number(margin, "The margin", -1, 1)
    capital = cost_of_credit(sales, days, rate)
    loss = sales * number(loss_share, "The share lost", 0, 1)
    discounts = sales * number(discount_share, "The share of discounts", 0, 1)
    chasing = number(chasing, "The cost of chasing", 0)
    result = earned - capital - loss - discounts - chasing
    return Worth(earned, capital, loss, discounts, chasing, result)
