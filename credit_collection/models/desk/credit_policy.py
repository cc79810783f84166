from datetime import timedelta

from odoo import fields, models

from ...core import conduct, promise, ranking


class CreditPolicy(models.Model):
    """What a policy says about promises and about the order of work at the desk."""

    _inherit = "credit.policy"

    promise_max_days = fields.Integer(
        "Promises up to (days)",
        default=7,
        help="A collector may accept a promise to pay within this many days; a later date needs a "
        "credit officer.",
    )
    promise_officer_days = fields.Integer(
        "Officers up to (days)",
        default=30,
        help="A credit officer may accept a promise to pay within this many days; a later date "
        "needs a credit manager.",
    )
    plan_officer_months = fields.Integer(
        "Plans of Officers up to (months)",
        default=6,
        help="A credit officer may accept a payment plan that ends within this many months; a "
        "longer one needs a credit manager.",
    )
    plans_let_orders_pass = fields.Boolean(
        "Orders Pass While a Plan Is Kept",
        help="What a payment plan that is being kept covers counts neither as overdue nor by the "
        "follow-up level it reached when orders and deliveries are judged. It still counts against "
        "the limit.",
    )
    promise_tolerance_days = fields.Integer(
        "Tolerance for Promises (days)",
        default=2,
        help="A payment this many days after the promised date is still in time, and follow-up "
        "waits that long.",
    )
    ranking_reference = fields.Monetary(
        "Reference Amount of the Desk",
        default=ranking.REFERENCE,
        help="An overdue amount of this size earns half of the points that the amount can earn in "
        "the ranking of customers to chase.",
    )

    call_hour_first = fields.Float(
        "Calls From",
        default=0.0,
        help="By the customer's clock, else by the company's. 0 to 24 is the whole day; the law of "
        "the country says what is allowed.",
    )
    call_hour_last = fields.Float("Calls Until", default=24.0)
    call_weekends = fields.Boolean("Calls on Weekends", default=True)
    calls_per_week = fields.Integer(
        "Calls in Seven Days",
        help="At most so many calls and visits in any seven days. 0 is without a limit.",
    )

    _call_hours_ordered = models.Constraint(
        "CHECK(call_hour_first >= 0 AND call_hour_last <= 24 AND call_hour_first < call_hour_last)",
        "The hours of calls begin before they end, within one day.",
    )
    _promise_days_ordered = models.Constraint(
        "CHECK(promise_max_days >= 0 AND promise_officer_days >= promise_max_days)",
        "Officers may accept promises at least as long as collectors, and no days are negative.",
    )
    _promise_tolerance_days_positive = models.Constraint(
        "CHECK(promise_tolerance_days >= 0)", "The tolerance for promises cannot be negative."
    )
    _ranking_reference_positive = models.Constraint(
        "CHECK(ranking_reference > 0)", "The reference amount of the desk must be above zero."
    )

    def _conduct_limits(self):
        """When and how often customers may be called: see ``core.conduct``."""
        self.ensure_one()
        return conduct.Limits(
            self.call_hour_first, self.call_hour_last, self.call_weekends, self.calls_per_week
        )

    def _conduct_clock(self, hour):
        """An hour like 8.5 as 08:30."""
        minutes = round(hour * 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"

    def _promise_limits(self):
        """Up to how many days each role may accept a promise, from the lowest role up."""
        self.ensure_one()
        return (
            ("collector", self.promise_max_days),
            ("officer", self.promise_officer_days),
            ("manager", None),
        )

    def _promise_last_day(self, made_on):
        """The last day that a promise may name without asking anybody: a collector's limit."""
        self.ensure_one()
        return made_on + timedelta(self.promise_max_days)

    def _promise_role_needed(self, made_on, promised):
        """The lowest role that may accept a promise for this date."""
        return promise.role_needed(made_on, promised, self._promise_limits())
