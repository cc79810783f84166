from odoo import api, models


class CreditBonusStatement(models.AbstractModel):
    """The bonus statement: nobody prints what they may not read."""

    _name = "report.credit_collection.credit_bonus_statement"
    _description = "Bonus Statement"

    @api.model
    def _get_report_values(self, docids, data=None):
        lines = self.env["credit.kpi.sheet.line"].browse(docids)
        lines.check_access("read")
        return {"doc_ids": docids, "doc_model": lines._name, "docs": lines}
