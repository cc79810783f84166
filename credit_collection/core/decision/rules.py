"""The judgement on a document, the kinds of credit rules and how each one measures.

A measure function compares one figure with what a rule allows. A new kind is one more entry of
``KINDS`` and one of ``models/policy/rule_kinds.py``. Every threshold is allowed up to and including
itself: a rule is violated strictly above.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ..cover import uncovered
from ..money import HUNDRED, ZERO, ceil_to, floor_to
from . import codec
from .position import CHECKPOINTS, DELIVERY, EVERYWHERE, Position, Request

# A period of 0 days looks back for ever.
MOST_DAYS = 10**6
WARN, HOLD = CONSEQUENCES = ("warn", "hold")
PASS = "pass"
MANUAL = "manual"

_UNIT_TYPES = {"amount": Decimal, "date": date, "days": int, "count": int, "text": str}


@dataclass(frozen=True)
class Rule:
    """One rule of a policy; which thresholds matter depends on the kind.

    :param kind: a key of ``KINDS``
    :param tolerance_percent: ``limit``: percent above the limit still allowed (below 0: earlier)
    :param days: ``overdue_days``: days overdue still allowed
    :param amount: company currency; ``overdue_days``: items up to it are too small to count;
        ``overdue_amount``, ``order_amount``, ``uncovered``: amount still allowed
    :param percent: ``overdue_amount``: percent of the limit still allowed
    :param count: ``broken_promise``: this many violate the rule, at least 1; ``signals``: weight
        still allowed
    :param period_days: ``broken_promise``: look back this many days, 0 for all
    :raise ValueError: on an unknown kind, checkpoint or consequence
    """

    id: int
    name: str
    kind: str
    checkpoints: frozenset[str] = frozenset(CHECKPOINTS)
    consequence: str = HOLD
    tolerance_percent: Decimal = ZERO
    days: int = 0
    amount: Decimal = ZERO
    percent: Decimal = ZERO
    count: int = 1
    period_days: int = 0

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of rule: {self.kind!r}")
        if self.consequence not in CONSEQUENCES:
            raise ValueError(f"unknown consequence: {self.consequence!r}")
        if unknown := set(self.checkpoints).difference(EVERYWHERE):
            raise ValueError(f"unknown checkpoints: {sorted(unknown)}")


class Measure(NamedTuple):
    """``measured`` against ``allowed``; unit is amount, days, count, date or text.

    ``allowed`` is ``None`` when nothing bounds the figure.
    """

    measured: Any
    allowed: Any
    unit: str
    violated: bool


@dataclass(frozen=True)
class Kind:
    """A kind of rule: how it measures, and whether it reads ``Position.items``."""

    measure: Callable[[Rule, Position, Request, date], Measure]
    reads_items: bool = False


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


def _above(measured, allowed, unit):
    return Measure(measured, allowed, unit, allowed is not None and measured > allowed)


def _share_of_limit(position, percent):
    if position.credit_limit is None:
        return None
    # Rounded down: the amounts compared with it are whole cents, so nothing is lost, and the
    # figure shown to the user is the figure decided on.
    return floor_to(position.credit_limit * percent / HUNDRED, position.digits)


def _limit(rule, position, request, today):
    allowed = _share_of_limit(position, HUNDRED + rule.tolerance_percent)
    return _above(position.exposure + request.added_exposure, allowed, "amount")


def _overdue_days(rule, position, request, today):
    oldest = max(
        (
            item.days_overdue
            for item in position.items
            if item.is_overdue and item.undisputed > rule.amount
        ),
        default=0,
    )
    return _above(oldest, rule.days, "days")


def _overdue_amount(rule, position, request, today):
    """Allow the greater of the thresholds set (above 0); with none set, allow nothing overdue.

    The greater one, so that a percentage does not stop small customers over trifles. A percentage
    of an unlimited credit is no threshold: an amount beside it decides alone.
    """
    thresholds = [rule.amount] if rule.amount > 0 or rule.percent <= 0 else []
    if rule.percent > 0 and position.credit_limit is not None:
        thresholds.append(_share_of_limit(position, rule.percent))
    return _above(position.overdue, max(thresholds, default=None), "amount")


def _followup_level(rule, position, request, today):
    at_delivery = request.checkpoint == DELIVERY
    stops = position.stops_shipments if at_delivery else position.stops_sales
    return Measure(position.followup_level, "", "text", stops)


def _limit_expired(rule, position, request, today):
    expired_on = position.limit_expired_on
    return Measure(expired_on, today, "date", expired_on is not None and expired_on < today)


def _broken_promise(rule, position, request, today):
    """Count promises broken up to and including ``period_days`` days ago."""
    ages = [(today - broken_on).days for broken_on in position.broken_promises]
    broken = sum(age >= 0 and (not rule.period_days or age <= rule.period_days) for age in ages)
    return _above(broken, max(rule.count, 1) - 1, "count")


def _terms(rule, position, request, today):
    """A document without a term is due at once; without an agreed term there is no measure."""
    return _above(request.terms_days or 0, request.customer_terms_days, "days")


def _order_amount(rule, position, request, today):
    return _above(request.document_amount, rule.amount, "amount")


def _uncovered(rule, position, request, today):
    """What the securities leave of the exposure with the document; without one, all of it."""
    exposure = position.exposure + request.added_exposure
    securities = [
        (fact.value, 100, HUNDRED - fact.allowed)
        for fact in position.facts
        if fact.name == "security"
    ]
    return _above(ceil_to(uncovered(exposure, securities), position.digits), rule.amount, "amount")


def _cover_lost(rule, position, request, today):
    lost_on = position.fact("cover_lost").day
    return Measure(lost_on, today, "date", lost_on is not None and lost_on < today)


def _returned_instrument(rule, position, request, today):
    """Count cheques and notes returned up to and including ``period_days`` days ago."""
    days = [fact.day for fact in position.facts if fact.name == "returned_instrument"]
    found = sum(0 <= (today - day).days <= (rule.period_days or MOST_DAYS) for day in days)
    return _above(found, max(rule.count, 1) - 1, "count")


def _case_open(rule, position, request, today):
    case = position.fact("case_open").text
    return Measure(case, "", "text", bool(case))


def _signals(rule, position, request, today):
    """The sum of the weights of open danger signals."""
    return _above(int(position.fact("signals").value or 0), rule.count, "count")


def _checklist(rule, position, request, today):
    """Checks of a new customer that are not done or do not hold any more."""
    fact = position.fact("checklist")
    return Measure(fact.text, "", "text", bool(fact.value))


def _prepayment_grade(rule, position, request, today):
    fact = position.fact("grade")
    return Measure(fact.text, "", "text", bool(fact.value))


def _group_limit(rule, position, request, today):
    """What all customers of the group owe with this document; nothing bounds it without a group."""
    fact = position.fact("group")
    if fact.allowed is None:
        return Measure(ZERO, None, "amount", False)
    allowed = floor_to(fact.allowed * (HUNDRED + rule.tolerance_percent) / HUNDRED, position.digits)
    return _above(fact.value + request.added_exposure, allowed, "amount")


def _invoiced(rule, position, request, today):
    return _above(position.receivable + position.draft, rule.amount, "amount")


def _ordered(rule, position, request, today):
    return _above(position.ordered + request.added_exposure, rule.amount, "amount")


KINDS: dict[str, Kind] = {
    "limit": Kind(_limit),
    "overdue_days": Kind(_overdue_days, reads_items=True),
    "overdue_amount": Kind(_overdue_amount, reads_items=True),
    "followup_level": Kind(_followup_level),
    "limit_expired": Kind(_limit_expired),
    "broken_promise": Kind(_broken_promise),
    "terms": Kind(_terms),
    "order_amount": Kind(_order_amount),
    "uncovered": Kind(_uncovered),
    "cover_lost": Kind(_cover_lost),
    "case_open": Kind(_case_open),
    "signals": Kind(_signals),
    "checklist": Kind(_checklist),
    "prepayment_grade": Kind(_prepayment_grade),
    "group_limit": Kind(_group_limit),
    "invoiced_amount": Kind(_invoiced),
    "ordered_amount": Kind(_ordered),
    "returned_instrument": Kind(_returned_instrument),
}


def measure(rule: Rule, position: Position, request: Request, today: date) -> Measure:
    """Measure one rule, whatever its checkpoints."""
    return KINDS[rule.kind].measure(rule, position, request, today)
