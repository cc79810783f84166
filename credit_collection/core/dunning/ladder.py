"""Which level is next for one open item.

* The next level is the lowest one above everything the item has had: nothing is sent twice,
  nothing is skipped, and a level added below what the item already had is not made up for.
* A level comes when its delay has passed: ``today - date_due >= delay``.
* A level before the due date (delay < 0) lapses on the due date.
* With ``start_at_age`` an item without any level starts at the highest one that has come.
* A broken promise brings the next level of an overdue item forward, once, whatever its delay.
* A moved due date moves the levels still to come; those delivered stay delivered.
* An archived level counts with its delay: a new level of the same delay is held to be had.
"""

from bisect import bisect_left, bisect_right
from datetime import timedelta
from operator import attrgetter

from .values import (
    BLOCKED,
    DISPUTED,
    IN_PAYMENT,
    LAST_LEVEL,
    MUTED,
    NOT_YET,
    PROMISED,
    Note,
)


class Ladder:
    """The active levels by rising delay (then sequence); a *position* is an index into them."""

    __slots__ = ("levels", "delays", "settings", "_first_due", "_heights", "_known")

    def __init__(self, settings):
        """Raise ``ValueError`` when two levels share an id."""
        active = (level for level in settings.levels if level.active)
        self.settings = settings
        self.levels = sorted(active, key=attrgetter("delay", "sequence", "id"))
        self.delays = [level.delay for level in self.levels]
        self._first_due = bisect_left(self.delays, 0)
        self._heights = {
            level.id: bisect_right(self.delays, level.delay) for level in settings.levels
        }
        if len(self._heights) < len(settings.levels):
            raise ValueError("Two levels have the same id.")
        self._heights.update((level.id, at + 1) for at, level in enumerate(self.levels))
        self._known = {}

    def above(self, level_ids):
        """Return the lowest position above all these levels; unknown ids count for nothing."""
        return max([self._heights.get(level_id, 0) for level_id in level_ids], default=0)

    def next(self, item, age):
        """Return the position of the next level at ``age`` days from the due date, or ``None``."""
        position = self.above(item.delivered)
        if age >= 0 and position < self._first_due:
            position = self._first_due
        if self.settings.start_at_age and not item.delivered:
            position = max(position, bisect_right(self.delays, age) - 1)
        return position if position < len(self.levels) else None

    def ready(self, item, age):
        """Return the position of the level that the item has come to, or ``None``."""
        key = item.delivered, age
        if key in self._known and item.promise_broken_on is None:
            return self._known[key]
        position = self.next(item, age)
        come = position
        if position is not None and age < self.delays[position]:
            come = None
        self._known[key] = come  # thousands of items share few histories and ages
        return position if age > 0 and item.brought_forward else come

    def protects(self, item, today):
        """Whether a promise protects the item, or the promised part of it, today."""
        return item.promised_until is not None and today < self.promise_over(item)

    def chased(self, item, today):
        """Return the amount to ask for: the residual without what is left alone of it."""
        spared = self._spared(item, today, item.amount, item.disputed_amount)
        return max(round(item.amount - spared, self.settings.digits), 0) if spared else item.amount

    def chased_currency(self, item, today):
        """The same in the item's own currency, not rounded; ``None`` when that is not known."""
        amount = item.amount_currency
        if amount is None:
            return None
        return max(amount - self._spared(item, today, amount, item.disputed_currency), 0)

    def _spared(self, item, today, amount, disputed):
        """What of ``amount`` is disputed, promised or in payment."""
        spared = min(disputed, amount) if disputed > 0 else 0
        if self.protects(item, today):
            spared += _part(amount, item.promised_part)
        if item.in_payment:
            spared += _part(amount, item.paying_part)
        return spared

    def left_alone(self, item, today):
        """Return why the item is not chased today, or ``None``."""
        if item.muted:
            return MUTED
        if item.blocked:
            return BLOCKED
        promised = self.protects(item, today)
        if not (promised or item.in_payment or item.disputed_amount > 0):
            return None
        if self.chased(item, today) > 0:
            return None
        if item.in_payment and (item.paying_part >= 1 or not (promised or item.disputed_amount)):
            return IN_PAYMENT
        return PROMISED if promised else DISPUTED

    def promise_over(self, item):
        """Return the first day on which the item's promise protects it no longer."""
        return item.promised_until + timedelta(self.settings.promise_tolerance_days + 1)

    def note(self, item, today):
        """Return the ``Note`` on an item: its next level, when, and what keeps it from it."""
        reason = self.left_alone(item, today)
        start = self.promise_over(item) if reason == PROMISED else today
        age = (start - item.date_due).days
        position = self.next(item, age)
        if position is None:
            return Note(item.id, reason or LAST_LEVEL, None, None)
        ready = self.ready(item, age) is not None
        on = start if ready else item.date_due + timedelta(self.delays[position])
        if reason is None and not ready:
            reason = NOT_YET
        dated = reason in (None, NOT_YET, PROMISED)
        return Note(item.id, reason, self.levels[position].id, on if dated else None)


def _part(amount, part):
    return amount if part >= 1 else amount * part
