from odoo import fields, models


class MailMessage(models.Model):
    _inherit = "mail.message"

    credit_followup_ids = fields.One2many(
        "credit.followup",
        "mail_message_id",
        "Follow-up Messages",
        groups="credit_collection.credit_collection_group_collector",
    )
