"""Replays a real ledger day by day through Odoo's own methods, on a database of its own.

    scripts/run python bench/replay.py ../shared/data/late_payment_histories.csv

Each invoice begins as an order that is confirmed (and released by an officer when it is held), then
invoiced, posted, and paid on the day on which it was settled; the clock stands on that day.  After
each day the open items must add up to the balance of the receivable accounts.
"""

import argparse
import sys
import time
from collections import defaultdict
from datetime import timedelta
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from freezegun import freeze_time  # noqa: E402
from odoo.fields import Command  # noqa: E402
from odoo.tools import SQL, float_is_zero  # noqa: E402

from bench.ledger import averages, first_limits, read_invoices  # noqa: E402
from bench.session import drop_database, environment, make_database, say  # noqa: E402

COLUMNS = ("orders", "held", "released", "exposure", "overdue")
MANAGER = "credit_collection.credit_collection_group_manager"


class Replay:
    """One run over a list of invoices.

    :param hooks: functions ``(replay, day)`` called at the end of each day, clock on that day
    :param commit: keep what each month did; False inside a test
    """

    def __init__(self, env, invoices, hooks=(), commit=True):
        self.env = env
        self.invoices = invoices
        self.hooks = hooks
        self.commit = commit
        self.company = env.company
        self.moves = {}
        self.balances = {}
        self.differences = []
        self.months = defaultdict(lambda: dict.fromkeys(COLUMNS, 0))
        self._prepare()

    def _prepare(self):
        env = self.env
        self.bank = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        term = env["account.payment.term"].create(
            {"name": "30 days", "line_ids": [Command.create({"value": "percent", "nb_days": 30})]}
        )
        self.product = env["product.product"].create(
            {"name": "Delivery", "type": "service", "invoice_policy": "order", "taxes_id": False}
        )
        self.officer = env["res.users"].create(
            {
                "name": "Officer of the replay",
                "login": "replay-officer",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [
                    Command.link(env.ref(name).id)
                    for name in ("base.group_user", "sales_team.group_sale_manager", MANAGER)
                ],
            }
        )
        names = sorted({invoice.customer for invoice in self.invoices})
        partners = env["res.partner"].create(
            [
                {"name": name, "is_company": True, "property_payment_term_id": term.id}
                for name in names
            ]
        )
        self.partners = dict(zip(names, partners, strict=True))

    # ------------------------------------------------------------------
    # Day by day
    # ------------------------------------------------------------------

    def run(self):
        """Replay all days; returns the days whose control total differed."""
        ordered, settled, limits = self._calendar()
        day, last = min(ordered), max(settled)
        with freeze_time(str(day)) as clock:
            while day <= last:
                clock.move_to(f"{day} 10:00:00")
                self._limit(limits.get(day, ()))
                self._sell(ordered.get(day, ()), self.months[day.strftime("%Y-%m")])
                self._collect(settled.get(day, ()))
                for hook in self.hooks:
                    hook(self, day)
                self._control(day)
                tomorrow = day + timedelta(days=1)
                if tomorrow.month != day.month or day == last:
                    self._close_month(day)
                day = tomorrow
        return self.differences

    def _calendar(self):
        ordered, settled, limits = defaultdict(list), defaultdict(list), defaultdict(list)
        for invoice in self.invoices:
            ordered[invoice.date].append(invoice)
            settled[invoice.settled].append(invoice)
        for customer, (day, amount) in first_limits(self.invoices).items():
            limits[day].append((customer, amount))
        return ordered, settled, limits

    def _limit(self, limits):
        Account = self.env["credit.account"]
        requests = self.env["credit.limit"].create(
            [
                {
                    "account_id": Account._get(self.partners[customer], self.company).id,
                    "amount": float(amount),
                    "reason": "Largest exposure of the first half year and a fifth",
                }
                for customer, amount in limits
            ]
        )
        requests.with_user(self.officer).action_approve()

    def _sell(self, invoices, month):
        """Order, confirm, release what is held, invoice and post the sales of a day."""
        if not invoices:
            return
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.partners[invoice.customer].id,
                    "client_order_ref": invoice.number,
                    "order_line": [
                        Command.create(
                            {"product_id": self.product.id, "price_unit": float(invoice.amount)}
                        )
                    ],
                }
                for invoice in invoices
            ]
        )
        orders.action_confirm()
        holds = orders.credit_hold_ids.filtered(lambda hold: hold.state == "held")
        holds.with_user(self.officer).action_release(note="Replayed", confirm=True)
        month["orders"] += len(orders)
        month["held"] += len(holds)
        month["released"] += len(holds.filtered(lambda hold: hold.state == "released"))
        moves = orders._create_invoices(grouped=True)
        moves.action_post()
        for move in moves:
            self.moves[move.line_ids.sale_line_ids.order_id.client_order_ref] = move

    def _collect(self, invoices):
        """Book what came in on a day as one entry on the bank journal, and match it."""
        if not invoices:
            return
        debts = [
            self.moves[invoice.number].line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )
            for invoice in invoices
        ]
        received = self.env["account.move"].create(
            {
                "journal_id": self.bank.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": debt.account_id.id,
                            "partner_id": debt.partner_id.id,
                            "name": debt.move_id.name,
                            "credit": debt.amount_residual,
                        }
                    )
                    for debt in debts
                ]
                + [
                    Command.create(
                        {
                            "account_id": self.bank.default_account_id.id,
                            "name": "Received",
                            "debit": sum(debt.amount_residual for debt in debts),
                        }
                    )
                ],
            }
        )
        received.action_post()
        paid = received.line_ids.filtered("partner_id")
        self.env["account.move.line"]._reconcile_plan(
            [debt + line for debt, line in zip(debts, paid, strict=True)]
        )

    def _close_month(self, day):
        """Note the month's figures; let go of what was read."""
        [(exposure, overdue)] = self.env["credit.position"]._read_group(
            [("company_id", "=", self.company.id)], [], ["exposure:sum", "overdue:sum"]
        )
        month = self.months[day.strftime("%Y-%m")]
        month.update(exposure=exposure, overdue=overdue)
        if self.commit:
            self.env.cr.commit()
            self.env.invalidate_all()
        counts = "  ".join(f"{month[name]:>4} {name}" for name in COLUMNS[:3])
        say(f"{day:%Y-%m}  {counts}  exposure {exposure:>10,.2f}  overdue {overdue:>10,.2f}")

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

    def settled(self):
        """(days to settle, days late) of each paid invoice, from the ledger."""
        moves = self.env["account.move"].union(*self.moves.values())
        rows = self.env.execute_query(
            SQL(
                """
                SELECT max(partial.max_date) - max(move.invoice_date),
                       GREATEST(max(partial.max_date) - max(line.date_maturity), 0)
                  FROM account_partial_reconcile partial
                  JOIN account_move_line line ON line.id = partial.debit_move_id
                  JOIN account_move move ON move.id = line.move_id
                 WHERE move.id = ANY(%s) AND line.reconciled
                 GROUP BY move.id
                """,
                moves.ids,
                to_flush=[moves.line_ids._fields["reconciled"], moves._fields["invoice_date"]],
            )
        )
        return rows


