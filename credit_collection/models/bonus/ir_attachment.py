from odoo import api, models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        self._check_credit_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_credit_evidence(self):
        self._check_credit_evidence()

    def _check_credit_evidence(self):
        """The evidence of a closed sheet and a letter that was sent stay as they were attached."""
        letters = self.sudo().filtered(lambda file: file.res_model == "credit.followup")
        messages = self.env["credit.followup"].sudo().browse(letters.mapped("res_id")).exists()
        if any(message.state == "sent" for message in messages):
            raise UserError(self.env._("A letter that was sent does not change."))
        evidence = self.sudo().filtered(
            lambda file: file.res_model == "credit.kpi.sheet" and file.res_field == "evidence"
        )
        sheets = self.env["credit.kpi.sheet"].sudo().browse(evidence.mapped("res_id")).exists()
        if any(sheet.state == "closed" for sheet in sheets):
            raise UserError(self.env._("The evidence of a closed sheet does not change."))
