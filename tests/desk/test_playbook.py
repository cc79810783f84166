"""A new collector does a first call by the playbook alone; hours and frequency are kept."""

from datetime import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import DeskCase

NOON = datetime(2026, 3, 10, 12, 0)  # a Tuesday


@freeze_time(NOON)
@tagged("post_install", "-at_install")
class TestPlaybook(DeskCase):
    def _log(self, user=None, **values):
        file = self._account()
        return (
            self.env["credit.contact.log"]
            .with_user(user or self.collector)
            .create({"account_id": file.id, **values})
        )

    def _situation(self):
        file = self._account().with_user(self.collector)
        file.invalidate_recordset(["playbook_situation", "playbook"])
        return file.playbook_situation

    def test_shipped_pages_cover_seven_situations_and_four_kinds(self):
        pages = self.env["credit.playbook"].search([])
        situations = {page.situation for page in pages if page.situation}
        self.assertEqual(
            situations,
            {
                "before_due",
                "first_day",
                "broken_promise",
                "long_delay",
                "excuse",
                "refusal",
                "hand_over",
            },
        )
        self.assertEqual(len({page.debtor_kind for page in pages if page.debtor_kind}), 4)
        for page in pages.filtered("situation"):
            for part in (
                "aim",
                "preparation",
                "opening",
                "questions",
                "concessions",
                "closing",
                "avoid",
            ):
                self.assertTrue(page[part], f"{page.name}: {part}")

    def test_ten_excuses_each_with_question_answer_and_next_step(self):
        excuses = self.env["credit.excuse"].search([])
        self.assertEqual(len(excuses), 10)
        for excuse in excuses:
            self.assertTrue(
                excuse.meaning
                and excuse.question
                and excuse.answer
                and excuse.offer
                and excuse.next_outcome
            )

    def test_situation_follows_the_file(self):
        self.assertEqual(self._situation(), "before_due")
        invoice = self._late(due="2026-03-01")
        self.assertEqual(self._situation(), "first_day")
        self._contact(
            "call_back", excuse_id=self.env.ref("credit_collection.credit_excuse_signer_away").id
        )
        self.assertEqual(self._situation(), "excuse")
        promise = self._promise(invoice, date="2026-03-12")
        promise.sudo().write({"state": "broken", "broken_on": "2026-03-10"})
        self.assertEqual(self._situation(), "broken_promise")
        with freeze_time("2026-03-10 13:00:00"):
            self._contact("refuses")
            self.assertEqual(self._situation(), "refusal")

    def test_first_call_by_the_playbook_alone(self):
        self._late(due="2026-03-01")
        file = self._account()
        file.with_user(self.collector).debtor_kind = "unwilling_able"
        log = Form(
            self.env["credit.contact.log"]
            .with_user(self.collector)
            .with_context(default_account_id=file.id)
        )
        self.assertEqual(log.situation, "first_day")
        self.assertIn("A day and an amount, today", log.playbook)
        self.assertIn("plays for time", log.playbook)
        self.assertIn("Overdue:", log.playbook)
        self.assertIn("You may accept a promise until", log.playbook)
        log.mood = "hostile"
        self.assertIn("Hostile or abusive", log.playbook)
        log.excuse_id = self.env.ref("credit_collection.credit_excuse_system_down")
        self.assertEqual(log.outcome, "call_back")
        self.assertEqual(str(log.next_date), "2026-03-11")
        log.save().action_log()
        self.assertRecordValues(
            file.contact_ids,
            [
                {
                    "outcome": "call_back",
                    "excuse_id": self.env.ref("credit_collection.credit_excuse_system_down").id,
                }
            ],
        )

    def test_excuses_are_counted_by_what_came_of_them(self):
        excuse = self.env.ref("credit_collection.credit_excuse_no_money")
        kept = self._promise(self._late(100.0), 100.0)
        broken = self._promise(self._late(50.0), 50.0)
        for promise in (kept, broken):
            self._contact("promised", excuse_id=excuse.id, promise_id=promise.id)
        self._contact("refuses", excuse_id=excuse.id)
        kept.sudo().state = "kept"
        broken.sudo().state = "broken"
        self.assertEqual((excuse.contact_count, excuse.promise_count), (3, 2))
        self.assertEqual(excuse.kept_share, 0.5)

    def test_shipped_policy_limits_no_calls(self):
        with freeze_time("2026-03-08 03:00:00"):
            self._log().action_log()
        self.assertEqual(len(self._account().contact_ids), 1)

    def test_calls_outside_the_hours_are_refused(self):
        self.policy.write({"call_hour_first": 8.0, "call_hour_last": 20.0})
        self.customer.tz = "America/New_York"
        with freeze_time("2026-03-10 11:59:00"):  # 7:59 in New York
            log = self._log()
            self.assertIn("08:00", log.conduct_warning)
            with self.assertRaisesRegex(UserError, "08:00 to 20:00"):
                log.action_log()
            with self.assertRaises(UserError):
                self._log(conduct_reason="In a hurry").action_log()
            self._log(inbound=True).action_log()
            self._log(kind="email").action_log()
            self._log(self.officer, conduct_reason="They asked for it").action_log()
        with freeze_time("2026-03-10 12:00:00"):
            self._log().action_log()
        calls = self._account().contact_ids.sorted("id")
        self.assertEqual(calls.mapped("conduct_reason"), [False, False, "They asked for it", False])

    def test_no_more_calls_than_the_policy_allows(self):
        self.policy.calls_per_week = 2
        for day in (4, 9):
            with freeze_time(f"2026-03-{day:02} 12:00:00"):
                self._log().action_log()
        with self.assertRaisesRegex(UserError, "At most 2 calls"):
            self._log().action_log()
        with freeze_time("2026-03-11 12:00:00"):
            self._log().action_log()

    def test_hours_need_an_order(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.policy.write({"call_hour_first": 20.0, "call_hour_last": 8.0})
            self.env.flush_all()
        with self.assertRaises(ValidationError):
            self.env["credit.excuse"].create({"name": "x", "next_days": 91})

    def test_managers_write_the_playbook(self):
        page = self.env.ref("credit_collection.credit_playbook_first_day")
        with self.assertRaises(AccessError):
            page.with_user(self.collector).name = "Mine"
        with self.assertRaises(AccessError):
            page.with_user(self.salesperson).read(["name"])
        own = page.with_user(self.manager).copy({"company_id": self.company.id})
        self.assertIn(own, self.env["credit.playbook"]._pages(self.company, "first_day"))
        other = self.env["res.company"].create({"name": "Other House"})
        self.assertNotIn(own, self.env["credit.playbook"]._pages(other, "first_day"))
