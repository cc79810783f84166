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
