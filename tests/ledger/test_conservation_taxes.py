"""Taxes, roundings and discounts that are not a plain percentage of the price."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import ConservationCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestConservationTaxes(ConservationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.eco = cls.env["account.tax"].create(
            {"name": "Eco 3 each", "amount_type": "fixed", "amount": 3.0, "type_tax_use": "sale"}
        )

    def _eco_order(self, product):
        """Ten pieces of 100, 15 % and 3 apiece: 1,180."""
        order = self._order(100.0, product=product, quantity=10)
        order.order_line.tax_ids = self.tax | self.eco
        order.action_confirm()
        self.assertEqual(order.amount_total, 1180.0)
        return order

    def test_fixed_tax_per_piece(self):
        order = self._eco_order(self.goods)
        self.assertFigures(ordered=1180.0)
        self._deliver(order, 4)
        self._bill(order)
        self.assertFigures(receivable=472.0, ordered=708.0)
        self._deliver(order, 6)
        self._bill(order)
        self.assertFigures(receivable=1180.0)

    def test_fixed_tax_and_down_payment(self):
        order = self._eco_order(self.service)
        down = self._down_payment(order, "percentage", 50)
        paid = down.amount_total
        self.assertFigures(draft=paid, ordered=1180.0 - paid)
        down.action_post()
        final = self._bill(order)
        self.assertFigures(receivable=paid + final.amount_total)
        self.assertEqual(paid + final.amount_total, 1180.0)

    def test_down_payment_percent_and_fixed_then_final(self):
        order = self._confirmed(1000.0, taxed=True)
        first = self._down_payment(order, "percentage", 20)
        first.action_post()
        self.assertFigures(receivable=230.0, ordered=920.0)
        second = self._down_payment(order, "fixed", 100.0)
        self.assertFigures(receivable=230.0, draft=100.0, ordered=820.0)
        second.action_post()
        final = self._bill(order)
        self.assertEqual(final.amount_total, 820.0)
        self.assertFigures(receivable=1150.0)

    def test_cash_rounding_is_part_of_the_invoice(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "To 1",
                "rounding": 1.0,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company.income_currency_exchange_account_id.id,
                "loss_account_id": self.company.expense_currency_exchange_account_id.id,
            }
        )
        order = self._confirmed(99.6)
        self.assertFigures(ordered=99.6)
        invoice = self._bill(order, post=False)
        invoice.invoice_cash_rounding_id = rounding
        self.assertFigures(draft=100.0)
        invoice.action_post()
        self.assertFigures(receivable=100.0)

    def test_early_payment_discount_closes_the_item(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in 10 days",
                "early_discount": True,
                "discount_percentage": 2.0,
                "discount_days": 10,
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})
                ],
            }
        )
        order = self._confirmed(1000.0, payment_term_id=term.id)
        invoice = self._bill(order)
        self.assertFigures(receivable=1000.0)
        payment = self._pay(invoice, date=fields.Date.today() + timedelta(days=5))
        self.assertEqual(payment.amount, 980.0)
        self.assertFigures()

    def test_sections_and_notes_owe_nothing(self):
        order = self._order(500.0)
        order.order_line = [
            Command.create({"display_type": "line_section", "name": "Hardware"}),
            Command.create({"display_type": "line_note", "name": "By Friday"}),
        ]
        order.action_confirm()
        self.assertFigures(ordered=500.0)
        self._bill(order)
        self.assertFigures(receivable=500.0)

    def test_cancelled_order_keeps_only_its_draft(self):
        order = self._confirmed(600.0)
        invoice = self._bill(order, post=False)
        self.assertFigures(draft=600.0)
        order._action_cancel()
        still = invoice.exists() and invoice.state == "draft"
        self.assertFigures(draft=600.0 if still else 0.0)

    def test_journal_entry_of_an_opening_balance(self):
        receivable = self.customer.property_account_receivable_id
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-03-01",
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": self.customer.id,
                            "debit": 750.0,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company.income_currency_exchange_account_id.id,
                            "credit": 750.0,
                        }
                    ),
                ],
            }
        )
        self.assertFigures()
        entry.action_post()
        self.assertFigures(receivable=750.0)
