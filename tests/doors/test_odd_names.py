"""S14: what imports leave behind breaks no letter, and what is asked for wrongly is refused."""

import json

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..followup.common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestLineBreakInAName(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.name = "Deco\r\nBcc: all@example.com\nLtd"
        cls.customer.email = "Deco\n<accounts@example.com>"
        cls.invoice = cls._late(1_000.0)

    def test_mail(self):
        followup = self._sent()
        self.assertEqual(followup.state, "sent", followup.failure_reason)
        [mail] = self.outbox
        self.assertNotIn("\n", mail["Subject"])
        self.assertNotIn("Bcc", mail)
        self.assertIn("accounts@example.com", mail["To"])
        self.assertEqual(self._to_pay(followup), "1,000.00")

    def test_reply_address_letter_and_statement(self):
        report = self.env["ir.actions.report"].with_user(self.collector)
        followup = self._plan()
        html, _kind = report._render_qweb_html(
            "credit_collection.credit_followup_letters", followup.ids
        )
        self.assertIn(b"1,000.00", html)
        html, _kind = report._render_qweb_html("credit_collection.credit_statements", self.file.ids)
        self.assertIn(b"1,000.00", html)

    def test_workbook_of_the_statement(self):
        self.assertTrue(self.file.with_user(self.collector)._statement_xlsx())

    def test_hold(self):
        self._limit(0.0)
        order = self._order(10.0)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_state, "held")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAskedWrongly(FollowupCase):
    def test_what_is_no_day(self):
        positions = self.env["credit.position"].with_user(self.collector)
        for value in ("2026-01-01'; x", "2026-02-30", "1.1.2026", 5, ["2026-01-01"]):
            with self.subTest(value=value), self.assertRaises(UserError):
                positions.with_context(as_of=value).search([("exposure", ">", 0)])

    def test_salespeople_read_policies(self):
        [policy] = self.policy.with_user(self.salesperson).search_read(
            [("id", "=", self.policy.id)]
        )
        self.assertTrue(policy["rule_ids"])
        json.dumps(policy, default=str)

    def test_nobody_decides_on_what_is_free(self):
        for document in (self._late(10.0), self._order(10.0)):
            for name, field in document._fields.items():
                if name.startswith("credit_") and field.type in ("char", "text"):
                    self.assertNotIn("credit.hold", str(document[name]), name)
