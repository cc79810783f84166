from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class CreditPlanItem(models.Model):
    """An item of a plan, with its due date before and by the plan."""

    _name = "credit.plan.item"
    _description = "Item of a Payment Plan"
    _order = "date_original, id"
    _rec_name = "move_line_id"

    plan_id = fields.Many2one("credit.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    account_id = fields.Many2one(related="plan_id.account_id", store=True, index=True)
    state = fields.Selection(related="plan_id.state", store=True)
    move_line_id = fields.Many2one(
        "account.move.line", "Item", required=True, index=True, ondelete="restrict"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=True)
    date_original = fields.Date("Original Due Date", readonly=True)
    date_new = fields.Date("New Due Date", readonly=True)

    _once = models.UniqueIndex("(plan_id, move_line_id)", "An item is in a plan once.")

    @api.depends("move_line_id")
    def _compute_amount(self):
        """What is open when the item is added: that is what the debtor acknowledges."""
        for item in self:
            item.amount = item.sudo().move_line_id.amount_residual_currency

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            line = self.env["account.move.line"].sudo().browse(vals.get("move_line_id"))
            vals["date_original"] = line.date_maturity or line.date
            vals.pop("date_new", None)
        items = super().create(vals_list)
        items.plan_id._check_unsigned()
        items.plan_id._check_open()
        for item in items:
            item.sudo()._check_item()
        return items

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("Take the item out of the plan and add the right one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self.plan_id._check_unsigned()
        self.plan_id._check_open()

    def _check_item(self):
        """An item (sudo) must be an open debt of the plan's customer."""
        line, plan = self.move_line_id, self.plan_id
        own = (
            line.account_id.account_type == "asset_receivable"
            and line.parent_state == "posted"
            and line.amount_residual_currency > 0
            and line.company_id.root_id == plan.company_id
            and line.partner_id.commercial_partner_id == plan.partner_id
        )
        if not own:
            raise ValidationError(
                self.env._(
                    "%(item)s is no open debt of %(customer)s.",
                    item=line.move_id.name or "",
                    customer=plan.partner_id.display_name,
                )
            )

    def _move_due_dates(self):
        """Let each item (sudo) fall due with the instalment that pays its last part."""
        for plan, items in self.grouped("plan_id").items():
            lines, reached, wanted = list(plan.line_ids.sorted("date")), 0.0, 0.0
            for item in items.sorted("date_original"):
                wanted = plan.currency_id.round(wanted + item.amount)
                while lines and plan.currency_id.compare_amounts(reached, wanted) < 0:
                    line = lines.pop(0)
                    reached = plan.currency_id.round(reached + line.amount)
                    day = line.date
                item.date_new = max(day, item.date_original)
                item.move_line_id.date_maturity = item.date_new

    def _restore_due_dates(self):
        """Everything is due again as it was before the plan."""
        for item in self.filtered("date_new"):
            item.move_line_id.date_maturity = item.date_original
            item.date_new = False
