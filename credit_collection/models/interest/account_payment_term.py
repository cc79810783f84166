from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core import discount as core

COUNTED_FROM = [
    ("invoice", "Date of the invoice"),
    ("delivery", "Delivery"),
    ("act", "Signed act of acceptance"),
    ("receipt", "Receipt of the invoice"),
    ("demand", "Demand (no day agreed)"),
]


class AccountPaymentTerm(models.Model):
    """Further tiers of early payment discount, and terms that count from an event.

    The first tier is Odoo's own discount, so that documents and electronic invoices show it.
    """

    _name = "account.payment.term"
    _inherit = ["account.payment.term", "credit.bounded"]
    _credit_bounds = {"credit_demand_days": (0, 365)}

    credit_tier_ids = fields.One2many(
        "credit.discount.tier", "term_id", "Later Discounts", copy=True
    )
    credit_yearly_cost = fields.Float(
        "Costs a Year",
        compute="_compute_credit_yearly_cost",
        help="What giving the discount costs, as interest for a year.",
    )
    credit_counted_from = fields.Selection(
        COUNTED_FROM,
        "Counted From",
        default="invoice",
        required=True,
        help="The due date is provisional until the event is recorded on the invoice: nothing is "
        "overdue for want of an event.",
    )
    credit_demand_days = fields.Integer(
        "Days After the Demand",
        default=7,
        help="A reasonable time when no day is agreed, from the day the demand was delivered.",
    )

    _credit_demand_days_bounds = models.Constraint(
        "CHECK(credit_demand_days BETWEEN 0 AND 365)",
        "The time after a demand is 0 to 365 days.",
    )

    @api.depends("discount_percentage", "discount_days", "early_discount", "line_ids.nb_days")
    def _compute_credit_yearly_cost(self):
        for term in self:
            term.credit_yearly_cost = term.early_discount and term._credit_cost(
                term.discount_percentage, term.discount_days
            )

    def _credit_cost(self, percent, days):
        """What a discount costs a year against the last due day; 0 when it gains no time."""
        day = fields.Date.to_date("2026-01-01")
        net = self._credit_days(day)
        if not 0 <= percent < 100 or days < 0:
            return 0.0
        return core.yearly_cost(percent, days, net) or 0.0

    @api.constrains(
        "credit_tier_ids",
        "early_discount",
        "discount_percentage",
        "discount_days",
        "early_pay_discount_computation",
    )
    def _check_credit_tiers(self):
        for term in self.filtered("credit_tier_ids"):
            if not term.early_discount:
                raise ValidationError(
                    self.env._("Later discounts follow a first one: set Odoo's early discount.")
                )
            if term.early_pay_discount_computation == "mixed":
                raise ValidationError(
                    self.env._(
                        "With several discounts the tax cannot be reduced upon invoice: nobody "
                        "knows yet which one is taken. Choose “On early payment” or “Never”."
                    )
                )
            before = (term.discount_days, term.discount_percentage)
            for tier in term.credit_tier_ids.sorted("days"):
                if tier.days <= before[0] or tier.percent >= before[1]:
                    raise ValidationError(
                        self.env._(
                            "%(percent)s %% within %(days)s days must be later and lower than the "
                            "discount before it.",
                            percent=f"{tier.percent:g}",
                            days=tier.days,
                        )
                    )
                before = (tier.days, tier.percent)

    def _credit_tiers(self, day):
        """``[(percent, last day)]`` of an invoice of ``day``, the best first."""
        if not self or not self.early_discount or not day:
            return []
        self.ensure_one()
        rows = [(self.discount_percentage, self.discount_days)]
        rows += [(tier.percent, tier.days) for tier in self.credit_tier_ids.sorted("days")]
        return [(percent, day + timedelta(days)) for percent, days in rows]


class CreditDiscountTier(models.Model):
    """A discount for paying a little later than for the best one."""

    _name = "credit.discount.tier"
    _description = "Early Payment Discount Tier"
    _inherit = "credit.bounded"
    _order = "term_id, days, id"
    _credit_bounds = {"percent": (0.01, 99.99), "days": (1, 365)}

    term_id = fields.Many2one("account.payment.term", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="term_id.company_id", store=True, index=True)
    percent = fields.Float("Discount (%)", required=True)
    days = fields.Integer("Within (days)", required=True)
    yearly_cost = fields.Float(
        "Costs a Year",
        compute="_compute_yearly_cost",
        help="What giving this discount costs, as interest for a year.",
    )

    @api.depends("percent", "days", "term_id.line_ids.nb_days")
    def _compute_yearly_cost(self):
        for tier in self:
            tier.yearly_cost = tier.term_id._credit_cost(tier.percent, tier.days)

    @api.depends("percent", "days")
    def _compute_display_name(self):
        for tier in self:
            tier.display_name = self.env._(
                "%(percent)s %% within %(days)s days", percent=f"{tier.percent:g}", days=tier.days
            )

    @api.constrains("percent", "days", "term_id")
    def _check_order(self):
        self.term_id._check_credit_tiers()
