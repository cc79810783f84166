from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.segments import SEGMENTS
from .rule_kinds import RULE_KINDS


class CreditAccount(models.Model):
    """Which policy applies to a customer, and what its rules ask of other rooms."""

    _inherit = "credit.account"

    effective_policy_id = fields.Many2one(
        "credit.policy", "Policy", compute="_compute_effective_policy_id"
    )

    @api.depends(
        "policy_id",
        "grade_id.policy_id",
        "partner_id.category_id",
        "behaviour_class",
        "size_class",
        "contract_terms",
        "company_id.credit_default_policy_id",
    )
    def _compute_effective_policy_id(self):
        Policy = self.env["credit.policy"]
        Policy.flush_model()
        self.env["res.partner"].flush_model(["category_id"])
        self.env["res.company"].flush_model(["credit_default_policy_id"])
        self.env["credit.grade"].flush_model(["policy_id"])
        effective = {}
        if self.ids:
            self.flush_model(["policy_id", "partner_id", "company_id", "grade_id", *SEGMENTS])
            effective = dict(
                self.env.execute_query(
                    SQL(
                        "SELECT a.id, %s FROM credit_account a WHERE a.id IN %s",
                        Policy._effective_policy_sql(
                            SQL("a.policy_id"), SQL("a.partner_id"), SQL("a.company_id")
                        ),
                        tuple(self.ids),
                    )
                )
            )
        for account in self:
            account.effective_policy_id = effective.get(account._origin.id, False)

    def _rule_facts(self, rules):
        """What other rooms know of these files, as far as the rules ask; a query per kind.

        :param rules: the core's rules
        :return: ``{file id: tuple of core.decision.Fact}``
        """
        found = defaultdict(tuple)
        for kind in sorted({rule.kind for rule in rules}):
            if reads := RULE_KINDS[kind].reads:
                for file_id, fact in getattr(self, reads)().items():
                    found[file_id] += fact if isinstance(fact, tuple) else (fact,)
        return found
