"""What a replay found, as a page of markdown."""

from collections import Counter

from bench.ledger import averages

from .checks import History, Letter, count, expected_state

SHARE, DAYS, MONEY = "{:.1%}".format, "{:.1f}".format, "{:,.2f}".format
SALES = {"orders": str, "held": str, "released": str, "exposure": MONEY, "overdue": MONEY}
WORK = {"disputed": str, "promised": str, "kept": str, "broken": str}
FIGURES = {
    "receivable": ("DZ", MONEY),
    "overdue": ("PDZ", MONEY),
    "sales": ("T", MONEY),
    "overdue_share": ("%PDZ", SHARE),
    "weighted_days_overdue": ("T_PDZ", DAYS),
    "dso": ("DSO", DAYS),
    "dso_count_back": ("DSO count-back", DAYS),
    "dso_best": ("DSO best", DAYS),
    "effectiveness": ("CEI", SHARE),
    "days_late": ("days late", DAYS),
}
PREFACE = """\
# A real ledger, day by day

`make replay ARGS="--write docs/replay.md"` made this page. It replays a public data set of paid
invoices through Odoo's own methods, on a database of its own, with the clock on each day: what came
in is booked first; then the day's orders are confirmed, released by an officer when they are held,
invoiced and posted; then disputes, calls, approvals, the judging of promises and the daily
follow-up run, whose mails end in a sink in the place of the mail server.

The data say who disputed, when each invoice was paid and how late; the rest is always alike:

* A customer's limit is the largest exposure of its first half year and a fifth, from then on.
* Every other customer is under the distributor's levels, the others under the soft ones, both as
  shipped but without attachments. What waits for approval is approved on the next day.
* What was disputed is disputed in full on its due date, and rejected 14 days later.
* Five days late the collector calls about what is not disputed: the customer promises to pay within
  7 days when an invoice's number is even, and does not answer when it is odd.

What must be zero is counted from the data set and the mails that arrived, not by the product; only
the level that each item reached is the product's own record. A day's figures are noted on the day,
without asking for a date, and compared with those that the product rebuilds *as of* that day when
all is over. The key figures, but for the count-back and the days late, are worked out from the data
once more.
"""


