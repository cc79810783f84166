"""S6: what people type as delivered counts, and is asked about like every raise."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import TODAY, RiskCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestTypedDeliveries(RiskCase):
    def test_delivered_goods_are_not_typed_away(self):
        order = self._sold(quantity=8)
        self._ship(order)
        for less in (0, 7):
            with self.assertRaisesRegex(AccessError, "counted by its"), self.cr.savepoint():
                self._set(order, qty_delivered=less)
        self._set(order, qty_delivered=8)
        self.assertEqual(self._exposure(), 800.0)

    def test_delivered_goods_that_are_typed_are_asked_about(self):
        order = self._sold(quantity=8)
        self._set(order, qty_delivered=8)
        self.assertEqual(self._exposure(), 800.0)
        self._set(order, qty_delivered=10)
        self.assertEqual(self._exposure(), 1_000.0)
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            self._set(order, qty_delivered=11)
        line = {
            "order_id": order.id,
            "product_id": self.pump.id,
            "product_uom_qty": 0,
            "price_unit": 100.0,
            "tax_ids": False,
        }
        Line = self.env["sale.order.line"].with_user(self.salesperson)
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            Line.create({**line, "qty_delivered": 1})
        self._set(order, qty_delivered=9)
        Line.create({**line, "qty_delivered": 1})
        self.assertEqual(self._exposure(), 1_000.0)
        self._ship(order)
        self.assertEqual(order.picking_ids.credit_state, "held")

    def test_what_is_typed_while_nothing_is_stopped(self):
        order = self._sold(quantity=8)
        self._ship(order)
        self.env.company.credit_default_policy_id.observe_only = True
        self._set(order, qty_delivered=20)
        self.assertEqual(self._exposure(), 2_000.0)
        self._set(order, qty_delivered=0)

    def test_what_is_typed_on_a_quotation_counts_and_is_asked_about(self):
        order = self._order(100.0, product=self.pump, quantity=8)
        self._set(order, qty_delivered=0)
        self._set(order, qty_delivered=6)
        self.assertEqual(self._exposure(), 600.0)
        with self.assertRaisesRegex(AccessError, "counted by its"), self.cr.savepoint():
            self._set(order, qty_delivered=11)
        more = self._order(100.0, product=self.pump, quantity=5)
        with self.assertRaisesRegex(AccessError, "counted by its"):
            self._set(more, qty_delivered=1)

    def test_a_discount_on_a_quotation_makes_no_room_for_what_is_typed(self):
        order = self._order(100.0, product=self.pump, quantity=9)
        order.order_line = [
            Command.create({"product_id": self.service.id, "price_unit": -100.0, "tax_ids": False})
        ]
        with self.assertRaisesRegex(AccessError, "counted by its"), self.cr.savepoint():
            self._set(order, qty_delivered=11)
        self._set(order, qty_delivered=10)
        self.assertEqual(self._exposure(), 1_000.0)
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            self._set(order, price_unit=101.0)

    def test_goods_that_come_back_as_ordered(self):
        order = self._sold(quantity=8)
        line = {
            "order_id": order.id,
            "product_id": self.pump.id,
            "product_uom_qty": -5,
            "price_unit": 10.0,
            "tax_ids": False,
        }
        back = self.env["sale.order.line"].with_user(self.salesperson).create(line)
        back.qty_delivered = -5
        with self.assertRaisesRegex(AccessError, "counted by its"):
            back.qty_delivered = -6

    def test_what_left_on_a_line_of_goods_that_come_back_counts(self):
        ordered = self._product(
            "Pump invoiced when ordered", type="consu", is_storable=True, invoice_policy="order"
        )
        for product in (ordered, self.pump):
            with self.subTest(product=product.name):
                order = self._order(100.0, product=product, quantity=1)
                self._set(order, product_uom_qty=-3)
                with self.assertRaisesRegex(AccessError, "counted by its"), self.cr.savepoint():
                    self._set(order, qty_delivered=12)
                self.assertEqual(self._exposure(), 0.0)
        self._set(order, qty_delivered=10)
        self.assertEqual(self._exposure(), 1_000.0)
        self._set(order, qty_delivered=0)
        self.assertEqual(self._exposure(), 0.0)

    def test_what_was_typed_is_not_vouched_for_once_it_is_counted_anew(self):
        order = self._order(100.0, product=self.pump, quantity=1)
        self._set(order, qty_delivered=2)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.state, order.credit_checked_amount), ("sale", 100.0))
        self._ship(order)
        self._set(order, qty_delivered=2)
        self.assertEqual(order.credit_checked_amount, 200.0)
        order.picking_ids[:1].copy()
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(order.credit_checked_amount, 100.0)
