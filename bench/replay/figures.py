"""The month ends: figures noted on the day, rebuilt afterwards, and worked out from the data."""

from bench.ledger import month_end

POSITION = (
    "receivable",
    "overdue",
    "unallocated",
    "exposure",
    "oldest_due_date",
    "max_days_overdue",
)
COLUMNS = (
    "receivable",
    "overdue",
    "sales",
    "overdue_share",
    "weighted_days_overdue",
    "dso",
    "dso_count_back",
    "dso_best",
    "effectiveness",
    "days_late",
)
FROM_DATA = tuple(name for name in COLUMNS if name not in ("dso_count_back", "days_late"))


class Figures:
    """Open items, positions and aging of each month end, and the key figures of each month."""

    def __init__(self, replay):
        self.env, self.company = replay.env, replay.company
        self.sale = replay.sale
        self.noted = {}

    def note(self, day, month):
        """Keep what the product shows today, without asking for a day."""
        self.noted[day] = self._seen()
        positions = self.noted[day]["position"].values()
        month["exposure"] = sum(position["exposure"] for position in positions)
        month["overdue"] = sum(position["overdue"] for position in positions)

    def _seen(self, **context):
        env = self.env(context={**self.env.context, **context})
        files = [("account_id", "in", [file.id for file in self.sale.files.values()])]
        posted = [("kind", "=", "receivable"), *files]
        items = env["credit.open.item"].search(posted)
        return {
            "items": {
                item["move_line_id"]: item
                for item in _values(items, "move_line_id", "amount", "is_overdue", "days_overdue")
            },
            "position": {
                position["account_id"]: position
                for position in _values(
                    env["credit.position"].search(files), "account_id", *POSITION
                )
            },
            "aging": {
                (file.id, bucket): round(amount, 2)
                for file, bucket, amount in env["credit.aging"]._read_group(
                    files, ["account_id", "bucket"], ["amount:sum"]
                )
            },
            "control": env["credit.open.item"]._control_total(
                self.company, as_of=context.get("as_of")
            )["difference"],
        }

    def rebuilt(self):
        """Figures that are not what they were: list of (day, what)."""
        return [
            (day, what)
            for day, noted in self.noted.items()
            for what, values in self._seen(as_of=day).items()
            if values != noted[what] or (what == "control" and values)
        ]

    def month(self, day):
        """The key figures of the month that ends on ``day``, by the product."""
        inputs, figures = self._measured(day.replace(day=1), day)
        return {
            "receivable": inputs.receivable,
            "overdue": inputs.overdue,
            "sales": inputs.sales,
            **figures,
        }

    def history(self, first, last):
        """(payments, average days to settle, average days late) of the whole ledger."""
        inputs, figures = self._measured(first, last)
        return len(inputs.settled), figures["days_to_pay"], figures["days_late"]

    def _measured(self, first, last):
        Kpi = self.env["credit.kpi"]
        inputs = Kpi._inputs(self.company, first, last)[None]
        return inputs, Kpi._measure(inputs, first, last)

    def other_than_data(self, invoices, months):
        """Key figures that differ from those worked out from the data: list of (day, figure).

        :param months: ``{day: figures}`` of the product
        """
        return [
            (day, name)
            for day, figures in months.items()
            for expected in [month_end(invoices, day)]
            for name in FROM_DATA
            if not _same(figures[name], expected[name])
        ]


def _values(records, *names):
    rows = records.read(names, load=None)
    return [{name: _rounded(row[name]) for name in names} for row in rows]


def _rounded(value):
    return round(value, 2) if isinstance(value, float) else value


def _same(one, other):
    if one is None or other is None:
        return one is other
    return abs(one - other) < 1e-6
