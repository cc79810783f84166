from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TODAY, FollowupCase

REPLY = "credit_collection.mail_activity_customer_reply"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestReply(FollowupCase):
    """What a customer answers reaches somebody, and the next message waits for it."""

    def setUp(self):
        super().setUp()
        self._late(1000.0)
        self.sent = self._sent()
        self.assertEqual(self.sent.state, "sent")

    def _reply(self, text="We paid on Friday."):
        return self.file.with_user(self.env.ref("base.user_root")).message_post(
            body=text,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.customer.id,
            email_from=self.customer.email,
            parent_id=self.sent.mail_message_id.id,
        )

    def _activity(self):
        kind = self.env.ref(REPLY)
        return self.file.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def test_reply_reaches_the_collector(self):
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        self._reply()
        activity = self._activity()
        self.assertEqual(activity.user_id, self.collector)
        self.assertEqual(activity.summary, "Deco Ltd replied")
        self.assertIn("Friday", activity.note)
        told = self.env["mail.message"].search(
            [("id", ">", before), ("partner_ids", "in", self.collector.partner_id.ids)]
        )
        self.assertTrue(told.filtered(lambda message: "Friday" in message.body))

    def test_reply_without_a_collector_reaches_who_signed(self):
        self.sent.user_id = self.manager
        self.file.collector_id = False
        self._reply()
        self.assertEqual(self._activity().user_id, self.manager)

    def test_archived_collector_is_not_written_to(self):
        self.collector.active = False
        self._reply()
        self.assertTrue(self._activity().user_id.active)

    def test_answer_of_a_colleague_is_no_reply(self):
        self.file.message_post(
            body="I called them", message_type="email", author_id=self.manager.partner_id.id
        )
        self.assertFalse(self._activity())

    def test_next_message_waits_while_the_reply_is_unread(self):
        self._reply()
        later = TODAY.replace(day=24)
        with freeze_time(later):
            self.assertFalse(self._plan(later))
            explanation = self.file._followup_explanation(later)
            self.assertEqual(
                self.env["credit.followup"]._reason(explanation),
                "The customer replied, and nobody has read it yet.",
            )
            self._activity().with_user(self.collector).action_feedback(feedback="Read")
            self.assertTrue(self._plan(later))

    def test_message_on_its_way_out_waits_too(self):
        later = TODAY.replace(day=24)
        with freeze_time(later):
            followup = self._plan(later)
            self._reply()
            followup._send(later)
            self.assertEqual((followup.state, followup.mail_message_id.id), ("draft", False))
            with self.assertRaisesRegex(UserError, "replied"):
                followup.with_user(self.manager).action_send()
            self._activity().action_feedback()
            self._send(followup)
            self.assertEqual(followup.state, "sent")

    def test_leaving_a_message_reads_no_reply(self):
        self._reply()
        for outcome in ("no_answer", "message"):
            self.env["credit.contact"].with_user(self.collector).create(
                {"account_id": self.file.id, "outcome": outcome}
            )
            self.assertTrue(self._activity(), outcome)

    def test_talking_with_the_customer_reads_the_reply(self):
        self._reply()
        self.env["credit.contact"].with_user(self.collector).create(
            {"account_id": self.file.id, "outcome": "refuses"}
        )
        self.assertFalse(self._activity())
