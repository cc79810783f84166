"""How much credit: ways to propose a limit, how they are combined, and what caps them.

Each method takes numbers and returns a ``Proposal``: an amount, None when an input is missing, and
the steps of the calculation as codes with their values, to be shown and to be kept. Money is exact
(``Decimal``); shares and factors are fractions.
"""

from decimal import ROUND_DOWN, Decimal
from typing import Any, NamedTuple

from .money import to_decimal
from .numbers import number
from .scoring import band_of, check_bands

SMALLEST, AVERAGE, WEIGHTED = COMBINATIONS = ("smallest", "average", "weighted")


class Step(NamedTuple):
    """One line of a calculation: its code and the values by name."""

    code: str
    values: dict[str, Any]


class Proposal(NamedTuple):
    """An amount (None: cannot be worked out) and how it came about."""

    amount: Decimal | None
    steps: tuple[Step, ...]


def need_from_sales(monthly_sales, term_days, usual_delay, digits=2):
    """Sales of a month × (term + usual delay) ÷ 30."""
    inputs = {"monthly_sales": monthly_sales, "term_days": term_days, "usual_delay": usual_delay}
    return _method(
        "need_from_sales",
        inputs,
        lambda v: v["monthly_sales"] * (v["term_days"] + v["usual_delay"]) / 30,
        digits,
    )


def from_shipments(volume, growth, share, shipments, digits=2):
    """Mean shipments of a month × growth × share on credit ÷ shipments a month.

    :param growth: a factor, 1.10 for ten percent more; ``share``: a fraction
    """
    inputs = {"volume": volume, "growth": growth, "share": share, "shipments": shipments}
    return _method(
        "from_shipments",
        inputs,
        lambda v: v["volume"] * v["growth"] * v["share"] / v["shipments"],
        digits,
        above_zero=("shipments",),
    )


def from_forecast(yearly_forecast, term_days, usual_delay, digits=2):
    """Sales planned for a year × (term + usual delay) ÷ 365."""
    inputs = {
        "yearly_forecast": yearly_forecast,
        "term_days": term_days,
        "usual_delay": usual_delay,
    }
    return _method(
        "from_forecast",
        inputs,
        lambda v: v["yearly_forecast"] * (v["term_days"] + v["usual_delay"]) / 365,
        digits,
    )


def share_of_net_assets(net_assets, share, digits=2):
    """Net assets × share; nothing where they are below 0."""
    inputs = {"net_assets": net_assets, "share": share}
    return _method(
        "share_of_net_assets",
        inputs,
        lambda v: max(v["net_assets"], Decimal(0)) * v["share"],
        digits,
        below_zero=("net_assets",),
    )


def share_of_turnover(turnover, share, digits=2):
    """The customer's turnover of a year × share."""
    inputs = {"turnover": turnover, "share": share}
    return _method("share_of_turnover", inputs, lambda v: v["turnover"] * v["share"], digits)


def ability_to_pay(working_capital, yearly_cash_flow, share, term_days, digits=2):
    """The smaller of working capital × share and a year's cash flow × term ÷ 365 × share.

    Of the two, one may be missing; share is the part that all of their suppliers may not share.
    """
    known = [each for each in (working_capital, yearly_cash_flow) if each is not None]
    inputs = {"share": share, "term_days": term_days}
    if working_capital is not None:
        inputs["working_capital"] = working_capital
    if yearly_cash_flow is not None:
        inputs["yearly_cash_flow"] = yearly_cash_flow
    if not known:
        missing = {"working_capital": None, "yearly_cash_flow": None}
        return Proposal(None, (Step("missing", {"method": "ability_to_pay", **missing}),))

    def smaller(v):
        ways = []
        if "working_capital" in v:
            ways.append(v["working_capital"])
        if "yearly_cash_flow" in v:
            ways.append(v["yearly_cash_flow"] * v["term_days"] / 365)
        return max(min(ways), Decimal(0)) * v["share"]

    return _method(
        "ability_to_pay",
        inputs,
        smaller,
        digits,
        below_zero=("working_capital", "yearly_cash_flow"),
    )


def own_exposure(largest_paid_on_time, growth, digits=2):
    """The largest exposure that was paid on time × growth."""
    inputs = {"largest_paid_on_time": largest_paid_on_time, "growth": growth}
    return _method(
        "own_exposure", inputs, lambda v: v["largest_paid_on_time"] * v["growth"], digits
    )


def agency(recommended, digits=2):
    """What the agency recommends."""
    return _method("agency", {"recommended": recommended}, lambda v: v["recommended"], digits)


