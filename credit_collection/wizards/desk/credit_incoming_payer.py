from odoo import fields, models
from odoo.exceptions import UserError


class CreditIncomingPayer(models.TransientModel):
    """Say who paid, where nobody is proposed or somebody else is right."""

    _name = "credit.incoming.payer"
    _description = "Who Paid?"

    move_line_id = fields.Many2one("account.move.line", required=True, index=True)
    company_id = fields.Many2one(related="move_line_id.company_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        check_company=True,
        domain="[('parent_id', '=', False)]",
        index=True,
    )

    def action_assign(self):
        """Put the money on the customer's account, and match what it is surely for."""
        self.ensure_one()
        money = self.env["credit.incoming"].search([("id", "=", self.move_line_id.id)])
        if not money:
            raise UserError(self.env._("Somebody has assigned this money already."))
        matched = sum(one._assign(self.partner_id) for one in money)
        return money._said(len(money), matched)
