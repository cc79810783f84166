"""Scorecards: bands, points, score and grade, and what the score is made of.

A criterion reads one value (a figure of the ledger, a ratio of the accounts, an agency's score, an
answer), finds its band, and takes the band's points, 0 to 100. The score is the weighted mean of
the points. Bands are half-open: the lower end belongs to the band, the upper one to the next.
"""

from dataclasses import dataclass
from typing import NamedTuple

from .numbers import number

MISSING = ZERO, RENORMALISE, NO_SCORE = "zero", "renormalise", "no_score"
DAYS, SHARE, INDEX, MONTHS, AMOUNT, COUNT, TIMES = (
    "days",
    "share",
    "index",
    "months",
    "amount",
    "count",
    "times",
)


class Figure(NamedTuple):
    """A figure of the ledger: its unit, and whether more of it is better."""

    unit: str
    more_is_better: bool


# The one list: SQL, selection, titles and the formulas page follow it.
FIGURES = {
    "weighted_days_late": Figure(DAYS, False),
    "overdue_share": Figure(SHARE, False),
    "payment_index": Figure(INDEX, True),
    "longest_delay": Figure(DAYS, False),
    "months_customer": Figure(MONTHS, True),
    "sales_year": Figure(AMOUNT, True),
    "sales_growth": Figure(SHARE, True),
    "sales_share": Figure(SHARE, True),
    "margin": Figure(SHARE, True),
    "order_regularity": Figure(SHARE, True),
    "broken_promises": Figure(COUNT, False),
    "disputes_lost": Figure(COUNT, False),
    "payments_returned": Figure(COUNT, False),
    "days_near_limit": Figure(DAYS, False),
    "days_since_default": Figure(DAYS, True),
}


class BandFault(ValueError):
    """Bands that leave a hole or cover something twice.

    ``code`` is none, order, start, end, gap or overlap; ``values`` are the numbers that it is
    about.
    """

    def __init__(self, code, sentence, *values):
        super().__init__(sentence)
        self.code = code
        self.values = values


class Band(NamedTuple):
    """From ``low`` (included) to ``high`` (not), None without end, and what it brings."""

    low: float | None
    high: float | None
    points: float


def check_bands(bands):
    """The bands in order; refuses gaps and overlaps.

    The first band has no lower end and the last no upper one, so that every value has a place.

    :raises BandFault: with the numbers at fault
    """
    bands = list(bands)
    if not bands:
        raise BandFault("none", "At least one band is needed.")
    for low, high, _points in bands:
        if low is not None and high is not None and number(low, "From") >= number(high, "To"):
            raise BandFault(
                "order", f"A band must end above its beginning: {low:g} to {high:g}.", low, high
            )
    ordered = sorted(bands, key=lambda band: float("-inf") if band[0] is None else band[0])
    if ordered[0][0] is not None:
        raise BandFault("start", f"Nothing covers values below {ordered[0][0]:g}.", ordered[0][0])
    for (_low, end, _points), (start, _high, _more) in zip(ordered, ordered[1:], strict=False):
        if end is None or start is None or start < end:
            at = start if start is not None else end
            values = () if at is None else (at,)
            place = "everything" if at is None else f"values from {at:g}"
            raise BandFault("overlap", f"Two bands cover {place}.", *values)
        if start > end:
            raise BandFault(
                "gap", f"No band covers values from {end:g} up to {start:g}.", end, start
            )
    if ordered[-1][1] is not None:
        raise BandFault("end", f"Nothing covers values from {ordered[-1][1]:g} on.", ordered[-1][1])
    return [Band(*band) for band in ordered]


def band_of(value, bands):
    """The band that a value lies in; None when there is none."""
    for band in bands:
        if (band[0] is None or value >= band[0]) and (band[1] is None or value < band[1]):
            return band
    return None


@dataclass(frozen=True)
class Criterion:
    """One criterion: its weight and its bands, in order. Answers bring their points themselves."""

    key: str
    weight: float
    bands: tuple = ()


class Line(NamedTuple):
    """What one criterion gave: ``points`` None when its value is missing.

    ``share`` is its part of all weights that count, ``contribution`` points × share.
    """

    key: str
    value: float | None
    points: float | None
    share: float
    contribution: float


