"""Odoo's own ways to pay online ask neither for what is disputed nor for what is promised."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..followup.common import TODAY
from .common import PortalCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestOdoosOwnPayment(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "True")

    def _dispute(self, invoice, amount):
        return (
            self.env["credit.dispute"]
            .with_user(self.collector)
            .create(
                {
                    "account_id": self.file.id,
                    "move_line_id": self._item(invoice)[:1].id,
                    "amount": amount,
                    "reason_id": self.env.ref("credit_collection.credit_dispute_reason_price").id,
                }
            )
        )

    def _promise(self, invoice, amount):
        return self.env["credit.promise"].create(
            {
                "account_id": self.file.id,
                "date": TODAY + timedelta(4),
                "amount": amount,
                "move_line_ids": [Command.set(self._item(invoice).ids)],
            }
        )

    def _link(self, invoice):
        """What the payment link asks for, and what can be paid by it at most."""
        self.env.invalidate_all()
        values = invoice._get_default_payment_link_values()
        return values["amount"], values["amount_max"]

    def test_link_without_anything_left_alone(self):
        self.assertEqual(self._link(self._late(1000.0)), (1000, 1000))

    def test_disputed_part_is_not_asked(self):
        invoice = self._late(1000.0)
        self._dispute(invoice, 300.0)
        self.assertEqual(self._link(invoice), (700, 700))
        self._pay(invoice, 500.0)
        self.assertEqual(self._link(invoice), (200, 200))

    def test_promised_part_is_not_asked_but_may_be_paid(self):
        invoice = self._late(1000.0)
        self._promise(invoice, 400.0)
        self.assertEqual(self._link(invoice), (600, 1000))

    def test_who_pays_before_the_promised_day_may(self):
        invoice = self._late(1000.0)
        self._promise(invoice, 1000.0)
        self.assertEqual(self._link(invoice), (1000, 1000))

    def test_overdue_instalments_without_their_disputed_part(self):
        invoice = self._in_instalments(900.0, [20, 3, -60])
        self._dispute(invoice, 100.0)
        self.assertEqual(self._link(invoice), (500, 800))

    def test_what_is_disputed_as_a_whole_has_no_button(self):
        invoice = self._late(1000.0)
        self.assertTrue(invoice._has_to_be_paid())
        dispute = self._dispute(invoice, 1000.0)
        self.env.invalidate_all()
        self.assertFalse(invoice._has_to_be_paid())
        self.assertIn("You dispute this invoice", invoice._get_online_payment_error())
        dispute.action_reject()
        self.env.invalidate_all()
        self.assertTrue(invoice._has_to_be_paid())

    def test_no_discount_online_while_a_part_is_disputed(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})
                ],
            }
        )
        invoice = self._invoice(
            1000.0, date=TODAY, invoice_payment_term_id=term.id, invoice_date_due=False
        )
        self.assertEqual(invoice._get_invoice_next_payment_values()["amount_due"], 980)
        self._dispute(invoice, 300.0)
        self.env.invalidate_all()
        values = invoice._get_invoice_next_payment_values()
        self.assertEqual((values["installment_state"], values["amount_due"]), ("next", 700))
        self.assertNotIn("epd_line", values)

    def test_invoice_page_asks_for_the_rest(self):
        invoice = self._late(1000.0)
        self._dispute(invoice, 300.0)
        self.authenticate("paula", "paula")
        page = self.url_open(invoice.get_portal_url())
        self.assertIn('data-amount="700.0"', page.text)
        self.assertNotIn('data-amount="1000.0"', page.text)

    def test_pay_overdue_asks_what_is_open_and_leaves_the_disputed_part(self):
        invoice = self._late(1000.0, partner=self.paula)
        other = self._late(500.0, days=2, partner=self.paula)
        self._pay(invoice, 100.0)
        self._dispute(invoice, 300.0)
        self.authenticate("paula", "paula")
        page = self.url_open("/my/invoices/overdue")
        self.assertIn("1,100.00", page.text)
        before = self.env["payment.transaction"].search([])
        self.make_jsonrpc_request(
            "/invoice/transaction/overdue",
            {
                "payment_reference": "Overdue",
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "token_id": None,
                "amount": 1100.0,
                "flow": "redirect",
                "tokenization_requested": False,
                "landing_route": "/my/invoices/",
            },
        )
        self._settle(self.env["payment.transaction"].search([]) - before)
        residuals = (self._item(invoice) | self._item(other)).mapped("amount_residual")
        self.assertEqual(residuals, [300.0, 0.0])
