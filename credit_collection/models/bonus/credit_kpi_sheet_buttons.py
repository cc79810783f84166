from odoo import models


class CreditKpiSheet(models.Model):
    """From a sheet to what belongs to it."""

    _inherit = "credit.kpi.sheet"

    def action_open_reopen(self):
        """Ask for the reason."""
        self.ensure_one()
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reopen"),
            "res_model": "credit.kpi.sheet.reopen",
            "view_mode": "form",
            "target": "new",
            "context": {"default_sheet_id": self.id},
        }

    def action_open_evidence(self):
        """The rows behind the whole sheet."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Evidence"),
            "res_model": "credit.kpi.evidence",
            "view_mode": "list,pivot",
            "domain": [("sheet_id", "=", self.id)],
        }

    def action_export(self):
        """Download the sheet as a workbook."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/credit_collection/kpi.xlsx?sheet={self.id}",
            "target": "download",
        }

    def action_simulate(self):
        """Try other norms."""
        self.ensure_one()
        self.check_access("read")
        simulation = self.env["credit.bonus.simulation"].create({"sheet_id": self.id})
        return simulation._action()
