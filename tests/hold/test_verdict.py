"""One answer before the order: the same as on confirmation, for whoever may write the order."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..common import CreditCase

TODAY = "2026-03-31"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestVerdict(CreditCase):
    def _ask(self, amount=0.0, user=None, partner=None):
        partner = (partner or self.customer).with_user(user or self.salesperson)
        return partner.credit_verdict(amount)

    def test_free_up_to_what_is_left(self):
        self._limit(50_000)
        self._invoice(8_960, date="2026-03-20", due="2026-04-20")
        told = self._ask()
        self.assertEqual(told["outcome"], "pass")
        self.assertEqual(told["passes_up_to"], 41_040.0)
        self.assertIn("41,040.00", told["sentence"])

    def test_available_does_not_mislead_about_who_is_late(self):
        """41,040 is left of the limit, and every order is held all the same."""
        self._limit(50_000)
        self._invoice(8_960, date="2026-01-31", due="2026-02-10")
        self.assertEqual(self._account().available, 41_040.0)
        told = self._ask()
        self.assertEqual(told["outcome"], "hold")
        self.assertEqual(told["passes_up_to"], 0.0)
        self.assertIn("49 days", told["reasons"][0])
        self.assertTrue(any("8,910.00" in remedy for remedy in told["remedies"]))
        order = self._order(100)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_state, "held")

    def test_customer_without_a_file_is_judged_by_the_default(self):
        self.policy.write({"default_unlimited": False, "default_limit": 500})
        stranger = self._customer("New Ltd")
        told = self._ask(partner=stranger)
        self.assertEqual((told["outcome"], told["passes_up_to"]), ("pass", 500.0))
        self.assertEqual(self._ask(500.01, partner=stranger)["outcome"], "hold")
        self.assertFalse(
            self.env["credit.account"].search([("partner_id", "=", stranger.id)]),
            "asking leaves nothing behind",
        )

    def test_no_limit_is_no_bound(self):
        told = self._ask(1_000_000)
        self.assertEqual((told["outcome"], told["passes_up_to"]), ("pass", None))

    def test_policy_that_observes_and_hold_by_hand(self):
        self.policy.observe_only = True
        self._limit(100)
        self._invoice(200)
        self.assertEqual(self._ask()["outcome"], "observe")
        self._account().sudo().write({"manual_hold": True, "manual_hold_reason": "Insolvent"})
        told = self._ask()
        self.assertEqual(told["outcome"], "hold")
        self.assertIn("Insolvent", told["sentence"])
        [release] = [each for each in told["remedies"] if "release" in each]
        self.assertIn(self.officer.name, release, "somebody can lift it, and it is said who")

    def test_policy_that_holds_nothing_is_not_green_over_the_limit(self):
        self.policy.rule_ids.unlink()
        self._limit(100)
        self._invoice(200)
        told = self._ask()
        self.assertEqual(told["outcome"], "warn")
        self.assertIn("holds no order", told["sentence"])

    def test_colleagues_and_unassigned_customers_but_never_the_ledger(self):
        self._limit(50_000)
        self._invoice(8_960, date="2026-01-31", due="2026-02-10")
        other = self._user("sonia", "sales_team.group_sale_salesman")
        told = self._ask(user=other)
        self.assertEqual(told["outcome"], "hold")
        self.assertNotIn("INV/", str(told))
        self.assertFalse(self.customer.with_user(other).credit_file_visible)
        self.assertEqual(self.customer.with_user(other).credit_outcome, "hold")

    def test_told_to_who_may_write_orders_only(self):
        with self.assertRaises(AccessError):
            self._ask(user=self.clerk)
        self.assertEqual(self._ask(user=self.accountant)["outcome"], "pass")

    def test_amounts_that_are_none(self):
        for amount in (float("nan"), float("inf"), -1, 1e300, "much"):
            with self.subTest(amount=amount), self.assertRaises(ValidationError):
                self._ask(amount)

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        with self.assertRaises(AccessError):
            self.customer.with_user(self.salesperson).credit_verdict(0, other.id)

    def test_new_quotation_says_it_as_soon_as_the_customer_is_chosen(self):
        self._limit(50_000)
        self._invoice(8_960, date="2026-01-31", due="2026-02-10")
        order = self.env["sale.order"].with_user(self.salesperson)
        banner = order.new({"partner_id": self.customer.id}).credit_banner
        self.assertEqual(banner["outcome"], "hold")
        self.assertIn("49 days", banner["title"])

    def test_list_of_customers_asks_once(self):
        """The queries do not grow with the customers of the page."""
        for number in range(12):
            partner = self._customer(f"Late {number}")
            self._invoice(100 + number, partner=partner, date="2026-01-31", due="2026-02-10")
        accounts = self.env["credit.account"].search([("partner_id.name", "like", "Late ")])

        def queries(files):
            self.env.invalidate_all()
            self.env["credit.verdict"]._of_files(files)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            said = self.env["credit.verdict"]._of_files(files)
            self.assertEqual({told.outcome for told in said.values()}, {"hold"})
            return self.env.cr.sql_log_count - before

        self.assertLessEqual(queries(accounts), queries(accounts[:2]) + 2)
