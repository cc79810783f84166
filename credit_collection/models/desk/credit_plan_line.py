from odoo import api, fields, models

from ...tools.bounds import AMOUNT


class CreditPlanLine(models.Model):
    _name = "credit.plan.line"
    _description = "Payment of a Plan"
    _inherit = ["credit.bounded", "credit.named.by.day.mixin"]
    _order = "date, id"
    _rec_name = "date"
    _credit_bounds = {"amount": AMOUNT}

    plan_id = fields.Many2one("credit.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    account_id = fields.Many2one(related="plan_id.account_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    date = fields.Date("Pays By", required=True)
    amount = fields.Monetary(required=True)

    _amount_positive = models.Constraint("CHECK(amount > 0)", "An instalment needs an amount.")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.plan_id._check_unsigned()
        lines.plan_id._check_open()
        return lines

    def write(self, vals):
        self.plan_id._check_unsigned()
        self.plan_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self.plan_id._check_unsigned()
        self.plan_id._check_open()
