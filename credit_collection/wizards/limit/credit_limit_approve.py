from odoo import api, fields, models


class CreditLimitApprove(models.TransientModel):
    """Approve a limit, or less than was asked for."""

    _name = "credit.limit.approve"
    _description = "Approve a Credit Limit"
    _inherit = ["credit.bounded"]

    limit_id = fields.Many2one(
        "credit.limit", required=True, readonly=True, ondelete="cascade", index="btree_not_null"
    )
    currency_id = fields.Many2one(related="limit_id.currency_id")
    asked_label = fields.Char("Limit Asked For", related="limit_id.amount_label")
    amount = fields.Monetary(
        "Approve", compute="_compute_terms", store=True, readonly=False, required=True
    )
    date_to = fields.Date("Valid Until", compute="_compute_terms", store=True, readonly=False)
    note = fields.Text("Note to Whoever Asked")

    _credit_bounds = {"amount": (0, 10.0**13)}

    @api.depends("limit_id")
    def _compute_terms(self):
        for wizard in self:
            wizard.amount = wizard.limit_id.amount
            wizard.date_to = wizard.limit_id.date_to

    def action_approve(self):
        """Approve what is written here; the limit itself checks the authority."""
        self.ensure_one()
        self.limit_id.action_approve_less(self.amount, self.date_to, self.note)
        return {"type": "ir.actions.act_window_close"}
