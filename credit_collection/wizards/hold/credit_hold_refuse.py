from odoo import fields, models
from odoo.exceptions import UserError


class CreditHoldRefuse(models.TransientModel):
    """Refuse one hold or several, with a reason for whoever asked."""

    _name = "credit.hold.refuse"
    _description = "Refuse Credit Holds"

    hold_ids = fields.Many2many(
        "credit.hold",
        string="Holds",
        readonly=True,
        default=lambda self: self.env["credit.hold.release"]._default_holds(),
    )
    reason_id = fields.Many2one(
        "credit.hold.reason",
        required=True,
        domain=[("decision", "=", "refuse")],
        index="btree_not_null",
    )
    note = fields.Text("Note to Whoever Asked")
    go_on = fields.Boolean(default=lambda self: bool(self.env.context.get("credit_go_on")))

    def action_refuse(self):
        """Refuse the holds; who may do so is decided by the holds themselves."""
        self.ensure_one()
        if not self.hold_ids:
            raise UserError(self.env._("None of these holds waits for a decision any more."))
        refused = self.hold_ids
        refused.action_refuse(reason_id=self.reason_id.id, note=self.note)
        goes_on = refused.action_next_hold() if self.go_on else None
        return refused._came_out(self.env._("Refused"), [], goes_on=goes_on)
