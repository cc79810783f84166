from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_loss_journal_id = fields.Many2one(
        related="company_id.root_id.credit_loss_journal_id", readonly=False
    )
    credit_allowance_account_id = fields.Many2one(
        related="company_id.root_id.credit_allowance_account_id", readonly=False
    )
    credit_loss_account_id = fields.Many2one(
        related="company_id.root_id.credit_loss_account_id", readonly=False
    )
    credit_recovery_account_id = fields.Many2one(
        related="company_id.root_id.credit_recovery_account_id", readonly=False
    )
    credit_watch_years = fields.Integer(
        related="company_id.root_id.credit_watch_years", readonly=False
    )
    credit_write_off_second_amount = fields.Float(
        related="company_id.root_id.credit_write_off_second_amount", readonly=False
    )
