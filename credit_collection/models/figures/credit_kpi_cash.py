from odoo import api, models
from odoo.tools import SQL

from ..ledger.account_partial_reconcile_nature import MONEY, SALES


class CreditKpi(models.AbstractModel):
    """F, the cash of a period, and what was settled in it without money."""

    _inherit = "credit.kpi"

    @api.model
    def _cash_rows(self, company, date_from, date_to) -> SQL:
        """F: money on receivable accounts by its own date, shared out pro rata of what it settles.

        Of an entry only the part that is money counts, see :meth:`_settled_rows` for the rest.
        Bounced and repaid money is negative on the day it went.  A share belongs to the document
        that it settles; a bounce to the documents that the payment had settled; what settles
        nothing to the customer.
        """
        return SQL(
            """
            SELECT cash.id AS move_line_id, cash.move_id, share.origin_id, cash.name,
                   cash.partner_id, seller.id AS user_id,
                   COALESCE(origin.team_id, seller.sale_team_id) AS team_id, cash.date,
                   origin.invoice_date AS date_start, share.date_due,
                   GREATEST(cash.date - share.date_due, 0) AS days,
                   cash.date > share.date_due AS is_overdue, share.amount, 0 AS excused,
                   'cash' AS nature
              FROM (%(cash)s) AS cash
              CROSS JOIN LATERAL (%(shares)s) AS share
              LEFT JOIN res_partner customer ON customer.id = cash.partner_id
              LEFT JOIN account_move origin ON origin.id = share.origin_id
              LEFT JOIN res_users seller
                ON seller.id = COALESCE(%(owner)s, customer.user_id)
             WHERE share.amount != 0
            """,
            owner=self._owner_sql("origin.id", SQL("cash.date"), "origin.invoice_user_id"),
            cash=self._cash_sql(company, date_from, date_to),
            shares=self._shares_sql(),
        )

    @api.model
    def _settled_rows(self, company, date_from, date_to) -> SQL:
        """What was settled in the period without money: discount, credit note, netting, write-off,
        assignment, restructuring, exchange difference.

        By the day of the match; negative where it raises what is owed.
        """
        Partial = self.env["account.partial.reconcile"]
        return SQL(
            """
            SELECT settled.settler_id AS move_line_id, entry.id AS move_id,
                   origin.id AS origin_id, entry.name, customer.id AS partner_id,
                   seller.id AS user_id, COALESCE(origin.team_id, seller.sale_team_id) AS team_id,
                   settled.date, origin.invoice_date AS date_start, debt.date_maturity AS date_due,
                   GREATEST(settled.date - debt.date_maturity, 0) AS days,
                   settled.date > debt.date_maturity AS is_overdue,
                   CASE WHEN settled.settler_id = settled.debit_move_id
                        THEN -settled.amount ELSE settled.amount END AS amount,
                   0 AS excused, settled.nature
              FROM (%(natures)s) AS settled
              JOIN account_move_line settler ON settler.id = settled.settler_id
              JOIN account_move entry ON entry.id = settler.move_id
              JOIN account_move_line debt
                ON debt.id = CASE WHEN settled.settler_id = settled.debit_move_id
                                  THEN settled.credit_move_id ELSE settled.debit_move_id END
              JOIN account_move origin ON origin.id = debt.move_id
              LEFT JOIN res_partner partner ON partner.id = debt.partner_id
              LEFT JOIN res_partner customer ON customer.id = partner.commercial_partner_id
              LEFT JOIN res_users seller
                ON seller.id = COALESCE(%(owner)s, customer.user_id)
             WHERE settled.nature != 'cash' AND settled.amount != 0
            """,
            owner=self._owner_sql("origin.id", SQL("settled.date"), "origin.invoice_user_id"),
            natures=Partial._credit_natures_sql(
                SQL(
                    "partial.max_date BETWEEN %s AND %s AND debit.account_id = ANY(%s) AND %s = %s",
                    date_from,
                    date_to,
                    self.env["credit.open.item"]._receivable_account_ids(),
                    self.env["res.company"]._credit_root_sql(SQL("debit.company_id")),
                    company.id,
                )
            ),
        )

    @api.model
    def _cash_sql(self, company, date_from, date_to) -> SQL:
        Partial = self.env["account.partial.reconcile"]
        return SQL(
            """
            SELECT line.id, line.move_id, line.date, -line.balance * money.part AS amount,
                   money.part,
                   COALESCE(NULLIF(line.move_name, '/'), line.name) AS name,
                   partner.commercial_partner_id AS partner_id
              FROM account_move_line line
              JOIN account_journal journal ON journal.id = line.journal_id
              LEFT JOIN res_partner partner ON partner.id = line.partner_id
              JOIN LATERAL (%(natures)s) AS money ON money.nature = 'cash'
             WHERE line.account_id = ANY(%(accounts)s)
               AND line.parent_state = 'posted'
               AND line.date BETWEEN %(date_from)s AND %(date_to)s
               AND (journal.type IN %(money)s OR %(booked_elsewhere)s)
               AND NOT (%(till)s)
               AND %(root)s = %(company)s
            """,
            accounts=self.env["credit.open.item"]._receivable_account_ids(),
            date_from=date_from,
            date_to=date_to,
            money=MONEY,
            booked_elsewhere=Partial._credit_money_elsewhere_sql(SQL("line.move_id")),
            till=Partial._credit_is_till_sql(SQL("line.account_id")),
            natures=Partial._credit_line_natures_sql("line"),
            root=self.env["res.company"]._credit_root_sql(SQL("line.company_id")),
            company=company.id,
        )

    @api.model
    def _shares_sql(self) -> SQL:
        """The shares of the row ``cash``: (origin_id, date_due, amount), adding up to it."""
        matches = SQL(
            """
            SELECT debit_move_id AS other_id, amount * cash.part AS amount
              FROM account_partial_reconcile WHERE credit_move_id = cash.id
             UNION ALL
            SELECT credit_move_id, -amount * cash.part
              FROM account_partial_reconcile WHERE debit_move_id = cash.id
            """
        )
        return SQL(
            """
            SELECT CASE WHEN other.move_type IN %(sales)s THEN other.id
                        ELSE undone.origin_id END AS origin_id,
                   CASE WHEN other.move_type IN %(sales)s AND difference.line_id IS NULL
                        THEN line.date_maturity END AS date_due,
                   match.amount * COALESCE(undone.part, 1) AS amount
              FROM (%(matches)s) AS match
              JOIN account_move_line matched ON matched.id = match.other_id
              LEFT JOIN LATERAL (%(difference)s) AS difference ON TRUE
              JOIN account_move_line line
                ON line.id = COALESCE(difference.line_id, match.other_id)
              JOIN account_move other ON other.id = line.move_id
              LEFT JOIN LATERAL (%(undone)s) AS undone ON other.move_type NOT IN %(sales)s
             UNION ALL
            SELECT NULL, NULL,
                   cash.amount - COALESCE((SELECT SUM(amount) FROM (%(matches)s) AS match), 0)
            """,
            sales=SALES,
            matches=matches,
            difference=self._difference_sql(),
            undone=self._undone_sql(),
        )

    @api.model
    def _difference_sql(self) -> SQL:
        """Whose the exchange difference ``matched`` is: the line that ``cash`` settled with it."""
        return SQL(
            """
            SELECT CASE WHEN debit_move_id = cash.id THEN credit_move_id
                        ELSE debit_move_id END AS line_id
              FROM account_partial_reconcile
             WHERE exchange_move_id = matched.move_id AND cash.id IN (debit_move_id, credit_move_id)
             LIMIT 1
            """,
            to_flush=self.env["account.partial.reconcile"]._fields["exchange_move_id"],
        )

    @api.model
    def _undone_sql(self) -> SQL:
        """What either side of a bounce had settled before, in parts of the whole."""
        return SQL(
            """
            SELECT settled.id AS origin_id, was.amount / SUM(was.amount) OVER () AS part
              FROM credit_undone_match was
              JOIN account_move_line own
                ON own.id IN (was.debit_move_id, was.credit_move_id)
              JOIN account_move settled
                ON settled.id = own.move_id AND settled.move_type IN %(sales)s
             WHERE was.amount > 0
               AND (was.credit_move_id IN (cash.id, line.id)
                    OR was.debit_move_id IN (cash.id, line.id))
            """,
            sales=SALES,
        )
