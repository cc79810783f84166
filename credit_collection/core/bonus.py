"""The bonus of one person and month, derived so that a pocket calculator can follow.

Everything is computed in Decimal. Results, norms and their ratio are rounded half up to four
digits (15.004 % is 15.00 %) before a step is chosen: what the statement prints is what decides.
"""

from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from .criterion import AT_LEAST, AT_MOST, RATIO, Criterion, check_criteria, exact, rounded
from .fault import Fault, _lt
from .portfolio import seasonal_norm

# The figures of a KPI sheet line that a criterion can name.
FIGURES = (
    "overdue_share",
    "weighted_days_overdue",
    "cash_plan_rate",
    "overdue_to_turnover",
    "dso",
)
PAID, MISSED, UNKNOWN = "paid", "missed", "unknown"
FLAT_YEAR = (1,) * 12

# Shipped schemes; steps in parts of the norm.
SALESPERSON = (Criterion("overdue_to_turnover", AT_MOST, 0.15, 1, ((1, 1),), seasonal=True),)
TEAM_LEADER = (Criterion("cash_plan_rate", AT_LEAST, 1, 1, ((0.8, 0.5), (0.9, 0.75), (1, 1))),)


class Line(NamedTuple):
    """One criterion's derivation: amount = base x weight x payout, rounded to the currency."""

    figure: str
    direction: str
    result: Decimal | None
    norm: Decimal  # with the month's coefficient in it, where asked
    achieved: Decimal | None  # what the steps were compared with: result / norm, or the result
    payout: Decimal
    weight: Decimal
    amount: Decimal
    status: str  # paid, missed, or unknown: no result, so it pays nothing


class Statement(NamedTuple):
    """Base, derivation and total of one month's bonus."""

    month: int
    base: Decimal
    lines: tuple[Line, ...]
    total: Decimal  # the sum of the rounded lines


def base_from_cash(collected, share, digits=2):
    """The base as a share of the cash collected, rounded to the currency; 0 when none came in."""
    if not 0 <= exact(share) <= 1:
        raise Fault(
            _lt("The share of collected cash lies between 0 and 1, not %(share)s."), share=share
        )
    return rounded(max(exact(collected), Decimal(0)) * exact(share), digits)


def payout(base, criteria, results, month, coefficients=FLAT_YEAR, digits=2):
    """Compute the statement of a month (1 to 12).

    ``base`` is what is paid when every criterion pays 1; ``results`` maps figure to result, where
    None (undefined, e.g. no sales) pays nothing and gives a line of status "unknown", and a figure
    left out raises ValueError. ``coefficients`` are the twelve of the year, applied to the norms
    of seasonal criteria; ``digits`` are those of the currency. Weights sum to 1.
    """
    base = rounded(base, digits)
    if base < 0:
        raise Fault(_lt("The base of a bonus must not be negative: %(base)s."), base=base)
    check_criteria(criteria)
    lines = []
    for criterion in criteria:
        if criterion.figure not in results:
            raise ValueError(f"No result was given for {criterion.figure}.")
        norm = criterion.exactly.norm
        in_season = seasonal_norm(norm, coefficients, month)
        norm = rounded(in_season if criterion.seasonal else norm)
        lines.append(_line(base, criterion, norm, results[criterion.figure], digits))
    return Statement(month, base, tuple(lines), sum(line.amount for line in lines))


def _line(base, criterion, norm, result, digits):
    if norm <= 0:
        raise Fault(_lt("%(figure)s: the coefficient makes the norm 0."), figure=criterion.figure)
    achieved, fraction, status = None, Decimal(0), UNKNOWN
    if result is not None:
        result = rounded(result)
        achieved = rounded(result / norm) if criterion.measure == RATIO else result
        fraction = criterion.payout_at(achieved)
        status = PAID if fraction else MISSED
    return Line(
        figure=criterion.figure,
        direction=criterion.direction,
        result=result,
        norm=norm,
        achieved=achieved,
        payout=fraction,
        weight=criterion.exactly.weight,
        amount=rounded(base * criterion.exactly.weight * fraction, digits),
        status=status,
    )


def with_norms(criteria, norms):
    """The criteria with other norms, ``norms`` mapping figure to norm."""
    for figure in norms:
        criterion = next((c for c in criteria if c.figure == figure), None)
        if criterion is None:
            raise Fault(
                _lt("The bonus has no criterion %(figure)s to give another norm."), figure=figure
            )
        if criterion.measure != RATIO:
            raise Fault(
                _lt("%(figure)s: steps in the result itself do not depend on the norm."),
                figure=figure,
            )
    return tuple(replace(c, norm=norms.get(c.figure, c.norm)) for c in criteria)


def simulate(base, criteria, results, month, norms, coefficients=FLAT_YEAR, digits=2):
    """The statement with other norms: what if the norm were 12 %?"""
    criteria = with_norms(criteria, norms)
    return payout(base, criteria, results, month, coefficients, digits)
