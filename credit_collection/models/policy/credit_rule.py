from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...core import decision
from ...core.money import to_decimal
from ...tools.bounds import AMOUNT, DAYS, PERCENT
from ...tools.registry_cache import clear_registry_cache
from .rule_kinds import RULE_KINDS

CHECKPOINTS = ("quotation", "confirmation", "delivery", "invoice")


class CreditRule(models.Model):
    _name = "credit.rule"
    _description = "Credit Rule"
    _inherit = ["credit.bounded", "credit.audited"]
    _audited = (
        "policy_id",
        "sequence",
        "active",
        "name",
        "kind",
        "on_quotation",
        "on_confirmation",
        "on_delivery",
        "consequence",
        "tolerance_percent",
        "days",
        "amount",
        "percent",
        "count",
        "period_days",
    )
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
        lambda self: [(key, self.env._(kind.title)) for key, kind in RULE_KINDS.items()],
        required=True,
        default="limit",
    )
    on_quotation = fields.Boolean()
    on_confirmation = fields.Boolean(default=True)
    on_delivery = fields.Boolean()
    on_invoice = fields.Boolean(
        help="When a customer invoice without an order is posted. Invoices of orders, credit "
        "notes, receipts already paid and recurring invoices are never stopped."
    )
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
    kind_hint = fields.Char("About This Kind", compute="_compute_threshold")

    _thresholds_positive = models.Constraint(
        "CHECK(COALESCE(tolerance_percent, 0) >= 0 AND COALESCE(days, 0) >= 0"
        " AND COALESCE(amount, 0) >= 0 AND COALESCE(percent, 0) >= 0)",
        "The thresholds of a rule cannot be negative.",
    )

    @api.depends("kind", "tolerance_percent", "days", "amount", "percent", "count", "period_days")
    @api.depends_context("lang")
    def _compute_threshold(self):
        for rule in self:
            kind = RULE_KINDS.get(rule.kind)
            rule.threshold = kind.threshold(rule) if kind else ""
            rule.kind_hint = self.env._(kind.hint) if kind and kind.hint else ""

    @api.constrains("kind", "count", "period_days", "amount", "percent")
    def _check_thresholds(self):
        for rule in self:
            if problem := RULE_KINDS[rule.kind].problem(rule):
                raise ValidationError(problem)

    @api.constrains("on_quotation", "on_confirmation", "on_delivery", "on_invoice")
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
        rules._tell_policy(self.env._("Rule added: %s"))
        return rules

    def write(self, vals):
        before = {rule: rule._in_words() for rule in self}
        result = super().write(vals)
        clear_registry_cache(self.env)
        for rule in self:
            if rule._in_words() != before[rule]:
                rule._tell_policy(self.env._("Rule changed: %s"), before[rule])
        return result

    def unlink(self):
        self._tell_policy(self.env._("Rule removed: %s"))
        result = super().unlink()
        clear_registry_cache(self.env)
        return result

    def _in_words(self):
        """The rule in one line, as the history of its policy tells it."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        consequences = dict(self._fields["consequence"]._description_selection(self.env))
        points = [
            self._fields[f"on_{point}"]._description_string(self.env)
            for point in CHECKPOINTS
            if self[f"on_{point}"]
        ]
        parts = [
            self.name,
            kinds[self.kind],
            self.threshold,
            consequences[self.consequence],
            ", ".join(points),
            "" if self.active else self.env._("Archived"),
        ]
        return " · ".join(part for part in parts if part)

    def _tell_policy(self, what, before=None):
        """Write into the history of the policy what became of its rules."""
        if self.env.context.get("tracking_disable"):
            return
        for rule in self:
            words = rule._in_words()
            rule.policy_id.sudo().message_post(
                body=what % (f"{before} → {words}" if before else words),
                author_id=self.env.user.partner_id.id,
            )

    @api.model
    @tools.ormcache("checkpoint")
    def _is_asked_at(self, checkpoint):
        """Whether any rule is checked at this moment: else nothing is asked there."""
        return bool(self.sudo().search_count([(f"on_{checkpoint}", "=", True)], limit=1))

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
