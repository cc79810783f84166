"""Deliveries in steps, what is reserved, and the look at what is ready."""

from freezegun import freeze_time

from .common import ShipmentCase


@freeze_time("2026-03-16 08:00:00")
class TestShipmentReserve(ShipmentCase):
    def _steps(self, steps):
        self.warehouse.delivery_steps = steps
        order, _picking = self._confirmed(5)
        self._overdue()
        for _step in range(len(order.picking_ids) + 2):
            for picking in order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel")):
                picking.action_assign()
                self._validate(picking)
        return order.picking_ids.sorted("id")

    def test_two_steps_only_the_last_is_held(self):
        pickings = self._steps("pick_ship")
        self.assertEqual(pickings.mapped("state"), ["done", "assigned"])
        self.assertEqual(pickings.mapped("credit_state"), ["none", "held"])

    def test_three_steps_only_the_last_is_held(self):
        pickings = self._steps("pick_pack_ship")
        self.assertEqual(pickings.mapped("state"), ["done", "done", "assigned"])
        self.assertEqual(pickings.mapped("credit_state"), ["none", "none", "held"])

    # ------------------------------------------------------------------
    # Reservation
    # ------------------------------------------------------------------

    def test_policy_reserve_leaves_held_goods_to_others(self):
        self.policy.delivery_stop = "reserve"
        order, picking = self._confirmed()
        picking.do_unreserve()
        self._overdue()
        action = picking.with_user(self.clerk).action_assign()
        self.assertEqual(picking.state, "confirmed")
        self.assertEqual(picking.move_ids.quantity, 0)
        self.assertEqual(picking.credit_state, "held")
        self.assertIn(picking.name, action["params"]["message"])
        self.assertEqual(self._hold(picking).order_id, order)

    def test_policy_reserve_holds_in_the_scheduler_too(self):
        self.policy.delivery_stop = "reserve"
        _order, picking = self._confirmed()
        _order, free = self._confirmed(partner=self.other)
        (picking | free).do_unreserve()
        self._overdue()
        self.env["stock.rule"].run_scheduler()
        self.assertEqual(picking.state, "confirmed")
        self.assertEqual(picking.credit_state, "held")
        self.assertEqual(free.state, "assigned")

    def test_policy_reserve_stops_the_first_step(self):
        self.policy.delivery_stop = "reserve"
        self.warehouse.delivery_steps = "pick_ship"
        order, pick = self._confirmed()
        pick.do_unreserve()
        self._overdue()
        pick.action_assign()
        self.assertEqual(pick.credit_state, "held")
        self.assertFalse(pick.move_ids.quantity)
        self._hold(pick).with_user(self.officer).action_release()
        self.assertEqual(pick.state, "assigned", "The release reserves what waited for it.")
        self._validate(pick)
        ship = order.picking_ids - pick
        self._validate(ship)
        self.assertEqual(ship.state, "done", "The release of the first step covers the last.")

    def test_policy_validate_reserves_as_ever(self):
        _order, picking = self._confirmed()
        picking.do_unreserve()
        self._overdue()
        picking.action_assign()
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(picking.credit_state, "none")

    # ------------------------------------------------------------------
    # Before anybody picks
    # ------------------------------------------------------------------

    def test_nightly_look_holds_and_clears_ready_deliveries(self):
        _order, picking = self._confirmed()
        _order, free = self._confirmed(partner=self.other)
        invoice = self._overdue()
        self._run_cron("credit_shipment_cron")
        self.assertEqual(picking.credit_state, "held")
        self.assertEqual(free.credit_state, "none")
        found = self.env["stock.picking"].search([("credit_state", "=", "held")])
        self.assertEqual(found & (picking | free), picking)
        self._run_cron("credit_shipment_cron")
        self.assertEqual(len(picking.credit_hold_ids), 1)
        self._pay(invoice)
        self._run_cron("credit_shipment_cron")
        self.assertEqual(picking.credit_hold_ids.state, "cleared")
        found = self.env["stock.picking"].search([("credit_state", "!=", "held")])
        self.assertIn(picking, found)

    def test_released_delivery_is_found(self):
        _order, picking = self._confirmed()
        self._overdue()
        self._validate(picking)
        self._hold(picking).with_user(self.officer).action_release()
        found = (
            self.env["stock.picking"]
            .with_user(self.clerk)
            .search([("credit_state", "=", "released")])
        )
        self.assertIn(picking.id, found.ids)
        found = self.env["stock.picking"].search([("credit_state", "in", ("held", "none"))])
        self.assertNotIn(picking, found)
