from odoo import api, models
from odoo.tools import SQL


class CreditOpenItem(models.Model):
    """What was disputed, promised and sent about an item; each looked up item by item."""

    _inherit = "credit.open.item"

    @api.model
    def _disputed_sql(self, line: SQL, excused=False) -> SQL:
        """The part of a journal item that the customer disputes, in the company's currency.

        Looked up item by item, so that one customer touches only that customer's rows.  On a past
        day the disputes count that were open then; the caller caps it at the residual.

        :param line: the journal item's id
        :param excused: only what is disputed through no fault of sales
        """
        blameless = SQL(
            """AND EXISTS (SELECT FROM credit_dispute_reason reason
                            WHERE reason.id = dispute.reason_id
                              AND reason.sales_at_fault IS NOT TRUE)"""
        )
        return SQL(
            """
            COALESCE((SELECT SUM(dispute.amount_company) FROM credit_dispute dispute
                       WHERE dispute.move_line_id = %(line)s AND %(then)s %(reasons)s), 0)
            """,
            line=line,
            reasons=blameless if excused else SQL(),
            then=self._then_sql(
                SQL("dispute.state IN ('open', 'accepted')"),
                SQL("dispute.opened_on"),
                SQL("dispute.closed_on"),
            ),
        )

    @api.model
    def _promised_sql(self, line: str) -> SQL:
        """The day until which the customer promised to pay a journal item."""
        return SQL(
            """
            (SELECT MAX(promise.date)
               FROM credit_promise_item_rel promised
               JOIN credit_promise promise ON promise.id = promised.promise_id
              WHERE promised.move_line_id = %(line)s AND %(then)s)
            """,
            line=SQL.identifier(line, "id"),
            then=self._then_sql(
                SQL("promise.state = 'open'"), SQL("promise.made_on"), SQL("promise.judged_on")
            ),
        )

    @api.model
    def _then_sql(self, now: SQL, begun: SQL, ended: SQL) -> SQL:
        """``now`` today; on a past day: begun by that day and not ended on or before it."""
        if not self._is_past():
            return now
        return SQL(
            "%(begun)s <= %(day)s AND (%(ended)s IS NULL OR %(ended)s > %(day)s)",
            begun=begun,
            ended=ended,
            day=self._today(),
        )

    @api.model
    def _followup_level_sql(self, item: str) -> SQL:
        """The highest follow-up level that was delivered for a journal item."""
        return SQL(
            """(
            SELECT sent.level_id
              FROM credit_followup_line sent
              JOIN credit_followup_level level ON level.id = sent.level_id
             WHERE sent.move_line_id = %s AND sent.state = 'sent'
             ORDER BY level.delay DESC, level.sequence DESC, level.id DESC LIMIT 1)""",
            SQL.identifier(item, "move_line_id"),
        )
