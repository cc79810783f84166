from odoo import api, models, tools
from odoo.tools import SQL


class CreditOpenItem(models.Model):
    """Matches of entries that are not posted: Odoo keeps them, and what they paid is open again."""

    _inherit = "credit.open.item"

    @api.model
    @tools.ormcache()
    def _any_unposted_match(self):
        """Whether any entry that is not posted is matched, which is hardly ever so.

        Forgotten when entries leave or enter the ledger with their matching.
        """
        self.env["account.move.line"].flush_model(["matching_number", "parent_state"])
        [[found]] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM account_move_line"
                " WHERE parent_state != 'posted' AND matching_number IS NOT NULL)"
            )
        )
        return found

    @api.model
    def _undone_sql(self, line: SQL) -> SQL:
        """What entries that are not posted took off an item: one row, (amount, amount_currency).

        Odoo keeps the matching of an entry that is set back to draft. There is hardly ever one:
        they are found by an index of their own, and only for their items is anything summed up.
        """
        return SQL(
            """
            SELECT SUM(amount) AS amount, SUM(amount_currency) AS amount_currency
              FROM (%(matches)s) AS undone
             WHERE undone.line_id = %(line)s AND %(line)s = ANY(%(lines)s)
            """,
            matches=self._unposted_matches_sql(),
            line=line,
            lines=self._undone_lines_sql(),
        )

    @api.model
    def _undone_lines_sql(self) -> SQL:
        """The ids of the items that entries which are not posted are matched with, an array."""
        return SQL("ARRAY(SELECT line_id FROM (%s) AS undone)", self._unposted_matches_sql())

    @api.model
    def _unposted_before_sql(self) -> SQL:
        """The unposted matches of days up to the one asked for, as a further part of a UNION."""
        if not self._any_unposted_match():
            return SQL()
        return SQL(
            "UNION ALL SELECT line_id, amount, amount_currency FROM (%s) AS undone"
            " WHERE max_date <= %s",
            self._unposted_matches_sql(),
            self._today(),
        )

    @api.model
    def _unposted_matches_sql(self) -> SQL:
        """The matches of entries that are not posted: (line_id, max_date, amount,
        amount_currency), signed so that adding them to the residual undoes them."""
        sides = (
            ("debit_move_id", "credit_move_id", "debit_amount_currency", SQL("1")),
            ("credit_move_id", "debit_move_id", "credit_amount_currency", SQL("-1")),
        )
        return SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT matched.%(own)s AS line_id, matched.max_date,
                       %(sign)s * matched.amount AS amount,
                       %(sign)s * matched.%(currency)s AS amount_currency
                  FROM account_move_line unposted
                  JOIN account_partial_reconcile matched ON matched.%(other)s = unposted.id
                 WHERE unposted.parent_state != 'posted' AND unposted.matching_number IS NOT NULL
                """,
                own=SQL.identifier(own),
                other=SQL.identifier(other),
                currency=SQL.identifier(currency),
                sign=sign,
            )
            for own, other, currency, sign in sides
        )
