"""What a customer got stays what they got."""

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestWhatWentOut(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["credit.audit.entry"]._take_over()
        cls._invoice(800.0, date="2026-01-01", due="2026-01-10")
        cls.message = cls.env["credit.followup"]._plan(cls.company)
        level = cls.message.level_id
        level.write({"send_email": False, "print_letter": True})
        cls.message.with_user(cls.manager).action_print()

    def test_a_printed_letter_keeps_its_words(self):
        self.assertEqual(self.message.state, "sent")
        before = self.message._preview()
        self.assertIn("Deco Ltd", before[1])
        self.customer.name = "Renamed Ltd"
        self.message.level_id.mail_template_id.body_html = "<p>Something else</p>"
        self.assertEqual(self.message._preview(), before)

    def test_its_pdf_is_made_once(self):
        report = self.env.ref("credit_collection.credit_followup_report")
        message = self.message.with_context(force_report_rendering=True)
        first, _kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            report.report_name, message.ids
        )
        kept = self.message._letter_file()
        self.assertTrue(kept)
        self.customer.name = "Renamed Ltd"
        again, _kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            report.report_name, message.ids
        )
        self.assertEqual(kept.raw, again)
        self.assertEqual(self.message._letter_file(), kept)
        with self.assertRaises(UserError):
            kept.raw = b"something else"
        with self.assertRaises(UserError):
            kept.unlink()

    def test_a_sheet_closed_twice_keeps_both_workbooks(self):
        sheet = self.env["credit.kpi.sheet"].create(
            {"date_from": "2026-02-01", "date_to": "2026-02-28"}
        )
        sheet.action_compute()
        sheet.action_close()
        first = sheet.evidence_checksum
        sheet.action_reopen("Wrong plan")
        kept = sheet.message_ids.attachment_ids
        self.assertEqual(len(kept), 1)
        sheet.action_compute()
        sheet.action_close()
        self.assertTrue(first and sheet.evidence_checksum)
        self.assertFalse(self.env["credit.audit.entry"]._verify(self.company)[2])
