from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ...core import ceiling as core
from ...tools.bounds import AMOUNT

MONTHS = 6


class CreditCeiling(models.Model):
    """Receivables to plan: the balance of the coming months from plan and behaviour."""

    _inherit = "credit.ceiling"

    days_to_pay = fields.Float(
        digits=(6, 1),
        help="How long sales are owed, from the invoice to the money. 0: as measured, receivables "
        "÷ sales of the last 90 days × 90.",
    )
    measured_days = fields.Float(
        "Days to Pay, Measured", compute="_compute_measured_days", digits=(6, 1)
    )
    month_ids = fields.One2many("credit.ceiling.month", "ceiling_id", "Coming Months", copy=False)
    first_over = fields.Char("Above the Ceiling", compute="_compute_first_over")

    @api.depends("company_id", "receivable")
    def _compute_measured_days(self):
        for record in self:
            company = record.company_id
            sales = self.env["credit.dashboard"]._sales(company, company._credit_today())
            record.measured_days = record.receivable / sales * 90 if sales > 0 else 0.0

    @api.depends("month_ids.receivable", "working", "critical")
    @api.depends_context("lang")
    def _compute_first_over(self):
        for record in self:
            over = record.month_ids.sorted("date").filtered("status")
            over = over.filtered(lambda month: month.status != core.BELOW)[:1]
            record.first_over = False
            if over:
                record.first_over = self.env._(
                    "%(month)s: %(amount)s to plan, above the ceiling.",
                    month=format_date(self.env, over.date, date_format="MMMM y"),
                    amount=record.currency_id.format(over.receivable),
                )

    def action_plan_months(self):
        """Plan the coming six months evenly; months that are planned already stay."""
        self.check_access("write")
        for record in self:
            if not record.planned_sales:
                raise UserError(self.env._("Enter the planned credit sales first."))
            even = record.currency_id.round(record.planned_sales / record.plan_days * 30)
            first = record.company_id._credit_today().replace(day=1)
            there = set(record.month_ids.mapped("date"))
            months = [first + relativedelta(months=number) for number in range(MONTHS)]
            record.month_ids = [
                fields.Command.create({"date": month, "sales": even})
                for month in months
                if month not in there
            ]


class CreditCeilingMonth(models.Model):
    """One coming month: what is planned to be sold on credit, and what will be owed at its end."""

    _name = "credit.ceiling.month"
    _description = "Receivables to Plan"
    _inherit = ["credit.bounded", "credit.named.by.day.mixin"]
    _credit_bounds = {"sales": AMOUNT}
    _order = "ceiling_id, date"
    _rec_name = "date"

    ceiling_id = fields.Many2one("credit.ceiling", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="ceiling_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("Month", required=True)
    sales = fields.Monetary("Planned Credit Sales", required=True)
    receivable = fields.Monetary("Receivables at the End", compute="_compute_receivable")
    received = fields.Monetary("Money to Come In", compute="_compute_receivable")
    status = fields.Selection(
        [
            ("below", "Below both ceilings"),
            ("working", "Above the working ceiling"),
            ("critical", "Above the critical ceiling"),
        ],
        compute="_compute_receivable",
    )

    _month_uniq = models.UniqueIndex("(ceiling_id, date)", "This month is planned already.")

    @api.depends("sales", "date", "ceiling_id.month_ids.sales", "ceiling_id.days_to_pay")
    def _compute_receivable(self):
        for ceiling, months in self.grouped("ceiling_id").items():
            planned = ceiling.month_ids.sorted("date")
            opening = max(ceiling.receivable, 0.0)
            days = ceiling.days_to_pay or ceiling.measured_days
            balances = core.receivables_to_plan(opening, planned.mapped("sales"), max(days, 0.0))
            found, before = {}, opening
            for month, balance in zip(planned, balances, strict=True):
                found[month.id] = (balance, before + month.sales - balance)
                before = balance
            for month in months:
                month.receivable, month.received = found.get(month.id, (0.0, 0.0))
                month.status = core.status(
                    month.receivable,
                    ceiling.working if ceiling.planned_sales else None,
                    ceiling.critical if ceiling._has_critical() else None,
                )
