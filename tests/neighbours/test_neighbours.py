"""The check beside other apps of Odoo; skipped with a word where one is not installed."""

from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ..hold.common import ShipmentCase

TODAY = "2026-03-16"


class NeighbourCase(ShipmentCase):
    app = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        module = cls.env["ir.module.module"].search([("name", "=", cls.app)])
        if module.state != "installed":
            cls.tearDownClass()
            raise cls.skipTest(cls, f"{cls.app} is not installed")
        cls._limit(1_000.0)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestTill(NeighbourCase):
    """H6: money in hand is no credit."""

    app = "point_of_sale"

    def test_goods_sold_at_a_till_to_an_overdue_customer(self):
        self._overdue()
        till = self.env["stock.picking.type"].create(
            {
                "name": "Till",
                "code": "outgoing",
                "sequence_code": "TILL",
                "warehouse_id": self.warehouse.id,
                "default_location_src_id": self.stock.id,
                "default_location_dest_id": self.customers.id,
            }
        )
        self.env["pos.config"].create({"name": "Shop", "picking_type_id": till.id})
        cashier = new_test_user(
            self.env,
            "cashier",
            groups="base.group_user,stock.group_stock_user,point_of_sale.group_pos_user",
        )
        picking = self._transfer(self.customer, picking_type=till)
        picking.move_ids.picked = True
        asked = picking.with_user(self.clerk)._credit_cases()
        self.assertTrue(asked, "whoever is no cashier is asked")
        picking.with_user(cashier)._action_done()
        self.assertEqual(picking.state, "done")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestDropshipping(NeighbourCase):
    """H8: what a vendor was asked for counts until it is delivered or closed."""

    app = "stock_dropshipping"

    def test_what_is_on_a_draft_purchase_order_counts(self):
        vendor = self._customer("Vendor")
        route = self.env.ref("stock_dropshipping.route_drop_shipping")
        product = self._product(
            "Dropped",
            type="consu",
            invoice_policy="delivery",
            route_ids=[Command.link(route.id)],
            seller_ids=[Command.create({"partner_id": vendor.id, "price": 10.0})],
        )
        order = self._order(100.0, product=product, quantity=5)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._position().exposure, 500.0)
        purchase = order._get_purchase_orders()
        self.assertEqual(purchase.state, "draft")
        purchase.button_confirm()
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 5, "picked": True})
        self._validate(picking)
        self.assertEqual(picking.state, "done")
        order.order_line.product_uom_qty = 9
        self.assertEqual(self._position().exposure, 900.0)
        self.assertEqual(order.credit_checked_amount, 500.0)
