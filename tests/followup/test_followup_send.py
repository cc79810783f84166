from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext, mute_logger
from psycopg2 import IntegrityError

from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestFollowupSend(FollowupCase):
    """What is sent, to whom, and what comes of it."""

    def test_sent_when_delivered(self):
        self._late()
        followup = self._plan()
        self._send(followup)
        self.assertRecordValues(followup, [{"state": "sent", "email_to": "accounts@example.com"}])
        self.assertEqual(len(self.outbox), 1)
        self.assertIn("accounts@example.com", self.outbox[0]["To"])
        self.assertEqual(followup.mail_message_id.model, "credit.account")
        self.assertEqual(self.file.followup_level_id, self.first)

    def test_not_reached_while_the_mail_waits(self):
        self._late()
        followup = self._plan()
        followup.action_send()
        self.assertEqual(followup.state, "queued")
        self.assertTrue(followup.mail_message_id)
        self.assertFalse(self.file.followup_level_id)
        self.assertFalse(self._plan(TODAY + timedelta(1)))

    def test_sent_by_hand_from_the_queue_by_an_administrator_without_credit_rights(self):
        self._late()
        followup = self._plan()
        followup.action_send()
        administrator = self._user("adam", "base.group_system")
        mail = self.env["mail.mail"].search([("mail_message_id", "=", followup.mail_message_id.id)])
        with self._mail_server():
            mail.with_user(administrator).send()
        self.assertEqual((followup.state, len(self.outbox)), ("sent", 1))

    def test_customer_without_address_fails_and_the_others_go_on(self):
        mute = self._customer("No Mail Ltd", email=False)
        self._late(partner=mute)
        self._late()
        followups = self._plan()
        self._send(followups)
        by_partner = {followup.partner_id: followup for followup in followups}
        self.assertEqual(by_partner[self.customer].state, "sent")
        failed = by_partner[mute]
        self.assertEqual((failed.state, failed.failure_type), ("failed", "address"))
        self.assertIn("No Mail Ltd", failed.failure_reason)
        self.assertEqual(failed.account_id.activity_ids.user_id, self.salesperson)

    def test_refused_by_the_server_opens_the_level_again(self):
        self._late()
        followup = self._plan()
        with self.assertLogs("odoo.addons.mail.models.mail_mail", "ERROR"):
            self._send(followup, refuse=["accounts@example.com"])
        self.assertEqual((followup.state, followup.failure_type), ("failed", "mail"))
        self.assertIn("Mailbox unavailable", followup.failure_reason)
        self.assertFalse(self.file.followup_level_id)
        self.assertEqual(self._plan(TODAY + timedelta(1)).level_id, self.first)

    def test_bounce_opens_the_level_again_and_tells_the_collector(self):
        self._late()
        followup = self._sent()
        self.assertEqual(self.file.followup_level_id, self.first)
        self._bounce(followup)
        self.assertEqual((followup.state, followup.failure_type), ("failed", "bounce"))
        self.file.invalidate_recordset()
        self.assertFalse(self.file.followup_level_id)
        activity = self.file.activity_ids
        self.assertEqual(activity.user_id, self.collector)
        self.assertIn("User unknown", activity.note)
        again = self._plan(TODAY + timedelta(1))
        self.assertEqual((again.level_id, again.state), (self.first, "draft"))

    def test_recipient_chain(self):
        self._late()
        invoice_contact = self._contact("Ines", "invoice", "ines@example.com")
        self.assertEqual(self._plan().partner_ids, invoice_contact)
        collections = self._contact("Carl", "collections", "carl@example.com")
        followup = self.file.followup_ids
        self._send(followup)
        self.assertEqual(followup.partner_ids, collections)
        self.assertEqual(followup.recipient_reason, "Contact for collections.")
        self.assertIn("Dear Carl", followup.mail_message_id.body)

    def test_contact_without_address_is_passed_over_and_named(self):
        self._late()
        self._contact("Carl", "collections")
        followup = self._plan()
        self.assertEqual(followup.partner_ids, self.customer)
        self.assertIn("Carl", followup.recipient_reason)

    def test_never_two_messages_on_one_day(self):
        self._late(100.0)
        self._sent()
        self._late(50.0, days=4)
        self.assertFalse(self._plan())

    def test_broken_text_fails_alone(self):
        self.first.mail_template_id = self.first.mail_template_id.copy(
            {"body_html": "<p><t t-out='1 / (object.amount - 777)'/></p>"}
        )
        self._late(777.0)
        self._late(partner=self._customer("Other Ltd", email="other@example.com"))
        followups = self._plan()
        with self.assertLogs("odoo.addons.credit_collection.models.followup.credit_followup_send"):
            self._send(followups)
        states = {followup.partner_id.name: followup.state for followup in followups}
        self.assertEqual(states, {"Deco Ltd": "failed", "Other Ltd": "sent"})
        broken = followups.filtered(lambda followup: followup.state == "failed")
        self.assertEqual(broken.failure_type, "error")
        self.assertIn("ZeroDivisionError", broken.failure_reason)
        self.assertTrue(broken.preview, "the form opens and says what is wrong")

    def test_edited_text_keeps_the_table_true(self):
        invoice = self._late(100.0)
        followup = self._plan().with_user(self.collector)
        followup.action_edit_text()
        followup.body = followup.body.replace("Dear Deco Ltd", "Good morning")
        self._pay(invoice, 25.0)
        self._send(followup)
        body = followup.sudo().mail_message_id.body
        self.assertIn("Good morning", body)
        self.assertIn("75.00", body)
        self.assertEqual(self._to_pay(followup), "75.00")

    def test_preview_is_what_goes_out(self):
        self._late(100.0)
        followup = self._plan()
        subject, preview = followup.preview_subject, followup.preview
        self._send(followup)
        self.assertEqual(subject, followup.mail_message_id.subject)
        self.assertEqual(html2plaintext(preview), html2plaintext(followup.mail_message_id.body))

    def test_recipients_by_hand_are_kept_and_belong_to_the_customer(self):
        self._late()
        contact = self._contact("Dora", "contact", "dora@example.com")
        followup = self._plan().with_user(self.collector)
        followup.partner_ids = contact
        with self.assertRaises(ValidationError):
            followup.partner_ids = self._customer("Stranger")
        self._send(followup)
        self.assertEqual(followup.email_to, "dora@example.com")

    def test_same_level_never_twice_for_an_item(self):
        self._late()
        followup = self._sent()
        line = followup.line_ids
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            line.copy({"followup_id": followup.id})
            self.env.flush_all()

    def test_letter_counts_when_it_is_printed(self):
        self.first.write({"send_email": False, "print_letter": True})
        invoice = self._late(100.0)
        followup = self._plan()
        self._send(followup)
        self.assertRecordValues(followup, [{"state": "queued", "to_print": True}])
        self._pay(invoice, 30.0)
        action = followup.with_user(self.collector).action_print()
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertRecordValues(followup, [{"state": "sent", "to_print": False, "amount": 70.0}])
        self.assertTrue(followup.printed_on)

    def test_activity_goes_to_the_one_who_does_it(self):
        self.first.write(
            {
                "make_activity": True,
                "role": "salesperson",
                "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                "activity_summary": "Call about the payment",
                "activity_days": 2,
            }
        )
        self._late()
        self._sent()
        self.assertRecordValues(
            self.file.activity_ids,
            [
                {
                    "summary": "Call about the payment",
                    "user_id": self.salesperson.id,
                    "date_deadline": TODAY + timedelta(2),
                }
            ],
        )

    def test_approval_by_the_right_people(self):
        self.policy.followup_start_at_age = True
        self._late(days=31)
        followup = self._plan()
        with self.assertRaises(AccessError):
            followup.with_user(self.collector).action_approve()
        with self.assertRaises(AccessError):
            followup.with_user(self.collector).action_send()
        followup.with_user(self.manager).action_approve()
        self.assertEqual(followup.state, "queued")
        self._send(followup.with_user(self.collector))
        self.assertEqual(followup.state, "sent")
