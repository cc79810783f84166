from odoo.addons.credit_collection.core import ranking
from odoo.addons.credit_collection.reports.desk.credit_worklist import MEASURES
from odoo.exceptions import AccessError
from odoo.fields import Command, Date
from odoo.tests import freeze_time

from .common import TODAY, DeskCase


@freeze_time(TODAY)
class TestWorklist(DeskCase):
    def _row(self, partner=None):
        self.env.flush_all()
        Worklist = self.env["credit.worklist"]
        Worklist.invalidate_model()
        return Worklist.search([("partner_id", "=", (partner or self.customer).id)])

    def test_every_part_of_the_formula_is_measured(self):
        self.assertEqual(set(MEASURES), {part.key for part in ranking.PARTS})

    def test_rank_worked_by_hand(self):
        # 30 × 1,000 / 11,000 + 25 × 30 / 90 + never contacted 10; a call is worth 89.9 % of 1,000
        # less 50: 10 × 849 / 10,849
        self._late()
        self.policy.call_cost = 50
        row = self._row()
        self.assertAlmostEqual(row.chance, 0.899, 6)
        self.assertAlmostEqual(row.worth, 849.0, 2)
        self.assertAlmostEqual(row.score, 2.727273 + 8.333333 + 10.0 + 0.782561, 5)

    def test_rank_is_the_cores(self):
        self._limit(100.0)
        self.policy.ranking_reference = 500.0
        promise = self._promise(self._late(300.0, due="2025-11-01"), 300.0)
        promise._judge(Date.to_date("2026-03-18"))
        self._late(800.0)
        with freeze_time("2026-03-20"):
            self._contact(date="2026-03-16 10:00:00")
            row = self._row()
            self.assertEqual((row.broken_promises, row.days_since_contact), (1, 4))
            self.assertAlmostEqual(row.score, row._core_score().total, 6)
            self.assertEqual(
                row._core_score().total,
                ranking.score(1100.0, 139, 1, 4, True, row.worth, 500.0).total,
            )

    def test_what_is_to_do(self):
        self._late()
        row = self._row()
        self.assertRecordValues(row, [{"to_do": True, "reason": "overdue", "to_chase": 1000.0}])
        self._promise(amount=1000.0)
        self.assertRecordValues(
            self._row(),
            [
                {
                    "to_do": False,
                    "to_chase": 0.0,
                    "promised": 1000.0,
                    "next_promise": Date.to_date("2026-03-15"),
                }
            ],
        )

    def test_broken_promise_comes_back(self):
        self._late()
        promise = self._promise(amount=1000.0)
        with freeze_time("2026-03-18"):
            promise._judge()
            self.assertRecordValues(self._row(), [{"to_do": True, "reason": "broken"}])

    def test_handled_today_is_off_the_list_until_tomorrow(self):
        self._late()
        self._contact("refuses")
        self.assertRecordValues(self._row(), [{"to_do": False, "handled_today": True}])
        with freeze_time("2026-03-11"):
            self.assertTrue(self._row().to_do)

    def test_agreed_call_waits_for_its_day(self):
        self._late()
        with freeze_time("2026-03-09"):
            self._contact("call_back", next_date="2026-03-12")
        self.assertFalse(self._row().to_do)
        with freeze_time("2026-03-12"):
            self.assertRecordValues(self._row(), [{"to_do": True, "reason": "call_back"}])

    def _letter(self, invoice, state="sent"):
        """A message of the policy's first level of today."""
        level = self.policy.followup_level_ids[:1] or self.env["credit.followup.level"].create(
            {"name": "Reminder", "policy_id": self.policy.id, "delay": 1}
        )
        letter = self.env["credit.followup"].create(
            {
                "account_id": self._account().id,
                "level_id": level.id,
                "date": TODAY,
                "user_id": self.collector.id,
                "line_ids": [
                    Command.create(
                        {
                            "move_line_id": self._item(invoice).id,
                            "move_id": invoice.id,
                            "level_id": level.id,
                            "amount": 1000.0,
                        }
                    )
                ],
            }
        )
        letter.state = state
        return letter

    def test_a_customer_with_letters_to_two_addresses_stands_there_once(self):
        letter = self._letter(self._late(), state="draft")
        plant = self.env["res.partner"].create({"name": "Plant", "parent_id": self.customer.id})
        letter.addressee_id = plant
        letter.flush_recordset()
        other = self._letter(self._late(), state="draft")
        row = self._row()
        self.assertEqual(len(row), 1)
        self.assertRecordValues(
            row, [{"next_action": "letter", "next_action_on": Date.to_date(TODAY)}]
        )
        [(chase,)] = row._read_group([("id", "in", row.ids)], [], ["to_chase:sum"])
        self.assertEqual(chase, 2000.0)
        letter.state = "sent"
        self.assertTrue(self._row().to_do, "the other letter still waits")
        other.state = "sent"
        self.assertFalse(self._row().to_do)

    def test_letter_sent_today_shows_its_level_and_is_enough(self):
        letter = self._letter(self._late())
        self.assertRecordValues(
            self._row(),
            [{"level_id": letter.level_id.id, "to_do": False, "handled_today": True}],
        )
        work = self.env["credit.collector.activity"].search(
            [("kind", "=", "followup"), ("account_id", "=", self._account().id)]
        )
        self.assertEqual(work.user_id, self.collector)

    def test_paused_file_is_left_alone(self):
        self._late()
        self._account().followup_paused_until = "2026-03-12"
        self.assertFalse(self._row().to_do)

    def test_nothing_overdue_is_not_on_the_list(self):
        self._late(due="2026-04-01")
        self.assertFalse(self._row())

    def test_unmatched_payment_is_deducted(self):
        self._late()
        self._invoice(400.0, date="2026-03-01", move_type="out_refund")
        self.assertEqual(self._row().to_chase, 600.0)

    # ------------------------------------------------------------------
    # The page, the week, assigning
    # ------------------------------------------------------------------

    def test_page_shows_age_and_rank(self):
        self._late()
        self._late(500.0, due="2026-04-01")
        account = self._account().with_user(self.collector)
        self.assertIn("1–30 days", account.aging_bar)
        self.assertIn("66.67%", account.aging_bar)
        self.assertIn("2.7 amount", account.score_explanation)
        self.assertEqual(account.to_chase, 1000.0)

    def test_aging_bar_goes_by_the_companys_boundaries(self):
        self.company.credit_aging_boundaries = "10,45"
        self._late()
        bar = self._account().with_user(self.collector).aging_bar
        self.assertIn("11–45 days", bar)
        self.assertNotIn("1–30 days", bar)

    def test_week_of_a_collector(self):
        self._account().collector_id = self.collector
        invoice = self._late()
        self._contact("no_answer")
        self._contact("promised", kind="meeting")
        self._contact("no_answer", kind="email")
        self._promise(invoice, 600.0)
        payment = self._pay(invoice, 250.0, date=TODAY)
        self.assertTrue(payment)
        self._credit(invoice, 100.0)
        self.env.flush_all()
        week = self.env["credit.collector.activity"]._read_group(
            [("account_id", "=", self._account().id)],
            ["user_id"],
            [
                "calls:sum",
                "talks:sum",
                "letters:sum",
                "promises:sum",
                "amount_promised:sum",
                "amount_collected:sum",
            ],
        )
        self.assertEqual(week, [(self.collector, 1, 1, 1, 1, 600.0, 250.0)])
        own = dict(self.env["credit.collector.activity"].with_user(self.collector).my_week())
        self.assertEqual((own["Calls"], own["Promises"]), ("1", "1"))
        self.assertIn("250.00", own["Cash Collected"])
        with freeze_time("2026-03-16"):  # the next week
            own = self.env["credit.collector.activity"].with_user(self.collector).my_week()
        self.assertEqual(dict(own)["Calls"], "0")

    def test_payment_that_came_back_is_no_cash(self):
        self._account().collector_id = self.collector
        invoice = self._late()
        payment = self._pay(invoice, 250.0, date=TODAY)
        self._item(invoice).remove_move_reconcile()
        payment.move_id._reverse_moves([{"date": TODAY}], cancel=True)
        self.env.flush_all()
        work = self.env["credit.collector.activity"].search(
            [("account_id", "=", self._account().id), ("kind", "=", "cash")]
        )
        self.assertFalse(work)

    def test_assigning_many(self):
        partners = self._ten()
        accounts = self.env["credit.account"].union(*map(self._account, partners))
        wizard = (
            self.env["credit.collector.assign"]
            .with_user(self.collector)
            .create({"account_ids": [Command.set(accounts.ids)], "collector_id": self.collector.id})
        )
        params = wizard.action_assign()["params"]
        Assign = self.env["credit.collector.assign"].with_user(self.collector)
        self.assertEqual(Assign.assign_slice(params["ids"], *params["args"]), 10)
        self.assertEqual(accounts.collector_id, self.collector)
        with self.assertRaises(AccessError):
            Assign.with_user(self.salesperson).assign_slice(accounts.ids, False)
        self.assertEqual(accounts.collector_id, self.collector)

    def test_list_costs_a_fixed_number_of_queries(self):
        self._ten()
        self.env.flush_all()
        self.env.invalidate_all()
        self.env["credit.worklist"].search([], limit=1)
        with self.assertQueryCount(2):  # the list, and the setting that serves its plan
            self.env["credit.worklist"].search_fetch([("to_do", "=", True)], ["score", "to_chase"])

    def test_salesperson_and_other_company_see_no_list(self):
        self._late()
        with self.assertRaises(AccessError):
            self.env["credit.worklist"].with_user(self.salesperson).search([])
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("eve", "account.group_account_invoice")
        stranger.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        self.assertFalse(self.env["credit.worklist"].with_user(stranger).search([]))
        self.assertFalse(self.env["credit.collector.activity"].with_user(stranger).search([]))
