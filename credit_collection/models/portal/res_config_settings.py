from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_portal_link_days = fields.Integer(
        related="company_id.root_id.credit_portal_link_days", readonly=False
    )
    credit_portal_show_limit = fields.Boolean(
        related="company_id.root_id.credit_portal_show_limit", readonly=False
    )
