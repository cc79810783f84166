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
from .rules import CONSEQUENCES, HOLD, KINDS, WARN, Kind, Measure, Rule, measure

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

PASS = "pass"
MANUAL = "manual"
FROZEN_VERSION = 1

_UNIT_TYPES = {"amount": Decimal, "date": date, "days": int, "count": int, "text": str}


@dataclass(frozen=True)
class Finding:
    """A violated rule: what was measured and what would have been allowed, in ``unit``.

    ``unit`` is 'amount' (Decimal), 'days', 'count' (int), 'date' (date) or 'text' (str). A manual
    hold is of kind ``manual``, has no rule (``rule_id`` None) and its reason as ``measured``.
    """

    rule_id: int | None
    rule_name: str
    kind: str
    consequence: str
    measured: Decimal | int | date | str
    allowed: Decimal | int | date | str
    unit: str

    def to_dict(self) -> dict:
        """Plain JSON: amounts and dates as text."""
        return codec.dump(self)

    @classmethod
    def from_dict(cls, data: dict) -> "Finding":
        """The finding that ``to_dict`` wrote."""
        hint = _UNIT_TYPES[data["unit"]]
        read = {name: codec.load(hint, data[name]) for name in ("measured", "allowed")}
        return cls(**{**data, **read})


@dataclass(frozen=True)
class Decision:
    """``outcome`` is 'pass', 'warn' or 'hold': the gravest consequence among the findings."""

    outcome: str
    findings: tuple[Finding, ...] = ()

    @property
    def holds(self) -> bool:
        return self.outcome == HOLD


def decide(position: Position, request: Request, rules: Iterable[Rule], today: date) -> Decision:
    """Judge a document; findings come manual hold first, then in the order of the rules.

    In this order: what carries no risk passes; a manual hold holds, however the document is paid;
    what is paid up front or in full passes, and so do goods of which all is paid; else the rules
    of the checkpoint are measured.
    """
    if _adds_no_risk(request):
        return Decision(PASS)
    findings = [_manual_finding(position)] if position.manual_hold else []
    if not _is_exempt(request):
        findings += _violations(position, request, rules, today)
    consequences = {finding.consequence for finding in findings}
    outcome = next((each for each in (HOLD, WARN) if each in consequences), PASS)
    return Decision(outcome, tuple(findings))


def needs_items(rules: Iterable[Rule], checkpoint: str) -> bool:
    """Whether a position must be given its items for these rules to see anything overdue."""
    return any(KINDS[rule.kind].reads_items for rule in rules if checkpoint in rule.checkpoints)


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


def _adds_no_risk(request):
    """A free replacement, a return, or an order that leaves the exposure as it is or lower.

    Such documents pass even for a customer over the limit: holding them protects nothing, and a
    credit or a replacement under warranty is owed to the customer.
    """
    if request.checkpoint == DELIVERY:
        return request.document_amount <= 0
    return request.amount <= 0


def _is_exempt(request):
    if request.checkpoint == DELIVERY:
        return request.settled
    covered = request.prepaid > 0 and request.prepaid >= request.document_amount
    return request.pays_up_front or covered


def _manual_finding(position):
    return Finding(None, "", MANUAL, HOLD, position.manual_hold, "", "text")


def _violations(position, request, rules, today):
    for rule in rules:
        if request.checkpoint not in rule.checkpoints:
            continue
        measured, allowed, unit, violated = measure(rule, position, request, today)
        if violated:
            yield Finding(rule.id, rule.name, rule.kind, rule.consequence, measured, allowed, unit)
