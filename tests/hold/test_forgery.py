"""Values that Odoo or the check work out cannot be put there by a caller, nor by a default."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestForgery(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1000.0)

    def _create(self, context=(), **line):
        return (
            self.env["sale.order"]
            .with_user(self.salesperson)
            .with_context(**dict(context))
            .create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.service.id,
                                "product_uom_qty": 10.0,
                                "price_unit": 100.0,
                                "tax_ids": [Command.clear()],
                                **line,
                            }
                        )
                    ],
                }
            )
        )

    def test_results_in_the_values_of_a_new_line(self):
        for forged in (
            {"price_total": 0.01},
            {"price_subtotal": 0.01},
            {"qty_invoiced": 10.0},
            {"invoice_status": "invoiced"},
            {"price_tax": -999.0},
        ):
            with self.subTest(forged=forged):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    self._create(**forged)

    def test_results_in_the_defaults_of_the_context(self):
        for forged in (
            {"default_amount_total": 0.01},
            {"default_credit_checked_amount": 9e9},
            {"default_currency_rate": 1e9},
        ):
            with self.subTest(forged=forged):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    self._create(context=forged)

    def test_results_in_one_s_own_defaults(self):
        bill_line = self._invoice(100.0).invoice_line_ids
        defaults = self.env["ir.default"].with_user(self.salesperson)
        for model, name, value in (
            ("sale.order", "credit_checked_amount", 9e9),
            ("sale.order", "transaction_ids", []),
            ("sale.order.line", "invoice_lines", bill_line.ids),
            ("credit.limit", "decided_by_id", self.manager.id),
            ("credit.promise", "state", "kept"),
            ("credit.dispute", "state", "accepted"),
        ):
            with self.subTest(model=model, name=name):
                with self.assertRaises(ValidationError), self.cr.savepoint():
                    defaults.set(model, name, value, user_id=self.salesperson.id)
        defaults.set("sale.order", "client_order_ref", "By phone", user_id=self.salesperson.id)
        self.assertEqual(self._create().client_order_ref, "By phone")

    def test_results_in_the_defaults_of_a_single_line(self):
        order = self._create()
        for forged in ({"default_price_total": 0.01}, {"default_qty_invoiced": 10.0}):
            with self.subTest(forged=forged):
                lines = order.order_line.browse().with_context(**forged)
                with self.assertRaises(AccessError), self.cr.savepoint():
                    lines.create({"order_id": order.id, "product_id": self.service.id})

    def test_ordered_line_that_calls_itself_a_down_payment(self):
        order = self._create(is_downpayment=True)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._position().ordered, 1000.0)
        self.assertEqual(self._held_after(), "held")

    def _held_after(self):
        order = self._order(0.01)
        order.action_confirm()
        return order.credit_state

    def test_hold_is_made_of_the_check_alone(self):
        """What a caller's context says about a hold does not reach it."""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        order = self._order(5000.0).with_user(self.salesperson)
        order.with_context(
            default_company_id=elsewhere.id,
            default_decided_by_id=self.manager.id,
            default_valid_until="2099-01-01",
            default_max_amount=9e9,
        ).action_confirm()
        self.assertRecordValues(
            order.sudo().credit_hold_ids,
            [
                {
                    "state": "held",
                    "company_id": self.company.id,
                    "decided_by_id": False,
                    "valid_until": False,
                    "max_amount": 0.0,
                }
            ],
        )

    def test_ordinary_order_and_duplicate(self):
        order = self._create()
        self.assertEqual(order.copy().amount_total, 1000.0)
        order.action_confirm()
        self.assertEqual(self._position().ordered, 1000.0)