class Report:
    """Judges a replay that has run; ``faults`` is how many things are not as they must be."""

    def __init__(self, replay):
        self.replay = replay
        self.by_number = {invoice.number: invoice for invoice in replay.invoices}
        self.history = self._history()
        self.counts = count(self.history)
        self.counts["promises judged otherwise than the payments say"] = self._misjudged()
        self.past = replay.control_past()
        self.today = replay.differences[: len(replay.differences) - len(self.past)]
        ends = replay.figures.noted
        self.months = {day: replay.figures.month(day) for day in ends}
        self.rebuilt = replay.figures.rebuilt()
        self.other = replay.figures.other_than_data(replay.invoices, self.months)
        self.settled = [i for i in replay.invoices if i.settled <= replay.last]
        self.averages = (len(self.settled), *averages(self.settled))
        self.measured = replay.figures.history(replay.first, replay.last)

    @property
    def faults(self):
        """How many faults there are."""
        lists = (*self.counts.values(), self.replay.differences, self.rebuilt, self.other)
        return sum(map(len, lists)) + (self.measured != self.averages)

    # ------------------------------------------------------------------
    # Follow-up
    # ------------------------------------------------------------------

    def _history(self):
        chase = self.replay.chase
        ladders = chase.ladders()
        numbers = {move.name: number for number, move in self.replay.sale.moves.items()}
        return History(
            invoices=self.by_number,
            ladders=ladders,
            letters=[self._letter(mail, ladders, numbers) for mail in chase.mails],
            reached=chase.reached(),
            recorded=chase.recorded(),
            end=self.replay.last,
            contacts=chase.contacts,
            promises=[promise for promise, _record in chase.promises],
            disputes=self._disputed_days(),
        )

    def _letter(self, mail, ladders, numbers):
        chase = self.replay.chase
        customer = chase.customers[mail.to]
        words = mail.subject.rpartition(": ")[2]
        [level] = [rung.name for rung in ladders[customer] if rung.words == words]
        items = {numbers[document]: amount for document, amount in mail.rows}
        return Letter(mail.day, customer, level, items)

    def _disputed_days(self):
        return {number: days[:2] for number, days in self.replay.chase.disputes.items()}

    def _misjudged(self):
        return [
            record.name
            for promise, record in self.replay.chase.promises
            if record.state
            != expected_state(
                promise, [self.by_number[number] for number in promise.numbers], self.replay.last
            )
        ]

    def _work(self):
        """Disputes, promises and what became of them, by the month in which they were made."""
        work = {name: Counter(month) for name, month in self.replay.months.items()}
        for promise, record in self.replay.chase.promises:
            state = "kept" if record.state == "kept" else "broken"
            if record.state != "open":
                work[f"{promise.made:%Y-%m}"][state] += 1
        return work

    # ------------------------------------------------------------------
    # The page
    # ------------------------------------------------------------------

    def lines(self):
        """The page, line by line."""
        yield from self._head()
        yield from ("", "## Orders", "")
        yield from _table(self.replay.months, SALES)
        yield from ("", "## Letters by level", "")
        yield from self._letters()
        yield from ("", "## Disputes and promises", "")
        yield from _table(self._work(), WORK)
        yield from ("", "## What must be zero", "", "| counted | cases |", "|---|---:|")
        yield from (f"| {title} | {len(cases)} |" for title, cases in self._zeros())
        yield from ("", "## Key figures at the month ends", "")
        yield from self._figures()
        yield from ("", *self._averages())

    def _head(self):
        replay = self.replay
        yield PREFACE
        yield (
            f"{len(replay.invoices):,} invoices of {len(replay.sale.partners)} customers, replayed "
            f"from {replay.first} to {replay.last}: {len(replay.balances)} days, "
            f"{len(self.history.letters):,} letters."
        )

    def _letters(self):
        sets = {}
        for ladder in self.history.ladders.values():
            for rung in ladder:
                sets[rung.name] = rung.delay
        levels = sorted(sets, key=sets.get)
        yield "| month | " + " | ".join(f"{name} ({sets[name]:+d})" for name in levels) + " |"
        yield "|---" + "|---:" * len(levels) + "|"
        sent = Counter((f"{letter.day:%Y-%m}", letter.level) for letter in self.history.letters)
        for month in sorted(self.replay.months):
            yield f"| {month} | " + " | ".join(str(sent[month, name]) for name in levels) + " |"
        total = Counter(letter.level for letter in self.history.letters)
        yield "| **all** | " + " | ".join(f"**{total[name]}**" for name in levels) + " |"

    def _zeros(self):
        days, ends = len(self.replay.balances), len(self.months)
        yield from self.counts.items()
        yield f"open items less receivable accounts, on each of {days} days", self.today
        yield f"the same, each of the {days} days rebuilt afterwards", self.past
        yield (
            f"open items, positions, aging or control total of {ends} month ends that are "
            "not what they were on the day",
            self.rebuilt,
        )
        yield "key figures of a month end other than those worked out from the data", self.other

    def _figures(self):
        yield "| month end | " + " | ".join(title for title, _form in FIGURES.values()) + " |"
        yield "|---" + "|---:" * len(FIGURES) + "|"
        for day, figures in sorted(self.months.items()):
            cells = (
                "–" if figures[name] is None else form(figures[name])
                for name, (_title, form) in FIGURES.items()
            )
            yield f"| {day} | " + " | ".join(cells) + " |"

    def _averages(self):
        for title, (number, settle, late) in (
            ("By the product", self.measured),
            ("By the columns of the data set", self.averages),
        ):
            yield (
                f"* {title}: {number:,} invoices paid, {settle or 0:.6f} days to settle, "
                f"{late or 0:.6f} days late on average."
            )


def _table(months, columns):
    yield "| month | " + " | ".join(columns) + " |"
    yield "|---" + "|---:" * len(columns) + "|"
    for name, month in sorted(months.items()):
        cells = (form(month[column]) for column, form in columns.items())
        yield f"| {name} | " + " | ".join(cells) + " |"
