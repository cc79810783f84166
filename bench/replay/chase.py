"""The collector's side: disputes, calls and promises, letters and their approval, day by day.

The ledger says who paid late and who disputed; it does not say what was said. So, always alike:
a customer disputes on the due date, and the dispute is rejected 14 days later; five days late the
collector calls about what is not disputed, customers promise to pay within 7 days when the
invoice's number is even, and do not answer when it is odd. Every other customer is under the
soft set of levels, the rest under the distributor's. A manager approves on the next day what
waits for approval, so that a day's payments come in between.
"""

from collections import defaultdict
from datetime import timedelta

from .checks import Promise, Reached, Rung

CALL_DAYS = 5
PROMISE_DAYS = 7
DISPUTE_DAYS = 14


class Chase:
    def __init__(self, replay):
        self.env, self.sale = replay.env, replay.sale
        self.run_crons = replay.run_crons
        self.collector, self.manager = replay.users["collector"], replay.users["officer"]
        self.tolerance = replay.company.credit_default_policy_id.promise_tolerance_days
        self.reason = self.env["credit.dispute.reason"].search([], limit=1)
        self.due = defaultdict(list)
        for invoice in replay.invoices:
            self.due[invoice.due].append(invoice)
        self.mails = []
        self.contacts = []  # (day, customer) of those who answered
        self.promises = []  # (checks.Promise, credit.promise)
        self.disputes = {}  # number: (first day, last day, credit.dispute)
        self._prepare(replay.company)

    def _prepare(self, company):
        """Two policies; nothing is attached to mails: each PDF would take a second."""
        distributor = company.credit_default_policy_id
        distributor.write({"followup_automatic": True, "followup_set": "distributor"})
        distributor.with_user(self.manager).action_load_followup_levels()
        soft = distributor.copy({"name": "Soft", "followup_set": "soft"})
        soft.with_user(self.manager).action_load_followup_levels()
        levels = (distributor | soft).followup_level_ids
        levels.write({"attach_statement": False, "attach_invoices": False})
        self.policies = {}
        for place, (customer, file) in enumerate(sorted(self.sale.files.items())):
            self.policies[customer] = soft if place % 2 else distributor
            file.write({"collector_id": self.collector.id, "policy_id": self.policies[customer].id})
        self.customers = {file.partner_id.email: name for name, file in self.sale.files.items()}

    def receive(self, mail):
        """Keep a mail to a customer; those to colleagues are no letters."""
        if mail.to in self.customers:
            self.mails.append(mail)

    # ------------------------------------------------------------------
    # A day at the desk
    # ------------------------------------------------------------------

    def work(self, day, month):
        """Dispute, call, approve; then promises are judged, and the daily run sends."""
        before = len(self.mails)
        self._dispute(day, month)
        self._reject(day)
        self._call(day, month)
        self._approve(day)
        self.run_crons("credit_promise_cron", "credit_followup_cron")
        month["letters"] += len(self.mails) - before

    def _dispute(self, day, month):
        for invoice in self.due[day]:
            if invoice.disputed and invoice.settled > day:
                contact = self._log(
                    invoice.customer,
                    outcome="disputed",
                    dispute_line_id=self.sale.debt(invoice.number).id,
                    dispute_amount=float(invoice.amount),
                    dispute_reason_id=self.reason.id,
                )
                last = day + timedelta(days=DISPUTE_DAYS - 1)
                self.disputes[invoice.number] = (day, last, contact.dispute_id)
                self.contacts.append((day, invoice.customer))
                month["disputed"] += 1

    def _reject(self, day):
        for _first, last, dispute in self.disputes.values():
            if last == day - timedelta(days=1) and dispute.state == "open":
                dispute.with_user(self.collector).action_reject()

    def _call(self, day, month):
        """Call about what is five days late; one call for each customer."""
        late = defaultdict(list)
        for invoice in self.due[day - timedelta(days=CALL_DAYS)]:
            if invoice.settled > day and invoice.number not in self.disputes:
                late[invoice.customer].append(invoice)
        for customer, invoices in late.items():
            promised = [invoice for invoice in invoices if int(invoice.number) % 2 == 0]
            if promised:
                self._promise(day, customer, promised)
                month["promised"] += 1
            else:
                self._log(customer, outcome="no_answer")

    def _promise(self, day, customer, invoices):
        until = day + timedelta(days=PROMISE_DAYS)
        lines = [self.sale.debt(invoice.number).id for invoice in invoices]
        contact = self._log(
            customer,
            outcome="promised",
            item_ids=lines,
            promise_date=until,
            promise_amount=float(sum(invoice.amount for invoice in invoices)),
        )
        numbers = tuple(invoice.number for invoice in invoices)
        promise = Promise(day, until, until + timedelta(days=self.tolerance), numbers)
        self.promises.append((promise, contact.promise_id))
        self.contacts.append((day, customer))

    def _log(self, customer, **values):
        """*Log a contact*, as the collector does; returns the contact."""
        file = self.sale.files[customer]
        Log = self.env["credit.contact.log"].with_user(self.collector)
        Log.create({"account_id": file.id, **values}).action_log()
        return self.env["credit.contact"].search(
            [("account_id", "=", file.id)], order="id desc", limit=1
        )

    def _approve(self, day):
        waiting = self.env["credit.followup"].search([("state", "=", "draft"), ("date", "<", day)])
        if waiting:
            waiting.with_user(self.manager).action_approve()

    # ------------------------------------------------------------------
    # What is written down, as plain values
    # ------------------------------------------------------------------

    def ladders(self):
        """Each customer's levels by rising delay: ``{customer: [Rung]}``."""
        rungs = {
            policy: [
                Rung(
                    level.name,
                    level.delay,
                    level.quiet_days,
                    level.mail_template_id.subject.rpartition(": ")[2],
                )
                for level in policy.followup_level_ids.sorted("delay")
            ]
            for policy in set(self.policies.values())
        }
        return {customer: rungs[policy] for customer, policy in self.policies.items()}

    def reached(self):
        """The levels that the product says it delivered: list of ``Reached``."""
        numbers = {move.id: number for number, move in self.sale.moves.items()}
        lines = self.env["credit.followup.line"].search(
            [
                ("state", "=", "sent"),
                ("level_id", "!=", False),
                ("move_id", "in", list(numbers)),
            ],
            order="date, id",
        )
        return [Reached(numbers[line.move_id.id], line.level_id.name, line.date) for line in lines]

    def recorded(self):
        """The messages that the product says it sent: list of (day, customer, level)."""
        names = {file: name for name, file in self.sale.files.items()}
        sent = self.env["credit.followup"].search(
            [("state", "=", "sent"), ("account_id", "in", [file.id for file in names])]
        )
        return [
            (message.date, names[message.account_id], message.level_id.name) for message in sent
        ]
