from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core import decision
from ...core.money import to_decimal
from ...tools.bounds import AMOUNT, DAYS, PERCENT
from ...tools.registry_cache import clear_registry_cache

CHECKPOINTS = ("quotation", "confirmation", "delivery")


class CreditRule(models.Model):
    _name = "credit.rule"
    _description = "Credit Rule"
    _inherit = "credit.bounded"
    _order = "policy_id, sequence, id"
    _credit_bounds = {
        "tolerance_percent": PERCENT,
        "percent": PERCENT,
        "days": DAYS,
        "period_days": DAYS,
        "amount": AMOUNT,
        "count": (0, 1_000),
    }

    policy_id = fields.Many2one("credit.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("limit", "Exposure above the limit"),
            ("overdue_days", "Overdue since too many days"),
            ("overdue_amount", "Too much overdue"),
            ("followup_level", "Follow-up level stops the customer"),
            ("limit_expired", "Limit expired"),
            ("broken_promise", "Broken promises"),
            ("terms", "Payment term longer than the customer's"),
            ("order_amount", "Large order"),
        ],
        required=True,
        default="limit",
    )
    on_quotation = fields.Boolean()
    on_confirmation = fields.Boolean(default=True)
    on_delivery = fields.Boolean()
    consequence = fields.Selection(
        [("warn", "Warn"), ("hold", "Hold")], required=True, default="hold"
    )
    tolerance_percent = fields.Float(
        "Tolerance (%)", help="How far above the limit the exposure may go."
    )
    days = fields.Integer(help="More days overdue than this is too many.")
    amount = fields.Monetary(
        help="Limit: not used. Overdue days: items up to this amount do not count. "
        "Overdue amount and large order: more than this is too much."
    )
    percent = fields.Float(
        "Percent of Limit", help="More overdue than this share of the limit is too much."
    )
    count = fields.Integer("Number of Broken Promises", default=1)
    period_days = fields.Integer("Within (days)", default=90)
    threshold = fields.Char("Allowed", compute="_compute_threshold")

    _thresholds_positive = models.Constraint(
        "CHECK(COALESCE(tolerance_percent, 0) >= 0 AND COALESCE(days, 0) >= 0"
        " AND COALESCE(amount, 0) >= 0 AND COALESCE(percent, 0) >= 0)",
        "The thresholds of a rule cannot be negative.",
    )

    @api.depends("kind", "tolerance_percent", "days", "amount", "percent", "count", "period_days")
    @api.depends_context("lang")
    def _compute_threshold(self):
        for rule in self:
            rule.threshold = rule._threshold()

    def _threshold(self):
        """What the rule allows, in words; only what counts for its kind."""
        self.ensure_one()
        amount = self.currency_id.format(self.amount) if self.currency_id else f"{self.amount:g}"
        share = self.env._("%s %% of the limit", f"{self.percent:g}")
        texts = {
            "limit": self.env._("%s %% of the limit", f"{100 + self.tolerance_percent:g}"),
            "overdue_days": self.env._(
                "%(days)s days; items above %(amount)s", days=self.days, amount=amount
            ),
            "overdue_amount": self.env._("%(amount)s or %(share)s", amount=amount, share=share)
            if self.amount and self.percent
            else (share if self.percent else amount),
            "broken_promise": self.env._(
                "Fewer than %(count)s in %(days)s days", count=self.count, days=self.period_days
            ),
            "terms": self.env._("The customer's own term; without one, immediate payment"),
            "order_amount": amount,
        }
        return texts.get(self.kind, "")

    @api.constrains("kind", "count", "period_days", "amount", "percent")
    def _check_thresholds(self):
        for rule in self:
            if rule.kind == "broken_promise" and (rule.count < 1 or rule.period_days < 1):
                raise ValidationError(
                    self.env._("A rule on broken promises needs at least one promise and one day.")
                )
            if rule.kind == "order_amount" and rule.currency_id.is_zero(rule.amount):
                raise ValidationError(self.env._("A rule on large orders needs an amount."))
            if rule.kind == "overdue_amount" and not (rule.amount or rule.percent):
                raise ValidationError(
                    self.env._("A rule on the overdue amount needs an amount or a percentage.")
                )

    @api.constrains("on_quotation", "on_confirmation", "on_delivery")
    def _check_checkpoints(self):
        for rule in self:
            if not rule._checkpoints():
                raise ValidationError(
                    self.env._(
                        "Rule %(rule)s needs at least one moment to be checked.", rule=rule.name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        clear_registry_cache(self.env)
        return rules

    def write(self, vals):
        result = super().write(vals)
        clear_registry_cache(self.env)
        return result

    def unlink(self):
        result = super().unlink()
        clear_registry_cache(self.env)
        return result

    def _checkpoints(self):
        """The checkpoints of the rule, as the core names them."""
        self.ensure_one()
        return frozenset(point for point in CHECKPOINTS if self[f"on_{point}"])

    def _to_core(self):
        """The rules as plain values for :func:`core.decision.decide`."""
        return tuple(
            decision.Rule(
                id=rule.id,
                name=rule.name,
                kind=rule.kind,
                checkpoints=rule._checkpoints(),
                consequence=rule.consequence,
                tolerance_percent=to_decimal(rule.tolerance_percent, 4),
                days=rule.days,
                amount=to_decimal(rule.amount, rule.currency_id.decimal_places),
                percent=to_decimal(rule.percent, 4),
                count=rule.count,
                period_days=rule.period_days,
            )
            for rule in self
        )

    @api.model
    def _prepare_default_rules(self):
        """Warn on the limit while quoting; hold on the limit and on 30 days overdue above 50."""
        return [
            {
                "name": self.env._("Limit exceeded (warning)"),
                "sequence": 10,
                "kind": "limit",
                "on_quotation": True,
                "on_confirmation": False,
                "consequence": "warn",
            },
            {
                "name": self.env._("Limit exceeded"),
                "sequence": 20,
                "kind": "limit",
                "consequence": "hold",
            },
            {
                "name": self.env._("More than 30 days overdue"),
                "sequence": 30,
                "kind": "overdue_days",
                "days": 30,
                "amount": 50.0,
                "on_delivery": True,
                "consequence": "hold",
            },
            {
                "name": self.env._("Limit expired"),
                "sequence": 40,
                "kind": "limit_expired",
                "on_quotation": True,
                "consequence": "warn",
            },
        ]
