"""What must never happen in follow-up, counted from the ledger and from what went out.

Nothing of the product is used: who had paid is read in the data set, what was said in the mails
that arrived.  Only the level that each item reached is the product's own record.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

SLACK = 7  # days that approval, other messages and calls may delay a first letter


class Rung(NamedTuple):
    """A level as written down; ``words`` is the end of its mails' subject."""

    name: str
    delay: int
    quiet: int
    words: str


class Letter(NamedTuple):
    """A mail that arrived: its level, and ``{invoice number: amount asked for}``."""

    day: date
    customer: str
    level: str
    items: dict


class Reached(NamedTuple):
    """An item's level that counts as delivered."""

    number: str
    level: str
    day: date


class Promise(NamedTuple):
    """To pay these invoices by ``until``; ``last`` is the last day that is still in time."""

    made: date
    until: date
    last: date
    numbers: tuple


@dataclass
class History:
    """All that happened, to be counted.

    ``invoices`` by number, ``ladders`` {customer: [Rung]}, ``recorded`` (day, customer, level) of
    the messages that the product holds to be sent, ``contacts`` (day, customer), ``disputes``
    {number: (first day, last day)}, ``end`` the last day replayed.
    """

    invoices: dict
    ladders: dict
    letters: list
    reached: list
    recorded: list
    end: date
    contacts: list = field(default_factory=list)
    promises: list = field(default_factory=list)
    disputes: dict = field(default_factory=dict)

    def rung(self, customer, level):
        """The place of a level in the customer's ladder, and the level."""
        ladder = self.ladders[customer]
        place = next(place for place, rung in enumerate(ladder) if rung.name == level)
        return place, ladder[place]

    def steps(self):
        """``{number: its levels delivered, by day}``; of one day, by height."""
        steps = defaultdict(list)
        for step in self.reached:
            place, rung = self.rung(self.invoices[step.number].customer, step.level)
            steps[step.number].append((step.day, place, rung))
        return {number: sorted(taken, key=lambda s: s[:2]) for number, taken in steps.items()}

    def broken(self, number):
        """The days on which a promise on an invoice broke."""
        settled = self.invoices[number].settled
        for promise in self.promises:
            if number in promise.numbers and settled > promise.last:
                yield promise.last + timedelta(days=1)


def paid(history):
    """Letters that ask for an invoice paid on that day or before, or for another amount."""
    return [
        letter
        for letter in history.letters
        if any(
            history.invoices[number].settled <= letter.day
            or float(history.invoices[number].amount) != amount
            for number, amount in letter.items.items()
        )
    ]


def skipped(history):
    """Deliveries of a level while a lower one was left out; before the due date levels lapse."""
    wrong = []
    for number, taken in history.steps().items():
        invoice = history.invoices[number]
        ladder = history.ladders[invoice.customer]
        first_due = sum(rung.delay < 0 for rung in ladder)
        height = 0
        for day, place, _rung in taken:
            lowest = max(height, first_due if day >= invoice.due else 0)
            if place > lowest:
                wrong.append((number, day))
            height = max(height, place + 1)
    return wrong


def duplicates(history):
    """Levels delivered twice for one item, and second letters to a customer on one day."""
    levels = Counter((step.number, step.level) for step in history.reached)
    days = Counter((letter.customer, letter.day) for letter in history.letters)
    return [key for counter in (levels, days) for key, times in counter.items() if times > 1]


def quiet(history):
    """Letters sooner after the last letter or conversation than their level allows."""
    said = defaultdict(list)
    for day, customer in history.contacts:
        said[customer].append(day)
    wrong, written = [], {}
    for letter in sorted(history.letters, key=lambda letter: letter.day):
        _place, rung = history.rung(letter.customer, letter.level)
        spoken = max((day for day in said[letter.customer] if day <= letter.day), default=None)
        before = written.get(letter.customer)
        if (before and (letter.day - before).days < rung.quiet) or (
            spoken and (letter.day - spoken).days < rung.quiet
        ):
            wrong.append(letter)
        written[letter.customer] = letter.day
    return wrong


def early(history):
    """Levels delivered before their day, without a broken promise that brings them forward."""
    wrong = []
    for number, taken in history.steps().items():
        broken = list(history.broken(number))
        before = date.min
        for day, _place, rung in taken:
            come = history.invoices[number].due + timedelta(days=rung.delay)
            if day < come and not any(before < on <= day for on in broken):
                wrong.append((number, day))
            before = day
    return wrong


def protected(history):
    """Letters that ask for an invoice disputed or promised on that day."""
    kept = defaultdict(list)
    for number, (first, last) in history.disputes.items():
        kept[number].append((first, last))
    for promise in history.promises:
        for number in promise.numbers:
            kept[number].append((promise.made, promise.last))
    return [
        letter
        for letter in history.letters
        if any(
            first <= letter.day <= last
            for number in letter.items
            for first, last in kept.get(number, ())
        )
    ]


def forgotten(history):
    """Late invoices, neither disputed nor promised, that nobody ever demanded."""
    demanded = {
        number
        for number, taken in history.steps().items()
        if any(rung.delay >= 0 for _day, _place, rung in taken)
    }
    excused = {number for promise in history.promises for number in promise.numbers}
    excused.update(history.disputes)
    wrong = []
    for number, invoice in history.invoices.items():
        ladder = history.ladders[invoice.customer]
        days = min(rung.delay for rung in ladder if rung.delay >= 0) + SLACK
        days += max(rung.quiet for rung in ladder)
        last = min(invoice.settled, history.end)
        if last > invoice.due + timedelta(days=days) and number not in demanded | excused:
            wrong.append(number)
    return wrong


def unmatched(history):
    """Messages recorded as sent that did not arrive, and letters that no message stands for."""
    arrived = Counter(letter[:3] for letter in history.letters)
    recorded = Counter(map(tuple, history.recorded))
    return [*(arrived - recorded).elements(), *(recorded - arrived).elements()]


CHECKS = (
    ("letters for paid items, or with another amount than is owed", paid),
    ("levels skipped", skipped),
    ("duplicates: a level twice for an item, or two letters a day", duplicates),
    ("quiet-day violations", quiet),
    ("levels before their day without a broken promise", early),
    ("letters for items disputed or promised", protected),
    ("late items that were never asked for", forgotten),
    ("messages sent and letters arrived that differ", unmatched),
)


def count(history):
    """``{what: list of the cases}``; every list should be empty."""
    return {title: check(history) for title, check in CHECKS}


def expected_state(promise, invoices, today):
    """What becomes of a promise, from the days of payment alone.

    :param invoices: those promised; each is paid at once and in full
    """
    in_time = [invoice.settled <= promise.last for invoice in invoices]
    if all(invoice.settled <= min(promise.last, today) for invoice in invoices):
        return "kept"
    if today <= promise.last:
        return "open"
    return "partly" if any(in_time) else "broken"
