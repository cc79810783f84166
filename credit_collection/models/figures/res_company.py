from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...core import aging
from ...core.kpi import CASH_PLAN_METHODS
from ...tools.faults import said


class ResCompany(models.Model):
    """How a company measures its receivables."""

    _inherit = "res.company"

    credit_aging_boundaries = fields.Char(
        "Aging Boundaries",
        required=True,
        default="30,60,90",
        help="Days overdue at which one aging bucket ends and the next begins. An item exactly 30 "
        "days late belongs to the bucket that ends with 30.",
    )
    credit_quadrant_amount = fields.Monetary(
        "Large From",
        default=10000,
        help="Items of at least this amount are large in the quadrants of amount and age.",
    )
    credit_quadrant_days = fields.Integer(
        "Old After (days)",
        default=30,
        help="Items overdue by more than these days are old in the quadrants of amount and age.",
    )
    credit_cash_plan_method = fields.Selection(
        selection="_credit_cash_plan_methods",
        string="Cash Plan Method",
        required=True,
        default="published",
        help="How the month's own sales count in the cash plan.",
    )
    credit_funding_rate = fields.Float(
        "Funding Rate",
        digits=(16, 4),
        help="What money costs the company in a year, as a share: 0.12 is 12 %.",
    )

    credit_statement_day = fields.Integer(
        "Statements From Day",
        default=1,
        help="The day of the month from which monthly statements of open items go to those who "
        "want them. 0 sends none.",
    )
    credit_overdue_target = fields.Float(
        "Overdue Share at Most",
        digits=(16, 4),
        help="What the dashboard measures the overdue share by: 0.2 is 20 %. 0 sets no target.",
    )
    credit_dso_target = fields.Float(
        "DSO at Most (days)", help="What the dashboard measures the DSO by. 0 sets no target."
    )
    credit_doubtful_days = fields.Integer(
        "Doubtful After (days)",
        default=90,
        help="What is overdue for more days and not secured is doubtful.",
    )
    credit_slow_days = fields.Integer(
        "Pays Slowly After (days)",
        default=5,
        help="Customers whose payments of a year come later than this, on average of the amounts.",
    )
    credit_late_days = fields.Integer("Pays Late After (days)", default=30)
    credit_snapshot_months = fields.Integer(
        "Keep Weekly Snapshots (months)",
        default=36,
        help="Older than this, only the last day of each month stays: trends read nothing else. "
        "0 keeps everything. Decisions, letters, promises and closed sheets are evidence and "
        "always stay.",
    )
    credit_note_months = fields.Integer(
        "Keep Notes of Talks (months)",
        help="Older than this, what was noted of a talk is emptied; that somebody was talked to, "
        "when, by whom and with what outcome stays. 0 keeps the notes.",
    )

    _credit_quadrant_positive = models.Constraint(
        "CHECK(credit_quadrant_amount >= 0 AND credit_quadrant_days >= 0)",
        "The amount and the days of the quadrants cannot be negative.",
    )
    _credit_segments_ordered = models.Constraint(
        "CHECK(credit_doubtful_days >= 0 AND credit_slow_days <= credit_late_days)",
        "Paying slowly begins before paying late, and doubtful days are not negative.",
    )
    _credit_funding_rate_positive = models.Constraint(
        "CHECK(credit_funding_rate >= 0)", "The funding rate cannot be negative."
    )

    @api.model
    def _credit_cash_plan_methods(self):
        titles = {
            "published": self.env._("Sales plan × deferral ÷ 30 (published formula)"),
            "due_within_month": self.env._("Sales plan × (30 − deferral) ÷ 30 (due in the month)"),
        }
        return [(method, titles[method]) for method in CASH_PLAN_METHODS]

    @api.constrains("credit_aging_boundaries")
    def _check_credit_aging_boundaries(self):
        for company in self:
            try:
                boundaries = aging.parse_boundaries(company.credit_aging_boundaries)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The aging boundaries are increasing whole days, for example 30,60,90. "
                        "%(error)s",
                        error=said(self.env, error),
                    )
                ) from error
            if boundaries[-1] > self.env["credit.aging.bucket"].MAX_DAYS:
                raise ValidationError(self.env._("The aging boundaries reach ten years at most."))

    def _check_credit_mine(self):
        """Raise unless these are root companies of those that the user works in."""
        if self - self.env.companies.root_id:
            raise AccessError(self.env._("You do not work in this company."))

    def _credit_buckets(self):
        """The aging buckets of the root company (``core.aging.Bucket``), youngest first."""
        return aging.buckets(aging.parse_boundaries(self.sudo().root_id.credit_aging_boundaries))
