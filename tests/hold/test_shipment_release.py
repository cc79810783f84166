"""Deliveries: what a release covers, and orders that changed since they were checked."""

from freezegun import freeze_time

from .common import ShipmentCase


@freeze_time("2026-03-16 08:00:00")
class TestShipmentRelease(ShipmentCase):
    def test_release_on_the_delivery(self):
        _order, picking = self._confirmed()
        self._overdue()
        self._validate(picking)
        self._hold(picking).with_user(self.officer).action_release(note="Cheque seen")
        self.assertEqual(picking.credit_state, "released")
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_release_ends(self):
        _order, picking = self._confirmed()
        self._overdue()
        self._validate(picking)
        self._hold(picking).with_user(self.officer).action_release(valid_until="2026-03-17")
        with freeze_time("2026-03-18 08:00:00"):
            self._validate(picking)
            self.assertEqual(picking.credit_state, "held")

    def test_release_of_a_delivery_covers_its_rest_but_no_more(self):
        order, picking = self._confirmed(10)
        self._overdue()
        self._validate(picking)
        self._hold(picking).with_user(self.officer).action_release()
        picking.move_ids.write({"quantity": 4, "picked": True})
        self._validate(picking)
        rest = picking.backorder_ids
        rest.move_ids.product_uom_qty = 7
        rest.action_assign()
        self._validate(rest)
        self.assertEqual(rest.credit_state, "held")
        rest.move_ids.write({"product_uom_qty": 6, "quantity": 6})
        self._validate(rest)
        self.assertEqual(rest.state, "done")
        self.assertEqual(order.order_line.qty_delivered, 10)

    def test_release_of_the_order_covers_its_deliveries(self):
        self._overdue()
        order = self._order(100.0, product=self.pump, quantity=10)
        order.action_confirm()
        order.credit_hold_ids.with_user(self.officer).action_release(confirm=True)
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 4, "picked": True})
        self._validate(picking | picking.backorder_ids)
        self._validate(picking.backorder_ids)
        self.assertEqual(set(order.picking_ids.mapped("state")), {"done"})

    def test_release_of_the_order_for_another_reason_does_not(self):
        self._limit(500)
        order = self._order(100.0, product=self.pump, quantity=10)
        order.action_confirm()
        order.credit_hold_ids.with_user(self.officer).action_release(confirm=True)
        self._overdue()
        self._validate(order.picking_ids)
        self.assertEqual(order.picking_ids.credit_state, "held")

    def test_release_of_a_delivery_does_not_release_an_order(self):
        _order, picking = self._confirmed()
        self._overdue()
        self._validate(picking)
        self._hold(picking).with_user(self.officer).action_release()
        order = picking.sale_id
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")

    def test_payment_clears_the_hold_and_tells_the_warehouse(self):
        _order, picking = self._confirmed()
        picking.user_id = self.clerk
        invoice = self._overdue()
        self._validate(picking)
        hold = self._hold(picking)
        self._pay(invoice)
        hold._reevaluate()
        self.assertEqual(hold.state, "cleared")
        message = picking.message_ids[0]
        self.assertIn("Cleared", message.body)
        self.assertIn(self.clerk.partner_id, message.partner_ids)

    def test_cancelled_transfer_needs_no_decision(self):
        _order, picking = self._confirmed()
        self._overdue()
        self._validate(picking)
        hold = self._hold(picking)
        picking.with_user(self.clerk).action_cancel()
        self.assertEqual(hold.state, "cancelled")

    # ------------------------------------------------------------------
    # Orders that changed since they were checked
    # ------------------------------------------------------------------

    def test_order_raised_above_what_was_checked(self):
        self._limit(1500)
        order, picking = self._confirmed(10)
        order.order_line.product_uom_qty = 20
        self._validate(picking)
        hold = self._hold(picking)
        self.assertEqual(hold.finding_kinds, "limit")
        self.assertEqual(hold.exposure_after, 2000.0, "The order counts once.")
        self.assertEqual(hold.requested_amount, 2000.0)
        hold.with_user(self.officer).action_release()
        self._validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual(order.credit_checked_amount, 2000.0)

    def test_order_raised_within_the_limit_is_vouched_for(self):
        self._limit(1500)
        order, picking = self._confirmed(10)
        order.order_line.product_uom_qty = 15
        self._validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual(order.credit_checked_amount, 1500.0)

    def _deliver_raised_in_two(self, limit):
        """The states of both deliveries of an order of 1,000, raised to 1,500, at once."""
        self._limit(1500)
        order, first = self._confirmed(10)
        first.printed = True  # what is added goes on a delivery of its own
        order.order_line.product_uom_qty = 15
        self._limit(limit)
        order.picking_ids.button_validate()
        return order.picking_ids.mapped("state")

    def test_two_deliveries_of_a_raised_order_count_it_once(self):
        self.assertEqual(self._deliver_raised_in_two(1500), ["done", "done"])

    def test_two_deliveries_of_an_order_raised_too_far(self):
        self.assertEqual(self._deliver_raised_in_two(1499.99), ["assigned", "assigned"])

    def test_raised_order_cannot_go_out_in_slices_under_its_release(self):
        self._limit(500)
        order = self._order(100.0, product=self.pump, quantity=10)
        order.action_confirm()
        order.credit_hold_ids.with_user(self.officer).action_release(confirm=True)
        order.order_line.product_uom_qty = 30
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 5, "picked": True})
        self._validate(picking)
        self.assertEqual(picking.credit_state, "held")

    def test_another_customer_pays_since(self):
        order, picking = self._confirmed(10)
        self._limit(500, partner=self.other)
        order.partner_invoice_id = self.other
        self._validate(picking)
        hold = self._hold(picking)
        self.assertEqual(hold.partner_id, self.other)
        self.assertEqual(hold.exposure_after, 1000.0)

    def test_more_goods_than_ordered(self):
        self._limit(1200)
        _order, picking = self._confirmed(10)
        picking.move_ids.write({"quantity": 13, "picked": True})
        self._validate(picking)
        hold = self._hold(picking)
        self.assertEqual(hold.exposure_after, 1300.0)
        picking.move_ids.write({"quantity": 12})
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_orders_from_before_the_check_count_as_checked(self):
        order, picking = self._confirmed(10)
        order.sudo().write({"credit_checked_account_id": False, "credit_checked_amount": 0})
        self._limit(500)
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_raised_order_says_so(self):
        self._limit(1500)
        order, _picking = self._confirmed(10)
        self.assertFalse(order.credit_banner)
        order.order_line.product_uom_qty = 20
        order.invalidate_recordset(["credit_banner"])
        self.assertEqual(order.credit_banner["outcome"], "hold")
        self.assertIn("Raised", order.credit_banner["title"])

    # ------------------------------------------------------------------
    # Paid up front
    # ------------------------------------------------------------------

    def _up_front(self):
        term = self.env["account.payment.term"].create(
            {"name": "Before delivery", "credit_prepayment": True}
        )
        self._limit(0)
        return self._confirmed(10, payment_term_id=term.id)

    def test_unpaid_order_up_front_is_not_delivered(self):
        order, picking = self._up_front()
        self.assertEqual(order.credit_checked_amount, 0)
        self._validate(picking)
        self.assertEqual(self._hold(picking).finding_kinds, "limit")

    def test_paid_order_up_front_is_delivered(self):
        order, picking = self._up_front()
        self.pump.invoice_policy = "order"
        order.order_line.invalidate_recordset()
        invoice = order._create_invoices()
        invoice.action_post()
        self._validate(picking)
        self.assertEqual(picking.credit_state, "held")
        self._pay(invoice)
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_order_paid_online_is_delivered_though_a_limit_is_missing(self):
        order, picking = self._up_front()
        provider = self.env["payment.provider"].search([], limit=1)
        method = self.env["payment.method"].create({"name": "Card", "code": "card_of_test"})
        order.transaction_ids = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "partner_id": self.customer.id,
                "amount": 1000.0,
                "currency_id": self.currency.id,
                "state": "done",
                "reference": "online",
            }
        )
        self._validate(picking)
        self.assertEqual(picking.state, "done")
