from odoo import models

from ...tools.readers import JOB


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        # EXTENDS 'base': what our jobs write is read in the companies, so it is in their language
        module = (
            self.env["ir.model.data"]
            .sudo()
            .search_count(
                [
                    ("module", "=", "credit_collection"),
                    ("model", "=", "ir.cron"),
                    ("res_id", "=", self.id),
                ],
                limit=1,
            )
        )
        if module:
            lang = self.env.company.partner_id.lang or self.env.lang
            self = self.with_context(lang=lang, **{JOB: True})
        return super()._callback(cron_name, server_action_id)
