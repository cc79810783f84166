"""Kinds of debt and segments of customers: in lists, on the dashboard, and for policies."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time

from .common import TODAY, RecoveryCase, day


@freeze_time(TODAY)
class TestSegments(RecoveryCase):
    def _standing(self, invoice):
        self.env.flush_all()
        Aging = self.env["credit.aging"]
        Aging.invalidate_model()
        return Aging.search([("move_id", "=", invoice.id)]).standing

    def _paid(self, amount, late, partner=None):
        invoice = self._late(amount, due="2026-01-10", partner=partner)
        self._pay(invoice, date=day("2026-01-10").replace(day=10 + late))
        return invoice

    def test_the_kind_of_debt_of_an_item(self):
        # TODAY is 10 March: exactly 90 days late is overdue, 91 doubtful.
        self.assertEqual(self._standing(self._late(100.0, due="2026-03-20")), "current")
        self.assertEqual(self._standing(self._late(100.0, due="2025-12-10")), "overdue")
        doubtful = self._late(300.0, due="2025-12-09")
        self.assertEqual(self._standing(doubtful), "doubtful")
        self.company.credit_doubtful_days = 91
        self.assertEqual(self._standing(doubtful), "overdue")
        self.company.credit_doubtful_days = 90
        self._collateral(move_line_ids=[Command.set(self._item(doubtful).ids)])
        self.assertEqual(self._standing(doubtful), "overdue")
        self.assertEqual(self._standing(self._late(50.0, due="2025-12-09")), "doubtful")

    def test_what_lapsed_or_whose_debtor_is_insolvent_is_hopeless(self):
        lapsed = self._late(100.0, due="2017-01-31")
        self.account.limitation_law_id = self.env.ref("credit_collection.credit_limitation_law_fr")
        self.env["credit.limitation"]._refresh(self.account)
        self.assertEqual(self._standing(lapsed), "hopeless")
        insolvent = self._late(200.0, due="2026-03-01")
        self.assertEqual(self._standing(insolvent), "overdue")
        case = (
            self.env["credit.case"]
            .with_user(self.officer)
            .create(
                {
                    "account_id": self.account.id,
                    "road": "insolvency",
                    "move_line_ids": [Command.set(self._item(insolvent).ids)],
                    **{
                        f"check_{name}": "seen"
                        for name in ("legality", "evidence", "assets", "authority")
                    },
                }
            )
        )
        case.action_open()
        self.assertEqual(self._standing(insolvent), "hopeless")
        case.outcome = "withdrawn"
        case.action_close()
        self.assertEqual(self._standing(insolvent), "overdue")

    def test_the_dashboard_says_what_is_doubtful(self):
        self._late(300.0, due="2025-11-01")
        self._late(100.0, due="2026-03-01")
        tiles = {
            tile["key"]: tile
            for tile in self.env["credit.dashboard"].with_user(self.manager).get_data()["tiles"]
        }
        self.assertEqual((tiles["doubtful"]["value"], tiles["doubtful"]["count"]), (300.0, 1))
        rows = self.env["credit.aging"].search(tiles["doubtful"]["action"]["domain"])
        self.assertEqual(rows.mapped("amount"), [300.0])

    def test_customers_are_sorted_by_night(self):
        second, third = self._customer("Second"), self._customer("Third")
        for partner, amount, late in (
            (self.customer, 700.0, 2),
            (second, 200.0, 6),
            (third, 100.0, 20),
        ):
            self._paid(amount, late, partner=partner)
        self.company.credit_late_days = 19
        new = self._account(self._customer("New"))
        files = self.account | self._account(second) | self._account(third) | new
        self._run_cron("credit_segment_cron")
        self.assertRecordValues(
            files,
            [
                {"behaviour_class": "prompt", "size_class": "a"},
                {"behaviour_class": "slow", "size_class": "a"},
                {"behaviour_class": "late", "size_class": "b"},
                {"behaviour_class": "new", "size_class": "c"},
            ],
        )
        self.assertFalse(files._segment(self.company, day(TODAY)))
        found = self.env["credit.position"].search([("behaviour_class", "=", "slow")])
        self.assertIn(self._account(second), found.account_id)
        with self.assertRaises(AccessError):
            files.with_user(self.manager)[0].behaviour_class = "prompt"

    def test_a_segment_may_have_its_policy(self):
        strict = self.policy.copy({"name": "Late payers", "behaviour_class": "late"})
        self.assertEqual(self.account.effective_policy_id, self.policy)
        self._paid(100.0, 20)
        self.company.credit_late_days = 15
        self._run_cron("credit_segment_cron")
        self.account.invalidate_recordset()
        self.assertEqual(self.account.effective_policy_id, strict)
        # Tags and segments of a policy must both fit.
        tag = self.env["res.partner.category"].create({"name": "Chain"})
        strict.category_ids = tag
        self.account.invalidate_recordset()
        self.assertEqual(self.account.effective_policy_id, self.policy)
        self.customer.category_id = tag
        self.account.invalidate_recordset()
        self.assertEqual(self.account.effective_policy_id, strict)
        strict.write({"behaviour_class": False, "contract_terms": "interest"})
        self.account.invalidate_recordset()
        self.assertEqual(self.account.effective_policy_id, self.policy)
        with self.assertRaisesRegex(AccessError, "only a credit manager"):
            self.account.with_user(self.collector).contract_terms = "interest"
        self.account.with_user(self.manager).contract_terms = "interest"
        self.account.invalidate_recordset()
        self.assertEqual(self.account.effective_policy_id, strict)
        strict.active = False
        self.account.invalidate_recordset()
        self.assertEqual(self.account.effective_policy_id, self.policy)