class Result(NamedTuple):
    """The score, 0 to 100 or None, its lines, and the keys whose values are missing."""

    score: float | None
    lines: tuple
    missing: tuple


def score(criteria, values, missing=RENORMALISE):
    """The weighted mean of the points.

    :param values: ``{key: value}``; None or absent: missing
    :param missing: what a missing value does: ``zero`` brings no points, ``renormalise`` leaves
        the criterion out and lets the others weigh more, ``no_score`` gives no score at all
    :raises ValueError: no criteria, weights below 0 or all 0, an unknown way with what is missing
    """
    criteria = list(criteria)
    if missing not in MISSING:
        raise ValueError(f"Missing values are zero, renormalise or no_score, not {missing!r}.")
    if not criteria:
        raise ValueError("A scorecard needs at least one criterion.")
    weights = {each.key: number(each.weight, "A weight", 0) for each in criteria}
    points = {each.key: _points(each, values.get(each.key)) for each in criteria}
    absent = tuple(key for key, found in points.items() if found is None)
    counted = [key for key in weights if missing != RENORMALISE or key not in absent]
    if sum(weights.values()) <= 0:
        raise ValueError("At least one weight must be above 0.")
    total = sum(weights[key] for key in counted)
    lines = []
    for each in criteria:
        share = weights[each.key] / total if each.key in counted and total else 0.0
        found = points[each.key]
        lines.append(Line(each.key, values.get(each.key), found, share, (found or 0.0) * share))
    lacking = not total or (absent and missing == NO_SCORE)
    reached = None if lacking else round(sum(line.contribution for line in lines), 6)
    return Result(reached, tuple(lines), absent)


def _points(criterion, value):
    if value is None:
        return None
    value = number(value, "A value")
    band = band_of(value, criterion.bands) if criterion.bands else Band(None, None, value)
    return None if band is None else number(band[2], "Points", 0, 100)


def grade(reached, grades):
    """The name of the best grade whose least score is reached; None without a score.

    :param grades: ``(name, least score)`` pairs in any order; the lowest takes the rest
    """
    if reached is None or not grades:
        return None
    ordered = sorted(grades, key=lambda each: each[1], reverse=True)
    return next((name for name, least in ordered if reached >= least), ordered[-1][0])


class Explanation(NamedTuple):
    """Keys of what helped and what cost most, and ways to the next grade.

    ``helped`` and ``cost`` are ``(key, points of the score)``; ``ways`` are
    ``(key, band or None, gain)``: one criterion that reaches the next grade alone. ``together``
    are the keys that reach it together when none does alone.
    """

    helped: tuple
    cost: tuple
    needed: float | None
    ways: tuple
    together: tuple


def explain(result, criteria, next_least=None, most=3):
    """What the score is made of, and what would reach the next grade.

    :param next_least: the least score of the next grade, None at the top
    """
    criteria = {each.key: each for each in criteria}
    helped = sorted(
        (line for line in result.lines if line.contribution > 0),
        key=lambda line: -line.contribution,
    )
    cost = sorted((line for line in result.lines if _lost(line) > 0), key=lambda line: -_lost(line))
    needed = None
    if next_least is not None and result.score is not None:
        needed = max(next_least - result.score, 0.0)
    ways, together = [], []
    if needed:
        for line in cost:
            way = _way(line, criteria[line.key], needed)
            if way:
                ways.append(way)
        if not ways:
            gained = 0.0
            for line in cost:
                if gained >= needed:
                    break
                together.append(line.key)
                gained += _lost(line)
    return Explanation(
        tuple((line.key, line.contribution) for line in helped[:most]),
        tuple((line.key, _lost(line)) for line in cost[:most]),
        needed,
        tuple(ways[:most]),
        tuple(together),
    )


def _lost(line):
    """What the criterion could still bring to the score."""
    return line.share * (100.0 - (line.points or 0.0))


def _way(line, criterion, needed):
    """The nearest better band of one criterion that is enough by itself."""
    bands = criterion.bands or (Band(None, None, 100.0),)
    now = line.points or 0.0
    enough = [(band[2], band) for band in bands if line.share * (band[2] - now) >= needed - 1e-9]
    if not enough:
        return None
    points, band = min(enough, key=lambda each: each[0])
    return line.key, band if criterion.bands else None, line.share * (points - now)
