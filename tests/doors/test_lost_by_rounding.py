"""What one piece is worth is not lost by rounding a small total, nor its tax."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import TODAY, RiskCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestLostByRounding(RiskCase):
    def test_a_hundredth_is_ordered_and_thousands_leave(self):
        """0.01 × 0.49 is 0.00; 2,100 × 0.49 is 1,029."""
        for quantity, state, exposure in ((2_000, "done", 980.0), (2_100, "assigned", 980.0)):
            order = self._order(0.49, product=self.pump, quantity=0.01)
            order.with_user(self.salesperson).action_confirm()
            self.assertEqual(order.amount_total, 0.0)
            picking = order.picking_ids
            picking.move_ids.write({"quantity": quantity, "picked": True})
            self._validate(picking)
            self.assertEqual((picking.state, self._exposure()), (state, exposure))

    def test_what_is_worth_less_than_a_cent_is_typed_as_delivered(self):
        part = self._product("Resistor", type="service", invoice_policy="delivery")
        order = self._sold(0.01, 1, product=part)
        order.order_line.discount = 60.0
        self.assertEqual(order.amount_total, 0.0)
        self._set(order, qty_delivered=250_000)
        self.assertEqual(self._exposure(), 1_000.0)
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            self._set(order, qty_delivered=250_010)
        bill = order._create_invoices()
        self.assertEqual((bill.amount_total, self._exposure()), (1_000.0, 1_000.0))

    def test_yen(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": yen.id,
                "name": "2026-01-01",
                "rate": 100.0,
                "company_id": self.company.id,
            }
        )
        prices = self.env["product.pricelist"].create({"name": "Yen", "currency_id": yen.id})
        order = self._order(49.0, product=self.pump, quantity=0.01, pricelist_id=prices.id)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.currency_id, order.amount_total), (yen, 0.0))
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 2_100, "picked": True})  # 102,900 yen are 1,029 dollars
        self._validate(picking)
        self.assertEqual(picking.credit_state, "held")
        picking.move_ids.write({"quantity": 2_000, "picked": True})
        self._validate(picking)
        self.assertEqual((picking.state, self._exposure()), ("done", 980.0))

    def test_taxes_of_what_was_not_ordered(self):
        """400 with 50 % and a fee of 1 a piece are 604; what is in the price is not added."""
        tax = self.tax.copy({"name": "VAT 50 %", "amount": 50.0})
        fee = self.tax.copy({"name": "Fee", "amount_type": "fixed", "amount": 1.0})
        inside = self.tax.copy({"name": "Inside", "price_include_override": "tax_included"})
        work = self._product("Work", type="service", invoice_policy="delivery")
        order = self._sold(100.0, 1, product=work)
        line = order.order_line
        self._set(order, product_uom_qty=0, tax_ids=[Command.set((tax | fee).ids)])
        self._set(order, qty_delivered=4)
        self.assertEqual((self._exposure(), line._credit_price()), (604.0, 151.0))
        self._set(order, qty_delivered=0, tax_ids=[Command.set(inside.ids)])
        self._set(order, qty_delivered=10)
        self.assertEqual((self._exposure(), line._credit_price()), (1_000.0, 100.0))

    def test_what_is_free_stays_free(self):
        order = self._sold(0.0, 5)
        picking = order.picking_ids
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        self._validate(picking)
        self.assertEqual((picking.state, self._exposure()), ("done", 0.0))
