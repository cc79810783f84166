"""Which situation of the playbook a customer is in, told by plain facts."""

from typing import NamedTuple

BEFORE_DUE = "before_due"
FIRST_DAY = "first_day"
BROKEN_PROMISE = "broken_promise"
LONG_DELAY = "long_delay"
EXCUSE = "excuse"
REFUSAL = "refusal"
HAND_OVER = "hand_over"

LONG_DAYS = 30


class Facts(NamedTuple):
    """What is known of a customer today.

    :param days_late: of the oldest overdue item, 0 when nothing is overdue
    :param ladder_ended: every overdue item has had the last level, or the level reached is legal
    :param broken: a promise was broken and is not paid yet
    :param last_outcome: of the last contact that reached somebody, ``None`` without
    :param excused: an excuse was noted in that contact
    """

    days_late: int = 0
    ladder_ended: bool = False
    broken: bool = False
    last_outcome: str | None = None
    excused: bool = False


def situation(facts):
    """The situation to prepare for: what is most advanced decides."""
    if facts.days_late <= 0:
        return BEFORE_DUE
    if facts.ladder_ended:
        return HAND_OVER
    if facts.last_outcome in ("refuses", "disputed"):
        return REFUSAL
    if facts.broken:
        return BROKEN_PROMISE
    if facts.days_late > LONG_DAYS:
        return LONG_DELAY
    return EXCUSE if facts.excused else FIRST_DAY
