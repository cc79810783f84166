import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools.reasons import Reason, reason, say
from ...tools.sql import ids_sql

# What a line is made of, and how it is read; the rest it has from its message.
INSERTED = {
    "followup_id": "int",
    "move_line_id": "int",
    "move_id": "int",
    "name": "text",
    "level_id": "int",
    "date_due": "date",
    "days_overdue": "int",
    "amount": "numeric",
    "currency_id": "int",
    "amount_currency": "numeric",
}
OF_MESSAGE = ("state", "account_id", "company_id", "date")


class CreditFollowupLine(models.Model):
    """An item in a message, with the amounts as sent and the level that it reaches by it."""

    _name = "credit.followup.line"
    _description = "Follow-up Item"
    _order = "followup_id, date_due, id"
    _rec_name = "name"

    followup_id = fields.Many2one(
        "credit.followup", "Message", required=True, index=True, ondelete="cascade", readonly=True
    )
    state = fields.Selection(related="followup_id.state", store=True, precompute=True)
    account_id = fields.Many2one(
        related="followup_id.account_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="followup_id.company_id", store=True, precompute=True, index="btree_not_null"
    )
    company_currency_id = fields.Many2one(
        string="Company Currency", related="company_id.currency_id"
    )
    date = fields.Date(related="followup_id.date", store=True, precompute=True)
    move_line_id = fields.Many2one(
        "account.move.line", "Journal Item", index=True, ondelete="set null", readonly=True
    )
    move_id = fields.Many2one(
        "account.move", "Invoice", index=True, ondelete="set null", readonly=True
    )
    name = fields.Char("Document", readonly=True)
    level_id = fields.Many2one(
        "credit.followup.level",
        index=True,
        ondelete="restrict",
        readonly=True,
        help="The level that the item reaches by this message. Empty when it is listed only.",
    )
    date_due = fields.Date("Due Date", readonly=True)
    days_overdue = fields.Integer(
        "Days Late", readonly=True, aggregator="max", help="Negative before the due date."
    )
    amount = fields.Monetary(
        readonly=True,
        currency_field="company_currency_id",
        help="Asked for, in the company's currency, without what is disputed.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_currency = fields.Monetary("Amount in Currency", readonly=True)

    stepped_down = fields.Boolean(
        readonly=True,
        copy=False,
        help="It reached the customer, and counts no more: the due date was moved, or somebody "
        "with the right took the level back. The level can come again.",
    )
    step_down_reason = Reason("Why It Stepped Down", readonly=True, copy=False)
    whole_move = fields.Boolean(
        readonly=True,
        copy=False,
        help="The invoice was split anew: its level counts for all parts.",
    )

    # Also finds what was delivered for an item. Failed and cancelled messages free the level.
    _once = models.UniqueIndex(
        "(move_line_id, level_id) WHERE state IN ('draft', 'queued', 'sent')"
        " AND stepped_down IS NOT TRUE",
        "The same level is never sent twice for the same item.",
    )
    _whole_move_idx = models.Index("(move_id) WHERE whole_move")

    @api.model
    def _insert(self, vals_list):
        """Make many lines by one statement: through ``create`` they take most of a night's plan.

        :param vals_list: dicts of all of ``INSERTED``, amounts rounded
        """
        self.env["credit.followup"].flush_model(OF_MESSAGE)
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO credit_followup_line
                       (%(own)s, %(of_message)s, create_uid, create_date, write_uid, write_date)
                SELECT %(line)s, %(message)s, %(user)s, %(now)s, %(user)s, %(now)s
                  FROM json_to_recordset(%(rows)s) AS line (%(types)s)
                  JOIN credit_followup message ON message.id = line.followup_id
                 ORDER BY line.followup_id, line.date_due, line.move_line_id
                RETURNING id
                """,
                own=SQL(", ").join(map(SQL.identifier, INSERTED)),
                of_message=SQL(", ").join(map(SQL.identifier, OF_MESSAGE)),
                line=SQL(", ").join(SQL.identifier("line", name) for name in INSERTED),
                message=SQL(", ").join(SQL.identifier("message", name) for name in OF_MESSAGE),
                types=SQL(", ").join(
                    SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in INSERTED.items()
                ),
                user=self.env.uid,
                now=fields.Datetime.now(),
                rows=json.dumps(vals_list, default=fields.Date.to_string),
            )
        )
        self.env["credit.followup"].invalidate_model(["line_ids"])
        self.browse(line_id for (line_id,) in rows).modified([*INSERTED, *OF_MESSAGE])

    @api.model
    def _reached_sql(self, accounts=None, stopping=False) -> SQL:
        """SQL of the highest level that the open items of files have reached.

        A level for what is late counts as long as its item is late.

        :param accounts: ``credit.account`` (sudo) to look at, else all
        :param stopping: without the items of plans that let orders pass
        :return: rows (account_id, level_id), one per file that reached any
        """
        self.flush_model(["state", "level_id", "move_line_id", "account_id", "stepped_down"])
        self.env["account.move.line"].flush_model(["date", "date_maturity"])
        domain = [("kind", "=", "receivable"), ("amount", ">", 0)]
        if accounts is not None:
            domain += [
                ("account_id", "in", accounts.ids),
                ("partner_id", "in", accounts.partner_id.ids),
            ]
        items = (
            self.env["credit.open.item"]
            .sudo()
            .with_context(as_of=None)
            ._search(domain, bypass_access=True)
        )
        return SQL(
            """
            SELECT DISTINCT ON (line.account_id) line.account_id, line.level_id
              FROM credit_followup_line line
              JOIN credit_followup_level level ON level.id = line.level_id
              JOIN account_move_line item ON item.id = line.move_line_id
               AND (level.delay < 0 OR COALESCE(item.date_maturity, item.date) < %(today)s)
             WHERE line.state = 'sent' AND line.stepped_down IS NOT TRUE AND %(those)s
               AND line.move_line_id IN %(items)s AND NOT %(passes)s
             ORDER BY line.account_id, level.delay DESC, level.sequence DESC, level.id DESC
            """,
            those=SQL("TRUE")
            if accounts is None
            else SQL("line.account_id = ANY(%s)", accounts.ids),
            items=items.subselect("move_line_id"),
            passes=self.env["credit.plan"]._lets_pass_sql(SQL("line.move_line_id"))
            if stopping
            else SQL("FALSE"),
            today=self.env["credit.open.item"].with_context(as_of=None)._today(),
        )

    @api.model
    def _delivered(self, move_line_ids):
        """What reached the customer for each of these journal items.

        :return: {journal item id: (ids of the levels, day of the latest)}
        """
        self.sudo().flush_model(
            ["move_line_id", "level_id", "state", "date", "stepped_down", "whole_move"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item_id, array_agg(DISTINCT level_id ORDER BY level_id), MAX(date)
                  FROM (SELECT move_line_id AS item_id, level_id, date
                          FROM credit_followup_line
                         WHERE state = 'sent' AND level_id IS NOT NULL
                           AND stepped_down IS NOT TRUE AND move_line_id = ANY(%(items)s)
                         UNION ALL
                        SELECT item.id, line.level_id, line.date
                          FROM credit_followup_line line
                          JOIN account_move_line item ON item.move_id = line.move_id
                         WHERE line.whole_move AND line.state = 'sent'
                           AND line.level_id IS NOT NULL AND line.stepped_down IS NOT TRUE
                           AND item.id = ANY(%(items)s)) AS delivered
                 GROUP BY item_id
                """,
                items=ids_sql(move_line_ids),
            )
        )
        return {line: (tuple(levels), day) for line, levels, day in rows}

    # ------------------------------------------------------------------
    # Levels step down
    # ------------------------------------------------------------------

    @api.model
    def _step_down_moved(self, items):
        """The due dates of these journal items were moved: levels for what is not late any more
        step down, and say so in the customers' files."""
        lines = self.sudo().search(
            [
                ("move_line_id", "in", items.ids),
                ("level_id.delay", ">=", 0),
                ("state", "=", "sent"),
                ("stepped_down", "=", False),
            ]
        )
        moved = self.browse()
        for line in lines:
            due, today = line.move_line_id.date_maturity, line.company_id._credit_today()
            if line.date_due and due and due > line.date_due and due >= today:
                moved |= line
        for due, own in moved.grouped(lambda line: line.move_line_id.date_maturity).items():
            own._step_down(reason("due_now", on=due))

    def action_step_down(self):
        """Take these levels back: they do not count any more and can come again."""
        self.check_access("read")
        if not self.env.user.has_group("credit_collection.credit_collection_group_manager"):
            raise AccessError(self.env._("Only a credit manager takes levels back."))
        lines = self.sudo().filtered(
            lambda line: line.state == "sent" and line.level_id and not line.stepped_down
        )
        if not lines:
            raise UserError(self.env._("None of these items has a level that counts."))
        lines._step_down(reason("taken_back", who=self.env.user.name))

    def _step_down(self, why):
        """:param why: the reason to keep"""
        for line in self:
            line.write({"stepped_down": True, "step_down_reason": why})
            line.account_id._message_log(
                body=self.env._(
                    "%(level)s steps down for %(item)s: %(reason)s.",
                    level=line.level_id.name,
                    item=line.name or "",
                    reason=say(self.env, why),
                )
            )
        self.account_id._wake_holds()

    def _online_url(self):
        """Where the customer can pay this invoice online, or ``False``."""
        self.ensure_one()
        move = self.move_id
        if not move.is_sale_document() or not move._has_to_be_paid():
            return False
        return move.get_base_url() + move.get_portal_url()
