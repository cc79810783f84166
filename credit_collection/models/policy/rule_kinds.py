"""The kinds of credit rules: everything about one kind but its measure, in one entry.

How a kind measures is pure and stands under the same key in ``core.decision.rules.KINDS``.  A new
kind is an entry there and one here; the list of kinds, the sentences of findings, the thresholds
in words, the checks of a rule and what is read of a customer all follow from them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from odoo.tools.translate import LazyTranslate

from ...tools.readers import isolated

_lt = LazyTranslate(__name__)


def _nothing(rule):
    return ""


@dataclass(frozen=True)
class RuleKind:
    """One kind of rule.

    :param title: in the list of kinds
    :param sentence: a finding in words, with the holes ``measured``, ``allowed``, ``rule``
    :param plain: why something is held, without a figure: what a warehouse clerk may read
    :param threshold: what a ``credit.rule`` allows, in words
    :param problem: what is wrong with a ``credit.rule`` of this kind, or an empty text
    :param hint: what the form says about the kind
    :param reads: method of ``credit.account`` that reads the fact for a set of files at once and
        returns ``{file id: core.decision.Fact, or several}``; asked only where a rule of the kind
        looks
    :param replayable: whether a trial can judge past orders by it: what it reads is known of the
        past
    """

    title: Any
    sentence: Any
    plain: Any = _lt("The credit check holds it.")
    threshold: Callable = _nothing
    problem: Callable = _nothing
    hint: Any = ""
    reads: str = ""
    replayable: bool = False


def _money(rule, amount):
    return (
        isolated(rule.env, rule.currency_id.format(amount)) if rule.currency_id else f"{amount:g}"
    )


def _share(rule, percent):
    return rule.env._("%s %% of the limit", f"{percent:g}")


def _overdue_days(rule):
    return rule.env._(
        "%(days)s days; items above %(amount)s", days=rule.days, amount=_money(rule, rule.amount)
    )


def _overdue_amount(rule):
    amount, share = _money(rule, rule.amount), _share(rule, rule.percent)
    if rule.amount and rule.percent:
        return rule.env._("%(amount)s or %(share)s", amount=amount, share=share)
    return share if rule.percent else amount


def _overdue_amount_problem(rule):
    if rule.amount or rule.percent:
        return ""
    return rule.env._("A rule on the overdue amount needs an amount or a percentage.")


def _broken_promise_problem(rule):
    if rule.count >= 1 and rule.period_days >= 1:
        return ""
    return rule.env._("A rule on broken promises needs at least one promise and one day.")


def _order_amount_problem(rule):
    if not rule.currency_id.is_zero(rule.amount):
        return ""
    return rule.env._("A rule on large orders needs an amount.")


RULE_KINDS = {
    "limit": RuleKind(
        title=_lt("Exposure above the limit"),
        sentence=_lt("With this document they would owe %(measured)s; their limit is %(allowed)s."),
        plain=_lt("The credit limit is used up."),
        threshold=lambda rule: _share(rule, 100 + rule.tolerance_percent),
        replayable=True,
    ),
    "overdue_days": RuleKind(
        title=_lt("Overdue since too many days"),
        sentence=_lt("Oldest overdue item: %(measured)s days late (allowed: %(allowed)s)."),
        plain=_lt("Invoices are overdue for too long."),
        threshold=_overdue_days,
        replayable=True,
    ),
    "overdue_amount": RuleKind(
        title=_lt("Too much overdue"),
        sentence=_lt("Overdue: %(measured)s (allowed: %(allowed)s)."),
        plain=_lt("Too much is overdue."),
        threshold=_overdue_amount,
        problem=_overdue_amount_problem,
        replayable=True,
    ),
    "followup_level": RuleKind(
        title=_lt("Follow-up level stops the customer"),
        sentence=_lt(
            "The customer reached follow-up level “%(measured)s”, which stops new business."
        ),
        plain=_lt("The reminders have come too far."),
        hint=_lt("The follow-up levels say which of them stop sales and shipments."),
    ),
    "limit_expired": RuleKind(
        title=_lt("Limit expired"),
        sentence=_lt("The credit limit expired on %(measured)s."),
        plain=_lt("The credit limit has expired."),
        hint=_lt("Applies when an approved limit ended and none followed."),
    ),
    "broken_promise": RuleKind(
        title=_lt("Broken promises"),
        sentence=_lt("Promises broken lately: %(measured)s (allowed: %(allowed)s)."),
        plain=_lt("Promises to pay were broken."),
        threshold=lambda rule: rule.env._(
            "Fewer than %(count)s in %(days)s days", count=rule.count, days=rule.period_days
        ),
        problem=_broken_promise_problem,
    ),
    "terms": RuleKind(
        title=_lt("Payment term longer than the customer's"),
        sentence=_lt("Payment term: %(measured)s days (the customer's own: %(allowed)s)."),
        plain=_lt("The payment term is longer than agreed."),
        threshold=lambda rule: rule.env._(
            "The customer's own term; without one, immediate payment"
        ),
        hint=_lt(
            "The document's payment term is compared with the customer's own; without one, "
            "immediate payment is agreed."
        ),
        replayable=True,
    ),
    "order_amount": RuleKind(
        title=_lt("Large order"),
        sentence=_lt(
            "Amount of the document: %(measured)s; above %(allowed)s somebody has to look."
        ),
        plain=_lt("A large order: somebody has to look at it."),
        threshold=lambda rule: _money(rule, rule.amount),
        problem=_order_amount_problem,
        replayable=True,
    ),
    "uncovered": RuleKind(
        title=_lt("Too much without cover"),
        sentence=_lt(
            "With this document %(measured)s would be without cover (allowed: %(allowed)s)."
        ),
        plain=_lt("Too much would be without cover."),
        threshold=lambda rule: _money(rule, rule.amount),
        hint=_lt("Securities in force cover a part of what the customer owes; the rest counts."),
        reads="_rule_securities",
    ),
    "cover_lost": RuleKind(
        title=_lt("Insurance cover lost"),
        sentence=_lt("The insurer does not cover new deliveries since %(measured)s."),
        plain=_lt("The insurer covers no new deliveries."),
        hint=_lt(
            "Applies once an insured invoice is late beyond the longest extension, or a day of "
            "the insurer's calendar was missed."
        ),
        reads="_rule_cover_lost",
    ),
    "case_open": RuleKind(
        title=_lt("A case is open"),
        sentence=_lt("Case %(measured)s is open against the customer."),
        plain=_lt("A case about unpaid claims is open."),
        hint=_lt("Applies while a claim is with lawyers, an agency or in insolvency."),
        reads="_rule_case_open",
    ),
    "signals": RuleKind(
        title=_lt("Danger signals"),
        sentence=_lt("Danger signals are open: weight %(measured)s (allowed: %(allowed)s)."),
        plain=_lt("Danger signals are open: somebody has to look at the customer first."),
        threshold=lambda rule: rule.env._("Weight of open signals up to %s", rule.count),
        hint=_lt("Adds up the weights of the customer's danger signals that are not over."),
        reads="_rule_signals",
    ),
    "checklist": RuleKind(
        title=_lt("Checklist not complete"),
        sentence=_lt("The checks of this customer are not complete: %(measured)s."),
        plain=_lt("The checks of this customer are not complete."),
        hint=_lt("Applies until the checklist for new customers is complete, and when it expires."),
        reads="_rule_checklist",
    ),
    "prepayment_grade": RuleKind(
        title=_lt("Grade without credit"),
        sentence=_lt("Grade %(measured)s gets no credit: prepayment only."),
        plain=_lt("This customer pays in advance."),
        hint=_lt("Applies to customers whose grade is for prepayment only."),
        reads="_rule_grade",
    ),
    "group_limit": RuleKind(
        title=_lt("Exposure of the group above its limit"),
        sentence=_lt(
            "With this document the customer's group would owe %(measured)s; its shared limit is "
            "%(allowed)s."
        ),
        plain=_lt("The credit limit of the customer's group is used up."),
        threshold=lambda rule: rule.env._(
            "%s %% of the shared limit", f"{100 + rule.tolerance_percent:g}"
        ),
        hint=_lt("Applies to customers who share a limit with others; see Customer Groups."),
        reads="_rule_group",
    ),
    "invoiced_amount": RuleKind(
        title=_lt("Too much invoiced"),
        sentence=_lt("Invoiced and not paid: %(measured)s (allowed: %(allowed)s)."),
        plain=_lt("Too much is invoiced and not paid."),
        threshold=lambda rule: _money(rule, rule.amount),
        hint=_lt("A limit of its own for posted and draft invoices."),
        replayable=True,
    ),
    "ordered_amount": RuleKind(
        title=_lt("Too much ordered"),
        sentence=_lt(
            "With this document orders not invoiced yet come to %(measured)s (allowed: "
            "%(allowed)s)."
        ),
        plain=_lt("Too much is ordered and not invoiced."),
        threshold=lambda rule: _money(rule, rule.amount),
        hint=_lt("A limit of its own for confirmed orders that are not invoiced."),
        replayable=True,
    ),
    "returned_instrument": RuleKind(
        title=_lt("Returned cheques and notes"),
        sentence=_lt("Cheques and notes returned lately: %(measured)s (allowed: %(allowed)s)."),
        plain=_lt("Cheques or notes came back unpaid."),
        threshold=lambda rule: rule.env._(
            "Fewer than %(count)s in %(days)s days", count=rule.count, days=rule.period_days
        ),
        reads="_rule_returned_instruments",
    ),
}
