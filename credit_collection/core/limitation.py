"""Until when a debt can be sued for: the clock of limitation.

A law is data: how many years, where they end, and what restarts or pauses the clock.  Events are
what was recorded.  An event that the law does not name changes nothing.

* The day of default is not counted: three years from 31 January 2020 end on 31 January 2023.
* What restarts the clock does so only while it runs (unless the law revives a claim), never
  shortens it, and never carries it beyond the law's longest period.
* A pause lengthens the period by its days; while it lasts there is no last day.

What is shipped comes from secondary sources: check it before use.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from .exact import a_day
from .numbers import listed

DUE = "due"
LETTER = "letter"
PART_PAYMENT = "part_payment"
ACKNOWLEDGEMENT = "acknowledgement"
CONFIRMATION = "confirmation"
SUIT = "suit"
ENFORCEMENT = "enforcement"
MEDIATION_START, MEDIATION_END = "mediation_start", "mediation_end"
OBSTACLE_START, OBSTACLE_END = "obstacle_start", "obstacle_end"
KINDS = (
    DUE,
    LETTER,
    PART_PAYMENT,
    ACKNOWLEDGEMENT,
    CONFIRMATION,
    SUIT,
    ENFORCEMENT,
    MEDIATION_START,
    MEDIATION_END,
    OBSTACLE_START,
    OBSTACLE_END,
)
# What begins a pause, and what ends it: a suit lasts until the court has decided.
ENDS = {MEDIATION_START: MEDIATION_END, OBSTACLE_START: OBSTACLE_END, SUIT: None}
RESTART, PAUSE = "restart", "pause"
BY_DAY, YEAR_END, FROM_YEAR_END = COUNTING = ("day", "year_end", "from_year_end")


class Effect(NamedTuple):
    """What an event of a kind does to the clock; ``since`` and ``until`` bound its own day."""

    kind: str
    effect: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Law:
    """How claims of one kind lapse.

    :param years: length of the period
    :param counting: ``day``: ends on the day of the same name; ``year_end``: runs on to 31
        December of the year in which it would end; ``from_year_end``: starts at the end of the
        year in which the claim arose (once restarted it is counted from the day)
    :param longest_years: from the due date, whatever restarts it; 0 for none
    :param effects: what restarts and what pauses
    :param revives: kinds that restart it even after its end
    :param from_last: of several due dates the last one counts, else the first
    :param obstacle_months: an obstacle in so many last months puts the end off until that many
        months after it has gone
    """

    code: str
    years: int
    counting: str = BY_DAY
    longest_years: int = 0
    effects: tuple[Effect, ...] = ()
    revives: frozenset = field(default_factory=frozenset)
    from_last: bool = False
    obstacle_months: int = 0

    def __post_init__(self):
        if not 0 < self.years <= 100 or not 0 <= self.longest_years <= 100:
            raise ValueError("A period of limitation lasts from 1 to 100 years.")
        if self.counting not in COUNTING:
            raise ValueError(f"Unknown way to count: {self.counting!r}.")
        if not 0 <= self.obstacle_months <= 120:
            raise ValueError("The months of an obstacle lie between 0 and 120.")

    def effect_of(self, day, kind):
        """What the law makes of an event, ``None`` when it does not name it."""
        for effect in self.effects:
            since, until = effect.since or date.min, effect.until or date.max
            if effect.kind == kind and since <= day <= until:
                return effect.effect
        return None


class Step(NamedTuple):
    """One reason for the last day: the event, what it did, and the last day from then on."""

    day: date
    kind: str
    effect: str  # start, restart, pause, longest
    last_day: date | None


def limitation(events, law):
    """Return ``(last day, because)``: the last day to sue, and a sentence saying why.

    The last day is ``None`` when nothing is due, or while the clock stands still.

    :param events: ``(date, kind)`` pairs in any order
    :param law: a :class:`Law`
    :raise ValueError: an event without a day
    """
    if not isinstance(law, Law):
        raise ValueError(f"A law is needed, one of SHIPPED or another, not {law!r}.")
    last_day, steps = reasons(events, law)
    return last_day, _sentence(last_day, steps)


def reasons(events, law):
    """Return ``(last day, steps)``, the steps as data to put into words."""
    events = sorted(_checked(events))
    due = [day for day, kind in events if kind == DUE]
    if not due:
        return None, []
    start = due[-1] if law.from_last else due[0]
    # The period ends on ``end``; the last day may be the end of that year.
    begins, end = _first(start, law)
    steps = [Step(start, DUE, "start", _last_day(end, law))]
    pauses = _pauses(events, law, start)
    for day, kind, effect, until in _acts(events, law, start, pauses):
        if day > _last_day(end, law) and kind not in law.revives:
            continue
        if effect == PAUSE and until is None:
            return None, [*steps, Step(day, kind, PAUSE, None)]
        if effect == PAUSE:
            end = _paused(end, max(day, begins), until, law, kind)
        else:
            begins = _running(day, pauses)
            end = max(end, _add_months(begins, 12 * law.years))
        if _last_day(end, law) > steps[-1].last_day:
            steps.append(Step(day, kind, effect, _last_day(end, law)))
    return _capped(_last_day(end, law), start, law, steps)


def _checked(events):
    for day, kind in listed(events, "the events", 2):
        if not isinstance(kind, str):
            raise ValueError(f"The kind of an event is a word, not {kind!r}.")
        yield a_day(day, "day of an event"), kind


def _acts(events, law, start, pauses):
    """The events that do something to the clock, in order of time."""
    acts = [
        (day, kind, RESTART, None)
        for day, kind in events
        if day >= start and kind != DUE and law.effect_of(day, kind) == RESTART
    ]
    return sorted(acts + pauses, key=lambda act: (act[0], act[1]))


def _pauses(events, law, start):
    """The pauses as ``(first day, kind, "pause", day it runs again or None)``; none overlap."""
    found = []
    for day, kind in events:
        if kind not in ENDS or law.effect_of(day, kind) != PAUSE:
            continue
        ending = [end for end, ended in events if ended == ENDS[kind] and end >= day]
        until = ending[0] if ending else None
        if until is not None and until <= start:
            continue
        begin = max(day, start)
        if found and (found[-1][3] is None or begin < found[-1][3]):
            begin_before, kind_before, _, until_before = found[-1]
            open_ended = until is None or until_before is None
            until = None if open_ended else max(until, until_before)
            found[-1] = (begin_before, kind_before, PAUSE, until)
        else:
            found.append((begin, kind, PAUSE, until))
    return found


def _running(day, pauses):
    """The day from which the clock runs that is restarted on ``day``: not during a pause."""
    for since, _, _, until in pauses:
        if until is not None and since <= day < until:
            return until
    return day


def _paused(end, since, until, law, kind):
    """The end after a pause; an obstacle counts only in the last months."""
    if kind == OBSTACLE_START:
        if until < _add_months(end, -law.obstacle_months):
            return end
        return max(end, _add_months(until, law.obstacle_months))
    return end + timedelta(max((until - since).days, 0))


def _first(start, law):
    """The day from which the period runs, and its end."""
    begins = _year_end(start) if law.counting == FROM_YEAR_END else start
    return begins, _add_months(begins, 12 * law.years)


def _last_day(end, law):
    return _year_end(end) if law.counting == YEAR_END else end


def _capped(last_day, start, law, steps):
    if law.longest_years:
        longest = _add_months(start, 12 * law.longest_years)
        if last_day > longest:
            steps.append(Step(start, DUE, "longest", longest))
            return longest, steps
    return last_day, steps


def _year_end(day):
    return date(day.year, 12, 31)


def _add_months(day, months):
    """The day of the same name; the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError("The period ends beyond the calendar.")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


