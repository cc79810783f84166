from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..core.dunning import Item, Situation

ITEM_COLUMNS = (
    "account_id", "move_line_id", "move_id", "name", "amount", "amount_currency", "currency_id",
    "date", "date_due", "no_followup", "in_payment", "disputed_amount", "promised_until",
)  # fmt: skip


class OpenRow(NamedTuple):
    """One row of ``credit.open.item``."""

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
    promised_until: object


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


class Book(NamedTuple):
    """Everything read for one plan: files by id, their rows, and what the core is given."""

    files: dict
    rows: dict
    situations: dict

    def credits(self, account_id):
        """The unapplied credits of a file as rows (amounts negative)."""
        return [row for row in self.rows.get(account_id, ()) if row.amount < 0]


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
        return Book(files, rows, situations)

    @api.model
    def _read_open_rows(self, company, accounts):
        """{file id: its open posted items}; one query over ``credit.open.item``."""
        domain = [
            ("kind", "=", "receivable"),
            ("company_id", "=", company.id),
            ("account_id", "!=", False),
        ]
        if accounts is not None:
            domain += [
                ("account_id", "in", accounts.ids),
                ("partner_id", "in", accounts.partner_id.ids),
            ]
        Item = self.env["credit.open.item"].sudo().with_context(as_of=None)
        query = Item._search(domain)
        columns = [Item._field_to_sql(Item._table, name, query) for name in ITEM_COLUMNS]
        rows = {}
        for values in self.env.execute_query(query.select(*columns)):
            row = OpenRow._make(values)
            if row.amount_currency:  # else a difference of exchange: nobody can pay it
                rows.setdefault(row.account_id, []).append(row)
        return rows

    @api.model
    def _read_file_rows(self, company, today, account_ids, sending):
        """{file id: FileRow} of the files of a company among ``account_ids``."""
        self.flush_model(["account_id", "state", "date", "failure_type", "email_to"])
        self.env["credit.account"].flush_model(["policy_id", "followup_paused_until"])
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
                            THEN COALESCE(latest.email_to, '') END
                  FROM credit_account a
                  LEFT JOIN LATERAL (
                       SELECT MAX(f.date) AS date FROM credit_followup f
                        WHERE f.account_id = a.id AND f.state = 'sent') AS sent ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT BOOL_OR(f.state IN ('draft', 'queued')
                                      AND f.id != ALL(%(sending)s)) AS pending,
                              BOOL_OR(f.state IN ('failed', 'cancelled')
                                      AND f.date = %(today)s) AS tried
                         FROM credit_followup f WHERE f.account_id = a.id) AS other ON TRUE
                  LEFT JOIN LATERAL (
                       SELECT f.state, f.failure_type, f.email_to FROM credit_followup f
                        WHERE f.account_id = a.id AND f.id != ALL(%(sending)s)
                        ORDER BY f.date DESC, f.id DESC LIMIT 1) AS latest ON TRUE
                 WHERE a.company_id = %(company)s AND a.id = ANY(%(accounts)s)
                """,
                policy=policy,
                today=today,
                sending=sending.ids if sending else [],
                company=company.id,
                accounts=account_ids,
            )
        )
        return {row[0]: FileRow._make(row) for row in rows}

    @api.model
    def _situation(self, file, rows, delivered, broken, contacts):
        """The core's view of one file."""
        items = []
        unapplied = 0.0
        for row in rows:
            if row.amount < 0:
                unapplied -= row.amount
                continue
            levels, reached_on = delivered.get(row.move_line_id, ((), None))
            items.append(
                Item(
                    row.move_line_id,
                    float(row.amount),
                    row.date_due,
                    levels,
                    reached_on,
                    file.pending,
                    row.no_followup,
                    row.in_payment,
                    False,
                    float(row.disputed_amount or 0.0),
                    row.promised_until,
                    broken.get(row.move_line_id),
                )
            )
        return Situation(
            file.id,
            tuple(items),
            float(unapplied),
            file.paused_until,
            file.last_message,
            contacts.get(file.id),
        )
