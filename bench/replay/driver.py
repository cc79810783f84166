"""Goes through a ledger day by day, the clock standing on each day."""

from collections import Counter, defaultdict
from datetime import timedelta

from freezegun import freeze_time
from odoo.fields import Command
from odoo.tools import float_is_zero

from bench.session import say

from .chase import Chase
from .figures import Figures
from .sale import Sale
from .sink import mail_sink

GROUPS = {
    "officer": ("sales_team.group_sale_manager", "credit_collection_group_manager"),
    "collector": ("credit_collection_group_collector",),
}


class Replay:
    """One run over a list of invoices.

    :param days: how many days to replay, default all
    :param commit: keep what each day did; False inside a test
    :param trigger: function that runs a scheduled action of the module by its name
    """

    def __init__(self, env, invoices, days=None, commit=True, trigger=None):
        self.env = env
        self.company = env.company
        self.invoices = invoices
        self.first = min(invoice.date for invoice in invoices)
        self.last = max(invoice.settled for invoice in invoices)
        if days:
            self.last = min(self.last, self.first + timedelta(days=days - 1))
        self.commit = commit
        self.trigger = trigger or self._trigger
        self.months = defaultdict(Counter)
        self.balances = {}
        self.differences = []
        self.users = {name: self._user(name, *groups) for name, groups in GROUPS.items()}
        self.sale = Sale(self)
        self.chase = Chase(self)
        self.figures = Figures(self)

    def _user(self, name, *groups):
        groups = ("base.group_user", *groups)
        full = [group if "." in group else f"credit_collection.{group}" for group in groups]
        return self.env["res.users"].create(
            {
                "name": f"The {name}",
                "login": f"replay-{name}",
                "email": f"{name}@seller.example.com",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.link(self.env.ref(group).id) for group in full],
            }
        )

    # ------------------------------------------------------------------
    # Day by day
    # ------------------------------------------------------------------

    def run(self):
        """Replay all days; returns the days whose control total differed."""
        day = self.first
        with freeze_time(str(day)) as clock, mail_sink(self.env.registry, self.chase.receive):
            while day <= self.last:
                clock.move_to(f"{day} 10:00:00")
                self._day(day, self.months[day.strftime("%Y-%m")])
                day += timedelta(days=1)
        return self.differences

    def _day(self, day, month):
        """What came in is booked first, so that nobody is asked for it on the same day."""
        self.sale.limit(day)
        self.sale.collect(day)
        self.sale.sell(day, month)
        self.sale.collect(day, at_once=True)
        self.chase.work(day, month)
        self._control(day)
        if day == self.last or (day + timedelta(days=1)).month != day.month:
            self.figures.note(day, month)
            self._tell(day, month)

    def _tell(self, day, month):
        counts = "  ".join(
            f"{month[name]:>3} {name}"
            for name in ("orders", "held", "letters", "promised", "disputed")
        )
        say(f"{day}  {counts}  exposure {month['exposure']:>9,.2f}, {month['overdue']:>9,.2f} late")

    def run_crons(self, *names):
        """Run scheduled actions as the scheduler does, in transactions of their own."""
        self._keep()
        for name in names:
            self.trigger(name)
        self._keep()

    def _trigger(self, name):
        failure = self.env.ref(f"credit_collection.{name}").method_direct_trigger()
        if failure is not True:
            raise RuntimeError(f"{name} failed: {failure['params']}")

    def _keep(self):
        """Commit what was done; let go of what was read."""
        if self.commit:
            self.env.cr.commit()
        else:
            self.env.flush_all()
        self.env.invalidate_all()

    # ------------------------------------------------------------------
    # Control totals
    # ------------------------------------------------------------------

    def _control(self, day):
        """The open items add up to the receivable accounts, today."""
        self.balances[day] = self._balance()
        self._compare(day, self._open())

    def control_past(self):
        """Each past day, rebuilt from today's ledger, is what it was; returns the differences."""
        before = len(self.differences)
        for day in self.balances:
            self._compare(day, self._open(as_of=day))
        return self.differences[before:]

    def _compare(self, day, amount):
        if not float_is_zero(amount - self.balances[day], precision_digits=2):
            self.differences.append((day, amount, self.balances[day]))

    def _balance(self):
        accounts = self.env["credit.open.item"]._receivable_account_ids()
        [(balance,)] = self.env["account.move.line"]._read_group(
            [
                ("account_id", "in", accounts),
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
            ],
            [],
            ["balance:sum"],
        )
        return balance

    def _open(self, **context):
        [(amount,)] = (
            self.env["credit.open.item"]
            .with_context(**context)
            ._read_group(
                [("kind", "=", "receivable"), ("company_id", "=", self.company.id)],
                [],
                ["amount:sum"],
            )
        )
        return amount
