from odoo import api, models
from odoo.tools import SQL

from ...tools.sql import Join

# What the columns of a posted item are made of, besides what is open of it.
LINE = (
    "id",
    "move_id",
    "name",
    "partner_id",
    "company_id",
    "currency_id",
    "company_currency_id",
    "date",
    "date_maturity",
    "no_followup",
)
# The columns that read the entry of an item, and those that read what is open of it.
OF_MOVE = (
    "name",
    "user_id",
    "team_id",
    "date",
    "in_payment",
    "no_followup",
    "paying_part",
    "is_refund",
    "contact_id",
)
OF_AMOUNT = (
    "amount",
    "amount_currency",
    "in_payment",
    "disputed_amount",
    "disputed_currency",
    "promised_part",
    "paying_part",
)


class CreditOpenItem(models.Model):
    """Posted items as SQL, as they are now and as they were on a day."""

    _inherit = "credit.open.item"

    @api.model
    def _due_sql(self) -> SQL:
        """When an item is due; with ``original_due`` in the context, when it was before a plan."""
        due = SQL("COALESCE(line.date_maturity, line.date)")
        if not self.env.context.get("original_due"):
            return due
        return SQL(
            """COALESCE((SELECT MIN(planned.date_original) FROM credit_plan_item planned
                          WHERE planned.move_line_id = line.id
                            AND planned.date_new IS NOT NULL), %s)""",
            due,
        )

    @api.model
    def _receivable_columns(self, owner: SQL, amount: SQL, amount_currency: SQL) -> dict:
        past, line = self._past_day(), SQL("line.id")
        disputed = self._disputed_sql(line, past)
        in_payment = self._in_payment_sql(past, amount)
        return {
            "id": SQL("line.id * 3::bigint"),
            "kind": SQL("'receivable'"),
            "name": SQL("COALESCE(NULLIF(move.name, '/'), move.ref, line.name)"),
            "move_line_id": SQL("line.id"),
            "move_id": SQL("line.move_id"),
            "partner_id": owner,
            "company_id": self.env["res.company"]._credit_root_sql(SQL("line.company_id")),
            "branch_id": SQL("line.company_id"),
            "user_id": SQL("COALESCE(move.invoice_user_id, customer.user_id)"),
            # Not a join: PostgreSQL drops what is not selected, but not a join that others feed.
            "team_id": SQL(
                "COALESCE(move.team_id, (SELECT seller.sale_team_id FROM res_users seller"
                " WHERE seller.id = COALESCE(move.invoice_user_id, customer.user_id)))"
            ),
            "currency_id": SQL("line.currency_id"),
            "amount_currency": amount_currency,
            "amount": amount,
            "date": SQL("COALESCE(move.invoice_date, line.date)"),
            "date_due": self._due_sql(),
            "in_payment": in_payment,
            "no_followup": SQL(
                "COALESCE(line.no_followup, FALSE)"
                " OR COALESCE(move.payment_state = 'blocked', FALSE)"
            ),
            "disputed_amount": SQL("LEAST(%s, GREATEST(%s, 0))", disputed, amount),
            "disputed_currency": SQL(
                "LEAST(CASE WHEN line.currency_id = line.company_currency_id THEN %s ELSE %s END,"
                " GREATEST(%s, 0))",
                disputed,
                self._disputed_sql(line, past, own_currency=True),
                amount_currency,
            ),
            "promised_until": self._promised_sql("line", past),
            "legal": self.env["credit.case"]._legal_sql(line, past),
            "promised_part": self._promised_part_sql("line", past, amount, amount_currency),
            "paying_part": self._paying_part_sql(past, in_payment),
            "is_refund": SQL("move.move_type = 'out_refund'"),
            "contact_id": SQL("COALESCE(move.partner_id, line.partner_id)"),
        }

    @api.model
    def _in_payment_sql(self, past, amount: SQL) -> SQL:
        """A payment waits to be matched; a past day's waiting payments are not recorded."""
        if past:
            return SQL("FALSE")
        return SQL(
            "COALESCE(move.payment_state IN ('in_payment', 'paid') AND %s > 0, FALSE) OR %s",
            amount,
            self.env["credit.instrument"]._protects_sql(SQL("line.id")),
        )

    @api.model
    def _paying_part_sql(self, past, in_payment: SQL) -> SQL:
        """The share of an item that payments cover which have no entry yet, 0 to 1.

        A payment of several invoices is shared out by what is open of them, in their currency where
        it has the same.  One that was validated by hand is on its way until something is matched,
        as Odoo sees it.
        """
        if past:
            return SQL("0::numeric")
        return SQL(
            """
            CASE WHEN %(paying)s THEN COALESCE((
                 SELECT LEAST(SUM(CASE WHEN whole.same THEN payment.amount / whole.open_currency
                             ELSE ABS(payment.amount_company_currency_signed) / whole.open END), 1)
                   FROM account_move__account_payment paid
                   JOIN account_payment payment ON payment.id = paid.payment_id
                    AND payment.move_id IS NULL
                    AND (payment.state = 'in_process' OR payment.state = 'paid' AND NOT EXISTS (
                         SELECT FROM account_partial_reconcile came
                          WHERE came.debit_move_id = line.id))
                  CROSS JOIN LATERAL (
                        SELECT NULLIF(SUM(other.amount_residual), 0) AS open,
                               NULLIF(SUM(other.amount_residual_currency), 0) AS open_currency,
                               BOOL_AND(other.currency_id = payment.currency_id) AS same
                          FROM account_move__account_payment together
                          JOIN account_move_line other ON other.move_id = together.invoice_id
                           AND other.account_id = ANY(%(accounts)s) AND other.amount_residual > 0
                         WHERE together.payment_id = payment.id) AS whole
                  WHERE paid.invoice_id = line.move_id), 1) ELSE 0 END
            """,
            paying=in_payment,
            accounts=self._receivable_account_ids(),
        )

    @api.model
    def _receivable_joins(self, customer) -> tuple:
        partner = SQL("LEFT JOIN res_partner partner ON partner.id = line.partner_id")
        return (
            Join(SQL("LEFT JOIN account_move move ON move.id = line.move_id"), OF_MOVE),
            *self._owner_joins(partner, customer),
        )

    @api.model
    def _receivable_sql(self, columns, customer=None) -> SQL:
        """Posted, unreconciled receivable lines: one row per instalment, credits negative."""
        owner, mine = self._owner_sql(SQL("line.partner_id"), customer)
        amounts = SQL("line.amount_residual"), SQL("line.amount_residual_currency")
        is_open = SQL(
            "line.reconciled IS NOT TRUE"
            " AND (line.amount_residual != 0 OR line.amount_residual_currency != 0)"
        )
        joins = self._receivable_joins(customer)
        if self._any_unposted_match():
            amounts = (
                SQL("line.amount_residual + COALESCE(undone.amount, 0)"),
                SQL("line.amount_residual_currency + COALESCE(undone.amount_currency, 0)"),
            )
            undone = self._undone_sql(SQL("line.id"))
            undone = SQL("LEFT JOIN LATERAL (%s) AS undone ON TRUE", undone)
            joins = (Join(undone, OF_AMOUNT), *joins)
            is_open = SQL("((%s) OR line.id = ANY(%s))", is_open, self._undone_lines_sql())
        return self._kind_sql(
            columns,
            self._receivable_columns(owner, *amounts),
            SQL("account_move_line line"),
            joins,
            SQL(
                """line.account_id = ANY(%(accounts)s)
                   AND %(is_open)s
                   AND line.parent_state = 'posted'
                   AND %(mine)s
                """,
                accounts=self._receivable_account_ids(),
                is_open=is_open,
                mine=mine,
            ),
        )

    @api.model
    def _receivable_as_of_sql(self, columns, customer=None) -> SQL:
        """Posted receivable lines as they were on a day, today included."""
        owner, mine = self._owner_sql(SQL("line.partner_id"), customer)
        return self._kind_sql(
            columns,
            self._receivable_columns(owner, SQL("line.residual"), SQL("line.residual_currency")),
            SQL("(%s) AS line", self._lines_as_of_sql()),
            self._receivable_joins(customer),
            SQL("(line.residual != 0 OR line.residual_currency != 0) AND %s", mine),
        )

    @api.model
    def _lines_as_of_sql(self) -> SQL:
        """The journal items with what was open of them on a day.

        That is what is open now plus what was matched after that day: not open now, a line is
        found through its matching, so that the years before do not count.
        """
        line = SQL(
            """
            SELECT %s, line.amount_residual + COALESCE(later.amount, 0) AS residual,
                   line.amount_residual_currency + COALESCE(later.amount_currency, 0)
                   AS residual_currency
            """,
            SQL(", ").join(SQL.identifier("line", name) for name in LINE),
        )
        posted = SQL(
            "line.account_id = ANY(%s) AND line.parent_state = 'posted' AND line.date <= %s",
            self._receivable_account_ids(),
            self._today(),
        )
        return SQL(
            """
            WITH later AS (
                 SELECT line_id, SUM(amount) AS amount, SUM(amount_currency) AS amount_currency
                   FROM (
                        SELECT debit_move_id AS line_id, amount,
                               debit_amount_currency AS amount_currency
                          FROM account_partial_reconcile WHERE max_date > %(day)s
                         UNION ALL
                        SELECT credit_move_id, -amount, -credit_amount_currency
                          FROM account_partial_reconcile WHERE max_date > %(day)s
                        %(unposted)s
                        ) AS matched
                  GROUP BY line_id)
            %(line)s FROM account_move_line line LEFT JOIN later ON later.line_id = line.id
             WHERE line.reconciled IS NOT TRUE AND %(posted)s
             UNION ALL
            %(line)s FROM later JOIN account_move_line line ON line.id = later.line_id
             WHERE line.reconciled AND %(posted)s
            """,
            day=self._today(),
            unposted=self._unposted_before_sql(),
            line=line,
            posted=posted,
        )
