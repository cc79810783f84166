from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...core import cover

KINDS = [
    ("notice", "Tell the insurer"),
    ("handover", "Hand the case over"),
    ("extended", "Longest extension ends"),
]


class CreditCoverDeadline(models.Model):
    """A day by which an insured item needs something, or cover is lost."""

    _name = "credit.cover.deadline"
    _description = "Insurer's Calendar"
    _order = "date, id"
    _rec_name = "move_line_id"
    _written_by_steps = frozenset(
        {"collateral_id", "move_line_id", "kind", "date", "state", "done_on", "done_by_id"}
    )

    collateral_id = fields.Many2one(
        "credit.collateral",
        "Security",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    account_id = fields.Many2one(related="collateral_id.account_id", store=True, index=True)
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="collateral_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line", "Item", required=True, readonly=True, index=True, ondelete="cascade"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    amount = fields.Monetary(related="move_line_id.amount_residual", string="Open")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    date = fields.Date("Deadline", required=True, readonly=True, index=True)
    state = fields.Selection(
        [("open", "To Do"), ("done", "Done"), ("settled", "Paid"), ("missed", "Missed")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    done_on = fields.Date(readonly=True)
    done_by_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")

    _once = models.UniqueIndex(
        "(collateral_id, move_line_id, kind)", "A deadline is counted once for each item."
    )

    def action_done(self):
        """The insurer was told, or has the case."""
        self.check_access("write")
        for deadline in self.filtered(lambda d: d.state in ("open", "missed")):
            deadline.sudo().write(
                {
                    "state": "done",
                    "done_on": deadline.company_id._credit_today(),
                    "done_by_id": self.env.uid,
                }
            )
        self.sudo().account_id._wake_holds()

    @api.model
    def _follow(self, company, today):
        """Write the calendar of a company's insured items and remind before each day."""
        self._settle(company)
        found = {
            (row.collateral_id.id, row.move_line_id.id, row.kind)
            for row in self.search([("company_id", "=", company.id)])
        }
        values = []
        for collateral_id, line_id, invoiced, due in self._insured(company):
            collateral = self.env["credit.collateral"].browse(collateral_id)
            days = cover.calendar(
                invoiced,
                due,
                collateral.extension_days,
                collateral.notice_days,
                collateral.handover_days,
            )
            for kind, day in days.items():
                near = day and due < today and day - timedelta(collateral.warn_days) <= today
                if near and (collateral_id, line_id, kind) not in found:
                    values.append(
                        {
                            "collateral_id": collateral_id,
                            "move_line_id": line_id,
                            "kind": kind,
                            "date": day,
                        }
                    )
        self.create(values)._remind()
        missed = self.search(
            [("company_id", "=", company.id), ("state", "=", "open"), ("date", "<", today)]
        )
        missed.state = "missed"
        return missed

    def _remind(self):
        for deadline in self:
            deadline.collateral_id._remind(deadline._reminder, deadline.date)

    def _reminder(self, env):
        """What has to be done by when, in the language of ``env``."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(env))
        return env._(
            "%(what)s by %(day)s: %(invoice)s",
            what=kinds[self.kind],
            day=format_date(env, self.date),
            invoice=self.move_id.name or "",
        )

    @api.model
    def _settle(self, company):
        """What was paid needs nothing any more."""
        self.search(
            [
                ("company_id", "=", company.id),
                ("state", "in", ("open", "missed")),
                ("move_line_id.reconciled", "=", True),
            ]
        ).state = "settled"

    @api.model
    def _insured(self, company):
        """``(security, item, day of the invoice, due date)`` of what insurance covers."""
        return self.env.execute_query(
            SQL(
                """
                SELECT c.id, item.move_line_id, item.date, item.date_due
                  FROM %(items)s AS item
                  JOIN credit_collateral c ON c.account_id = item.account_id
                 WHERE c.state = 'in_force' AND c.kind = 'insurance' AND item.amount > 0
                   AND c.company_id = %(company)s
                   AND item.date BETWEEN c.date_from AND COALESCE(c.date_to, item.date)
                   AND (NOT EXISTS (SELECT FROM credit_collateral_item_rel rel
                                     WHERE rel.collateral_id = c.id)
                        OR EXISTS (SELECT FROM credit_collateral_item_rel rel
                                    WHERE rel.collateral_id = c.id
                                      AND rel.move_line_id = item.move_line_id))
                """,
                items=self.env["credit.open.item"].sudo().with_context(as_of=None)._posted_sql(),
                company=company.id,
            )
        )

    @api.model
    def _lost_on(self, accounts):
        """``{credit file: first day on which cover for new deliveries was lost}``."""
        if not self.env["credit.collateral"]._any():
            return {}
        Item = self.env["credit.open.item"].sudo().with_context(as_of=None)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.account_id, MIN(due.day)
                  FROM %(items)s AS item
                  JOIN credit_collateral c ON c.account_id = item.account_id
                  CROSS JOIN LATERAL (VALUES
                       ('extended', item.date_due + c.extension_days),
                       ('notice', CASE WHEN c.notice_days > 0
                                       THEN item.date + c.notice_days END),
                       ('handover', CASE WHEN c.handover_days > 0
                            THEN item.date_due + c.extension_days + c.handover_days END)
                       ) AS due (kind, day)
                  LEFT JOIN credit_cover_deadline done
                    ON done.collateral_id = c.id AND done.move_line_id = item.move_line_id
                   AND done.kind = due.kind AND done.state = 'done' AND due.kind != 'extended'
                 WHERE item.account_id = ANY(%(accounts)s) AND c.state = 'in_force'
                   AND c.kind = 'insurance' AND item.amount > 0
                   AND item.date_due < %(today)s AND due.day < %(today)s AND done.id IS NULL
                 GROUP BY item.account_id
                """,
                items=Item._posted_sql(),
                accounts=accounts.ids,
                today=Item._today(),
            )
        )
        return dict(rows)
