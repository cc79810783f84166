"""Each text in the language of its reader: copies, activities, jobs, printed sentences."""

from freezegun import freeze_time
from odoo.tests import tagged

from ..common import CreditCase

POLICY = {
    "de_DE": "Standardrichtlinie",
    "pl_PL": "Polityka standardowa",
    "ru_RU": "Стандартная политика",
    "zh_CN": "标准政策",
}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestReaderLanguage(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.languages = list(POLICY)
        for code in cls.languages:
            cls.env["res.lang"]._activate_lang(code)
        cls.addon = cls.env.ref("base.module_credit_collection")
        cls.addon._update_translations(cls.languages)

    # ------------------------------------------------------------------
    # Copies of what is shipped
    # ------------------------------------------------------------------

    def test_the_first_policy_speaks_languages_that_come_later(self):
        for code, name in POLICY.items():
            self.assertEqual(self.policy.with_context(lang=code).name, name)

    def test_rules_and_levels_of_the_policy_too(self):
        policy = self.policy.with_context(lang="de_DE")
        self.assertIn("Limit überschritten", policy.rule_ids.mapped("name"))
        self.assertFalse(
            set(policy.followup_level_ids.mapped("name"))
            & set(policy.with_context(lang="en_US").followup_level_ids.mapped("name"))
        )

    def test_a_company_made_in_german_has_an_english_source(self):
        company = (
            self.env["res.company"].with_context(lang="de_DE").create({"name": "Werk Süd GmbH"})
        )
        policy = company.credit_default_policy_id
        self.assertEqual(policy.with_context(lang="en_US").name, "Standard policy")
        self.assertEqual(policy.with_context(lang="de_DE").name, "Standardrichtlinie")
        self.assertEqual(policy.with_context(lang="pl_PL").name, "Polityka standardowa")

    def test_what_was_renamed_is_left_alone(self):
        self.policy.with_context(lang="de_DE").name = "Unsere Richtlinie"
        self.policy.with_context(lang="en_US").name = "Our policy"
        self.addon._update_translations(self.languages, overwrite=True)
        self.assertEqual(self.policy.with_context(lang="de_DE").name, "Unsere Richtlinie")

    # ------------------------------------------------------------------
    # Who reads it
    # ------------------------------------------------------------------

    def test_an_approver_reads_the_own_language_and_format(self):
        (self.officer | self.manager).lang = "pl_PL"
        request = (
            self.env["credit.limit"]
            .with_user(self.salesperson)
            .with_context(lang="de_DE")
            .create({"account_id": self._account().id, "amount": 4500.0, "reason": "Wachstum"})
        )
        request._ask_approver()
        asked = request.sudo().activity_ids
        self.assertIn(asked.user_id, self.officer | self.manager)
        self.assertTrue(asked.summary.startswith("Zdecyduj o limicie "))
        self.assertIn(",00", asked.summary)
        said = request.account_id.sudo().message_ids[:1].body
        self.assertIn("4.500,00", said)

    def test_a_job_writes_in_the_language_of_the_company(self):
        self.company.partner_id.lang = "de_DE"
        invoice = self._invoice(1000.0, date="2026-01-01", due="2026-01-31")
        line = invoice.line_ids.filtered(lambda one: one.display_type == "payment_term")
        promise = self.env["credit.promise"].create(
            {
                "account_id": self._account().id,
                "move_line_ids": line.ids,
                "line_ids": [(0, 0, {"date": "2026-03-10", "amount": 1000.0})],
            }
        )
        with freeze_time("2026-03-20"):
            self._run_cron("credit_promise_cron")
        self.assertEqual(promise.state, "broken")
        said = " ".join(promise.account_id.message_ids.mapped("body"))
        self.assertIn("Zusage:", said)
        self.assertNotIn("Promise:", said)
