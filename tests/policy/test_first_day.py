"""The first day: nothing stops by surprise, and the page says what to do."""

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31")
class TestFirstDay(CreditCase):
    def _page(self, user=None):
        action = self.env["credit.onboarding"].with_user(user or self.manager).action_open_page()
        return (
            self.env["credit.onboarding"].with_user(user or self.manager).browse(action["res_id"])
        )

    def test_company_with_open_receivables_starts_by_observing(self):
        self._invoice(100)
        self.company.credit_default_policy_id = False
        self.company._create_default_credit_policies()
        self.assertTrue(self.company.credit_default_policy_id.observe_only)

    def test_empty_company_holds_from_the_start(self):
        self.company.credit_default_policy_id = False
        self.company._create_default_credit_policies()
        policy = self.company.credit_default_policy_id
        self.assertFalse(policy.observe_only)
        self.assertFalse(policy.holds_nothing)

    def test_page_says_what_it_would_have_held_and_starts(self):
        """Two orders of the month, one of them after an invoice was 31 days late."""
        self.policy.observe_only = True
        self._invoice(500, date="2026-02-01", due="2026-02-10")
        for amount, day in ((1_000, "2026-03-10"), (2_000, "2026-03-20")):
            order = self._order(amount)
            order.action_confirm()
            order.date_order = f"{day} 10:00:00"
        page = self._page()
        page.action_try()
        self.assertEqual((page.trial_orders, page.trial_held, page.trial_amount), (2, 1, 2_000.0))
        self.assertTrue(page.observe_only)
        page.action_start_holding()
        self.assertFalse(self.policy.observe_only)

    def test_steps_tell_their_state(self):
        page = self._page()
        self.assertTrue(page.people_done)
        self.assertIn("olaf", page.people + str(page._officers().mapped("login")))
        self.company.partner_id.bank_ids.unlink()
        self.assertIn("bank account", self._page().sender)
        self.policy.rule_ids.unlink()
        self.assertFalse(self._page().policy_done)

    def test_for_managers(self):
        with self.assertRaises(AccessError):
            self._page(self.officer)

    def test_new_policy_holds_something(self):
        policy = self.env["credit.policy"].with_user(self.manager).create({"name": "Export"})
        self.assertEqual(len(policy.rule_ids), 4)
        self.assertFalse(policy.holds_nothing)
        bare = self.env["credit.policy"].create({"name": "Bare", "rule_ids": []})
        self.assertTrue(bare.holds_nothing)

    def test_changes_of_rules_are_told(self):
        policy = self.policy.with_context(tracking_disable=False, mail_notrack=False)
        rule = policy.rule_ids.filtered(lambda rule: rule.kind == "overdue_days")
        rule.with_user(self.manager).days = 45
        body = policy.message_ids[:1].body
        self.assertIn("30 days", body)
        self.assertIn("45 days", body)
        self.assertEqual(policy.message_ids[:1].author_id, self.manager.partner_id)

    def test_officer_without_authority_is_warned(self):
        self.assertFalse(self.officer.credit_needs_authority)
        self.officer.credit_authority = 0
        self.assertTrue(self.officer.credit_needs_authority)
        self.assertFalse(self.manager.credit_needs_authority)
        self.assertFalse(self.clerk.credit_needs_authority)

    def test_warning_comes_while_the_authority_is_typed(self):
        typed = self.env["res.users"].new(origin=self.officer)
        typed.credit_authority = 0
        self.assertTrue(typed.credit_needs_authority)
