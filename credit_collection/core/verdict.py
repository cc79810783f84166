"""How much may this customer still order? :func:`decide`, asked before there is an order.

>>> verdict(position, rules, today).passes
Decimal('41040.00')
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .decision import CONFIRMATION, HOLD, MANUAL, WARN, Decision, Position, Request, Rule, decide
from .decision.rules import measure
from .money import ZERO, quantum

__all__ = ["BEYOND_ANY_ORDER", "Verdict", "smallest_order", "verdict"]

# So many units of the smallest coin that no order is larger.
BEYOND_ANY_ORDER = 10**15


@dataclass(frozen=True)
class Verdict:
    """What the check says of a customer before there is a document.

    :param request: what was asked about: the amount given, else the smallest order there can be
    :param decision: the answer to it
    :param passes: the largest order that is not held; 0 when each is, ``None`` when nothing bounds
        it
    :param free: the largest order that is neither held nor warned of, likewise
    :param over_limit: with what was asked about, more would be owed than the limit allows,
        whatever the rules say
    """

    request: Request
    decision: Decision
    passes: Decimal | None
    free: Decimal | None
    over_limit: bool = False

    @property
    def by_hand(self) -> bool:
        """Whether somebody holds the whole customer; that counts even where a policy observes."""
        return any(finding.kind == MANUAL for finding in self.decision.findings)


def verdict(
    position: Position,
    rules: Iterable[Rule],
    today: date,
    amount: Decimal = ZERO,
    checkpoint: str = CONFIRMATION,
) -> Verdict:
    """Judge an order of ``amount``, and find out how large an order may be.

    With an amount of 0 the smallest order is judged: an order of nothing always passes. The order
    is taken to have the customer's own payment term and no payment of its own.
    """
    rules = tuple(rule for rule in rules if checkpoint in rule.checkpoints)
    request = (
        _of_amount(smallest_order(position, checkpoint), amount)
        if amount > 0
        else (smallest_order(position, checkpoint))
    )
    limit = position.credit_limit
    return Verdict(
        request,
        decide(position, request, rules, today),
        _largest(position, rules, today, checkpoint, {HOLD}),
        _largest(position, rules, today, checkpoint, {HOLD, WARN}),
        limit is not None and position.exposure + request.amount > limit,
    )


def smallest_order(position: Position, checkpoint: str = CONFIRMATION) -> Request:
    """An order of one coin."""
    unit = quantum(position.digits)
    return Request(checkpoint, unit, unit)


def _of_amount(request, amount):
    return replace(request, amount=amount, document_amount=amount)


def _largest(position, rules, today, checkpoint, consequences):
    """The largest order that violates no rule of these consequences.

    A larger order never pleases a rule more (the promise that ``remedy`` relies on as well), so
    each rule by itself is bisected; most do not depend on the amount and need two measures.
    """
    unit = quantum(position.digits)
    request = smallest_order(position, checkpoint)

    def violates(rule, units):
        return measure(rule, position, _of_amount(request, units * unit), today).violated

    if position.manual_hold and HOLD in consequences:
        return ZERO
    bound = BEYOND_ANY_ORDER
    for rule in rules:
        if rule.consequence not in consequences or not violates(rule, bound):
            continue
        passes, fails = 0, bound
        if violates(rule, 1):
            return ZERO
        while fails - passes > 1:
            middle = (passes + fails) // 2
            passes, fails = (passes, middle) if violates(rule, middle) else (middle, fails)
        bound = passes
    return None if bound == BEYOND_ANY_ORDER else bound * unit
