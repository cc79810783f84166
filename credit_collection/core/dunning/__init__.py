"""Follow-up planning: per customer one message or none.

An item's own next level is found in ``ladder``. For the customer:

* Nothing while the file is paused (its last day included), a reply of the customer is unread or a
  message is waiting to be sent.
* Items that are muted, blocked, wholly disputed, in payment or promised (until the promised date
  plus tolerance, included) are neither counted nor listed; of those in part the rest is.
* Unapplied credits settle first what is left alone: see ``credits``.
* Against each level stands what has come to it: items past its delay or brought forward to it,
  less unapplied credits. Nothing left: the level is covered. Less than the level's or the
  policy's minimum: it waits. The highest level that passes decides tone and channel.
* That level's quiet days count from the last contact: it goes when ``today - last >= quiet_days``,
  and never on the day of another message. While it waits no lower level goes either: each would
  start the quiet days anew and put the serious step off for ever.
* All items that are not left alone are listed. Those that have come to their next level, up to the
  message's, reach it by this message; the others carry none.
"""

from typing import NamedTuple

from .step import decide
from .values import (
    BELOW_MINIMUM,
    BLOCKED,
    BROKEN_PROMISE,
    COVERED,
    CUSTOMER_REASONS,
    DELAY_PASSED,
    DISPUTED,
    IN_CASE,
    IN_PAYMENT,
    ITEM_REASONS,
    LAST_LEVEL,
    MUTED,
    NOT_YET,
    NOTHING_OPEN,
    PAUSED,
    PENDING,
    PROMISED,
    QUIET,
    REPLY,
    Credit,
    Explanation,
    Item,
    Level,
    Line,
    Note,
    PolicySettings,
    Situation,
    Step,
)
from . import credits
from .ladder import Ladder
from .letters import by_address, share

__all__ = [
    "BELOW_MINIMUM",
    "BLOCKED",
    "BROKEN_PROMISE",
    "COVERED",
    "CUSTOMER_REASONS",
    "DELAY_PASSED",
    "DISPUTED",
    "IN_CASE",
    "IN_PAYMENT",
    "ITEM_REASONS",
    "LAST_LEVEL",
    "MUTED",
    "NOTHING_OPEN",
    "NOT_YET",
    "PAUSED",
    "PENDING",
    "PROMISED",
    "QUIET",
    "REPLY",
    "Credit",
    "DueNow",
    "Explanation",
    "Item",
    "Level",
    "Line",
    "Note",
    "PolicySettings",
    "Situation",
    "Step",
    "by_address",
    "due_now",
    "explain",
    "plan",
    "share",
    "upcoming",
]


def plan(settings, situations, today):
    """Return the steps to take today, in the order of the situations; at most one for each.

    :param PolicySettings settings: the policy that all these customers share
    :param situations: iterable of ``Situation``
    :rtype: list[Step]
    :raises ValueError: two levels share an id
    """
    ladder = Ladder(settings)
    decided = (decide(ladder, situation, today)[0] for situation in situations)
    return [step for step in decided if step is not None]


def explain(settings, situation, today, ceiling=None):
    """Return the ``Explanation``: the step that ``plan`` takes, or why none and until when.

    ``ceiling`` is a level id: no step above it is taken. With the level of a message about to be
    sent, and its own items not ``pending``, this is the check before sending: the answer's step
    replaces the message, its lack cancels it. A ceiling unknown to the settings lets none pass.

    :rtype: Explanation
    :raises ValueError: two levels share an id
    """
    ladder = Ladder(settings)
    step, reason, on = decide(ladder, situation, today, ceiling)
    notes = tuple(ladder.note(item, today) for item in situation.items)
    if reason == NOT_YET:
        reason, on = _idle(ladder, situation, notes, today)
    return Explanation(situation.account_id, step, reason, on, notes)


class DueNow(NamedTuple):
    """What of a customer's items is asked for, whatever level they have come to.

    ``items``: ``{item id: (reason it is left alone or None, asked, asked in its own currency)}``;
    ``credits``: what of the unapplied credits is left for them.
    """

    items: dict
    credits: tuple


def due_now(settings, situation, today):
    """Return the ``DueNow`` of one customer: the one answer for letter, statement and portal."""
    ladder = Ladder(settings)
    items = {}
    for item in situation.items:
        reason = ladder.left_alone(item, today)
        asked = 0 if reason else ladder.chased(item, today)
        own = 0 if reason else ladder.chased_currency(item, today)
        items[item.id] = reason, asked, own
    return DueNow(items, credits.left(ladder, situation, today))


def upcoming(settings, item, today):
    """Return the ``Note`` on one item: next level and the first day it can come."""
    return Ladder(settings).note(item, today)


def _idle(ladder, situation, notes, today):
    """Return why no item is at a level, and the first day this ends: ``(reason, date or None)``.

    What keeps an item from a level that it has come to is told before what has not come yet.
    """
    kept = {
        note.reason
        for item, note in zip(situation.items, notes, strict=True)
        if ladder.ready(item, (today - item.date_due).days) is not None
    }
    reasons = [note.reason for note in notes]
    told = [reason for reason in ITEM_REASONS if reason in kept]
    told += [reason for reason in (NOT_YET, *ITEM_REASONS, LAST_LEVEL) if reason in reasons]
    reason = told[0] if told else NOT_YET
    days = [note.on for note in notes if note.reason == reason and note.on is not None]
    return reason, min(days, default=None)
