from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_root_company_id = fields.Many2one(related="company_id.root_id")
    credit_policy_id = fields.Many2one(
        related="company_id.root_id.credit_policy_id",
        readonly=False,
        domain="[('company_id', '=', credit_root_company_id)]",
    )
    credit_observe_only = fields.Boolean(related="credit_policy_id.observe_only", readonly=False)
