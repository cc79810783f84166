from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..ledger.account_partial_reconcile_nature import SALES

# What every row says; the evidence of a sheet has the same columns.
COLUMNS = (
    "move_line_id",
    "move_id",
    "origin_id",
    "name",
    "partner_id",
    "user_id",
    "team_id",
    "date",
    "date_start",
    "date_due",
    "days",
    "is_overdue",
    "amount",
    "excused",
    "nature",
)


class CreditKpi(models.AbstractModel):
    """The rows behind the figures: receivables of a day, sales of a period; cash has its own file.

    Each method returns SQL with the columns of ``COLUMNS``.  A row belongs to the salesperson of
    its document, else to the customer's; to the document's team, else to the salesperson's.
    """

    _name = "credit.kpi"
    _description = "Key Figures"

    @api.model
    def _receivable_rows(self, company, day) -> SQL:
        """DZ: the posted open items of a day; ``excused`` is disputed through no fault of sales."""
        Item = self.env["credit.open.item"].with_context(as_of=day)
        return SQL(
            """
            SELECT item.move_line_id, item.move_id, NULL::int AS origin_id, item.name,
                   item.partner_id, %(owner)s AS user_id, item.team_id, item.date,
                   item.date AS date_start, item.date_due,
                   CASE WHEN item.is_overdue THEN item.days_overdue ELSE 0 END AS days,
                   item.is_overdue, item.amount,
                   CASE WHEN item.disputed_amount > 0
                        THEN LEAST(item.amount, %(excused)s) ELSE 0 END AS excused,
                   NULL AS nature
              FROM %(items)s AS item
             WHERE item.company_id = %(company)s
            """,
            owner=self._owner_sql("item.move_id", SQL("%s::date", day), "item.user_id"),
            excused=Item._disputed_sql(SQL("item.move_line_id"), Item._past_day(), excused=True),
            items=Item._posted_sql(),
            company=company.id,
        )

    @api.model
    def _sales_rows(self, company, date_from, date_to) -> SQL:
        """T: posted invoices of the period, tax included, credit notes negative."""
        return SQL(
            """
            SELECT NULL::int AS move_line_id, move.id AS move_id, NULL::int AS origin_id,
                   move.name, move.commercial_partner_id AS partner_id, seller.id AS user_id,
                   COALESCE(move.team_id, seller.sale_team_id) AS team_id, move.date,
                   move.invoice_date AS date_start, move.invoice_date_due AS date_due,
                   0 AS days, FALSE AS is_overdue, move.amount_total_signed AS amount,
                   0 AS excused, NULL AS nature
              FROM account_move move
              JOIN res_partner customer ON customer.id = move.commercial_partner_id
              LEFT JOIN res_users seller
                ON seller.id = COALESCE(%(owner)s, customer.user_id)
             WHERE move.state = 'posted' AND move.move_type IN %(sales)s
               AND move.date BETWEEN %(date_from)s AND %(date_to)s
               AND %(root)s = %(company)s
            """,
            owner=self._owner_sql("move.id", SQL("move.date"), "move.invoice_user_id"),
            sales=SALES,
            date_from=date_from,
            date_to=date_to,
            root=self.env["res.company"]._credit_root_sql(SQL("move.company_id")),
            company=company.id,
        )

    @api.model
    def _history_rows(self, company, date_from) -> SQL:
        """The sales of the months before a period, a row per person, team and month: the
        count-back of DSO goes through them."""
        return SQL(
            """
            SELECT NULL::int AS move_line_id, NULL::int AS move_id, NULL::int AS origin_id,
                   NULL AS name, NULL::int AS partner_id, sold.user_id, sold.team_id,
                   date_trunc('month', sold.date)::date AS date, NULL::date AS date_start,
                   NULL::date AS date_due, 0 AS days, FALSE AS is_overdue,
                   SUM(sold.amount) AS amount, 0 AS excused, NULL AS nature
              FROM (%s) AS sold
             GROUP BY sold.user_id, sold.team_id, date_trunc('month', sold.date)
            """,
            self._sales_rows(
                company, self._history_start(date_from), date_from - timedelta(days=1)
            ),
        )

    @api.model
    def _owner_sql(self, move: str, day: SQL, owner: str) -> SQL:
        """Whose a document was on a day: a handover counts from its own day."""
        return self.env["credit.owner.change"]._owner_sql(SQL(move), day, SQL(owner))
