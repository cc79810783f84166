from odoo import api, fields, models, tools
from odoo.tools import SQL

from ...tools import rooms
from ...tools.bounds import DAYS
from ...tools.registry_cache import clear_registry_cache

TRUST = [("good", "Good debtor"), ("normal", "Normal debtor"), ("bad", "Bad debtor")]


class CreditGrade(models.Model):
    """What a score means: how far a customer of this grade is trusted."""

    _name = "credit.grade"
    _description = "Credit Grade"
    _inherit = "credit.bounded"
    _credit_bounds = {
        "least_score": (0, 100), "longest_term": DAYS, "limit_factor": (0, 10),
        "review_months": (1, 120),
    }  # fmt: skip
    _order = "scorecard_id, least_score desc, id"
    _check_company_auto = True

    scorecard_id = fields.Many2one(
        "credit.scorecard", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="scorecard_id.company_id", store=True, index=True)
    name = fields.Char(required=True, translate=True)
    meaning = fields.Char(translate=True)
    least_score = fields.Float(
        required=True, digits=(5, 1), aggregator=None, help="The grade begins at this score."
    )
    policy_id = fields.Many2one(
        "credit.policy",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        ondelete="restrict",
        index="btree_not_null",
        help="Applies to customers of this grade whose file names no policy, before their tags do.",
    )
    longest_term = fields.Integer(
        "Longest Term (days)",
        aggregator=None,
        help="Longer payment terms are too long. 0: no bound.",
    )
    limit_factor = fields.Float(
        default=1.0, digits=(5, 2), aggregator=None, help="Proposed limits are multiplied by this."
    )
    review_months = fields.Integer(
        "Review After (months)", default=12, required=True, aggregator=None
    )
    prepayment_only = fields.Boolean(help="Customers of this grade get no credit.")
    trust = fields.Selection(TRUST, "Degree of Trust", help="Written to the customer, one way.")
    color = fields.Integer()
    account_count = fields.Integer("Customers", compute="_compute_account_count")

    _score_uniq = models.UniqueIndex(
        "(scorecard_id, least_score)", "Two grades of a scorecard cannot begin at the same score."
    )

    def _compute_account_count(self):
        counts = dict(
            self.env["credit.account"]._read_group(
                [("grade_id", "in", self.ids)], ["grade_id"], ["__count"]
            )
        )
        for grade in self:
            grade.account_count = counts.get(grade._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        grades = super().create(vals_list)
        clear_registry_cache(self.env)
        return grades

    def write(self, vals):
        result = super().write(vals)
        clear_registry_cache(self.env)
        if {"policy_id", "prepayment_only"} & vals.keys():
            self.env["credit.account"]._sync_native_limits_soon()
        return result

    def unlink(self):
        result = super().unlink()
        clear_registry_cache(self.env)
        return result

    @api.model
    @tools.ormcache()
    def _policies(self):
        """``{grade id: policy id}`` of the grades that choose a policy which is not archived."""
        if not rooms.is_on(self.env, "rating"):
            return {}
        grades = self.sudo().with_context(active_test=False).search([("policy_id", "!=", False)])
        return {grade.id: grade.policy_id.id for grade in grades if grade.policy_id.active}

    @api.model
    def _policy_sql(self, partner: SQL, company: SQL) -> SQL:
        """SQL of the id of the policy that a customer's grade chooses, or NULL.

        :param partner: the commercial partner's id, ``company``: the root company's
        """
        policies = self._policies()
        if not policies:
            return SQL("NULL::int")
        return SQL(
            "(SELECT %s FROM credit_account graded"
            " WHERE graded.partner_id = %s AND graded.company_id = %s)",
            self.env["res.company"]._credit_case_sql(
                SQL("graded.grade_id"), policies, SQL("NULL::int")
            ),
            partner,
            company,
        )

    @api.model
    def _bounded_term(self, partner, company, days):
        """The customer's term in days, at most what their grade allows."""
        account = self.env["credit.account"].sudo()._of_pairs({(partner.id, company.root_id.id)})
        grade = account.grade_id
        if grade.prepayment_only:
            return 0
        return min(days, grade.longest_term) if grade.longest_term else days

    def _next_better(self):
        """The next better grade of the scorecard, empty at the top."""
        self.ensure_one()
        better = self.scorecard_id.grade_ids.filtered(lambda x: x.least_score > self.least_score)
        return better.sorted("least_score")[:1]

    def action_accounts(self):
        """Open the customers of this grade."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_account_action"
        )
        return {**action, "domain": [("grade_id", "in", self.ids)]}