def table(months):
    """The months as a markdown table."""
    yield "| month | " + " | ".join(COLUMNS) + " |"
    yield "|---" + "|---:" * len(COLUMNS) + "|"
    for name, month in sorted(months.items()):
        yield (
            f"| {name} | {month['orders']} | {month['held']} | {month['released']}"
            f" | {month['exposure']:,.2f} | {month['overdue']:,.2f} |"
        )


def report(replay, invoices):
    """Print the months, the control totals and the days of payment; returns the exit code."""
    print("\n".join(table(replay.months)))
    past = replay.control_past()
    today = len(replay.differences) - len(past)
    days = len(replay.balances)
    print(f"\nControl totals: {days} days checked, {today} differences;", end=" ")
    print(f"rebuilt as of the past: {days} days checked, {len(past)} differences.")
    ledger, data = (
        averages(replay.settled()),
        averages((invoice.days_to_settle, invoice.days_late) for invoice in invoices),
    )
    print(f"Average days to settle: {ledger[0]:.2f} (data set {data[0]:.2f});", end=" ")
    print(f"average days late: {ledger[1]:.2f} (data set {data[1]:.2f}).")
    return 1 if replay.differences else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("csv", help="the payment histories")
    parser.add_argument("--db", default="cc_replay", help="database to make (default %(default)s)")
    parser.add_argument("--keep", action="store_true", help="keep the database")
    options = parser.parse_args()
    invoices = read_invoices(options.csv)
    start = time.perf_counter()
    days = len(list(groupby(sorted(invoice.settled for invoice in invoices))))
    say(f"{len(invoices)} invoices, paid on {days} days. Making the database {options.db} ...")
    make_database(options.db)
    with environment(options.db) as env:
        replay = Replay(env, invoices)
        replay.run()
        code = report(replay, invoices)
    say(f"{time.perf_counter() - start:.0f} s")
    if not options.keep:
        drop_database(options.db)
    sys.exit(code)


if __name__ == "__main__":
    main()
