"""What follow-up planning is given and what it answers: plain values, built from query rows.

Amounts are in company currency, days are whole calendar days, dates are ``datetime.date``.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

# Why an item is left alone, in the order in which the reasons are told.
PROMISED = "promised"
DISPUTED = "disputed"
IN_PAYMENT = "in_payment"
BLOCKED = "blocked"
MUTED = "muted"
ITEM_REASONS = (PROMISED, DISPUTED, IN_PAYMENT, BLOCKED, MUTED)

# Why a customer gets no message today (an item's reason is also possible).
NOTHING_OPEN = "nothing_open"  # no open item at all
IN_CASE = "in_case"  # a case is open: lawyers, agency or court write now
PAUSED = "paused"  # the file is paused
REPLY = "reply"  # the customer replied and nobody has read it yet
PENDING = "pending"  # a message is planned and not sent yet
NOT_YET = "not_yet"  # no item has come to its next level
LAST_LEVEL = "last_level"  # every item has had the last level
COVERED = "covered"  # unapplied credits cover what has come to the level
BELOW_MINIMUM = "below_minimum"  # too little has come to the level
QUIET = "quiet"  # quiet days of the level are running
CUSTOMER_REASONS = (
    NOTHING_OPEN,
    IN_CASE,
    PAUSED,
    REPLY,
    PENDING,
    NOT_YET,
    LAST_LEVEL,
    COVERED,
    BELOW_MINIMUM,
    QUIET,
)

# Why a step is taken.
DELAY_PASSED = "delay_passed"
BROKEN_PROMISE = "broken_promise"


@dataclass(frozen=True, slots=True)
class Level:
    """One rung: ``delay`` in days from the due date, negative = before it.

    ``quiet_days`` must have passed since the last contact; ``minimum_amount`` must have come to
    the level. ``active=False`` marks an archived level, or one of another policy, that is never
    sent but says how high the items that had it already are.
    """

    id: int
    delay: int
    sequence: int = 0
    minimum_amount: float = 0.0
    quiet_days: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True)
class PolicySettings:
    """The policy's part: ``minimum`` holds for every level, ``digits`` rounds amounts.

    ``start_at_age``: an item that never had a level starts at the highest one whose delay has
    passed, instead of the lowest. ``promise_tolerance_days`` are added to each promised date.
    """

    levels: tuple[Level, ...]
    start_at_age: bool = False
    minimum: float = 0.0
    promise_tolerance_days: int = 0
    digits: int = 2


class Item(NamedTuple):
    """An open item with a positive residual ``amount``; credits go to ``Situation.unapplied``.

    ``delivered``: ids (a tuple) of the levels that reached the customer for this item, the latest
    of them on ``reached_on``. ``pending``: it stands in a message that is not sent yet.
    ``promised_until``: date of the open promise. ``promise_broken_on``: day its last promise broke.
    ``promised_part`` and ``paying_part``: the share of the item that the promise or the payment on
    its way covers. ``currency``, ``amount_currency``, ``disputed_currency``: the same in the
    item's own currency; without them it is the company's.
    """

    id: int
    amount: float
    date_due: date
    delivered: tuple[int, ...] = ()
    reached_on: date | None = None
    pending: bool = False
    muted: bool = False
    in_payment: bool = False
    blocked: bool = False
    disputed_amount: float = 0.0
    promised_until: date | None = None
    promise_broken_on: date | None = None
    currency: object = None
    amount_currency: float | None = None
    disputed_currency: float = 0.0
    promised_part: float = 1.0
    paying_part: float = 1.0

    @property
    def brought_forward(self):
        """Whether a promise broke and no level was delivered since: used up by one message."""
        broken = self.promise_broken_on
        return broken is not None and (self.reached_on is None or self.reached_on < broken)


class Credit(NamedTuple):
    """Money or a credit note that is not matched with items yet: positive amounts."""

    id: int
    currency: object
    amount: float
    amount_currency: float
    is_credit_note: bool = False


class Situation(NamedTuple):
    """One customer: ``unapplied`` is the positive sum of credits not matched with items yet.

    ``credits`` are the same one by one; then they settle first what is left alone (see
    ``credits.left``) and each currency by itself, and ``unapplied`` is not looked at.

    ``paused_until`` is the last day of the pause. ``last_message`` is the day of the last message
    sent, ``last_contact`` that of the last contact of any kind (call, visit, message).
    ``in_case``: a case is open, others write now.
    ``reply_waiting``: the customer replied to a message, and nobody has read it.
    """

    account_id: int
    items: tuple[Item, ...]
    unapplied: float = 0.0
    paused_until: date | None = None
    last_message: date | None = None
    last_contact: date | None = None
    in_case: bool = False
    credits: tuple[Credit, ...] = ()
    reply_waiting: bool = False


class Line(NamedTuple):
    """An item in a message: the level it reaches by it, or ``None`` when listed only.

    ``amount`` is without what is left alone of it; ``days_overdue`` is negative before the due
    date.
    """

    item_id: int
    level_id: int | None
    amount: float
    days_overdue: int


class Step(NamedTuple):
    """One message: ``level_id`` decides tone and channel, ``lines`` are oldest first.

    ``amount`` is what has come to that level, less unapplied credits. ``reason`` is
    ``DELAY_PASSED`` or ``BROKEN_PROMISE``. ``credits`` is what of the customer's credits is left
    for the lines, after what is left alone. ``own_amounts`` are the lines' amounts in their items'
    own currencies, not rounded.
    """

    account_id: int
    level_id: int
    lines: tuple[Line, ...]
    amount: float
    reason: str
    credits: tuple[Credit, ...] = ()
    own_amounts: tuple = ()


class Note(NamedTuple):
    """What awaits one item: its next level and the first day for it, the customer aside.

    ``reason``: ``None`` when it is ready today, else an item reason, ``NOT_YET`` or ``LAST_LEVEL``.
    ``level_id`` and ``on`` are ``None`` after the last level; ``on`` also for what no date ends.
    """

    item_id: int
    reason: str | None
    level_id: int | None
    on: date | None


class Explanation(NamedTuple):
    """The step, or the ``reason`` for none and the first day ``on`` which it ends, when known."""

    account_id: int
    step: Step | None
    reason: str | None
    on: date | None
    notes: tuple[Note, ...]
