from odoo import models

from .credit_account_reply import REPLY


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        # EXTENDS 'mail': a reply whose activity is done waits for nobody any more
        kind = self.env.ref(REPLY, raise_if_not_found=False)
        read = self.filtered(
            lambda activity: (
                kind
                and activity.activity_type_id == kind
                and activity.res_model == "credit.account"
            )
        )
        files = self.env["credit.account"].sudo().browse(read.mapped("res_id")).exists()
        files.reply_ids._close("read")
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
