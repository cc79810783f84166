"""Replies stand in an inbox with what they seem to say; one click does it, never without one."""

from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestReplyInbox(FollowupCase):
    def setUp(self):
        super().setUp()
        self.invoice = self._late(1000.0)
        self.sent = self._sent()

    def _reply(self, text):
        self.file.with_user(self.env.ref("base.user_root")).message_post(
            body=text,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.customer.id,
            email_from=self.customer.email,
            parent_id=self.sent.mail_message_id.id,
        )
        reply = self.env["credit.reply"].search([("account_id", "=", self.file.id)], limit=1)
        return reply.with_user(self.collector)

    def _soon(self, days=3):
        return TODAY + timedelta(days=days)

    def test_a_promise_in_one_click(self):
        day = self._soon()
        reply = self._reply(f"We will pay 400.00 of {self.invoice.name} on {day}.")
        self.assertEqual(
            (reply.proposal, reply.proposed_date, reply.proposed_amount),
            ("promised", day, 400.0),
        )
        self.assertEqual(reply.item_ids.move_id, self.invoice)
        self.assertIn(self.invoice.name, reply.said)
        self.assertFalse(self.file.promise_ids, "nothing is decided by itself")
        reply.action_accept()
        promise = self.file.promise_ids
        self.assertEqual((promise.amount, promise.date), (400.0, day))
        self.assertEqual((reply.outcome, reply.handled_by_id), ("promised", self.collector))
        contact = self.env["credit.contact"].search([("account_id", "=", self.file.id)], limit=1)
        self.assertEqual((contact.kind, contact.inbound), ("email", True))
        self.assertIn("We will pay", contact.note)
        with self.assertRaisesRegex(UserError, "dealt with already"):
            reply.action_accept()

    def test_a_promise_without_a_day_asks_for_it(self):
        reply = self._reply("We will pay soon")
        action = reply.action_accept()
        self.assertEqual(action["res_model"], "credit.contact.log")
        self.assertEqual(action["context"]["default_outcome"], "promised")
        self.assertEqual(action["context"]["default_promise_amount"], 1000.0)
        self.assertFalse(reply.handled_on)

    def test_a_dispute_in_one_click(self):
        reply = self._reply(f"The goods of {self.invoice.name} arrived damaged")
        reply.action_accept()
        dispute = self.env["credit.dispute"].search([("account_id", "=", self.file.id)])
        self.assertEqual((dispute.move_line_id.move_id, dispute.amount), (self.invoice, 1000.0))
        self.assertEqual(
            dispute.reason_id,
            self.env.ref("credit_collection.credit_dispute_reason_quality"),
        )

    def test_says_paid_makes_somebody_look(self):
        self._reply("It was paid already").action_accept()
        kind = self.env.ref("credit_collection.mail_activity_find_payment")
        self.assertTrue(self.file.activity_ids.filtered(lambda a: a.activity_type_id == kind))

    def test_a_copy_goes_out(self):
        reply = self._reply(f"Please send us a copy of {self.invoice.name}")
        sent = []
        with patch.object(
            self.registry["account.move.send"],
            "_generate_and_send_invoices",
            lambda _self, moves, **_values: sent.append(moves.name),
        ):
            reply.action_accept()
        self.assertEqual(sent, [self.invoice.name])
        self.assertEqual(reply.outcome, "copy_sent")

    def test_an_automatic_answer_is_read_and_letters_go_on(self):
        reply = self._reply("I am out of office")
        self.assertEqual(reply.proposal, "automatic")
        self.assertTrue(self.file._with_unread_reply())
        reply.action_accept()
        self.assertFalse(self.file._with_unread_reply())
        self.assertEqual(reply.outcome, "read")

    def test_done_activity_clears_the_inbox(self):
        reply = self._reply("Thank you")
        self.file.activity_ids.with_user(self.collector).action_feedback(feedback="Read")
        self.assertEqual(reply.outcome, "read")

    def test_an_activity_of_something_else_clears_nothing(self):
        reply = self._reply("Thank you")
        kind = self.env.ref("credit_collection.mail_activity_customer_reply")
        other = self.env["res.partner"].create({"id": self.file.id, "name": "Same number"})
        elsewhere = other if other.id == self.file.id else self.customer
        for record, activity in (
            (elsewhere, kind),
            (self.file, self.env.ref("mail.mail_activity_data_todo")),
        ):
            record.activity_schedule(
                activity_type_id=activity.id, user_id=self.collector.id
            ).sudo().action_feedback(feedback="Done")
        self.assertFalse(reply.outcome)
        self.assertTrue(self.file._with_unread_reply())

    def test_how_long_it_waited(self):
        reply = self._reply("Please call me")
        reply.sudo().received_on = fields.Datetime.now() - timedelta(hours=30)
        reply.invalidate_recordset(["waits_days"])
        self.assertIn(reply.waits_days, (1, 2))
        reply.action_accept()
        self.assertAlmostEqual(reply.waited_hours, 30.0)
        self.assertEqual(reply.waits_days, 0)

    def test_only_collectors_read_and_nobody_writes(self):
        reply = self._reply("Thank you")
        with self.assertRaises(AccessError):
            reply.with_user(self.salesperson).read(["answer"])
        with self.assertRaises(AccessError):
            reply.write({"outcome": "paid"})
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="base.group_user,credit_collection.credit_collection_group_collector",
            company_id=company.id,
            company_ids=[fields.Command.set(company.ids)],
        )
        with self.assertRaises(AccessError):
            reply.with_user(stranger).action_read()
        self.assertIsInstance(reply.received_on.date(), date)
