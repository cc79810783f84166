from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...models.desk.credit_contact import KINDS
from ...models.ledger.account_partial_reconcile_nature import MONEY

# What the columns of the week count, by kind of deed.
COUNTED = {
    "calls": ("call",),
    "talks": ("meeting", "visit"),
    "letters": ("letter", "email", "followup"),
    "promises": ("promise",),
}


class CreditCollectorActivity(models.Model):
    """What collectors did and what came in: one row per contact, letter, promise and payment."""

    _name = "credit.collector.activity"
    _description = "Work of the Collectors"
    _auto = False
    _order = "date desc, id"

    kind = fields.Selection(
        [
            *KINDS,
            ("followup", "Follow-up sent"),
            ("promise", "Promise"),
            ("cash", "Cash collected"),
        ],
        readonly=True,
    )
    date = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", "Collector", readonly=True)
    account_id = fields.Many2one("credit.account", "Credit File", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    calls = fields.Integer(readonly=True)
    talks = fields.Integer("Meetings and Visits", readonly=True)
    letters = fields.Integer("Letters and E-mails", readonly=True)
    promises = fields.Integer(readonly=True)
    amount_promised = fields.Monetary("Promised", readonly=True)
    amount_collected = fields.Monetary("Cash Collected", readonly=True)

    _depends = {
        "credit.contact": ["account_id", "date", "kind", "user_id"],
        "credit.promise": ["account_id", "made_on", "user_id", "amount_company", "state"],
        "credit.followup": ["account_id", "date", "state", "user_id"],
        "credit.account": ["collector_id", "partner_id", "company_id"],
        "account.move.line": ["account_id", "company_id", "journal_id", "partner_id"],
    }

    @property
    def _table_query(self) -> SQL:
        """One row per deed; each counts in one of the columns of ``COUNTED``."""
        deeds = SQL(" UNION ALL ").join(
            [self._contacts_sql(), self._promises_sql(), self._cash_sql(), self._letters_sql()]
        )
        counts = [
            SQL("(deed.kind = ANY(%s))::integer AS %s", list(kinds), SQL.identifier(column))
            for column, kinds in COUNTED.items()
        ]
        return SQL("SELECT deed.*, %s FROM (%s) AS deed", SQL(", ").join(counts), deeds)

    @api.model
    @api.readonly
    def my_week(self):
        """What the user did and collected since the week began: pairs of label and number."""
        company = self.env.company.root_id
        domain = Domain("user_id", "=", self.env.uid) & Domain("company_id", "=", company.id)
        columns = (*COUNTED, "amount_collected")
        (sums,) = self._read_group(
            domain & Domain("date", ">=", "=week_start"),
            aggregates=[f"{column}:sum" for column in columns],
        )
        *counts, cash = [amount or 0 for amount in sums]
        numbers = [*map(str, counts), company.currency_id.format(cash)]
        labels = [self._fields[column]._description_string(self.env) for column in columns]
        return list(zip(labels, numbers, strict=True))

    @api.model
    def _contacts_sql(self) -> SQL:
        return SQL(
            """
            SELECT contact.id * 4::bigint AS id, contact.kind, %(day)s AS date,
                   contact.user_id, contact.account_id, account.partner_id, account.company_id,
                   0::numeric AS amount_promised, 0::numeric AS amount_collected
              FROM credit_contact contact
              JOIN credit_account account ON account.id = contact.account_id
            """,
            day=self.env["res.company"]._credit_day_sql(
                SQL("contact.company_id"), SQL("contact.date")
            ),
        )

    @api.model
    def _promises_sql(self) -> SQL:
        return SQL(
            """
            SELECT promise.id * 4::bigint + 1, 'promise', promise.made_on,
                   promise.user_id, promise.account_id, account.partner_id, account.company_id,
                   promise.amount_company, 0::numeric
              FROM credit_promise promise
              JOIN credit_account account ON account.id = promise.account_id
             WHERE promise.state != 'cancelled'
            """
        )

    @api.model
    def _cash_sql(self) -> SQL:
        """Money matched with what was owed, for the collector of the customer's file.

        A payment matched with its own return is no cash.
        """
        Partial = self.env["account.partial.reconcile"]
        return SQL(
            """
            SELECT settled.id * 4::bigint + 2, 'cash', settled.date,
                   account.collector_id, account.id, account.partner_id, account.company_id,
                   0::numeric, settled.amount
              FROM (%(natures)s) AS settled
              JOIN account_move_line debt ON debt.id = settled.debit_move_id
              JOIN account_journal book ON book.id = debt.journal_id AND book.type NOT IN %(money)s
              JOIN res_partner partner ON partner.id = debt.partner_id
              JOIN credit_account account ON account.partner_id = partner.commercial_partner_id
               AND account.company_id = %(root)s
             WHERE settled.nature = 'cash' AND settled.settler_id = settled.credit_move_id
            """,
            natures=Partial._credit_natures_sql(
                SQL(
                    "debit.account_id = ANY(%s)",
                    self.env["credit.open.item"]._receivable_account_ids(),
                )
            ),
            money=MONEY,
            root=self.env["res.company"]._credit_root_sql(SQL("debt.company_id")),
        )

    @api.model
    def _letters_sql(self) -> SQL:
        """Follow-up messages sent, for who signed them, else the collector."""
        return SQL(
            """
            SELECT followup.id * 4::bigint + 3, 'followup', followup.date,
                   COALESCE(followup.user_id, account.collector_id), account.id,
                   account.partner_id, account.company_id, 0::numeric, 0::numeric
              FROM credit_followup followup
              JOIN credit_account account ON account.id = followup.account_id
             WHERE followup.state = 'sent'
            """
        )
