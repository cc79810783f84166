"""The kinds of credit rules and how each one measures.

A measure function compares one figure with what a rule allows. A new kind is one more entry of
``KINDS``. Every threshold is allowed up to and including itself: a rule is violated strictly above.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ..cover import uncovered
from ..money import HUNDRED, ZERO, ceil_to, floor_to
from .position import CHECKPOINTS, DELIVERY, EVERYWHERE, Position, Request

# A period of 0 days looks back for ever.
MOST_DAYS = 10**6
WARN, HOLD = CONSEQUENCES = ("warn", "hold")


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
