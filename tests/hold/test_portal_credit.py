"""A customer signs a quotation that does not pass: it waits, and they read a polite word."""

import json

from odoo.tests import HttpCase, tagged

from ..common import CreditCase

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)


@tagged("post_install", "-at_install")
class TestPortalSignature(CreditCase, HttpCase):
    def test_signed_order_above_the_limit_waits_and_says_nothing_of_credit(self):
        self._limit(1234.0)
        order = self._order(5678.0, require_signature=True, require_payment=False)
        order.state = "sent"
        token = order._portal_ensure_token()
        response = self.url_open(
            f"/my/orders/{order.id}/accept",
            data=json.dumps(
                {"params": {"access_token": token, "name": "A Customer", "signature": PIXEL}}
            ),
            headers={"Content-Type": "application/json"},
        )
        target = response.json()["result"]["redirect_url"]
        order.invalidate_recordset()
        self.assertEqual((order.state, order.credit_state), ("sent", "held"))
        signed = self.url_open(target).text
        self.assertIn("confirm it as soon as we have looked at it", signed)
        later = self.url_open(order.get_portal_url()).text
        self.assertIn("We are looking at it", later)
        for page in (signed, later):
            for internal in ("1,234.00", "exposure", "Exposure", "credit hold", "olaf"):
                with self.subTest(word=internal):
                    self.assertNotIn(internal, page)
