from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ...core import decision


class StockPicking(models.Model):
    """What a delivery shows of the credit check; the reason in a sentence, never the ledger."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "credit.shipment", "credit.document"]

    _credit_hold_link = "picking_id"

    credit_hold_ids = fields.One2many(
        "credit.hold",
        "picking_id",
        string="Credit Holds",
        copy=False,
        readonly=True,
        groups="sales_team.group_sale_salesman,credit_collection.credit_collection_group_collector",
    )
    credit_state = fields.Selection(
        [("none", "Free"), ("held", "On Hold"), ("released", "Released")],
        "Credit",
        compute="_compute_credit_state",
        search="_search_credit_hold_state",
        compute_sudo=True,
        help="Whether the credit check holds the delivery, or somebody released it.",
    )
    credit_hold_reason = fields.Text(
        "On Credit Hold",
        compute="_compute_credit_state",
        compute_sudo=True,
        groups="base.group_user",
    )
    credit_hold_decides = fields.Char(
        "Who Decides", compute="_compute_credit_state", compute_sudo=True, groups="base.group_user"
    )

    @api.depends(
        "credit_hold_ids.state", "credit_hold_ids.responsible_id", "credit_hold_ids.deadline"
    )
    @api.depends_context("lang", "tz", "uid")
    def _compute_credit_state(self):
        if not self.env.user._is_internal():
            # Views ask for it, so it has no groups; customers are told nothing.
            self.credit_state, self.credit_hold_reason = "none", False
            self.credit_hold_decides = False
            return
        figures = self.sudo(False).env["credit.message"]._sees_figures()
        for picking in self:
            held = picking.credit_hold_ids.filtered(lambda hold: hold.state == "held")
            released = "released" in picking.credit_hold_ids.mapped("state")
            picking.credit_state = "held" if held else ("released" if released else "none")
            reason = held.reason if figures else held.plain_reason
            picking.credit_hold_reason = reason if held else False
            picking.credit_hold_decides = False
            if held:
                picking.credit_hold_decides = self.env._(
                    "%(who)s, before %(deadline)s",
                    who=held._decides(),
                    deadline=format_datetime(self.env, held.deadline, dt_format="short"),
                )

    def _field_to_sql(self, alias, field_expr, query=None):
        # EXTENDS 'base': the state is not stored, and deliveries are grouped by it all the same
        if field_expr != "credit_state" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        if not (self.env.su or self.env.user._is_internal()):
            return SQL("'none'")
        on_hold = SQL(
            "(SELECT 1 FROM credit_hold WHERE picking_id = %s AND state = 'held' LIMIT 1)",
            SQL.identifier(alias, "id"),
        )
        released = SQL(
            "(SELECT 1 FROM credit_hold WHERE picking_id = %s AND state = 'released' LIMIT 1)",
            SQL.identifier(alias, "id"),
        )
        self.env["credit.hold"].flush_model(["picking_id", "state"])
        return SQL(
            "CASE WHEN EXISTS %s THEN 'held' WHEN EXISTS %s THEN 'released' ELSE 'none' END",
            on_hold,
            released,
        )

    def action_cancel(self):
        # EXTENDS 'stock': nobody has to decide on what is not delivered
        result = super().action_cancel()
        cancelled = self.sudo().filtered(lambda picking: picking.state == "cancel")
        cancelled._credit_held()._move(
            "cancel", decision_note=self.env._("The transfer was cancelled.")
        )
        return result

    def _credit_withdraw(self):
        """A release was taken back: the delivery is judged again."""
        cases = self.env["credit.check"]._judge(self, decision.DELIVERY)
        self.env["credit.hold"]._hold([case for case in cases if case.holds])

    # ------------------------------------------------------------------
    # The transfer as a document of the credit check
    # ------------------------------------------------------------------

    def _credit_moves(self):
        """The moves of one transfer that its own customer pays; of an earlier step, those bound
        for the customer."""
        leaving = self.move_ids._credit_leaving() or self.move_ids._credit_bound()
        if len(leaving.sale_line_id.order_id) <= 1:
            return leaving
        return leaving.filtered(lambda move: not move._credit_is_stray())

    def _credit_partner(self):
        """Who pays: the customer of the order; without one, whoever gets the goods.

        While a hold waits for its decision it is the customer who was held: what the transfer
        says of its order and its partner can be written by whoever ships it.
        """
        self.ensure_one()
        if payer := self._credit_held_payer():
            return payer
        order = self.sale_id or self.move_ids.sale_line_id.order_id[:1]
        if order:
            return order._credit_partner()
        return self.move_ids._credit_leaving()[:1]._credit_receiver() or self.partner_id

    def _credit_held_payer(self):
        """The customer of the hold that waits for a decision, if there is one.

        Of a transfer for several orders, each line keeps to its own.
        """
        if len(self.move_ids.sale_line_id.order_id) > 1:
            return self.env["res.partner"]
        return self._credit_held()[:1].account_id.partner_id

    def _credit_orders(self):
        return (
            self._credit_moves().sale_line_id.order_id
            or self.sale_id
            or self._credit_held().order_id
        )

    def _credit_pickings(self):
        """The transfer, those it is the rest of, and its earlier steps."""
        chain = self
        rest = self.backorder_id
        while rest and rest not in chain:
            chain |= rest
            rest = rest.backorder_id
        steps = self.env["stock.move"].browse(self.move_ids._rollup_move_origs())
        return chain | steps.picking_id

    def _credit_shipped(self):
        """The moves of these transfers that are done and gone."""
        return self.move_ids.filtered(lambda move: move.state == "done")._credit_leaving()

    def _credit_hold_values(self):
        self.ensure_one()
        return {
            "picking_id": self.id,
            "order_id": self._credit_orders()[:1].id,
            "document_name": self.name,
            "salesperson_id": self.sale_id.user_id.id,
        }

    def _credit_waits(self, checkpoint):
        """Whether the goods still wait to be delivered."""
        self.ensure_one()
        return self.state not in ("done", "cancel")