WORDS = {
    LETTER: "the letter",
    PART_PAYMENT: "the part payment",
    ACKNOWLEDGEMENT: "the acknowledgement",
    CONFIRMATION: "the signed confirmation",
    SUIT: "the suit",
    ENFORCEMENT: "the enforcement",
    MEDIATION_START: "the mediation",
    OBSTACLE_START: "the obstacle",
}


def _sentence(last_day, steps):
    if not steps:
        return "Nothing is due yet."
    parts = [_words(step) for step in steps]
    if last_day is None:
        return f"{'; '.join(parts)}."
    return f"{'; '.join(parts)}: last day {last_day.isoformat()}."


def _words(step):
    day = step.day.isoformat()
    if step.effect == "start":
        return f"due {day}"
    if step.effect == "longest":
        return "limited by the longest period from the due date"
    name = WORDS.get(step.kind, step.kind)
    if step.effect == RESTART:
        return f"restarted by {name} of {day}"
    if step.last_day is None:
        return f"stands still since {name} of {day}"
    return f"paused by {name} of {day}"


def _restart(*kinds):
    return tuple(Effect(kind, RESTART) for kind in kinds)


def _pause(*kinds):
    return tuple(Effect(kind, PAUSE) for kind in kinds)


_PL = (
    *_restart(ACKNOWLEDGEMENT, SUIT),
    Effect(MEDIATION_START, RESTART, until=date(2022, 6, 29)),
    Effect(MEDIATION_START, PAUSE, since=date(2022, 6, 30)),
)
_UK = _restart(ACKNOWLEDGEMENT, PART_PAYMENT)

# By secondary sources of different years: check before use.
SHIPPED = {
    law.code: law
    for law in (
        Law(
            "RU",
            3,
            longest_years=10,
            effects=_restart(ACKNOWLEDGEMENT, CONFIRMATION) + _pause(SUIT),
        ),
        Law("PL", 3, counting=YEAR_END, effects=_PL),
        Law("PL-sale", 2, counting=YEAR_END, effects=_PL),
        Law(
            "DE",
            3,
            counting=FROM_YEAR_END,
            effects=_restart(ACKNOWLEDGEMENT, PART_PAYMENT, ENFORCEMENT)
            + _pause(MEDIATION_START, SUIT),
        ),
        Law("UK", 6, effects=_UK),
        Law("UK-deed", 12, effects=_UK),
        Law(
            "FR",
            5,
            effects=_restart(ACKNOWLEDGEMENT, PART_PAYMENT, SUIT, ENFORCEMENT)
            + _pause(MEDIATION_START),
        ),
        Law(
            "CN",
            3,
            longest_years=20,
            from_last=True,
            obstacle_months=6,
            effects=_restart(LETTER, ACKNOWLEDGEMENT, SUIT) + _pause(OBSTACLE_START),
        ),
        Law("other", 3),
    )
}
