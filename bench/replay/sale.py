"""The seller's side: limits, orders, invoices, and what customers pay."""

from collections import defaultdict

from odoo.fields import Command

from bench.ledger import first_limits


class Sale:
    """Each invoice of the ledger is an order that is confirmed, released by the officer when it is
    held, invoiced, posted, and paid in full on the day on which it was settled.
    """

    def __init__(self, replay):
        self.env, self.company = replay.env, replay.company
        self.officer = replay.users["officer"]
        self.moves = {}  # number in the data set: account.move
        self.ordered, self.settled = defaultdict(list), defaultdict(list)
        self.limits = defaultdict(list)
        for invoice in replay.invoices:
            self.ordered[invoice.date].append(invoice)
            self.settled[invoice.settled].append(invoice)
        for customer, (day, amount) in first_limits(replay.invoices).items():
            self.limits[day].append((customer, amount))
        self._prepare(sorted({invoice.customer for invoice in replay.invoices}))

    def _prepare(self, names):
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
        partners = env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "email": f"{name.lower()}@buyer.example.com",
                    "property_payment_term_id": term.id,
                }
                for name in names
            ]
        )
        self.partners = dict(zip(names, partners, strict=True))
        Account = env["credit.account"]
        self.files = {name: Account._get(self.partners[name], self.company) for name in names}

    def limit(self, day):
        """Approve the limits that count from this day."""
        requests = self.env["credit.limit"].create(
            [
                {
                    "account_id": self.files[customer].id,
                    "amount": float(amount),
                    "reason": "Largest exposure of the first half year and a fifth",
                }
                for customer, amount in self.limits[day]
            ]
        )
        requests.with_user(self.officer).action_approve()

    def sell(self, day, month):
        """Order, confirm, release what is held, invoice and post the sales of a day."""
        invoices = self.ordered[day]
        if not invoices:
            return
        orders = self.env["sale.order"].create([self._order(invoice) for invoice in invoices])
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

    def _order(self, invoice):
        line = {"product_id": self.product.id, "price_unit": float(invoice.amount)}
        return {
            "partner_id": self.partners[invoice.customer].id,
            "client_order_ref": invoice.number,
            "order_line": [Command.create(line)],
        }

    def debt(self, number):
        """The receivable line of an invoice."""
        return self.moves[number].line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def collect(self, day, at_once=False):
        """Book what came in on a day as one entry on the bank journal, and match it.

        :param at_once: what is paid on the day of its invoice, else what is older
        """
        debts = [
            self.debt(invoice.number)
            for invoice in self.settled[day]
            if (invoice.date == day) == at_once
        ]
        if not debts:
            return
        received = {
            "account_id": self.bank.default_account_id.id,
            "name": "Received",
            "debit": sum(debt.amount_residual for debt in debts),
        }
        lines = [*(self._credit(debt) for debt in debts), received]
        entry = self.env["account.move"].create(
            {
                "journal_id": self.bank.id,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        entry.action_post()
        paid = entry.line_ids.filtered("partner_id")
        self.env["account.move.line"]._reconcile_plan(
            [debt + line for debt, line in zip(debts, paid, strict=True)]
        )

    def _credit(self, debt):
        return {
            "account_id": debt.account_id.id,
            "partner_id": debt.partner_id.id,
            "name": debt.move_id.name,
            "credit": debt.amount_residual,
        }
