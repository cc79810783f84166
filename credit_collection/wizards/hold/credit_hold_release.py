from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.bounds import AMOUNT


class CreditHoldRelease(models.TransientModel):
    """Release one hold or several; who may do so is decided by the holds themselves."""

    _name = "credit.hold.release"
    _description = "Release Credit Holds"
    _inherit = "credit.bounded"
    _credit_bounds = {
        "max_amount": AMOUNT,
    }

    hold_ids = fields.Many2many(
        "credit.hold", string="Holds", readonly=True, default=lambda self: self._default_holds()
    )
    is_single = fields.Boolean(compute="_compute_holds")
    has_orders = fields.Boolean(compute="_compute_holds")
    currency_id = fields.Many2one("res.currency", compute="_compute_holds")
    reason_id = fields.Many2one(
        "credit.hold.reason", required=True, domain=[("decision", "=", "release")]
    )
    note = fields.Text()
    valid_until = fields.Date(
        compute="_compute_terms",
        store=True,
        readonly=False,
        help="Last day on which the document may go through. Empty: as the policy says.",
    )
    max_amount = fields.Monetary(
        "Up To",
        compute="_compute_terms",
        store=True,
        readonly=False,
        help="The document is held again when it grows above this amount.",
    )
    confirm = fields.Boolean("Confirm the Order at Once", default=True)

    @api.model
    def _default_holds(self):
        """The holds selected in the list, as far as they still wait for a decision."""
        if self.env.context.get("active_model") != "credit.hold":
            return self.env["credit.hold"]
        return self.env["credit.hold"].search(
            [("id", "in", self.env.context.get("active_ids", [])), ("state", "=", "held")]
        )

    @api.depends("hold_ids")
    def _compute_holds(self):
        for wizard in self:
            wizard.is_single = len(wizard.hold_ids) == 1
            wizard.has_orders = any(not hold.picking_id for hold in wizard.hold_ids)
            wizard.currency_id = wizard.hold_ids[:1].currency_id

    @api.depends("hold_ids")
    def _compute_terms(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            hold = wizard.hold_ids if len(wizard.hold_ids) == 1 else self.env["credit.hold"]
            wizard.max_amount = hold._release_amount(None) if hold else 0.0
            wizard.valid_until = hold and fields.Date.add(
                today, days=hold.sudo().policy_id.release_days
            )

    def action_release(self):
        """Release the holds; several at once keep each its own amount."""
        self.ensure_one()
        if not self.hold_ids:
            raise UserError(self.env._("None of these holds waits for a decision any more."))
        self.hold_ids.action_release(
            reason_id=self.reason_id.id,
            note=self.note,
            valid_until=self.valid_until,
            max_amount=self.max_amount if self.is_single and self.max_amount else None,
            confirm=self.confirm,
        )
        return {"type": "ir.actions.act_window_close"}