def weighted_need(volume, potential, margin, reliability, weights=(1, 1, 1), digits=2):
    """Volume × potential × margin × reliability; a weight is the power of its factor.

    :param volume: need from sales; the factors are 1 where the customer is as usual
    :param weights: of potential, margin and reliability; 0 leaves a factor out
    """
    powers = [number(weight, "A weight", 0, 5) for weight in weights]
    inputs = {
        "volume": volume,
        "potential": potential,
        "margin": margin,
        "reliability": reliability,
    }

    def product(v):
        factors = (v["potential"], v["margin"], v["reliability"])
        found = float(v["volume"])
        for factor, power in zip(factors, powers, strict=True):
            found *= float(factor) ** power
        return Decimal(str(found))

    return _method("weighted_need", inputs, product, digits)


def by_points(points, table, digits=2):
    """The amount of the band that the points lie in.

    :param table: ``(from, to, amount)``, half-open, None without end; a hole is refused
    :raises ValueError: the table leaves out points or has some twice
    """
    bands = check_bands(table)
    if points is None:
        return Proposal(None, (Step("missing", {"method": "by_points", "points": None}),))
    band = band_of(number(points, "Points"), bands)
    amount = to_decimal(band.points, digits)
    values = {"points": points, "low": band.low, "high": band.high, "amount": amount}
    return Proposal(amount, (Step("by_points", values),))


METHODS = (
    "need_from_sales",
    "from_shipments",
    "from_forecast",
    "share_of_net_assets",
    "share_of_turnover",
    "ability_to_pay",
    "own_exposure",
    "agency",
    "weighted_need",
    "by_points",
)


def combine(proposals, how=SMALLEST, weights=None, factors=(), caps=(), round_to=0, digits=2):
    """One proposal of several, its factors applied, then its caps.

    :param proposals: ``{method: Proposal}``; those without an amount are left out, and said
    :param how: smallest, average or weighted
    :param weights: ``{method: weight}`` for weighted
    :param factors: ``(code, factor)``, such as the grade's and the market's
    :param caps: ``(code, most)``; None bounds nothing
    :param round_to: round down to a multiple of this, 0: not
    :raises ValueError: an unknown combination
    """
    if how not in COMBINATIONS:
        raise ValueError(f"Proposals are combined as smallest, average or weighted, not {how!r}.")
    steps = [step for proposal in proposals.values() for step in proposal.steps]
    known = {name: p.amount for name, p in proposals.items() if p.amount is not None}
    amount = _combined(known, how, weights or {})
    if amount is None:
        return Proposal(None, (*steps, Step("nothing", {})))
    steps.append(Step(how, {"amount": to_decimal(amount, digits), "methods": sorted(known)}))
    for code, factor in factors:
        factor = _exact(number(factor, "A factor", 0, 100))
        if factor != 1:
            amount *= factor
            values = {"factor": factor, "amount": to_decimal(amount, digits)}
            steps.append(Step(f"factor_{code}", values))
    bounds = [(_exact(number(most, "A cap", 0)), code) for code, most in caps if most is not None]
    if bounds and min(bounds)[0] < amount:
        amount, code = min(bounds)
        steps.append(Step(f"cap_{code}", {"amount": to_decimal(amount, digits)}))
    if round_to:
        unit = _exact(number(round_to, "The rounding", 0))
        rounded = (amount / unit).to_integral_value(ROUND_DOWN) * unit
        if rounded != amount:
            amount = rounded
            steps.append(Step("rounded", {"unit": unit, "amount": to_decimal(amount, digits)}))
    return Proposal(to_decimal(amount, digits), tuple(steps))


def bound_by(proposal):
    """The code of the cap that bound a combined proposal, None when none did."""
    return next((step.code for step in proposal.steps if step.code.startswith("cap_")), None)


def _combined(known, how, weights):
    if not known:
        return None
    if how == SMALLEST:
        return min(known.values())
    shares = {
        name: _exact(number(weights.get(name, 0), "A weight", 0)) if how == WEIGHTED else Decimal(1)
        for name in known
    }
    total = sum(shares.values())
    return sum(known[name] * share for name, share in shares.items()) / total if total else None


def _method(code, inputs, formula, digits, above_zero=(), below_zero=()):
    values = {}
    for name, value in inputs.items():
        if value is None:
            return Proposal(None, (Step("missing", {"method": code, **inputs}),))
        label = f"The input {name.replace('_', ' ')}"
        number(value, label, None if name in below_zero else 0)
        values[name] = _exact(value)
        if name in above_zero and not values[name]:
            raise ValueError(f"{label} must be above 0.")
    amount = to_decimal(formula(values), digits)
    return Proposal(amount, (Step(code, {**values, "amount": amount}),))


def _exact(value):
    return value if isinstance(value, Decimal) else Decimal(str(value))
