from odoo import api, models
from odoo.exceptions import UserError

SIGNED = {
    ("credit.plan", "customer_signature"),
    ("credit.plan", "signed_document"),
    ("credit.balance.confirmation", "signature"),
}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        self._check_credit_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_credit_evidence(self):
        self._check_credit_evidence()

    def _check_credit_evidence(self):
        """What was signed, sent or closed stays as it was attached."""
        if not self.env.su:  # fields write with sudo and have guards of their own
            confirmations = self.env["credit.balance.confirmation"].sudo()
            if any(
                (file.res_model, file.res_field) in SIGNED
                or file.res_model == "credit.audit.export"
                for file in self.sudo()
            ) or confirmations.search_count([("pdf_id", "in", self.ids)], limit=1):
                raise UserError(self.env._("Evidence stays as it was attached."))
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
