"""A customer pays from a letter's link in the browser, with Odoo's demo provider."""

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..followup.common import FollowupCase


@tagged("post_install", "-at_install")
class TestPortalDemoProvider(FollowupCase, HttpCase):
    def test_customer_pays_and_the_next_level_does_not_go(self):
        provider = self.env["payment.provider"].search(
            [("code", "=", "demo"), ("company_id", "=", self.company.id)], limit=1
        )
        self.assertTrue(provider, "payment_demo is installed beside the other apps")
        provider.write({"state": "test", "is_published": True})
        room = self.env.ref("credit_collection.credit_room_portal")
        self.env.ref("base.group_user").implied_ids = [fields.Command.link(room.id)]
        today = self.company._credit_today()
        due = fields.Date.subtract(today, days=3)
        invoice = self._invoice(1000.0, date=due, due=due)
        other = self.env["res.partner"].create(
            {"name": "Silent Ltd", "is_company": True, "email": "silent@example.com"}
        )
        self._account(other).collector_id = self.collector
        self._invoice(1000.0, partner=other, date=due, due=due)
        letters = self._sent(today)
        self.assertEqual(letters.level_id, self.first)
        letter = letters.filtered(lambda sent: sent.account_id == self.file)
        path = letter.portal_link_ids._url().partition("/my/")[2]
        self.start_tour(f"/my/{path}", "credit_customer_pays_a_letter")
        invoice.invalidate_recordset()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertFalse(self._item(invoice).amount_residual)
        next_level = fields.Date.add(due, days=self.second.delay + 1)
        # The one who says nothing hears the next level, the one who paid does not.
        planned = self._plan(next_level)
        self.assertEqual(planned.partner_id, other)
        self.assertEqual(planned.level_id, self.second)
