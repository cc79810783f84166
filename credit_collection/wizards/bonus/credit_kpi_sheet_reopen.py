from odoo import fields, models


class CreditKpiSheetReopen(models.TransientModel):
    """Why a closed sheet is reopened."""

    _name = "credit.kpi.sheet.reopen"
    _description = "Reopen a Sheet"

    sheet_id = fields.Many2one(
        "credit.kpi.sheet", required=True, readonly=True, index="btree_not_null"
    )
    reason = fields.Char(required=True)

    def action_apply(self):
        """Reopen the sheet."""
        self.ensure_one()
        self.sheet_id.action_reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
