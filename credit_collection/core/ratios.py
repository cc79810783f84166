"""Ratios of a customer's accounts, and Altman's three scores.

A statement is ``{line: amount}``; a line that nobody entered is absent or None and is never
guessed: the ratio is None then, and :func:`missing` names what it lacks.
"""

from collections.abc import Callable
from typing import NamedTuple

from .numbers import number

LINES = (
    "assets",
    "current_assets",
    "inventories",
    "cash",
    "liabilities",
    "current_liabilities",
    "equity",
    "retained_earnings",
    "market_equity",
    "sales",
    "ebit",
    "interest",
    "net_profit",
    "cash_flow",
)


class Ratio(NamedTuple):
    """A ratio: its unit, whether more is better, the lines it needs, and how it is worked out."""

    unit: str
    more_is_better: bool
    needs: tuple
    formula: Callable


class Altman(NamedTuple):
    """Coefficients by ratio, and the cut-offs: above ``safe`` sound, below ``distress`` in danger.

    They are data: published variants differ (sales × 1.0 or × 0.99).
    """

    coefficients: dict
    safe: float
    distress: float


SOUND, GREY, DISTRESS = "sound", "grey", "distress"
ALTMAN = {
    # 1968, listed industry
    "z": Altman(
        {"wc_ta": 1.2, "re_ta": 1.4, "ebit_ta": 3.3, "mve_tl": 0.6, "s_ta": 1.0}, 2.99, 1.81
    ),
    # private industry
    "z_private": Altman(
        {"wc_ta": 0.717, "re_ta": 0.847, "ebit_ta": 3.107, "bve_tl": 0.420, "s_ta": 0.998},
        2.9,
        1.23,
    ),
    # trade and services
    "z_services": Altman({"wc_ta": 6.56, "re_ta": 3.26, "ebit_ta": 6.72, "bve_tl": 1.05}, 2.6, 1.1),
}
ALTMAN_PARTS = {
    "wc_ta": ("working capital", ("current_assets", "current_liabilities"), "assets"),
    "re_ta": ("retained earnings", ("retained_earnings",), "assets"),
    "ebit_ta": ("EBIT", ("ebit",), "assets"),
    "mve_tl": ("market value of equity", ("market_equity",), "liabilities"),
    "bve_tl": ("book value of equity", ("equity",), "liabilities"),
    "s_ta": ("sales", ("sales",), "assets"),
}


def altman(ratios, variant):
    """The score of one variant from its ratios ``{part: fraction}``; None when one is missing.

    :param variant: a key of ``ALTMAN``, or an ``Altman`` with coefficients of one's own
    """
    coefficients = _variant(variant).coefficients
    if any(ratios.get(part) is None for part in coefficients):
        return None
    return sum(factor * number(ratios[part], "A ratio") for part, factor in coefficients.items())


def altman_reading(score, variant):
    """``sound``, ``grey`` or ``distress``, by the variant's own cut-offs; None without a score."""
    if score is None:
        return None
    cut = _variant(variant)
    return SOUND if score > cut.safe else DISTRESS if score < cut.distress else GREY


def altman_parts(statement, variant):
    """``{part: fraction}`` of a statement, None where a line is missing or nothing to divide by."""
    found = {}
    for part in _variant(variant).coefficients:
        _name, lines, base = ALTMAN_PARTS[part]
        amounts = [_line(statement, line) for line in lines]
        below = _line(statement, base)
        if None in amounts or not below:
            found[part] = None
        else:
            found[part] = (amounts[0] - sum(amounts[1:])) / below
    return found


def debt_reading(ratio):
    """How to read liabilities ÷ assets: sound, dependent (from 0.8), insolvent (above 1)."""
    if ratio is None:
        return None
    return "insolvent" if ratio > 1 else "dependent" if ratio >= 0.8 else "sound"


def _over(above, below):
    return above / below if below else None


def _altman(variant):
    return lambda s: altman(altman_parts(s, variant), variant)


def _needs(variant):
    lines = {}
    for part in ALTMAN[variant].coefficients:
        _name, above, below = ALTMAN_PARTS[part]
        lines.update(dict.fromkeys((*above, below)))
    return tuple(lines)


RATIOS = {
    "debt_ratio": Ratio(
        "share", False, ("liabilities", "assets"), lambda s: _over(s["liabilities"], s["assets"])
    ),
    "current_ratio": Ratio(
        "times", True, ("current_assets", "current_liabilities"),
        lambda s: _over(s["current_assets"], s["current_liabilities"]),
    ),
    "quick_ratio": Ratio(
        "times", True, ("current_assets", "inventories", "current_liabilities"),
        lambda s: _over(s["current_assets"] - s["inventories"], s["current_liabilities"]),
    ),
    "equity_share": Ratio(
        "share", True, ("equity", "assets"), lambda s: _over(s["equity"], s["assets"])
    ),
    "net_assets": Ratio(
        "amount", True, ("assets", "liabilities"), lambda s: s["assets"] - s["liabilities"]
    ),
    "working_capital": Ratio(
        "amount", True, ("current_assets", "current_liabilities"),
        lambda s: s["current_assets"] - s["current_liabilities"],
    ),
    "interest_cover": Ratio(
        "times", True, ("ebit", "interest"), lambda s: _over(s["ebit"], s["interest"])
    ),
    "profit_margin": Ratio(
        "share", True, ("net_profit", "sales"), lambda s: _over(s["net_profit"], s["sales"])
    ),
    "altman_z": Ratio("index", True, _needs("z"), _altman("z")),
    "altman_z_private": Ratio("index", True, _needs("z_private"), _altman("z_private")),
    "altman_z_services": Ratio("index", True, _needs("z_services"), _altman("z_services")),
}  # fmt: skip


def ratio(key, statement):
    """One of ``RATIOS``; None when a line is missing or there is nothing to divide by.

    :raises ValueError: an unknown ratio, or a line that is no number
    """
    if key not in RATIOS:
        raise ValueError(f"There is no ratio {key!r}.")
    found = {line: _line(statement, line) for line in RATIOS[key].needs}
    return None if None in found.values() else RATIOS[key].formula(found)


def missing(key, statement):
    """The lines that a ratio lacks."""
    if key not in RATIOS:
        raise ValueError(f"There is no ratio {key!r}.")
    return tuple(line for line in RATIOS[key].needs if _line(statement, line) is None)


def _line(statement, name):
    value = statement.get(name)
    return None if value is None else number(value, f"The line {name}")


def _variant(variant):
    if isinstance(variant, Altman):
        return variant
    if variant not in ALTMAN:
        raise ValueError(f"There is no variant {variant!r} of Altman's score.")
    return ALTMAN[variant]
