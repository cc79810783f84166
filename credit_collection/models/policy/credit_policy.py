from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.bounds import AMOUNT, DAYS, MOST_HOURS, PERCENT
from ...tools.environment import without_caller_context
from ...tools.registry_cache import clear_registry_cache
from ...tools.segments import BEHAVIOURS, SEGMENTS, SIZES, TERMS


class CreditPolicy(models.Model):
    _name = "credit.policy"
    _description = "Credit Policy"
    _inherit = ["mail.thread", "credit.bounded", "credit.audited"]
    _audited = (
        "name",
        "active",
        "sequence",
        "company_id",
        "category_ids",
        "behaviour_class",
        "size_class",
        "contract_terms",
        "default_unlimited",
        "default_limit",
        "grace_days",
        "order_horizon_days",
        "delivery_stop",
        "release_days",
        "release_tolerance",
        "answer_hours",
        "responsible_id",
        "observe_only",
        "auto_confirm",
        "promise_max_days",
        "promise_officer_days",
        "promise_tolerance_days",
        "ranking_reference",
        "followup_automatic",
        "followup_start_at_age",
        "followup_legal_user_id",
        "followup_minimum",
        "bank_data_max_days",
        "instruments_on_receipt",
    )
    _order = "company_id, sequence, id"
    _check_company_auto = True
    _credit_bounds = {
        "default_limit": AMOUNT,
        "grace_days": DAYS,
        "order_horizon_days": DAYS,
        "release_days": DAYS,
        "release_tolerance": PERCENT,
        "answer_hours": (1, MOST_HOURS),
        "promise_max_days": DAYS,
        "promise_officer_days": DAYS,
        "promise_tolerance_days": DAYS,
        "ranking_reference": AMOUNT,
        "followup_minimum": AMOUNT,
        "bank_data_max_days": DAYS,
    }

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(
        default=10, help="The first policy that shares a tag with a customer applies."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    is_default = fields.Boolean(compute="_compute_is_default", string="Company Default")
    category_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Tags",
        help="Customers with one of these tags use this policy, unless their file or their grade "
        "names another.",
    )
    behaviour_class = fields.Selection(
        BEHAVIOURS, "Customers Who", help="Only customers who pay like this use the policy."
    )
    size_class = fields.Selection(
        SIZES, "Customers of Size", help="Only customers of this size use the policy."
    )
    contract_terms = fields.Selection(
        TERMS, "Customers With", help="Only customers with this contract use the policy."
    )
    default_unlimited = fields.Boolean(
        "Unlimited by Default",
        default=True,
        help="Customers without an approved limit may owe any amount.",
        tracking=True,
    )
    default_limit = fields.Monetary(
        help="The limit of customers without an approved limit. Zero means prepayment only.",
        tracking=True,
    )
    default_limit_label = fields.Char("Limit by Default", compute="_compute_default_limit_label")
    grace_days = fields.Integer(
        help="Days after the due date before an item counts as overdue.",
        tracking=True,
    )
    order_horizon_days = fields.Integer(
        "Order Horizon (days)",
        help="Confirmed orders to be delivered later than this many days from today do not count "
        "yet. Zero counts all of them.",
        tracking=True,
    )
    delivery_stop = fields.Selection(
        [
            ("none", "Never stop deliveries"),
            ("validate", "Stop at validation"),
            ("reserve", "Stop at reservation and validation"),
        ],
        required=True,
        default="validate",
        tracking=True,
    )
    release_days = fields.Integer(
        "A Release Holds (days)",
        default=7,
        help="An order or delivery that was released must go through within this many days.",
        tracking=True,
    )
    release_tolerance = fields.Float(
        "Release Tolerance (%)",
        default=0.0,
        help="How far the amount may grow after the release before it is held again.",
        tracking=True,
    )
    answer_hours = fields.Integer(
        "Answer Within (hours)",
        default=8,
        help="A held document should be decided within so many working hours of the company.",
        tracking=True,
    )
    responsible_id = fields.Many2one(
        "res.users",
        string="Credit Officer",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Gets the activity for each held document that is within their authority. Otherwise "
        "the first credit officer with enough authority does.",
        tracking=True,
        index="btree_not_null",
    )
    observe_only = fields.Boolean(
        help="Nothing is held: what would have been held is only recorded, so that the policy can "
        "be watched for a while before it bites.",
        tracking=True,
    )
    auto_confirm = fields.Boolean(
        "Confirm When Cleared",
        help="Confirm a held order by itself when the reason of its hold is gone.",
        tracking=True,
    )
    rule_ids = fields.One2many(
        "credit.rule",
        "policy_id",
        string="Rules",
        copy=True,
        default=lambda self: [
            fields.Command.create(vals) for vals in self.env["credit.rule"]._prepare_default_rules()
        ],
    )
    holds_nothing = fields.Boolean(
        compute="_compute_holds_nothing",
        help="No rule of this policy holds an order or a delivery.",
    )
    observed_count = fields.Integer("Observed", compute="_compute_observed_count")

    _grace_days_positive = models.Constraint(
        "CHECK(grace_days >= 0)", "The days of grace cannot be negative."
    )
    _order_horizon_days_positive = models.Constraint(
        "CHECK(order_horizon_days >= 0)", "The order horizon cannot be negative."
    )
    _default_limit_positive = models.Constraint(
        "CHECK(default_limit IS NULL OR default_limit >= 0)",
        "The default limit cannot be negative. Zero means prepayment only.",
    )
    _release_positive = models.Constraint(
        "CHECK(release_days >= 0 AND release_tolerance >= 0)",
        "The days and the tolerance of a release cannot be negative.",
    )
    _answer_hours_positive = models.Constraint(
        "CHECK(answer_hours > 0)", "The time to answer a hold must be at least one hour."
    )

    @api.depends("company_id.credit_default_policy_id")
    def _compute_is_default(self):
        for policy in self:
            policy.is_default = policy.company_id.credit_default_policy_id == policy

    @api.depends(
        "rule_ids.consequence",
        "rule_ids.active",
        "rule_ids.on_confirmation",
        "rule_ids.on_delivery",
    )
    def _compute_holds_nothing(self):
        for policy in self:
            policy.holds_nothing = not any(
                rule.active
                and rule.consequence == "hold"
                and (rule.on_confirmation or rule.on_delivery)
                for rule in policy.rule_ids
            )

    def _compute_observed_count(self):
        counts = dict(
            self.env["credit.hold"]._read_group(
                [("policy_id", "in", self.ids), ("state", "=", "observed")],
                ["policy_id"],
                ["__count"],
            )
        )
        for policy in self:
            policy.observed_count = counts.get(policy._origin, 0)

    @api.depends("default_unlimited", "default_limit", "currency_id")
    @api.depends_context("lang")
    def _compute_default_limit_label(self):
        Words = self.env["credit.message"]
        for policy in self:
            policy.default_limit_label = Words._limit_label(
                policy.default_unlimited, policy.default_limit, policy.currency_id
            )

    @api.constrains("company_id")
    def _check_root_company(self):
        for policy in self:
            if policy.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "A credit policy belongs to a whole company, not to its branch %(branch)s.",
                        branch=policy.company_id.display_name,
                    )
                )

    @api.constrains("active", "company_id")
    def _check_default_stays(self):
        for policy in self:
            default_of = (
                self.env["res.company"]
                .sudo()
                .search([("credit_default_policy_id", "=", policy.id)])
            )
            if default_of and (not policy.active or default_of != policy.company_id):
                raise ValidationError(
                    self.env._(
                        "%(policy)s is the default policy of %(company)s. Choose another default "
                        "before archiving or moving it.",
                        policy=policy.name,
                        company=default_of[:1].display_name,
                    )
                )

    @api.constrains("company_id")
    def _check_files_stay(self):
        for policy in self:
            files = self.env["credit.account"].sudo().search([("policy_id", "=", policy.id)])
            files._check_policy()

    @api.constrains("responsible_id", "followup_legal_user_id", "company_id")
    def _check_people(self):
        for policy in self.sudo():
            people = policy.responsible_id | policy.followup_legal_user_id
            people._credit_check_works_in(policy.company_id)

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        clear_registry_cache(self.env)
        policies._load_shipped_levels()
        return policies

    def write(self, vals):
        result = super().write(vals)
        clear_registry_cache(self.env)
        chosen_by = {"active", "category_ids", *SEGMENTS}
        if {"default_limit", "default_unlimited", *chosen_by} & vals.keys():
            self.env["credit.account"]._sync_native_limits_soon()
        return result

    def unlink(self):
        self.with_context(active_test=False).rule_ids.unlink()  # not past the audit chain
        result = super().unlink()
        clear_registry_cache(self.env)
        return result

    def action_open_observed(self):
        """Open what this policy would have held while it only observed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_hold_action"
        )
        return {
            **action,
            "domain": [("policy_id", "=", self.id), ("state", "=", "observed")],
            "name": self.env._("Would Have Been Held"),
            "context": {},
        }

    def action_start_holding(self):
        """From now on the policy holds what it only observed so far."""
        self.check_access("write")
        self.write({"observe_only": False})
        return True

    def action_make_default(self):
        """Let the policy apply to all customers of its company who have no other."""
        self.ensure_one()
        self.check_access("write")
        self.sudo().company_id.credit_default_policy_id = self

    @api.model
    @tools.ormcache()
    def _deciding_tag_ids(self):
        """The customer tags by which policies apply."""
        everything = self.sudo().with_context(active_test=False)
        return frozenset(everything.search([]).category_ids.ids)

    @api.model
    @tools.ormcache()
    def _segment_policy_ids(self):
        """The policies that apply by a segment of the customer."""
        chosen = Domain.OR(Domain(name, "!=", False) for name in SEGMENTS)
        return tuple(self.sudo().search(chosen).ids)

    @api.model
    def _guarded_tags(self):
        """The tags that the user may not set: they choose a policy, and managers choose those."""
        may = self.env.su or self.env.user.has_group(
            "credit_collection.credit_collection_group_manager"
        )
        Tag = self.env["res.partner.category"]
        return Tag if may else Tag.browse(self._deciding_tag_ids())

    @api.model
    @tools.ormcache()
    def _has_horizon(self):
        """Whether any policy leaves out orders that are far away."""
        everything = self.sudo().with_context(active_test=False)
        return bool(everything.search_count([("order_horizon_days", "!=", 0)], limit=1))

    @api.model
    @tools.ormcache("policy_id")
    def _horizon_days(self, policy_id):
        """The horizon of a policy; kept, because every confirmation asks for it."""
        return self.sudo().browse(policy_id or ()).order_horizon_days

    @api.model
    @tools.ormcache()
    def _stops_reservation(self):
        """Whether any policy keeps goods from being reserved."""
        return bool(self.sudo().search_count([("delivery_stop", "=", "reserve")], limit=1))

    @api.model
    @tools.ormcache()
    def _archived_ids(self):
        """The policies that apply to nobody."""
        everything = self.sudo().with_context(active_test=False)
        return tuple(everything.search([("active", "=", False)]).ids)

    @api.model
    @tools.ormcache("policy_id", "self.env.lang")
    def _core_rules(self, policy_id):
        """The rules of a policy as plain values, in their order."""
        policy = self.sudo().browse(policy_id or ())
        # Kept for everybody, so nobody's context decides which rules are in it.
        return without_caller_context(policy, policy.company_id).rule_ids._to_core()

    @api.model
    def _effective_policy_sql(self, policy: SQL, partner: SQL, company: SQL) -> SQL:
        """SQL of the id of the policy of a file: its own, its grade's, by tag, the company's.

        An archived policy applies to nobody: its files fall back to the next.

        :param policy: the file's own policy id, may be NULL
        :param partner: the commercial partner's id
        :param company: the root company's id
        """
        by_tag = SQL("NULL::int")
        if self._segment_policy_ids():
            by_tag = self._by_segment_sql(partner, company)
        elif self._deciding_tag_ids():
            by_tag = SQL(
                """(
                SELECT p.id
                  FROM credit_policy p
                  JOIN credit_policy_res_partner_category_rel pc ON pc.credit_policy_id = p.id
                  JOIN res_partner_res_partner_category_rel rc
                    ON rc.category_id = pc.res_partner_category_id AND rc.partner_id = %(partner)s
                 WHERE p.company_id = %(company)s AND p.active
                 ORDER BY p.sequence, p.id
                 LIMIT 1)""",
                partner=partner,
                company=company,
            )
        default = self.env["res.company"]._credit_policy_sql(company)
        own = policy
        if archived := self._archived_ids():
            own = SQL("CASE WHEN %s IN %s THEN NULL ELSE %s END", policy, archived, policy)
        by_grade = self.env["credit.grade"]._policy_sql(partner, company)
        return SQL("COALESCE(%s, %s, %s, %s)", own, by_grade, by_tag, default)

    @api.model
    def _by_segment_sql(self, partner: SQL, company: SQL) -> SQL:
        """The first policy whose tags and segments all fit; one without any applies to nobody."""
        fits = [
            SQL("(p.%(name)s IS NULL OR p.%(name)s = sorted.%(name)s)", name=SQL.identifier(name))
            for name in SEGMENTS
        ]
        return SQL(
            """(
            SELECT p.id
              FROM credit_policy p
              LEFT JOIN credit_account sorted
                ON sorted.partner_id = %(partner)s AND sorted.company_id = %(company)s
             CROSS JOIN LATERAL (
                   SELECT COUNT(*) AS wanted, COUNT(rc.partner_id) AS there
                     FROM credit_policy_res_partner_category_rel pc
                     LEFT JOIN res_partner_res_partner_category_rel rc
                       ON rc.category_id = pc.res_partner_category_id
                      AND rc.partner_id = %(partner)s
                    WHERE pc.credit_policy_id = p.id) AS tag
             WHERE p.company_id = %(company)s AND p.active AND %(fits)s
               AND (tag.wanted = 0 OR tag.there > 0)
               AND (tag.wanted > 0 OR p.id IN %(chosen)s)
             ORDER BY p.sequence, p.id
             LIMIT 1)""",
            partner=partner,
            company=company,
            fits=SQL(" AND ").join(fits),
            chosen=self._segment_policy_ids(),
        )

    @api.model
    def _prepare_default_policy(self, company):
        """Values of the policy that every company starts with."""
        return {
            "name": self.env._("Standard policy"),
            "company_id": company.id,
            # The softer levels, waiting for approval.
            "followup_set": "soft",
            "rule_ids": [
                fields.Command.create(vals)
                for vals in self.env["credit.rule"]._prepare_default_rules()
            ],
        }
