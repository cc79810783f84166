"""The main job of each person, in a browser."""

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
class TestTours(CreditCase, HttpCase):
    def test_salesperson_meets_a_hold_and_asks_for_release(self):
        self._limit(1000.0)
        order = self._order(1500.0)
        self.start_tour(f"/odoo/sales/{order.id}", "credit_salesperson_meets_a_hold", login="sally")
        self.assertEqual(order.credit_state, "held")
        self.assertEqual(order.credit_hold_ids.request_note, "The customer has paid this morning")
        self.assertEqual(order.credit_hold_ids.requester_id, self.salesperson)

    def test_officer_releases(self):
        self._limit(1000.0)
        order = self._order(1500.0)
        order.with_user(self.salesperson).action_confirm()
        self.start_tour("/odoo/credit-holds", "credit_officer_releases", login="olaf")
        self.assertEqual(order.credit_hold_ids.state, "released")
        self.assertEqual(order.credit_hold_ids.decided_by_id, self.officer)
        self.assertEqual(order.state, "sale")

    def test_warehouse_clerk_meets_a_held_delivery(self):
        order = self._order(100.0, product=self.goods)
        order.action_confirm()
        late = fields.Date.subtract(fields.Date.today(), days=60)
        self._invoice(500.0, date=late, due=late)
        picking = order.picking_ids
        self.start_tour(
            f"/odoo/deliveries/{picking.id}", "credit_clerk_meets_a_held_delivery", login="walter"
        )
        self.assertEqual(picking.credit_state, "held")
        self.assertNotEqual(picking.state, "done")
