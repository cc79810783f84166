from unittest.mock import patch

from odoo.addons.credit_collection.tools.reasons import reason
from odoo.addons.mail.models.mail_mail import MailMail as CoreMail
from odoo.tests import freeze_time, tagged

from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestFollowupQueue(FollowupCase):
    """Odoo's mail queue: follow-up mails in it, and the mails of everybody else."""

    def _ordinary(self):
        return self.env["mail.mail"].create(
            {"email_to": "somebody@example.com", "subject": "Lunch", "body_html": "Noon?"}
        )

    def _queue(self):
        with self._mail_server():
            self.env["mail.mail"].process_email_queue()
        return [message["Subject"] for message in self.outbox]

    def _taken_out(self):
        """A message whose mail vanished from the queue."""
        self._late()
        followup = self._plan()
        followup.action_send()
        followup.mail_message_id.mail_ids.unlink()
        return followup

    def test_a_mail_that_vanished_is_told(self):
        followup = self._taken_out()
        self.assertEqual(self._queue(), [])
        self.assertEqual((followup.state, followup.failure_type), ("failed", "unclear"))
        self.assertEqual(followup.failure_reason.kept, reason("interrupted"))
        self.assertEqual(self.file.activity_ids.user_id, self.collector)

    def test_who_cannot_be_told_stops_nobodys_mail(self):
        followup = self._taken_out()
        self.env.ref("credit_collection.mail_activity_followup_failed").unlink()
        self._ordinary()
        logger = "odoo.addons.credit_collection.models.followup.credit_followup_outcome"
        with self.assertLogs(logger):
            self.assertEqual(self._queue(), ["Lunch"])
        self.assertEqual(followup.state, "queued")

    def test_mails_of_others_go_together_beside_a_follow_up_mail(self):
        self._late()
        followup = self._plan()
        followup.action_send()
        ours = followup.mail_message_id.mail_ids
        others = self._ordinary() | self._ordinary()
        together = []
        send = CoreMail._send

        def taken_down(mails, *args, **kwargs):
            together.append(mails)
            return send(mails, *args, **kwargs)

        with (
            self._mail_server(),
            patch.object(CoreMail, "_send", taken_down),
            patch.object(self.env.cr, "commit", self.env.cr.flush),
        ):
            (ours | others)._send(auto_commit=True)
        self.assertEqual(together, [others, ours])
        self.assertEqual(others.mapped("state"), ["sent", "sent"])
        self.assertEqual(followup.state, "sent")

    def test_one_of_two_recipients_is_not_reached(self):
        self._late()
        self._contact("Reached", "collections", "reached@example.com")
        self._contact("Lost", "collections", "lost@example.com")
        followup = self._plan()
        with self.assertLogs("odoo.addons.mail.models.mail_mail", "ERROR"):
            self._send(followup, refuse=["lost@example.com"])
        self.assertEqual(followup.state, "sent")
        activity = self.file.activity_ids
        self.assertEqual(activity.user_id, self.collector)
        self.assertIn("lost@example.com", activity.note)
        self.assertNotIn("reached@example.com", activity.note)
