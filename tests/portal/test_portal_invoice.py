"""Was the invoice sent, when, to whom, opened: told on the item before the customer denies it."""

from odoo.tests import tagged

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestPortalInvoice(PortalCase):
    def setUp(self):
        super().setUp()
        self.invoice = self._invoice(400, date="2026-03-01", due="2026-03-15")
        self.item = self.env["credit.open.item"].search([("move_id", "=", self.invoice.id)])

    def _told(self):
        self.env.invalidate_all()
        return self.item.invoice_sent

    def _mail(self, status="sent"):
        message = self.invoice.message_post(
            body="Your invoice",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.paula.ids,
            attachments=[("invoice.pdf", b"%PDF")],
        )
        message.date = "2026-03-02 10:00:00"
        notification = message.notification_ids.filtered(
            lambda each: each.res_partner_id == self.paula
        )
        notification.write({"notification_type": "email", "notification_status": status})

    def test_not_sent(self):
        self.assertEqual(self._told(), "not sent")
        self.invoice.is_move_sent = True
        self.assertEqual(self._told(), "sent or printed")

    def test_when_and_to_whom(self):
        self._mail()
        self.assertEqual(self._told(), f"03/02/2026 to {self.paula.name}")

    def test_a_mail_that_came_back(self):
        self._mail("bounce")
        self.assertEqual(self._told(), f"03/02/2026 to {self.paula.name}: not delivered")

    def test_opened_on_the_customers_pages(self):
        self._mail()
        self.authenticate("paula", "paula")
        page = self.url_open(f"/my/invoices/{self.invoice.id}")
        self.assertEqual(page.status_code, 200)
        self.assertRegex(self._told(), r"; opened on \d\d/\d\d/\d{4}$")

    def test_opened_by_the_link_of_the_mail(self):
        self.url_open(f"/my/invoices/{self.invoice.id}?access_token=wrong")
        self.assertEqual(self._told(), "not sent")
        link = self.invoice.get_portal_url()
        self.url_open(link)
        self.assertIn("; opened on ", self._told())

    def test_a_colleague_is_not_the_customer(self):
        self.authenticate(self.accountant.login, self.accountant.login)
        self.url_open(f"/my/invoices/{self.invoice.id}")
        self.assertEqual(self._told(), "not sent")
