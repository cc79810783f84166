"""May this document pass? One pure function, its findings, and its evidence.

>>> decide(position, request, rules, today).outcome
'hold'
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from . import codec
from .offset import set_off
from .position import (
    CHECKPOINTS,
    CONFIRMATION,
    DELIVERY,
    INVOICE,
    QUOTATION,
    Fact,
    OpenItem,
    Position,
    Request,
    with_prepayment,
    without_draft,
    without_order,
)
from .rules import (
    CONSEQUENCES,
    HOLD,
    KINDS,
    MANUAL,
    PASS,
    WARN,
    Decision,
    Finding,
    Kind,
    Measure,
    Rule,
    decide,
    measure,
    needs_items,
)

__all__ = [
    "CHECKPOINTS",
    "CONFIRMATION",
    "CONSEQUENCES",
    "DELIVERY",
    "FROZEN_VERSION",
    "HOLD",
    "INVOICE",
    "KINDS",
    "MANUAL",
    "PASS",
    "QUOTATION",
    "WARN",
    "Decision",
    "Fact",
    "Finding",
    "Kind",
    "Measure",
    "OpenItem",
    "Position",
    "Request",
    "Rule",
    "decide",
    "freeze",
    "measure",
    "needs_items",
    "replay",
    "set_off",
    "with_prepayment",
    "without_draft",
    "without_order",
]

FROZEN_VERSION = 1


def freeze(position: Position, request: Request, rules: Iterable[Rule], today: date) -> dict:
    """Everything the decision saw, as plain JSON to be kept as evidence."""
    return {
        "version": FROZEN_VERSION,
        "today": today.isoformat(),
        "position": codec.dump(position),
        "request": codec.dump(request),
        "rules": [codec.dump(rule) for rule in rules],
    }


def replay(frozen: dict) -> Decision:
    """Decide again on frozen evidence.

    :raise ValueError: when the evidence is of a version this code does not know
    """
    if frozen.get("version") != FROZEN_VERSION:
        raise ValueError(f"unknown version of frozen decision: {frozen.get('version')!r}")
    return decide(
        codec.load(Position, frozen["position"]),
        codec.load(Request, frozen["request"]),
        tuple(codec.load(Rule, rule) for rule in frozen["rules"]),
        date.fromisoformat(frozen["today"]),
    )
