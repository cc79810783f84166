from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = ["res.config.settings", "credit.bounded"]

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
    credit_statement_day = fields.Integer(
        related="company_id.root_id.credit_statement_day", readonly=False
    )
    credit_overdue_target = fields.Float(
        related="company_id.root_id.credit_overdue_target", readonly=False
    )
    credit_dso_target = fields.Float(related="company_id.root_id.credit_dso_target", readonly=False)
    credit_doubtful_days = fields.Integer(
        related="company_id.root_id.credit_doubtful_days", readonly=False
    )
    credit_slow_days = fields.Integer(related="company_id.root_id.credit_slow_days", readonly=False)
    credit_late_days = fields.Integer(related="company_id.root_id.credit_late_days", readonly=False)
    credit_snapshot_months = fields.Integer(
        related="company_id.root_id.credit_snapshot_months", readonly=False
    )
    credit_note_months = fields.Integer(
        related="company_id.root_id.credit_note_months", readonly=False
    )
    credit_funding_rate = fields.Float(
        related="company_id.root_id.credit_funding_rate", readonly=False
    )
    credit_currency_id = fields.Many2one(
        related="company_id.root_id.currency_id", string="Credit Currency"
    )
    group_credit_room_rating = fields.Boolean(
        "Rating", implied_group="credit_collection.credit_room_rating"
    )
    group_credit_room_signals = fields.Boolean(
        "Danger signals and checklists", implied_group="credit_collection.credit_room_signals"
    )
    group_credit_room_interest = fields.Boolean(
        "Interest and discounts", implied_group="credit_collection.credit_room_interest"
    )
    group_credit_room_plans = fields.Boolean(
        "Payment plans", implied_group="credit_collection.credit_room_plans"
    )
    group_credit_room_netting = fields.Boolean(
        "Netting and assignment", implied_group="credit_collection.credit_room_netting"
    )
    group_credit_room_cover = fields.Boolean(
        "Cover and instruments", implied_group="credit_collection.credit_room_cover"
    )
    group_credit_room_cases = fields.Boolean(
        "Cases", implied_group="credit_collection.credit_room_cases"
    )
    group_credit_room_allowance = fields.Boolean(
        "Allowance and write-off", implied_group="credit_collection.credit_room_allowance"
    )
    group_credit_room_confirmations = fields.Boolean(
        "Balance confirmations", implied_group="credit_collection.credit_room_confirmations"
    )
    group_credit_room_portal = fields.Boolean(
        "Customer pages", implied_group="credit_collection.credit_room_portal"
    )
    credit_interest_rule_id = fields.Many2one(
        related="company_id.root_id.credit_interest_rule_id", readonly=False
    )
    credit_plan_fee_product_id = fields.Many2one(
        related="company_id.root_id.credit_plan_fee_product_id", readonly=False
    )
    credit_settlement_order = fields.Selection(
        related="company_id.root_id.credit_settlement_order", readonly=False
    )
    credit_interest_lookback_days = fields.Integer(
        related="company_id.root_id.credit_interest_lookback_days", readonly=False
    )
    credit_interest_booking = fields.Selection(
        related="company_id.root_id.credit_interest_booking", readonly=False
    )
    credit_interest_product_id = fields.Many2one(
        related="company_id.root_id.credit_interest_product_id", readonly=False
    )
    credit_interest_account_id = fields.Many2one(
        related="company_id.root_id.credit_interest_account_id", readonly=False
    )
    credit_settlement_journal_id = fields.Many2one(
        related="company_id.root_id.credit_settlement_journal_id", readonly=False
    )
    credit_assignment_cash_account_id = fields.Many2one(
        related="company_id.root_id.credit_assignment_cash_account_id", readonly=False
    )
    credit_holdback_account_id = fields.Many2one(
        related="company_id.root_id.credit_holdback_account_id", readonly=False
    )
    credit_factoring_cost_account_id = fields.Many2one(
        related="company_id.root_id.credit_factoring_cost_account_id", readonly=False
    )
    credit_recourse_account_id = fields.Many2one(
        related="company_id.root_id.credit_recourse_account_id", readonly=False
    )
    credit_sale_loss_account_id = fields.Many2one(
        related="company_id.root_id.credit_sale_loss_account_id", readonly=False
    )
