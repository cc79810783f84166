from datetime import timedelta
from unittest.mock import patch

from odoo.addons.base.models import ir_cron
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestFollowupRun(FollowupCase):
    """The night's run, as the scheduler starts it."""

    def _run(self):
        with self._mail_server():
            self._run_cron("credit_followup_cron")
        return self.env["credit.followup.run"].search([("company_id", "=", self.company.id)])

    def test_run_plans_and_sends(self):
        self._late()
        run = self._run()
        self.assertRecordValues(
            run, [{"date": TODAY, "planned_count": 1, "sent_count": 1, "failed_count": 0}]
        )
        self.assertTrue(run.ended_on)
        self.assertEqual(len(self.outbox), 1)

    def test_second_run_of_the_day_sends_nothing(self):
        self._late()
        self._run()
        run = self._run()
        self.assertEqual(len(run), 1)
        self.assertEqual(run.planned_count, 1)
        self.assertFalse(self.outbox)

    def test_the_scheduler_is_told_that_all_is_done(self):
        self._late()
        with self.assertNoLogs("odoo.addons.base.models.ir_cron", "WARNING"):
            self._run()
        cron = self.env.ref("credit_collection.credit_followup_cron")
        progress = self.env["ir.cron.progress"].search([("cron_id", "=", cron.id)])
        # one batch was planned, one was sent
        self.assertRecordValues(progress, [{"done": 2, "remaining": 0}])
        self.assertFalse(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))

    def test_the_scheduler_is_told_that_nobody_is_followed_up(self):
        self.env["credit.followup.level"].search([]).unlink()
        with self.assertNoLogs("odoo.addons.base.models.ir_cron", "WARNING"):
            self._run()
        cron = self.env.ref("credit_collection.credit_followup_cron")
        self.assertFalse(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))

    def test_run_stops_when_its_time_is_up_and_goes_on_with_the_rest(self):
        self._late()
        with patch.multiple(ir_cron, MIN_TIME_PER_JOB=0, MIN_RUNS_PER_JOB=1):
            run = self._run()
        self.assertRecordValues(run, [{"planned_count": 1, "sent_count": 0, "ended_on": False}])
        run = self._run()
        self.assertEqual(run.sent_count, 1)
        self.assertTrue(run.ended_on)
        self.assertIs(run.stopped_reason, False)

    def test_approved_messages_go_with_the_next_run(self):
        self.policy.followup_automatic = False
        self._late()
        run = self._run()
        self.assertRecordValues(run, [{"draft_count": 1, "sent_count": 0}])
        self.assertFalse(self.outbox)
        run.followup_ids.with_user(self.manager).action_approve()
        self._run()
        self.assertEqual(len(self.outbox), 1)

    def test_customer_that_cannot_be_planned_is_reported_and_the_rest_go(self):
        other = self._customer("Other Ltd", email="other@example.com")
        self._late(partner=other)
        self._late()
        Followup = self.env.registry["credit.followup"]
        situation = Followup._situation

        def fails_for_one(model, file, *args):
            if file.partner_id == other.id:
                raise ValueError("A number that is none")
            return situation(model, file, *args)

        with (
            patch.object(Followup, "_situation", fails_for_one),
            self.assertLogs("odoo.addons.credit_collection.models.followup.credit_followup_cron"),
        ):
            run = self._run()
        self.assertRecordValues(run, [{"sent_count": 1, "failed_count": 1}])
        self.assertIn("Other Ltd: A number that is none", run.errors)
        failed = self._account(other).followup_ids
        self.assertEqual(failed.failure_type, "error")
        self.assertEqual(len(self.outbox), 1)
        # There is no message to repeat, nor a level that says who approves it.
        with self.assertRaisesRegex(UserError, "Other Ltd could not be planned"):
            failed.with_user(self.collector).action_retry()
        self.assertEqual(failed.state, "failed")

    def test_old_bank_data_stops_planning_and_sending(self):
        self._late()
        waiting = self._plan()
        self.policy.bank_data_max_days = 3
        run = self._run()
        self.assertIn("no bank statement was entered yet", run.stopped_reason)
        self.assertEqual(waiting.state, "queued")
        self.assertFalse(self.outbox)
        self.policy.bank_data_max_days = 0
        self._run()
        self.assertEqual(waiting.state, "sent")

    def test_week_of_runs_climbs_the_levels(self):
        self._late(days=0)
        story = []
        for day in range(32):
            with freeze_time(TODAY + timedelta(day)):
                self._run()
                story += [(day, message["Subject"]) for message in self.outbox]
        self.assertEqual(
            [(day, subject.rpartition(": ")[2]) for day, subject in story],
            [(1, "payment reminder"), (10, "second payment reminder")],
        )
        self.assertEqual(
            self.file.followup_ids.filtered(lambda f: f.state == "draft").level_id, self.last
        )

    def test_plan_now_button(self):
        self._late()
        Run = self.env["credit.followup.run"].with_user(self.collector)
        action = Run.action_plan_now()
        self.assertIn("1 new", action["params"]["message"])
        self.assertEqual(self.file.followup_ids.run_id.date, TODAY)
