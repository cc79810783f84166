"""The demo company's ratings: every grade, open checks, a warning, a stop, a group, an outlook."""

from odoo.tests import tagged

from .test_demo_company import DemoCase


@tagged("post_install", "-at_install")
class TestDemoRating(DemoCase):
    def test_every_grade_is_given(self):
        accounts = self._of_company("credit.account", ("grade_id", "!=", False))
        self.assertEqual(set(accounts.grade_id.mapped("name")), set("ABCDE"))
        by_hand = self._of_company("credit.rating", ("manual_grade_id", "!=", False))
        self.assertEqual(
            set(by_hand.partner_id.mapped("name")), {"Mahogany Holdings", "Jacaranda Events"}
        )

    def test_a_new_customer_waits_for_the_checklist(self):
        [checklist] = self._of_company("credit.checklist", ("account_id", "!=", False))
        self.assertEqual(
            (checklist.partner_id.name, checklist.state, checklist.answered_count),
            ("Bamboo Interiors", "open", 9),
        )
        [rating] = self._of_company("credit.rating", ("state", "=", "draft"))
        self.assertEqual(rating.partner_id, checklist.partner_id)

    def test_a_warning_a_stop_and_a_group(self):
        signals = self._of_company("credit.signal", ("source", "=", "person"))
        self.assertEqual(signals.partner_id.name, "Pine Valley Hotels")
        # Promised, did not pay, three calls without an answer since: measured, and open.
        [measured] = self._of_company(
            "credit.signal", ("source", "=", "ledger"), ("state", "=", "open")
        )
        self.assertEqual(
            (measured.partner_id.name, measured.kind_id.code, measured.measured),
            ("Willow Interiors", "no_answer", 3.0),
        )
        warnings = self._of_company("credit.early.warning")
        self.assertLessEqual(
            {"Willow Interiors", "Pine Valley Hotels"}, set(warnings.partner_id.mapped("name"))
        )
        # Another night finds the same, and opens nothing twice.
        self.assertEqual(self.env["credit.signal"]._measure(self.company), (0, 0))
        [stop] = self._of_company("credit.stop")
        self.assertEqual((stop.partner_id.name, stop.state), ("Nightshade Imports", "active"))
        self.assertTrue(stop.account_id.manual_hold)
        [group] = self._of_company("credit.group")
        self.assertEqual(len(group.partner_ids), 2)

    def test_accounts_of_three_years_and_two_agencies(self):
        accounts = self._of_company("credit.financials").sorted("date")
        self.assertEqual(len(accounts), 3)
        self.assertEqual(
            accounts.mapped("debt_ratio"), sorted(accounts.mapped("debt_ratio"))
        )  # it gets worse
        reports = self._of_company("credit.agency.report")
        self.assertEqual(len(reports.agency_id), 2)

    def test_the_outlook_of_the_director(self):
        [forecast] = self._of_company("credit.forecast")
        self.assertEqual(len(forecast.line_ids), 13)
        self.assertLessEqual(forecast.expected, forecast.open_amount)
        [ceiling] = self._of_company("credit.ceiling")
        self.assertGreater(ceiling.critical, ceiling.working)
        self.assertEqual(len(ceiling.month_ids), 6)

    def test_customers_have_segments(self):
        accounts = self._of_company("credit.account", ("size_class", "!=", False))
        self.assertEqual(set(accounts.mapped("size_class")), set("abc"))
        self.assertLessEqual({"prompt", "late", "new"}, set(accounts.mapped("behaviour_class")))
        self.assertIn("interest", accounts.mapped("contract_terms"))
        aging = self._of_company("credit.aging")
        self.assertLessEqual({"current", "overdue", "hopeless"}, set(aging.mapped("standing")))

    def test_the_chance_of_payment_is_learnt_from_the_own_ledger(self):
        points = self._of_company("credit.recovery.point")
        self.assertTrue(points)
        chances = points.sorted("age").mapped("chance")
        self.assertEqual(chances, sorted(chances, reverse=True))

    def test_a_policy_by_segment(self):
        [policy] = self._of_company("credit.policy", ("behaviour_class", "=", "new"))
        Account = self.env["credit.account"]
        [newcomer] = Account.search([("partner_id.name", "=", "Bamboo Interiors")])
        self.assertEqual(newcomer.behaviour_class, "new")
        self.assertEqual(newcomer.effective_policy_id, policy)
        self.assertTrue(policy.rule_ids)


@tagged("post_install", "-at_install")
class TestDemoCases(DemoCase):
    def _cases(self, *domain):
        return self._of_company("credit.case", *domain)

    def test_a_case_in_each_stage_of_the_court(self):
        open_ones = self._cases(("road", "=", "court"), ("state", "=", "open"))
        stages = self.env.ref("credit_collection.credit_case_template_court").stage_ids
        self.assertEqual(open_ones.step_id.stage_id, stages)
        [won] = self._cases(("state", "=", "closed"))
        self.assertEqual((won.outcome, won.principal), ("paid", 0))
        self.assertEqual(won.recovered, 1_950)
        self.assertEqual(set(self._cases().mapped("road")), {"court", "agency", "insolvency"})

    def test_the_last_level_has_prepared_a_case(self):
        [case] = self._cases(("partner_id.name", "=", "Rowan Builders"))
        self.assertEqual(case.state, "draft")
        self.assertTrue(case.move_line_ids)
        self.assertEqual(case.activity_ids.user_id, case.responsible_id)
        levels = self.company.credit_default_policy_id.followup_level_ids
        self.assertEqual(levels.filtered("opens_case").mapped("delay"), [10])

    def test_offers_and_costs_of_cases(self):
        offers = self._cases().offer_ids
        self.assertEqual(set(offers.mapped("state")), {"open", "refused"})
        self.assertTrue(self._cases(("cost_ids", "!=", False)))
