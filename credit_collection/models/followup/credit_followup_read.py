from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...core.dunning import Credit, Item, Situation
from ...tools.sql import ids_sql, without_jit

NEVER = (), None


class OpenRow(NamedTuple):
    """One row of ``credit.open.item``: its columns by their names there."""

    account_id: int
    move_line_id: int
    move_id: int
    name: str
    amount: float
    amount_currency: float
    currency_id: int
    date: object
    date_due: object
    no_followup: bool
    in_payment: bool
    disputed_amount: float
    disputed_currency: float
    contact_id: int | None
    promised_until: object
    promised_part: float
    paying_part: float
    is_refund: bool


class FileRow(NamedTuple):
    """What planning needs of a credit file beside its items."""

    id: int
    partner_id: int
    policy_id: int
    paused_until: object
    last_message: object
    pending: bool
    tried_today: bool
    failed_at: str | None  # the addresses of the latest message, when it did not arrive there
    failed_addressee: int | None  # whose letter that was, where each invoice address has its own
    letters: str | None  # the file's own choice of one letter or one for each address
    in_case: bool
    reply_waiting: bool


class PlanInput(NamedTuple):
    """Everything read for one plan: files by id, their rows, and what the core is given."""

    files: dict
    rows: dict
    situations: dict
    settings: dict  # of the policies asked for so far

    def addressees(self):
        """Whom the open invoices are addressed to: ``{customer's id: ids of their partners}``."""
        found = {}
        for file in self.files.values():
            rows = self.rows.get(file.id, ())
            own = [row.contact_id for row in rows if row.amount > 0 and row.contact_id]
            found[file.partner_id] = list(dict.fromkeys(own))
        return found

    def homes(self, account_id):
        """To whom each open item and credit of a file is addressed: ``{item id: partner id}``."""
        customer = self.files[account_id].partner_id
        return {row.move_line_id: row.contact_id or customer for row in self.rows[account_id]}

    def credits(self, step):
        """The credits that are left for a step, as rows (amounts negative, not rounded)."""
        left = {credit.id: credit for credit in step.credits}
        return [
            row._replace(
                amount=-left[row.move_line_id].amount,
                amount_currency=-left[row.move_line_id].amount_currency,
            )
            for row in self.rows.get(step.account_id, ())
            if row.move_line_id in left
        ]


