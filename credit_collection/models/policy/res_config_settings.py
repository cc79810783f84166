from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_root_company_id = fields.Many2one(related="company_id.root_id")
    credit_default_policy_id = fields.Many2one(
        related="company_id.root_id.credit_default_policy_id",
        readonly=False,
        domain="[('company_id', '=', credit_root_company_id)]",
    )
    credit_observe_only = fields.Boolean(
        related="credit_default_policy_id.observe_only", readonly=False
    )
    credit_aging_boundaries = fields.Char(
        related="company_id.root_id.credit_aging_boundaries", readonly=False
    )
    credit_quadrant_amount = fields.Monetary(
        related="company_id.root_id.credit_quadrant_amount",
        readonly=False,
        currency_field="credit_currency_id",
    )
    credit_quadrant_days = fields.Integer(
        related="company_id.root_id.credit_quadrant_days", readonly=False
    )
    credit_cash_plan_method = fields.Selection(
        related="company_id.root_id.credit_cash_plan_method", readonly=False
    )
    credit_funding_rate = fields.Float(
        related="company_id.root_id.credit_funding_rate", readonly=False
    )
    credit_currency_id = fields.Many2one(
        related="company_id.root_id.currency_id", string="Credit Currency"
    )
