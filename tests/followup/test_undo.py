"""Ten seconds in which what was sent or logged can be taken back."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestUndo(FollowupCase):
    def setUp(self):
        super().setUp()
        self.invoice = self._late(1000.0)

    def _log(self, outcome, user=None, **values):
        log = (
            self.env["credit.contact.log"]
            .with_user(user or self.collector)
            .create({"account_id": self.file.id, "outcome": outcome, **values})
        )
        return log, log.action_log()

    def _call_backs(self):
        kind = self.env.ref("credit_collection.mail_activity_call_back")
        return self.file.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def test_a_letter_stays_for_some_seconds(self):
        letter = self._plan()
        with self._mail_server():
            letter.with_user(self.collector).sudo()._send(TODAY, wait=10)
            self.assertFalse(self.outbox)
            self.assertEqual(letter.state, "queued")
            sent = letter.mail_message_id
            self.assertTrue(sent)
            letter.with_user(self.collector).action_undo()
            self.assertFalse(sent.exists())
            self.assertEqual((letter.state, letter.mail_message_id.id), ("draft", False))
            self.assertFalse(self.outbox)
            # Sent once more, and the seconds pass.
            letter.with_user(self.collector).sudo()._send(TODAY, wait=10)
            letter.with_user(self.collector).action_send_waiting()
            self.assertEqual(letter.state, "sent")
            self.assertEqual(len(self.outbox), 1)
            with self.assertRaisesRegex(UserError, "gone out already"):
                letter.with_user(self.collector).action_undo()

    def test_the_queue_sends_it_when_nobody_else_does(self):
        letter = self._plan()
        with self._mail_server():
            letter.with_user(self.collector).sudo()._send(TODAY, wait=10)
            mails = self.env["mail.mail"].search(
                [("mail_message_id", "=", letter.mail_message_id.id)]
            )
            self.assertEqual(mails.scheduled_date, fields.Datetime.now() + timedelta(seconds=10))
            self.assertFalse(letter.with_user(self.salesperson).has_access("write"))
            with self.assertRaises(AccessError):
                letter.with_user(self.salesperson).action_undo()

    def test_no_answer_is_taken_back_with_its_call(self):
        self._log("call_back", next_date=TODAY + timedelta(days=3))
        before = self._call_backs()
        self.assertEqual(before.date_deadline, TODAY + timedelta(days=3))
        log, action = self._log("no_answer", next_date=TODAY + timedelta(days=1))
        self.assertEqual(action["params"]["undo"], "action_undo")
        self.assertEqual(self._call_backs().date_deadline, TODAY + timedelta(days=1))
        log.action_undo()
        self.assertEqual(self.file.contact_ids.mapped("outcome"), ["call_back"])
        self.assertEqual(self._call_backs().date_deadline, TODAY + timedelta(days=3))
        with self.assertRaisesRegex(UserError, "too late"):
            log.action_undo()

    def test_a_promise_is_cancelled(self):
        log, _action = self._log(
            "promised",
            promise_date=TODAY + timedelta(days=2),
            promise_amount=400,
            item_ids=[fields.Command.set(self._item(self.invoice).ids)],
        )
        self.assertEqual(self.file.promise_ids.state, "open")
        log.action_undo()
        self.assertEqual(self.file.promise_ids.state, "cancelled")
        self.assertFalse(self.file.contact_ids)

    def test_who_looks_for_money_is_not_asked_any_more(self):
        log, _action = self._log("paid", paid_on=TODAY, paid_amount=1000)
        kind = self.env.ref("credit_collection.mail_activity_find_payment")
        self.assertIn(kind, self.file.activity_ids.activity_type_id)
        log.action_undo()
        self.assertNotIn(kind, self.file.activity_ids.activity_type_id)

    def test_a_minute_later_it_is_too_late(self):
        log, _action = self._log("refuses")
        with freeze_time(fields.Datetime.now() + timedelta(seconds=61)):
            with self.assertRaisesRegex(UserError, "too late"):
                log.action_undo()
        with self.assertRaises(AccessError):
            log.with_user(self.officer).action_undo()

    def test_nobody_forges_what_can_be_undone(self):
        log, _action = self._log("refuses")
        contact, log = self.file.contact_ids, log.with_user(self.collector)
        self._log("call_back", next_date=TODAY + timedelta(days=3))
        forged = {"contact_id": contact.id, "made": self._call_backs().ids}
        with self.assertRaises(AccessError):
            log.write(forged)
        with self.assertRaises(AccessError):
            self._log("refuses", **forged)
        with self.assertRaises(AccessError):
            self._log("refuses", before=[{"summary": "x"}], logged_on=fields.Datetime.now())
        self.assertTrue(self._call_backs())

    def test_who_sent_a_letter_takes_it_back(self):
        letter = self._plan()
        with self._mail_server():
            letter.with_user(self.manager).sudo()._send(TODAY, wait=10)
            with self.assertRaisesRegex(AccessError, "who sent it"):
                letter.with_user(self.collector).action_undo()
            self.assertTrue(letter.mail_message_id)
