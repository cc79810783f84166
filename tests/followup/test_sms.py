"""Text messages as a channel, where Odoo's SMS app is installed."""

from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestSms(FollowupCase):
    def setUp(self):
        super().setUp()
        if "sms.sms" not in self.env:
            self.skipTest("Odoo's SMS app is not installed")
        self.customer.phone = "+32456001122"
        self._late(1000.0)

    def _texts(self):
        return self.env["sms.sms"].search([("partner_id", "=", self.customer.id)])

    def test_beside_the_mail(self):
        self.first.send_sms = True
        self._sent()
        self.assertEqual(
            self._texts().body,
            f"{self.company.name}: $\N{NO-BREAK SPACE}1,000.00 is due. "
            "Please pay, or answer our letter.",
        )
        self.assertEqual(self._texts().number, "+32456001122")

    def test_alone_with_words_of_the_level(self):
        self.first.write(
            {"send_email": False, "send_sms": True, "sms_text": "{customer}, pay {amount}!"}
        )
        sent = self._sent()
        self.assertEqual(sent.state, "sent")
        self.assertEqual(self._texts().body, "Deco Ltd, pay $\N{NO-BREAK SPACE}1,000.00!")

    def test_without_a_number_it_fails_with_a_reason(self):
        self.customer.phone = False
        self.first.write({"send_email": False, "send_sms": True})
        followup = self._plan()
        followup._send(TODAY)
        self.assertEqual(followup.state, "failed")
        self.assertIn("phone number", followup.failure_reason)

    def test_without_the_app_a_level_needs_another_channel(self):
        with patch.object(self.registry["credit.followup.level"], "_has_sms", lambda _self: False):
            self.first.send_sms = True
            self._sent()
            self.assertFalse(self._texts())
            with self.assertRaises(ValidationError):
                self.first.send_email = False
