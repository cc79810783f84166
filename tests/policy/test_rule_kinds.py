from odoo.addons.credit_collection.core import decision
from odoo.addons.credit_collection.models.policy.rule_kinds import RULE_KINDS

from ..common import CreditCase


class TestRuleKinds(CreditCase):
    def test_each_kind_that_is_measured_is_described(self):
        self.assertEqual(set(RULE_KINDS), set(decision.KINDS))

    def test_each_kind_can_be_chosen_and_says_its_title(self):
        chosen = dict(self.env["credit.rule"]._fields["kind"]._description_selection(self.env))
        self.assertEqual(chosen["limit_expired"], "Limit expired")
        self.assertEqual(set(chosen), set(RULE_KINDS))

    def test_a_sentence_names_the_figure_and_what_is_allowed(self):
        finding = decision.Finding(1, "Late", "overdue_days", "hold", 31, 30, "days")
        said = self.env["credit.message"]._finding(finding.to_dict(), self.currency)
        self.assertEqual(said, "Oldest overdue item: 31 days late (allowed: 30).")

    def test_what_is_read_of_a_customer_exists(self):
        Account = self.env["credit.account"]
        for kind in RULE_KINDS.values():
            if kind.reads:
                self.assertEqual(getattr(Account, kind.reads)(), {})

    def test_a_clerk_reads_of_each_kind_a_sentence_of_its_own_without_a_figure(self):
        said = [self.env["credit.message"]._plain_finding(kind) for kind in RULE_KINDS]
        self.assertEqual(len(set(said)), len(RULE_KINDS))
        self.assertNotIn("The credit check holds it.", said)
        for sentence in said:
            self.assertNotRegex(sentence, r"[%\d]")
        self.assertEqual(
            self.env["credit.message"]._plain_finding("of another add-on"),
            "The credit check holds it.",
        )
