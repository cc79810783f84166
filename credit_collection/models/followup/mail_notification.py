from odoo import models


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def write(self, vals):
        # EXTENDS 'mail': a bounce comes after the mail was sent
        result = super().write(vals)
        if vals.get("notification_status") == "bounce":
            messages = self.sudo().mail_message_id.filtered(lambda m: m.model == "credit.account")
            if messages:
                followups = self.env["credit.followup"].sudo()
                followups.search([("mail_message_id", "in", messages.ids)])._take_outcome()
        return result
