"""Paying online: what is chosen, residuals, one payment per currency; and who tries otherwise."""

from odoo.fields import Command
from odoo.tests import JsonRpcException, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..followup.common import TODAY
from .common import PortalCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPortalPayment(PortalCase):
    def _refused(self, lines, amount, token=None, **values):
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._begin(lines, amount, token, **values)

    def test_three_instalments_in_two_currencies_from_a_letter(self):
        invoice = self._in_instalments(900.0, [20, 3, -60])
        first, second, third = self._parts(invoice)
        euro = self._item(self._late(70.0, days=5, currency_id=self.euro.id))
        letter = self._letter()
        path = self._path(letter)
        token = path.rsplit("/", 1)[1]
        self.assertLessEqual(first | second | euro, letter.line_ids.move_line_id)
        page = self.url_open(f"{path}/pay?items={first.id}-{second.id}-{euro.id}")
        self.assertIn("one for each currency", page.text)
        self.assertIn("600.00", page.text)
        self.assertIn(f"{path}/pay?items={euro.id}", page.text)
        self._settle(self._begin(first | second, 600.0, token))
        self._settle(self._begin(euro, 70.0, token))
        left = (first | second | third | euro).mapped("amount_residual_currency")
        self.assertEqual(left, [0.0, 0.0, 300.0, 0.0])
        with freeze_time(self._day(14)):
            self.assertFalse(self._plan(self._day(14)))

    def test_later_instalment_is_paid_when_it_is_chosen(self):
        invoice = self._in_instalments(900.0, [20, 3, -60])
        first, second, third = self._parts(invoice)
        self.authenticate("paula", "paula")
        transaction = self._begin(second, 300.0)
        self.assertEqual(transaction.partner_id, self.paula)
        self._settle(transaction)
        self.assertEqual((first | second | third).mapped("amount_residual"), [300.0, 0.0, 300.0])
        self.assertEqual(transaction.invoice_ids, invoice)

    def test_what_is_disputed_is_not_asked(self):
        invoice = self._late(1000.0)
        other = self._late(200.0, days=2)
        self.env["credit.dispute"].with_user(self.collector).create(
            {
                "account_id": self._account().id,
                "move_line_id": self._item(invoice).id,
                "amount": 300.0,
                "reason_id": self.env.ref("credit_collection.credit_dispute_reason_price").id,
            }
        )
        self.authenticate("paula", "paula")
        lines = self._item(invoice) | self._item(other)
        self._refused(lines, 1200.0)
        self._settle(self._begin(lines, 900.0))
        self.assertEqual(lines.mapped("amount_residual"), [300.0, 0.0])

    def test_amount_of_the_browser_is_not_believed(self):
        line = self._item(self._late(1000.0))
        self.authenticate("paula", "paula")
        for amount in (0.01, 1.0, 999.99, 1000.01, None):
            with self.subTest(amount=amount):
                self._refused(line, amount)
        self._refused(line, 1000.0, custom_create_values={"amount": 1})

    def test_paid_or_under_way_is_not_paid_twice(self):
        line = self._item(self._late(1000.0))
        self.authenticate("paula", "paula")
        transaction = self._begin(line, 1000.0)
        transaction._set_pending()
        self.assertIn("Payment being processed", self.url_open("/my/credit").text)
        self._refused(line, 1000.0)
        self._settle(transaction)
        self._refused(line, 1000.0)

    def test_public_without_a_link_pays_nothing(self):
        line = self._item(self._late(1000.0))
        for token in (None, "", "0" * 64):
            self._refused(line, 1000.0, token)

    def test_link_stays_the_recipients_whoever_is_logged_in(self):
        line = self._item(self._late(1000.0))
        path = self._path(self._letter())
        new_test_user(self.env, "rival", groups="base.group_portal")
        self.authenticate("rival", "rival")
        transaction = self._begin(line, 1000.0, path.rsplit("/", 1)[1])
        self.assertEqual(transaction.partner_id.commercial_partner_id, self.customer)

    def test_saved_card_is_used_after_log_in_alone(self):
        line = self._item(self._late(1000.0))
        card = self.env["payment.token"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "partner_id": self.paula.id,
                "payment_details": "4242",
                "provider_ref": "card",
            }
        )
        saved = {"flow": "token", "token_id": card.id}
        path = self._path(self._letter(), self.paula)
        new_test_user(self.env, "rival", groups="base.group_portal")
        for login in (None, "rival", "paula"):
            with self.subTest(login=login):
                self.authenticate(login, login)
                self._refused(line, 1000.0, path.rsplit("/", 1)[1], **saved)
        self.authenticate("rival", "rival")
        self._refused(line, 1000.0, **saved)
        self.authenticate("paula", "paula")
        self.assertEqual(self._begin(line, 1000.0, **saved).token_id, card)

    def test_link_leaves_no_card_of_its_recipient(self):
        line = self._item(self._late(1000.0))
        path = self._path(self._letter(), self.paula)
        self.provider.allow_tokenization = True
        self.method.support_tokenization = True
        transaction = self._begin(line, 1000.0, path.rsplit("/", 1)[1], tokenization_requested=True)
        self.assertFalse(transaction.tokenize)

    def test_provider_of_another_company_is_not_taken(self):
        line = self._item(self._late(1000.0))
        other = self.env["res.company"].create({"name": "Other House"})
        foreign = self.env["payment.provider"].create(
            {
                "name": "Foreign",
                "code": "none",
                "state": "test",
                "is_published": True,
                "company_id": other.id,
                "payment_method_ids": [Command.set(self.method.ids)],
                "redirect_form_view_id": self.provider.redirect_form_view_id.id,
            }
        )
        self.authenticate("paula", "paula")
        self._refused(line, 1000.0, provider_id=foreign.id)

    def test_landing_leads_to_our_pages_alone(self):
        line = self._item(self._late(1000.0))
        self.authenticate("paula", "paula")
        transaction = self._begin(line, 1000.0, landing_route="https://evil.example.com")
        self.assertEqual(transaction.landing_route, "/my/credit")
        transaction = self._begin(line, 1000.0, landing_route="/my/credit/pay?items=12-13")
        self.assertEqual(transaction.landing_route, "/my/credit/pay?items=12-13")
