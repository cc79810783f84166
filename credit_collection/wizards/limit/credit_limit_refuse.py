from odoo import fields, models


class CreditLimitRefuse(models.TransientModel):
    """Refuse requests for a limit, with a reason for whoever asked."""

    _name = "credit.limit.refuse"
    _description = "Refuse a Credit Limit"

    limit_ids = fields.Many2many(
        "credit.limit",
        string="Requests",
        readonly=True,
        default=lambda self: self._default_limits(),
    )
    reason = fields.Text(required=True)

    def _default_limits(self):
        if self.env.context.get("active_model") != "credit.limit":
            return self.env["credit.limit"]
        return self.env["credit.limit"].browse(self.env.context.get("active_ids", []))

    def action_refuse(self):
        """Refuse the requests; who may do so is decided by the limits themselves."""
        self.ensure_one()
        self.limit_ids.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
