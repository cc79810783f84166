from odoo import api, fields, models
from odoo.tools import SQL


class CreditOpenItem(models.Model):
    """What was disputed, promised and sent about an item; each looked up item by item."""

    _inherit = "credit.open.item"

    @api.model
    def _disputed_sql(self, line: SQL, past, excused=False, own_currency=False) -> SQL:
        """The part of a journal item that the customer disputes, in the company's currency.

        What has been credited of a dispute is no part of it any more.

        Looked up item by item, so that one customer touches only that customer's rows.  On a past
        day the disputes count that were open then; the caller caps it at the residual.

        :param line: the journal item's id
        :param past: see :meth:`_past_day`
        :param excused: only what is disputed through no fault of sales
        :param own_currency: in the item's own currency instead
        """
        if not self.env["credit.dispute"]._any():
            return SQL("0::numeric")
        blameless = SQL(
            """AND EXISTS (SELECT FROM credit_dispute_reason reason
                            WHERE reason.id = dispute.reason_id
                              AND reason.sales_at_fault IS NOT TRUE)"""
        )
        return SQL(
            """
            COALESCE((SELECT SUM(%(amount)s) FROM credit_dispute dispute
                       WHERE dispute.move_line_id = %(line)s AND %(then)s %(reasons)s), 0)
            """,
            amount=self._dispute_amount_sql(past, own_currency),
            line=line,
            reasons=blameless if excused else SQL(),
            then=self._then_sql(
                past,
                SQL("dispute.state IN ('open', 'accepted')"),
                SQL("dispute.opened_on"),
                SQL("dispute.closed_on"),
            ),
        )

    @api.model
    def _dispute_amount_sql(self, past, own_currency) -> SQL:
        """What is left of a dispute: its amount less what was credited of it by the day."""
        credited = SQL("COALESCE(dispute.credited, 0)")
        if day := past or self._context_day("as_of"):
            credited = SQL(
                """COALESCE((SELECT SUM((part.value->>1)::numeric)
                               FROM jsonb_each(dispute.credited_by) AS part
                              WHERE part.value->>0 <= %s), 0)""",
                fields.Date.to_string(day),
            )
        rest = SQL("GREATEST(dispute.amount - %s, 0)", credited)
        if own_currency:
            return rest
        return SQL("dispute.amount_company * %s / dispute.amount", rest)

    @api.model
    def _promised_part_sql(self, line: str, past, amount: SQL, amount_currency: SQL) -> SQL:
        """The share of a journal item that its open promises cover, 0 to 1.

        A promise of less than its items are covers the oldest of them first.  Only what is matched
        lowers it: money on account settles the promised part first, see ``core.dunning.credits``.
        """
        if past or not self.env["credit.promise"]._any():
            return SQL("1::numeric")
        before = SQL(
            """
            SELECT COALESCE(SUM(CASE WHEN earlier.currency_id = promise.currency_id
                                     THEN earlier.amount_residual_currency
                                     ELSE earlier.amount_residual END), 0) AS open
              FROM credit_promise_item_rel beside
              JOIN account_move_line earlier ON earlier.id = beside.move_line_id
             WHERE beside.promise_id = promise.id AND earlier.amount_residual > 0
               AND (COALESCE(earlier.date_maturity, earlier.date), earlier.id)
                 < (COALESCE(%(line)s.date_maturity, %(line)s.date), %(line)s.id)
            """,
            line=SQL.identifier(line),
        )
        return SQL(
            """
            COALESCE((SELECT LEAST(SUM(GREATEST(LEAST(
                       (said.unmatched - before.open) / NULLIF(said.own, 0), 1), 0)), 1)
               FROM credit_promise_item_rel promised
               JOIN credit_promise promise ON promise.id = promised.promise_id
                AND %(counts)s
              CROSS JOIN LATERAL (SELECT
                    CASE WHEN %(line)s.currency_id = promise.currency_id
                         THEN %(currency)s ELSE %(amount)s END AS own,
                    COALESCE(promise.unmatched, promise.missing)
                    * CASE WHEN %(line)s.currency_id = promise.currency_id THEN 1
                           ELSE promise.amount_company
                                / NULLIF(promise.amount, 0) END AS unmatched) AS said
              CROSS JOIN LATERAL (%(before)s) AS before
              WHERE promised.move_line_id = %(line)s.id), 1)
            """,
            line=SQL.identifier(line),
            currency=amount_currency,
            amount=amount,
            before=before,
            counts=self._promise_counts_sql(),
        )

    @api.model
    def _promise_counts_sql(self) -> SQL:
        """Whether a promise still protects its items: open, or kept by what is not matched yet."""
        return SQL("(promise.state = 'open' OR promise.state = 'kept' AND promise.unmatched > 0)")

    @api.model
    def _promised_sql(self, line: str, past) -> SQL:
        """The day until which the customer promised to pay a journal item."""
        if not self.env["credit.promise"]._any():
            return SQL("NULL::date")
        return SQL(
            """
            (SELECT MAX(promise.date)
               FROM credit_promise_item_rel promised
               JOIN credit_promise promise ON promise.id = promised.promise_id
              WHERE promised.move_line_id = %(line)s AND %(then)s)
            """,
            line=SQL.identifier(line, "id"),
            then=self._then_sql(
                past,
                self._promise_counts_sql(),
                SQL("promise.made_on"),
                SQL("promise.judged_on"),
            ),
        )

    @api.model
    def _then_sql(self, past, now: SQL, begun: SQL, ended: SQL) -> SQL:
        """``now`` today; on a past day: begun by that day and not ended on or before it."""
        if not past:
            return now
        return SQL(
            "%(begun)s <= %(day)s AND (%(ended)s IS NULL OR %(ended)s > %(day)s)",
            begun=begun,
            ended=ended,
            day=past,
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
               AND sent.stepped_down IS NOT TRUE
             ORDER BY level.delay DESC, level.sequence DESC, level.id DESC LIMIT 1)""",
            SQL.identifier(item, "move_line_id"),
        )
