from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core import interest as core
from ...core.day_count import DAY_COUNTS
from ...tools.bounds import AMOUNT

KINDS = [
    ("margin", "Margin over a published rate"),
    ("yearly", "Fixed percentage a year"),
    ("daily", "Fixed percentage a day"),
]
FIXINGS = [
    (core.AT_DEFAULT, "Once, when interest starts"),
    (core.BY_PERIOD, "Each day at its rate"),
    (core.BY_HALF_YEAR, "Each half-year"),
]
REFERENCES = [
    ("day", "The day itself"),
    ("half_year", "1 January / 1 July"),
    ("eve", "31 December / 30 June before"),
]
STARTS = [
    ("after_due", "Day after the due date"),
    ("after_grace", "After days of grace"),
    ("after_notice", "Day after the first letter"),
]
CONVERSIONS = [
    ("due", "On the due date"),
    ("month_before_due", "Last working day of the month before it fell due"),
    ("claim", "On the day of the claim"),
]


class CreditInterestRule(models.Model):
    """What late payment costs: a law or a contract, as data that can be edited.

    Nobody checked the shipped rules for today: ``check_note`` says so until somebody does.
    """

    _name = "credit.interest.rule"
    _description = "Interest Rule"
    _inherit = ["mail.thread", "credit.bounded"]
    _order = "sequence, name, id"
    _credit_bounds = {
        "rate": (0, 1000),
        "margin": (-100, 1000),
        "factor": (0, 100),
        "grace_days": (0, 365),
        "minimum_amount": AMOUNT,
        "cap_percent": (0, 1000),
    }

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty when every company may use it."
    )
    kind = fields.Selection(KINDS, "Kind of Rate", required=True, default="yearly", tracking=True)
    series_id = fields.Many2one(
        "credit.rate.series",
        "Published Rate",
        ondelete="restrict",
        tracking=True,
        index="btree_not_null",
    )
    factor = fields.Float("Times", default=1.0, help="China charges 1.3 to 1.5 times the LPR.")
    margin = fields.Float("Plus (points)", digits=(16, 4), tracking=True)
    rate = fields.Float("Percentage", digits=(16, 4), tracking=True)
    fixing = fields.Selection(
        FIXINGS, "Rate Is Fixed", required=True, default=core.BY_PERIOD, tracking=True
    )
    reference = fields.Selection(REFERENCES, "At the Rate Of", required=True, default="day")
    day_count = fields.Selection(
        [(name, name) for name in DAY_COUNTS], required=True, default="act/365"
    )
    starts = fields.Selection(STARTS, "First Day", required=True, default="after_due")
    grace_days = fields.Integer()
    counts_payment_day = fields.Boolean(
        "Day of Payment Counts", default=True, help="Off: interest ends on the day before."
    )
    minimum_amount = fields.Monetary(
        "Least Amount",
        help="Claims below this amount are not made; the interest waits for the next one.",
    )
    cap_percent = fields.Float(
        "At Most (% of the debt)", help="Zero: no cap. Counts all interest ever charged on it."
    )
    currency_id = fields.Many2one(
        "res.currency",
        "Currency of the Steps",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    compensation_currency_id = fields.Many2one(
        "res.currency", "Currency of the Sums", default=lambda self: self.env.company.currency_id
    )
    step_ids = fields.One2many("credit.interest.step", "rule_id", "Compensation", copy=True)
    conversion = fields.Selection(
        CONVERSIONS,
        "Converted",
        required=True,
        default="due",
        help="The day whose exchange rate counts when the sum is in another currency.",
    )
    base_with_tax = fields.Boolean(
        "On Amounts with Tax", default=True, help="Off: interest on the amount before tax."
    )
    interest_on_interest = fields.Boolean(
        help="Billed interest that is paid late bears interest itself."
    )
    source = fields.Char()
    source_url = fields.Char("Source Page")
    checked_on = fields.Date("Checked", tracking=True)
    check_note = fields.Char(compute="_compute_check_note")
    note = fields.Text()

    @api.depends("checked_on", "source")
    def _compute_check_note(self):
        for rule in self:
            rule.check_note = (
                False
                if rule.checked_on
                else self.env._(
                    "Nobody has checked this rule yet. Compare it with its source and your "
                    "contracts before you use it, then note the day under Checked."
                )
            )

    @api.constrains("kind", "series_id", "fixing", "reference", "day_count")
    def _check_rate(self):
        for rule in self:
            if rule.kind == "margin" and not rule.series_id:
                raise ValidationError(self.env._("Say over which published rate the margin is."))
            if rule.kind == "daily" and rule.day_count != "act/365":
                raise ValidationError(
                    self.env._("A percentage a day counts real days: choose act/365.")
                )
            if rule.fixing == core.BY_HALF_YEAR and rule.reference == "day":
                raise ValidationError(
                    self.env._("Say on which day the rate of a half-year is read.")
                )

    def _published(self, date_to):
        """``[(day, percent a year)]`` of the published rate with the margin, nothing fixed yet."""
        self.ensure_one()
        if self.kind != "margin":
            return []
        return [
            (day, round(value * self.factor + self.margin, 6))
            for day, value in self.series_id._rates(date_to)
        ]

    def _rates(self, published, start, date_to):
        """``[(day, percent a year)]`` by which each day is charged.

        :param published: see :meth:`_published`
        :param start: the first day of interest, at which a rate may be fixed for good
        :raises UserError: the published rate has no value yet on ``start``
        """
        self.ensure_one()
        if self.kind != "margin":
            rate = self.rate * 365 if self.kind == "daily" else self.rate
            return [(start, round(rate, 6))]
        rates = core.fixed_rates(published, start, date_to, self.fixing, self.reference)
        if date_to >= start and not any(day <= start for day, _rate in rates):
            raise UserError(
                self.env._(
                    "%(series)s has no value for %(day)s. Enter it under Credit ▸ Configuration "
                    "▸ Interest Rates.",
                    series=self.series_id.name,
                    day=start,
                )
            )
        return rates

    def _compensation(self, amount, currency, company, due, today):
        """The lump sum for an invoice, in its currency; see ``step_ids``."""
        self.ensure_one()
        if not self.step_ids:
            return 0.0
        day = {"due": due, "claim": today}.get(self.conversion) or self._month_before(due)
        debt = currency._convert(amount, self.currency_id, company, day)
        steps = [(step.amount_from, step.amount) for step in self.step_ids]
        lump = core.compensation(debt, steps)
        own = self.compensation_currency_id or self.currency_id
        return own._convert(lump, currency, company, day)

    @api.model
    def _month_before(self, due):
        """The last Monday to Friday of the month before the month of ``due``."""
        day = due.replace(day=1) - timedelta(1)
        return day - timedelta(max(day.weekday() - 4, 0))


class CreditInterestStep(models.Model):
    _name = "credit.interest.step"
    _description = "Compensation Step"
    _inherit = "credit.bounded"
    _order = "rule_id, amount_from"
    _credit_bounds = {"amount_from": AMOUNT, "amount": AMOUNT}

    rule_id = fields.Many2one("credit.interest.rule", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True)
    amount_from = fields.Monetary("Debts From", required=True)
    amount = fields.Monetary("Sum", required=True, currency_field="compensation_currency_id")
    currency_id = fields.Many2one(related="rule_id.currency_id")
    compensation_currency_id = fields.Many2one(related="rule_id.compensation_currency_id")

    _amount_from_uniq = models.UniqueIndex(
        "(rule_id, amount_from)", "A rule has one sum from each amount on."
    )
