"""Monthly statements: from the company's day on, once a month, to who wants them."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import FollowupCase


@tagged("post_install", "-at_install")
class TestStatementSchedule(FollowupCase):
    def setUp(self):
        super().setUp()
        with freeze_time("2026-03-16"):
            self._late(1000.0)
        self.other = self._customer("Silent Ltd", email="silent@example.com")
        with freeze_time("2026-03-16"):
            self._late(200.0, partner=self.other)
        self.file.statement_monthly = "yes"
        self.company.credit_statement_day = 5

    def _run(self, day):
        printed = patch.object(
            self.registry["ir.actions.report"],
            "_render_qweb_pdf",
            lambda _self, _report, ids, **_kwargs: (b"%PDF of " + str(ids).encode(), "pdf"),
        )
        with freeze_time(day), printed, self._mail_server():
            before = self.env["mail.message"].search([], order="id desc", limit=1).id
            self._run_cron("credit_statement_cron")
            return self.env["mail.message"].search(
                [
                    ("id", ">", before),
                    ("model", "=", "credit.account"),
                    ("subject", "like", "your statement"),
                ]
            )

    def test_once_a_month_from_the_day_on(self):
        self.assertFalse(self._run("2026-04-04"))
        sent = self._run("2026-04-07")
        self.assertEqual(sent.res_id, self.file.id)
        self.assertEqual(sent.partner_ids, self.customer)
        self.assertEqual(sent.author_id, self.collector.partner_id)
        self.assertIn("04/07/2026", sent.subject)
        self.assertTrue(sent.attachment_ids.name.startswith("Statement - Deco Ltd"))
        self.assertFalse(self._run("2026-04-08"), "once a month")
        self.assertEqual(self.file.statement_sent_on, date(2026, 4, 7))
        self.assertEqual(len(self._run("2026-05-05")), 1)

    def test_who_wants_them(self):
        self.policy.statement_monthly = True
        self.file.statement_monthly = "no"
        sent = self._run("2026-04-07")
        self.assertEqual(sent.partner_ids, self.other)

    def test_nothing_open_is_not_stated(self):
        self._pay(self.env["account.move"].search([("partner_id", "=", self.customer.id)]))
        self.assertFalse(self._run("2026-04-07"))
        self.assertEqual(self.file.statement_sent_on, date(2026, 4, 7))

    def test_without_an_address_the_collector_is_told(self):
        self.customer.email = False
        self.assertFalse(self._run("2026-04-07"))
        self.assertIn("Monthly statement not delivered", self.file.activity_ids.mapped("summary"))

    def test_no_day_no_statements(self):
        self.company.credit_statement_day = 0
        self.assertFalse(self._run("2026-04-07"))
        with self.assertRaises(ValidationError):
            self.company.credit_statement_day = 31
