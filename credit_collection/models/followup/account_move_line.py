from odoo import api, fields, models

from ...tools.groups import COLLECTOR

READERS = f"{COLLECTOR},account.group_account_readonly,account.group_account_invoice"


class AccountMoveLine(models.Model):
    """What of an instalment is asked for now, and what of it the customer contests."""

    _inherit = "account.move.line"

    credit_asked_amount = fields.Monetary(
        "Asked For Now",
        compute="_compute_credit_asked_amount",
        currency_field="currency_id",
        groups=READERS,
        help="What is open, less what is disputed, promised or in payment.",
    )
    credit_contested_amount = fields.Monetary(
        "Disputed Now",
        compute="_compute_credit_asked_amount",
        currency_field="currency_id",
        groups=READERS,
    )

    @api.depends("amount_residual_currency", "reconciled", "parent_state")
    def _compute_credit_asked_amount(self):
        lines = self.sudo()
        pairs = {
            (line.partner_id.commercial_partner_id.id, line.company_id.root_id.id)
            for line in lines
            if line.account_id.account_type == "asset_receivable" and line.partner_id
        }
        rows = {
            row["move_line_id"]: row
            for groups in self.env["credit.account"]._of_pairs(pairs)._due_now().values()
            for group in groups
            for row in group["rows"]
        }
        for line in self:
            row = rows.get(line._origin.id)
            line.credit_asked_amount = row["asked"] if row else line.amount_residual_currency
            line.credit_contested_amount = row["disputed"] if row else 0.0
