from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.groups import COLLECTOR


class CreditBalanceConfirmationRun(models.TransientModel):
    """Confirmations of a month, quarter or year for many customers."""

    _name = "credit.balance.confirmation.run"
    _description = "Confirm Balances"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    period = fields.Selection(
        [("month", "Last month"), ("quarter", "Last quarter"), ("year", "Last year")],
        default="quarter",
        required=True,
    )
    date_from = fields.Date(
        "From", compute="_compute_dates", store=True, readonly=False, required=True
    )
    date_to = fields.Date("To", compute="_compute_dates", store=True, readonly=False, required=True)
    reply_by = fields.Date(
        "Answer By", compute="_compute_dates", store=True, readonly=False, required=True
    )
    account_ids = fields.Many2many(
        "credit.account",
        string="Customers",
        help="Leave empty for all.",
        domain="[('company_id', '=', company_id)]",
    )

    @api.depends("period", "company_id")
    def _compute_dates(self):
        for run in self:
            today = run.company_id._credit_today()
            end = fields.Date.subtract(fields.Date.start_of(today, run.period), days=1)
            run.date_to = end
            run.date_from = fields.Date.start_of(end, run.period)
            run.reply_by = fields.Date.add(today, days=14)

    def action_make(self):
        """Make the drafts and open them."""
        self.ensure_one()
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can confirm balances."))
        if self.company_id not in self.env.companies.root_id:
            raise AccessError(self.env._("That company is not yours."))
        if self.date_to < self.date_from:
            raise UserError(self.env._("The period ends before it begins."))
        made = self.env["credit.balance.confirmation"]._generate(
            self.company_id, self.date_from, self.date_to, self.account_ids or None, self.reply_by
        )
        if not made:
            raise UserError(self.env._("Nothing to confirm in this period that is not there yet."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_balance_confirmation_action"
        )
        return {**action, "domain": [("id", "in", made.ids)], "context": {}}
