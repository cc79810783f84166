"""The step of one customer; the rules stand in ``dunning``."""

from datetime import timedelta
from math import fsum

from . import credits
from .values import (
    BELOW_MINIMUM,
    BROKEN_PROMISE,
    COVERED,
    DELAY_PASSED,
    IN_CASE,
    NOT_YET,
    NOTHING_OPEN,
    PAUSED,
    PENDING,
    QUIET,
    REPLY,
    Line,
    Step,
)


def decide(ladder, situation, today, ceiling=None):
    """Return ``(step, None, None)``, or ``(None, reason, first day it ends or None)``."""
    items = [item for item in situation.items if item.amount > 0]
    if not items:
        return None, NOTHING_OPEN, None
    silent = _silence(situation, items, today)
    if silent:
        return None, *silent
    chased, positions = _chased(ladder, items, today)
    if ceiling is not None:
        positions = {position for position in positions if position < ladder.above((ceiling,))}
    if not positions:
        return None, NOT_YET, None
    left = credits.left(ladder, situation, today)
    unapplied = 0 if situation.credits else situation.unapplied
    position, outcome = _highest(ladder, chased, positions, unapplied, left)
    if position is None:
        return None, outcome, None
    quiet_until = _quiet_until(ladder.levels[position].quiet_days, situation)
    if quiet_until is not None and today < quiet_until:
        return None, QUIET, quiet_until
    step = _step(ladder, situation.account_id, chased, position, outcome, today)
    return step._replace(credits=left) if left else step, None, None


def _silence(situation, items, today):
    """Return ``(reason, first day it ends or None)`` when nothing at all goes out, else None."""
    if situation.in_case:
        return IN_CASE, None
    if situation.paused_until is not None and today <= situation.paused_until:
        return PAUSED, situation.paused_until + timedelta(1)
    if situation.reply_waiting:
        return REPLY, None
    if any(item.pending for item in items):
        return PENDING, None
    return None


def _chased(ladder, items, today):
    """Return ``(item, amount, age, position come to or None)`` of those not left alone.

    Beside them stands the set of the positions that any has come to.
    """
    chased = []
    positions = set()
    for item in items:
        if ladder.left_alone(item, today) is None:
            age = (today - item.date_due).days
            position = ladder.ready(item, age)
            chased.append((item, ladder.chased(item, today), age, position))
            if position is not None:
                positions.add(position)
    return chased, positions


def _highest(ladder, chased, positions, unapplied, left):
    """Return ``(position, amount)`` of the highest that may go, or ``(None, reason)``."""
    reason = None
    for position in sorted(positions, reverse=True):
        level = ladder.levels[position]
        delay = level.delay
        come = [
            (item.currency, amount)
            for item, amount, age, ready in chased
            if age >= delay or (ready is not None and ready >= position)
        ]
        due = round(fsum(amount for _, amount in come) - float(unapplied), ladder.settings.digits)
        if left:
            due = credits.due(come, left, ladder.settings.digits)
        if due <= 0:
            reason = COVERED
        elif due < level.minimum_amount or due < ladder.settings.minimum:
            reason = BELOW_MINIMUM
        else:
            return position, due
    return None, reason


def _quiet_until(quiet_days, situation):
    """Return the first day on which a level with these quiet days may go, or ``None``."""
    until = None
    if situation.last_contact is not None:
        until = situation.last_contact + timedelta(quiet_days)
    if situation.last_message is not None:
        after_message = situation.last_message + timedelta(max(quiet_days, 1))
        until = after_message if until is None else max(until, after_message)
    return until


def _step(ladder, account_id, chased, position, due, today):
    """Return the ``Step`` at ``position``, its lines oldest first."""
    levels = ladder.levels
    chased.sort(key=_oldest_first)
    lines = [
        Line(
            item.id,
            levels[ready].id if ready is not None and ready <= position else None,
            amount,
            age,
        )
        for item, amount, age, ready in chased
    ]
    delay = levels[position].delay
    passed = any(ready == position and age >= delay for _, _, age, ready in chased)
    reason = DELAY_PASSED if passed else BROKEN_PROMISE
    own = tuple(ladder.chased_currency(item, today) for item, *_ in chased)
    return Step(account_id, levels[position].id, tuple(lines), due, reason, (), own)


def _oldest_first(entry):
    return entry[0].date_due, entry[0].id
