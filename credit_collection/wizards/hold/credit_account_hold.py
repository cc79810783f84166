from odoo import fields, models


class CreditAccountHold(models.TransientModel):
    """Put a customer on hold by hand."""

    _name = "credit.account.hold"
    _description = "Hold a Customer"

    account_id = fields.Many2one(
        "credit.account", "Customer", required=True, readonly=True, index="btree_not_null"
    )
    account_ids = fields.Many2many(
        "credit.account", string="Customers", help="All that are put on hold, with this reason."
    )
    reason = fields.Char(required=True, help="Salespeople read it on the orders that are held.")

    def action_hold(self):
        """Hold the customer; who may do so is decided by the credit file."""
        self.ensure_one()
        (self.account_id | self.account_ids).action_set_manual_hold(self.reason)
        return {"type": "ir.actions.act_window_close"}
