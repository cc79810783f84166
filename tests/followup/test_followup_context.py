"""The caller's context steers no action of follow-up: what it asks for is what everybody gets."""

from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged

from .common import TODAY, FollowupCase

# Where the company is, it is still the 16th; on the caller's island the 17th has begun.
EVENING = datetime(2026, 3, 16, 20, 0)
CONTEXTS = (
    {"as_of": "2000-01-01"},
    {"as_of": "2099-12-31"},
    {"as_of": "tomorrow, perhaps"},
    {"tz": "Pacific/Kiritimati"},
    {"active_test": False},
    {"lang": "fr_FR"},
    {
        "default_state": "cancelled",
        "default_level_id": 1,
        "default_move_line_id": 1,
        "default_company_id": 1,
        "default_account_id": 1,
        "default_date": "2000-01-01",
        "default_run_id": 1,
        "credit_followup_run_id": 1,
        "default_partner_ids": [1],
        "default_subject": "Never mind",
        "default_body": "You owe us nothing",
        "default_email_to": "attacker@example.com",
        "default_reply_to": "attacker@example.com",
        "default_scheduled_date": "2099-01-01",
        "default_notification_status": "sent",
        "default_user_id": 1,
    },
)


@tagged("post_install", "-at_install")
@freeze_time(EVENING)
class TestFollowupContext(FollowupCase):
    """An invoice three days late; one more comes to the first level tomorrow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        with freeze_time(EVENING):
            cls._late(100.0, days=3)
            cls._late(50.0, days=9)  # comes to the second level tomorrow
            cls._late(70.0, days=0, partner=cls._customer("Tomorrow Ltd", email="t@example.com"))
        cls.former = cls.env["res.partner"].create(
            {
                "name": "Left Us",
                "type": "collections",
                "parent_id": cls.customer.id,
                "email": "former@example.com",
                "active": False,
            }
        )

    def _everywhere(self, check):
        """The check in each context, from the same beginning."""
        for context in CONTEXTS:
            with self.subTest(context=context), self.env.cr.savepoint() as savepoint:
                check(context)
                savepoint.rollback()
            self.env.invalidate_all()

    def _mine(self, record, context):
        return record.with_user(self.collector).with_context(**context)

    def _assert_planned(self, followup):
        self.assertRecordValues(
            followup,
            [
                {
                    "state": "queued",
                    "level_id": self.first.id,
                    "date": TODAY,
                    "amount": 150.0,
                    "lang": "en_US",
                    "partner_ids": self.customer.ids,
                    "account_id": self.file.id,
                    "subject": False,
                    "body": False,
                    "email_to": False,
                }
            ],
        )
        self.assertEqual(
            {
                (line.state, line.date, line.account_id, line.company_id, line.level_id)
                for line in followup.line_ids
            },
            {("queued", TODAY, self.file, self.company, self.first)},
        )

    def test_plan_now(self):
        def check(context):
            self._mine(self.env["credit.followup.run"], context).action_plan_now()
            followup = self.env["credit.followup"].search([])
            self._assert_planned(followup)
            self.assertEqual(
                (followup.run_id.date, followup.run_id.company_id), (TODAY, self.company)
            )

        self._everywhere(check)

    def test_open_letter(self):
        def check(context):
            self._mine(self.file, context).action_open_letter()
            self._assert_planned(self.file.followup_ids)
            self.assertFalse(self.file.followup_ids.run_id)

        self._everywhere(check)

    def test_send(self):
        followup = self._plan()

        def check(context):
            with self._mail_server():
                self._mine(followup, context).action_send()
            self.assertRecordValues(
                followup,
                [
                    {
                        "state": "sent",
                        "date": TODAY,
                        "amount": 150.0,
                        "lang": "en_US",
                        "email_to": "accounts@example.com",
                    }
                ],
            )
            self.assertEqual(set(followup.line_ids.mapped("state")), {"sent"})
            [mail] = self.outbox
            self.assertNotIn("attacker", str(mail))
            self.assertIn("150.00", mail.get_body(("plain",)).get_content())

        self._everywhere(check)

    def test_print(self):
        self.first.write({"send_email": False, "print_letter": True})
        followup = self._plan()

        def check(context):
            self._mine(followup, context).action_print()
            self.assertRecordValues(followup, [{"state": "sent", "date": TODAY, "amount": 150.0}])
            self.assertEqual(set(followup.line_ids.mapped("state")), {"sent"})

        self._everywhere(check)

    def test_approve(self):
        self.policy.followup_automatic = False
        followup = self._plan()
        self.assertEqual(followup.state, "draft")

        def check(context):
            followup.with_user(self.manager).with_context(**context).action_approve()
            self.assertEqual(followup.state, "queued")
            self.assertEqual(set(followup.line_ids.mapped("state")), {"queued"})

        self._everywhere(check)

    def test_cancel(self):
        followup = self._plan()

        def check(context):
            self._mine(followup, context).action_cancel("Called today")
            self.assertRecordValues(
                followup, [{"state": "cancelled", "cancel_reason": "Called today", "date": TODAY}]
            )

        self._everywhere(check)

    def test_failure_tells_the_collector(self):
        followup = self._plan()
        self.customer.email = False

        def check(context):
            self._mine(followup, context).action_send()
            self.assertEqual((followup.state, followup.failure_type), ("failed", "address"))
            self.assertRecordValues(
                self.file.activity_ids,
                [{"user_id": self.collector.id, "date_deadline": TODAY, "res_id": self.file.id}],
            )

        self._everywhere(check)

    def test_dry_run(self):
        quiet = self.env["credit.followup.dry.run"].with_user(self.collector).new({}).result
        self.assertIn("accounts@example.com", quiet)
        for context in CONTEXTS[:5]:
            with self.subTest(context=context):
                wizard = self._mine(self.env["credit.followup.dry.run"], context)
                self.assertEqual(wizard.new({}).result, quiet)

    def test_next_message_on_the_file_and_the_invoice(self):
        invoice = self.file.partner_id.invoice_ids.filtered(lambda move: move.amount_total == 100)
        for context in CONTEXTS:
            with self.subTest(context=context):
                self.env.invalidate_all()
                file, move = self._mine(self.file, context), self._mine(invoice, context)
                self.assertEqual(file.followup_next_date, TODAY)
                self.assertEqual(file.followup_next_level_id, self.first)
                self.assertEqual(move.credit_followup_next_level_id, self.first)
                self.assertEqual(move.credit_followup_next_date, TODAY)

    def test_promise_is_judged_on_the_companys_day(self):
        item = self._item(self.file.partner_id.invoice_ids[:1])
        with freeze_time(EVENING - timedelta(5)):
            promise = self.env["credit.promise"].create(
                {
                    "account_id": self.file.id,
                    "date": TODAY,
                    "amount": item.amount_residual,
                    "move_line_ids": item.ids,
                }
            )
        self.policy.promise_tolerance_days = 0

        def check(context):
            promise.with_context(**context)._judge()
            self.assertEqual(promise.state, "open")

        self._everywhere(check)
