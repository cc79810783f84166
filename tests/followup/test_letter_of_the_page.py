from odoo.exceptions import UserError
from odoo.tests import freeze_time
from odoo.tools import html2plaintext

from .common import TODAY, FollowupCase


@freeze_time(TODAY)
class TestLetterOfThePage(FollowupCase):
    """The customer's page shows what would go out now, and sends or prints it."""

    def setUp(self):
        super().setUp()
        self.invoice = self._late(250.0)
        self.page = self.file.with_user(self.collector)

    def test_preview_is_what_goes_out(self):
        self.assertFalse(self.page.letter_id)
        self.page.action_prepare_letter()
        letter = self.page.letter_id
        self.assertEqual((letter.level_id, letter.state), (self.first, "queued"))
        self.assertEqual(self.page.letter_to, "accounts@example.com")
        self.assertIn("250.00", self.page.letter_preview)
        shown = (self.page.letter_subject, html2plaintext(self.page.letter_preview))
        with self._mail_server():
            action = self.page.action_send_letter()
        self.assertEqual(action["params"]["type"], "success")
        sent = letter.sudo().mail_message_id
        self.assertEqual((sent.subject, html2plaintext(sent.body)), shown)
        self.assertFalse(self.page.letter_id)

    def test_nothing_due_says_why(self):
        self._pay(self.invoice)
        with self.assertRaisesRegex(UserError, "[Nn]othing"):
            self.page.action_prepare_letter()
        self.assertFalse(self.file.followup_ids)

    def test_paid_meanwhile_is_said(self):
        self.page.action_prepare_letter()
        self._pay(self.invoice)
        with self._mail_server():
            action = self.page.action_send_letter()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertFalse(self.outbox)

    def test_printed_letter_counts_as_delivered(self):
        self.page.action_prepare_letter()
        letter = self.page.letter_id
        action = self.page.action_print_letter()
        self.assertEqual(action["type"], "ir.actions.report")
        self.assertEqual(letter.state, "sent")

    def test_history_tells_of_every_message(self):
        """An e-mail stands there itself; paper, failures and cancellations are written down."""
        self.page.action_prepare_letter()
        self.page.letter_id.action_cancel("They called and pay today")
        self._late(100.0, days=12)
        with freeze_time("2026-03-17"):
            self.page.action_print_letter()
        self._late(70.0, days=1)
        with freeze_time("2026-03-30"), self._mail_server():
            self.page.action_send_letter()
        lines = [str(body) for body in self.file.message_ids.sorted("id").mapped("body")]
        told = [
            next((index for index, line in enumerate(lines) if part in line), None)
            for part in ("They called and pay today", "Delivered without e-mail", "70.00")
        ]
        self.assertNotIn(None, told)
        self.assertEqual(told, sorted(told))