class CreditFollowup(models.Model):
    """Reading: open items, what was delivered, promises, contacts, as plain values."""

    _inherit = "credit.followup"

    @api.model
    def _read_book(self, company, today, accounts=None, sending=None):
        """Read what is open and what was said, for all files of a company or for some.

        :param company: ``res.company``, a root
        :param accounts: ``credit.account`` to look at, else all with anything open
        :param sending: messages about to be sent: they are not in their own way
        :rtype: Book
        """
        rows = self._read_open_rows(company, accounts)
        files = self._read_file_rows(company, today, list(rows), sending)
        items = [row.move_line_id for file_rows in rows.values() for row in file_rows]
        delivered = self.env["credit.followup.line"]._delivered(items)
        broken = self.env["credit.promise"]._broken_on(items)
        contacts = self.env["credit.contact"]._last_dates(list(rows))
        situations = {
            file.id: self._situation(file, rows[file.id], delivered, broken, contacts)
            for file in files.values()
        }
        return PlanInput(files, rows, situations, {})

    @api.model
    def _read_open_rows(self, company, accounts):
        """{file id: its open posted items}; one query over ``credit.open.item``."""
        some = SQL("TRUE")
        if accounts is None:
            without_jit(self.env)
        else:
            some = SQL(
                "account_id = ANY(%s) AND partner_id = ANY(%s)",
                accounts.ids,
                accounts.sudo().partner_id.ids,
            )
        found = self.env.execute_query(
            SQL(
                """
                SELECT %(columns)s FROM %(items)s AS item
                 WHERE company_id = %(company)s AND account_id IS NOT NULL AND %(some)s
                   AND amount_currency != 0 -- else a difference of exchange: nobody can pay it
                """,
                columns=SQL(", ").join(
                    # Read as decimals, each of them would pass through Python.
                    SQL("%s::float8" if kind is float else "%s", SQL.identifier(name))
                    for name, kind in OpenRow.__annotations__.items()
                ),
                items=self.env["credit.open.item"].sudo().with_context(as_of=None)._posted_sql(),
                company=company.id,
                some=some,
            )
        )
        rows = {}
        for row in map(OpenRow._make, found):
            rows.setdefault(row.account_id, []).append(row)
        return rows

    @api.model
    def _read_file_rows(self, company, today, account_ids, sending):
        """{file id: FileRow} of the files of a company among ``account_ids``."""
        self.flush_model(
            ["account_id", "addressee_id", "state", "date", "failure_type", "email_to"]
        )
        sending = sending and sending | sending._planned_beside()
        self.env["credit.account"].flush_model(
            ["policy_id", "followup_paused_until", "followup_letters"]
        )
        self.env["credit.case"].flush_model(["account_id", "state"])
        policy = self.env["credit.policy"]._effective_policy_sql(
            SQL("a.policy_id"), SQL("a.partner_id"), SQL("a.company_id")
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id, a.partner_id, %(policy)s, a.followup_paused_until,
                       sent.date, COALESCE(other.pending, FALSE), COALESCE(other.tried, FALSE),
                       CASE WHEN latest.state = 'failed'
                             AND latest.failure_type IN ('address', 'bounce', 'unclear')
                            THEN COALESCE(latest.email_to, '') END,
                       latest.addressee_id, a.followup_letters,
                       %(in_case)s,
                       a.id IN (%(replied)s)
                  FROM credit_account a
                  LEFT JOIN LATERAL (
                       SELECT MAX(f.date) AS date FROM credit_followup f
                        WHERE f.account_id = a.id AND f.state = 'sent'
                          AND f.id != ALL(%(sending)s)) AS sent ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT BOOL_OR(f.state IN ('draft', 'queued')
                                      AND f.id != ALL(%(sending)s)) AS pending,
                              BOOL_OR(f.state IN ('failed', 'cancelled')
                                      AND f.date = %(today)s) AS tried
                         FROM credit_followup f WHERE f.account_id = a.id) AS other ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT f.state, f.failure_type, f.email_to, f.addressee_id
                         FROM credit_followup f
                        WHERE f.account_id = a.id AND f.id != ALL(%(sending)s)
                        ORDER BY f.date DESC, -- of the letters of a day, one that failed
                                 (f.addressee_id IS NOT NULL AND f.state = 'failed') DESC, f.id DESC
                        LIMIT 1) AS latest ON TRUE
                 WHERE a.company_id = %(company)s AND a.id = ANY(%(accounts)s)
                """,
                policy=policy,
                in_case=self.env["credit.case"]._open_sql(SQL("a.id")),
                replied=self.env["credit.account"]._unread_replies_sql(),
                today=today,
                sending=sending.ids if sending else [],
                company=company.id,
                accounts=ids_sql(account_ids),
            )
        )
        return {row[0]: FileRow._make(row) for row in rows}

    def _planned_beside(self):
        """The letters to other addresses that were planned together with these messages."""
        own = self.filtered("addressee_id")
        if not own:
            return self.browse()
        together = {(message.account_id.id, message.create_date) for message in own}
        return self.search(
            [("account_id", "in", own.account_id.ids), ("addressee_id", "!=", False)]
        ).filtered(lambda message: (message.account_id.id, message.create_date) in together)

    @api.model
    def _situation(self, file, rows, delivered, broken, contacts):
        """The core's view of one file."""
        items = []
        credits = []
        for row in rows:
            if row.amount < 0:
                credits.append(
                    Credit(
                        row.move_line_id,
                        row.currency_id,
                        -row.amount,
                        -row.amount_currency,
                        row.is_refund,
                    )
                )
                continue
            line = row.move_line_id
            levels, reached_on = delivered.get(line, NEVER)
            items.append(
                Item(
                    line,
                    row.amount,
                    row.date_due,
                    levels,
                    reached_on,
                    file.pending,
                    row.no_followup,
                    row.in_payment,
                    False,
                    row.disputed_amount,
                    row.promised_until,
                    broken.get(line),
                    row.currency_id,
                    row.amount_currency,
                    row.disputed_currency,
                    row.promised_part,
                    row.paying_part,
                )
            )
        return Situation(
            file.id,
            tuple(items),
            sum(credit.amount for credit in credits),
            file.paused_until,
            file.last_message,
            contacts.get(file.id),
            file.in_case,
            tuple(credits),
            file.reply_waiting,
        )
