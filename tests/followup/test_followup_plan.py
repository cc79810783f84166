from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestFollowupPlan(FollowupCase):
    def test_item_past_the_delay_gets_its_level(self):
        invoice = self._late(1000.0, days=3)
        followup = self._plan()
        self.assertRecordValues(
            followup,
            [
                {
                    "account_id": self.file.id,
                    "level_id": self.first.id,
                    "state": "queued",
                    "date": TODAY,
                    "amount": 1000.0,
                    "partner_ids": self.customer.ids,
                }
            ],
        )
        self.assertRecordValues(
            followup.line_ids,
            [
                {
                    "move_line_id": self._item(invoice).id,
                    "level_id": self.first.id,
                    "amount": 1000.0,
                    "days_overdue": 3,
                }
            ],
        )

    def test_planning_the_same_day_twice_changes_nothing(self):
        self._late()
        first = self._plan()
        self.assertFalse(self._plan())
        self.assertEqual(self.file.followup_ids, first)

    def test_item_on_its_due_date_gets_nothing(self):
        self._late(days=0)
        self.assertFalse(self._plan())
        self.assertTrue(self._plan(TODAY + timedelta(1)))

    def test_one_customer_one_message_lists_everything(self):
        self._late(100.0, days=3)
        self._late(200.0, days=-20)
        followup = self._plan()
        self.assertEqual(len(followup), 1)
        self.assertEqual(
            [(line.amount, line.level_id, line.days_overdue) for line in followup.line_ids],
            [(100.0, self.first, 3), (200.0, self.env["credit.followup.level"], -20)],
        )

    def test_highest_level_decides_and_no_level_is_skipped(self):
        self._late(days=40)
        self.assertEqual(self._plan().level_id, self.first)

    def test_old_debts_start_at_their_age_when_the_policy_says_so(self):
        self.policy.followup_start_at_age = True
        self._late(days=12)
        self.assertEqual(self._plan().level_id, self.second)

    def test_level_for_approval_waits(self):
        self.policy.followup_start_at_age = True
        self._late(days=31)
        self.assertRecordValues(self._plan(), [{"level_id": self.last.id, "state": "draft"}])

    def test_policy_without_free_passage_makes_everything_wait(self):
        self.policy.followup_automatic = False
        self._late()
        self.assertEqual(self._plan().state, "draft")

    def test_muted_blocked_and_paused_are_left_alone(self):
        invoice = self._late()
        self._item(invoice).no_followup = True
        self.assertFalse(self._plan())
        self._item(invoice).no_followup = False
        self.file.followup_paused_until = TODAY
        self.assertFalse(self._plan())
        self.assertTrue(self._plan(TODAY + timedelta(1)))

    def test_credits_that_cover_the_debt_stop_the_message(self):
        self._late(100.0)
        self._credit_note(100.0)
        self.assertFalse(self._plan())

    def test_credits_that_cover_a_part_are_kept_with_the_message(self):
        self._late(100.0)
        note = self._credit_note(30.0)
        followup = self._plan()
        self.assertEqual(followup.amount, 70.0)
        self.assertEqual(
            [(credit["name"], credit["amount_currency"]) for credit in followup.credits],
            [(note.name, -30.0)],
        )

    def test_customers_below_the_minimum_are_left_alone(self):
        self.policy.followup_minimum = 50.0
        self._late(49.99)
        self.assertFalse(self._plan())
        self._late(0.01)
        self.assertTrue(self._plan())

    def test_levels_delivered_are_remembered_per_item(self):
        self._late(100.0, days=9)
        self._sent()
        self._late(50.0, days=3)
        followup = self._plan(TODAY + timedelta(1))
        self.assertEqual(
            sorted((line.amount, line.level_id.name) for line in followup.line_ids),
            [(50.0, "First reminder"), (100.0, "Second reminder")],
        )

    def test_branches_are_planned_with_their_root(self):
        branch = self.env["res.company"].create({"name": "North", "parent_id": self.company.id})
        self._late()
        followup = self.env["credit.followup"]._plan(branch, TODAY)
        self.assertEqual(followup.company_id, self.company)

    def test_old_bank_data_stops_the_run(self):
        self._late()
        self.policy.bank_data_max_days = 5
        self.assertFalse(self._plan())
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "amount": 1.0,
                "payment_ref": "x",
                "date": TODAY - timedelta(6),
            }
        )
        self.assertFalse(self._plan())
        line.move_id.button_draft()
        line.date = TODAY - timedelta(5)
        line.move_id.action_post()
        self.assertTrue(self._plan())

    def test_cancelled_by_hand_is_not_planned_again_the_same_day(self):
        self._late()
        self._plan().with_user(self.collector).action_cancel("The customer called")
        self.assertFalse(self._plan())
        self.assertTrue(self._plan(TODAY + timedelta(1)))

    def test_planning_many_takes_no_more_queries_than_planning_few(self):
        def queries(count):
            for number in range(count):
                self._late(partner=self._customer(f"Customer {count} {number}"))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            planned = self._plan()
            self.env.flush_all()
            self.assertEqual(len(planned), count)
            return self.env.cr.sql_log_count - before

        few = queries(3)
        many = queries(20)
        self.assertLessEqual(many, few + 5)
        self.assertLess(many, 60)

    def test_dry_run_writes_nothing(self):
        self._late(1234.0)
        wizard = self.env["credit.followup.dry.run"].with_user(self.collector).new({})
        self.assertIn("1 new messages would go out", wizard.result)
        self.assertIn("Deco Ltd", wizard.result)
        self.assertIn("1,234.00", wizard.result)
        self.assertFalse(self.file.followup_ids)

    def test_dry_run_tells_of_what_waits_already(self):
        wizard = self.env["credit.followup.dry.run"].with_user(self.collector)
        self._late()
        self.assertNotIn("Planned already", wizard.new({}).result)
        self._plan()
        result = wizard.new({}).result
        self.assertIn("0 new messages would go out.", result)
        self.assertIn("Planned already: 0 wait for approval, 1 to be sent.", result)

    def test_dry_run_lists_what_waits_beside_what_is_new(self):
        self._late(1234.0)
        self._plan()
        wizard = self.env["credit.followup.dry.run"].with_user(self.collector)
        result = wizard.new({}).result
        for shown in ("Deco Ltd", "1,234.00", self.first.name, "To Send"):
            self.assertIn(shown, result)
        self.assertNotIn("Other Ltd", result)
        self._late(55.0, partner=self._customer("Other Ltd"))
        result = wizard.new({}).result
        self.assertIn("1 new messages would go out.", result)
        new, waiting = result.split("Planned already")
        self.assertIn("Other Ltd", new)
        self.assertNotIn("Other Ltd", waiting)
        self.assertIn("Deco Ltd", waiting)

    def test_shipped_levels_are_loaded_and_used_ones_archived(self):
        self._late()
        self._sent()
        self.policy.followup_set = "soft"
        self.policy.with_user(self.manager).action_load_followup_levels()
        self.assertEqual(
            self.policy.followup_level_ids.sorted("delay").mapped("delay"),
            [-7, 3, 14, 30, 60, 90],
        )
        self.assertFalse(self.first.active)
        self.assertFalse(self.second.exists())
