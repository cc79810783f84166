from odoo import fields, models


class CreditInterestWaive(models.TransientModel):
    """Let a customer off a part of a claim."""

    _name = "credit.interest.waive"
    _description = "Waive Interest"
    _inherit = "credit.bounded"

    claim_id = fields.Many2one("credit.interest.claim", required=True, index="btree_not_null")
    currency_id = fields.Many2one(related="claim_id.currency_id")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False, required=True)
    reason = fields.Char(required=True)

    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.claim_id._left_to_pay()

    def action_waive(self):
        """Waive; who may do so is decided by the claim."""
        self.ensure_one()
        self.claim_id.check_access("write")
        self.claim_id._waive(self.amount, self.reason)
        return {"type": "ir.actions.act_window_close"}


class CreditInterestReverse(models.TransientModel):
    """Reverse a claim that was wrong."""

    _name = "credit.interest.reverse"
    _description = "Reverse an Interest Claim"

    claim_id = fields.Many2one("credit.interest.claim", required=True, index="btree_not_null")
    reason = fields.Char(required=True)

    def action_reverse(self):
        """Reverse; who may do so is decided by the claim."""
        self.ensure_one()
        self.claim_id.check_access("write")
        self.claim_id._reverse(self.reason)
        return {"type": "ir.actions.act_window_close"}
