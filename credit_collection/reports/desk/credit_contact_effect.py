from odoo import fields, models
from odoo.tools import SQL

from ...models.desk.credit_contact import KINDS, OUTCOMES

SHARE = {"readonly": True, "aggregator": "avg"}


class CreditContactEffect(models.Model):
    """What contacts led to: contacts → promises → kept → cash, one row per contact.

    Averages over rows are the rates of ``core.portfolio.contact_effectiveness``.  A promise counts
    for the contact that noted it first, cash is what was paid on its items since.
    """

    _name = "credit.contact.effect"
    _description = "Effect of Contacts"
    _auto = False
    _order = "date desc, id desc"

    date = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", "Contacted By", readonly=True)
    account_id = fields.Many2one("credit.account", "Credit File", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    excuse_id = fields.Many2one("credit.excuse", readonly=True)
    promise_id = fields.Many2one("credit.promise", readonly=True)
    contacts = fields.Integer(readonly=True)
    promises = fields.Integer(readonly=True)
    kept = fields.Integer("Promises Kept", readonly=True)
    promised = fields.Monetary("Amount Promised", readonly=True)
    cash = fields.Monetary(readonly=True)
    promise_rate = fields.Float("Promises ÷ Contacts", **SHARE)
    kept_rate = fields.Float("Kept ÷ Promises", **SHARE)
    success_rate = fields.Float("Kept ÷ Contacts", **SHARE)
    cash_per_contact = fields.Monetary("Cash ÷ Contacts", **SHARE)

    _depends = {
        "credit.contact": [
            "account_id",
            "company_id",
            "date",
            "excuse_id",
            "kind",
            "outcome",
            "partner_id",
            "promise_id",
            "user_id",
        ],
        "credit.promise": ["amount", "amount_company", "paid", "state"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT contact.id, %(day)s AS date, contact.user_id, contact.account_id,
                   contact.partner_id, contact.company_id, contact.kind, contact.outcome,
                   contact.excuse_id, promise.id AS promise_id,
                   1 AS contacts, noted.promise AS promises, noted.kept,
                   COALESCE(promise.amount_company, 0) AS promised, paid.cash,
                   noted.promise AS promise_rate, noted.kept AS success_rate,
                   CASE WHEN promise.id IS NOT NULL THEN noted.kept END AS kept_rate,
                   paid.cash AS cash_per_contact
              FROM credit_contact contact
              LEFT JOIN credit_promise promise
                ON promise.id = contact.promise_id AND promise.state != 'cancelled'
               AND contact.id = (SELECT MIN(first.id) FROM credit_contact first
                                  WHERE first.promise_id = contact.promise_id)
              CROSS JOIN LATERAL (
                   SELECT CASE WHEN promise.id IS NULL THEN 0 ELSE 1 END AS promise,
                          CASE WHEN promise.state = 'kept' THEN 1 ELSE 0 END AS kept) AS noted
              CROSS JOIN LATERAL (
                   SELECT COALESCE(promise.paid * promise.amount_company
                                   / NULLIF(promise.amount, 0), 0) AS cash) AS paid
            """,
            day=self.env["res.company"]._credit_day_sql(
                SQL("contact.company_id"), SQL("contact.date")
            ),
        )
