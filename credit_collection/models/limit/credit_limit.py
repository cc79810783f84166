import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.bounds import AMOUNT
from ...tools.groups import OFFICER
from ...tools.write_guards import without_defaults

# What somebody who asks for a limit may say; everything else is the outcome of a decision.
REQUEST_FIELDS = {
    "account_id",
    "amount",
    "unlimited",
    "currency_id",
    "date_from",
    "date_to",
    "kind",
    "reason",
    "review_date",
}
REQUIRED_FIELDS = ("account_id", "date_from", "kind")


class CreditLimit(models.Model):
    """A dated decision on how much a customer may owe.

    Three states of a file must not be confused: no limit (the policy's default applies),
    unlimited, and an amount, where zero means prepayment only.
    """

    _name = "credit.limit"
    _description = "Credit Limit"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "credit.bounded",
        "credit.audited",
        "credit.empty.list",
    ]
    _audited = (
        "account_id",
        "kind",
        "unlimited",
        "amount",
        "currency_id",
        "date_from",
        "date_to",
        "reason",
        "refusal_reason",
        "state",
        "requested_by_id",
        "decided_by_id",
        "decided_on",
    )
    _order = "date_from desc, id desc"
    _credit_bounds = {
        "amount": AMOUNT,
    }

    account_id = fields.Many2one(
        "credit.account", "Credit File", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="account_id.partner_id")
    grade_id = fields.Many2one(related="account_id.grade_id")
    rating_score = fields.Float(related="account_id.rating_score")
    rating_trend = fields.Selection(related="account_id.rating_trend")
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("permanent", "Permanent"), ("temporary", "Temporary addition")],
        required=True,
        default="permanent",
        help="A temporary addition is added to the permanent limit while it is valid.",
    )
    unlimited = fields.Boolean(help="The customer may owe any amount.")
    amount = fields.Monetary(
        help="The customer may owe up to this amount. Zero means no credit: prepayment only."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount_company = fields.Monetary(
        "Amount in Company Currency",
        compute="_compute_amount_company",
        store=True,
        currency_field="company_currency_id",
        help="At the rate of the day from which the limit is valid. Orders are judged at the "
        "rate of their own day.",
    )
    company_currency_id = fields.Many2one(
        related="account_id.currency_id", string="Company Currency"
    )
    date_from = fields.Date(
        "Valid From", required=True, default=lambda self: self.env.company._credit_today()
    )
    date_to = fields.Date("Valid Until", help="Leave empty when the limit has no end.")
    review_date = fields.Date("Review On")
    reason = fields.Text(help="Why this limit is right. Required to ask for one.")
    refusal_reason = fields.Text(readonly=True)
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("superseded", "Superseded"),
            ("refused", "Refused"),
            ("expired", "Expired"),
        ],
        required=True,
        default="requested",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    requested_by_id = fields.Many2one(
        "res.users",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    decided_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    decided_on = fields.Datetime(readonly=True, copy=False)
    amount_label = fields.Char("Limit", compute="_compute_amount_label")
    calculation_data = fields.Json(readonly=True, copy=False)
    calculation = fields.Html(
        "How It Was Worked Out", compute="_compute_calculation", sanitize=False
    )

    _amount_positive = models.Constraint(
        "CHECK(amount IS NULL OR amount >= 0)",
        "A credit limit cannot be negative. Zero means prepayment only.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A credit limit cannot end before it begins.",
    )
    _temporary_has_end = models.Constraint(
        "CHECK(kind != 'temporary' OR (date_to IS NOT NULL AND unlimited IS NOT TRUE))",
        "A temporary addition needs an amount and the day on which it ends.",
    )
    _current_idx = models.Index("(account_id, date_from DESC) WHERE state = 'approved'")

    @api.depends("account_id")
    def _compute_currency_id(self):
        for limit in self:
            limit.currency_id = limit.currency_id or limit.account_id.currency_id

    @api.depends("amount", "currency_id", "date_from", "account_id")
    def _compute_amount_company(self):
        for limit in self:
            company = limit.account_id.company_id
            limit.amount_company = limit.currency_id._convert(
                limit.amount,
                company.currency_id,
                company,
                limit.date_from or company._credit_today(),
            )

    @api.depends("unlimited", "amount", "currency_id")
    @api.depends_context("lang")
    def _compute_amount_label(self):
        Words = self.env["credit.message"]
        for limit in self:
            limit.amount_label = Words._limit_label(
                limit.unlimited, limit.amount, limit.currency_id
            )

    @api.depends("calculation_data")
    @api.depends_context("lang")
    def _compute_calculation(self):
        Method = self.env["credit.limit.method"]
        for limit in self:
            steps = limit.calculation_data
            limit.calculation = (
                Method._render_steps(steps, limit.company_currency_id) if steps else False
            )

    @api.depends("account_id", "amount_label")
    def _compute_display_name(self):
        for limit in self:
            limit.display_name = f"{limit.account_id.display_name}: {limit.amount_label}"

    @api.constrains("currency_id", "account_id")
    def _check_rate(self):
        for limit in self.sudo():
            company = limit.account_id.company_id
            limit.currency_id._credit_convert(
                1.0, company.currency_id, company, company._credit_today()
            )

    def _amount_today(self):
        """The limit in the company's currency at today's rate: what decisions go by."""
        self.ensure_one()
        company = self.account_id.company_id
        return self.currency_id._convert(
            self.amount, company.currency_id, company, company._credit_today()
        )

    # ------------------------------------------------------------------
    # Nobody writes a decision by hand
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # Neither the values nor the defaults in the context can say what a decision says.
        if not self.env.su:
            self = without_defaults(self, REQUEST_FIELDS)
            vals_list = [self._prepare_request(vals) for vals in vals_list]
        for vals in vals_list:
            self._check_values(vals)
        limits = super().create(vals_list)
        limits._forget_any_foreign()
        limits.filtered(lambda limit: limit.state == "approved")._after_decision()
        limits.account_id._check_newcomers()
        return limits

    @api.model
    def _prepare_request(self, vals):
        """The values of a new request: what the user may say, and who says it."""
        allowed = {
            name: value
            for name, value in vals.items()
            if name in REQUEST_FIELDS or name.startswith(("message_", "activity_"))
        }
        if not (allowed.get("reason") or "").strip() and not self.env.user.has_group(OFFICER):
            raise ValidationError(self.env._("Say why this limit is right."))
        return {**allowed, "state": "requested", "requested_by_id": self.env.uid}

    def write(self, vals):
        if not self.env.su:
            self._check_may_write(vals)
        current = ["date_from", "date_to", "kind", "unlimited"]
        for limit in self:
            limit._check_values({**{name: limit[name] for name in current}, **vals})
        result = super().write(vals)
        if "currency_id" in vals:
            self._forget_any_foreign()
        return result

    def _check_may_write(self, vals):
        """Requests may be corrected until they are decided; the customer and outcome never."""
        names = {name for name in vals if not name.startswith(("message_", "activity_"))}
        if names - REQUEST_FIELDS:
            raise AccessError(self.env._("Use Approve or Refuse to decide on a limit."))
        if "account_id" in names:
            raise AccessError(
                self.env._("A limit stays with its customer. Ask for a new one instead.")
            )
        if names - {"review_date"} and any(limit.state != "requested" for limit in self):
            raise UserError(
                self.env._("A decided limit does not change any more. Ask for a new one instead.")
            )

    @api.model
    def _check_values(self, vals):
        """Say in words what the database would refuse, also of values that came as text."""
        for name in REQUIRED_FIELDS:
            if name in vals and not vals[name]:
                raise ValidationError(
                    self.env._(
                        "A limit needs a value for %(field)s.", field=self._fields[name].string
                    )
                )
        try:
            amount = float(vals.get("amount") or 0.0)
            today = self.env.company._credit_today()
            start = fields.Date.to_date(vals.get("date_from")) or today
            end = fields.Date.to_date(vals.get("date_to"))
        except (TypeError, ValueError) as error:
            raise ValidationError(
                self.env._("This is no amount or no date: %(error)s", error=error)
            ) from error
        if amount < 0 or not math.isfinite(amount):
            raise ValidationError(
                self.env._("A credit limit cannot be negative. Zero means prepayment only.")
            )
        if end and end < start:
            raise ValidationError(
                self.env._(
                    "The limit would end on %(end)s, before it begins on %(start)s.",
                    end=end,
                    start=start,
                )
            )
        if vals.get("kind") == "temporary" and (not end or vals.get("unlimited")):
            raise ValidationError(
                self.env._("A temporary addition needs an amount and the day on which it ends.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(limit.state != "requested" for limit in self):
            raise UserError(self.env._("A decided limit is part of the customer's history."))
