"""Deliveries: who is stopped, who is not, and what a release covers."""

from freezegun import freeze_time
from odoo import fields
from odoo.fields import Command

from .shipment_common import ShipmentCase


@freeze_time("2026-03-16 08:00:00")
class TestShipments(ShipmentCase):
    def test_customer_who_pays_gets_the_goods(self):
        order, picking = self._confirmed()
        self._validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.credit_state, "none")
        self.assertEqual(order.order_line.qty_delivered, 10)

    def test_customer_overdue_since_the_order_is_stopped(self):
        _order, picking = self._confirmed()
        self._overdue(days=31)
        action = self._validate(picking)
        self.assertEqual(picking.state, "assigned")
        hold = self._hold(picking)
        self.assertRecordValues(
            hold,
            [
                {
                    "checkpoint": "delivery",
                    "order_id": picking.sale_id.id,
                    "requested_amount": 1000.0,
                    "finding_kinds": "overdue_days",
                }
            ],
        )
        self.assertEqual(picking.credit_state, "held")
        self.assertIn(picking.name, action["params"]["message"])
        self.assertIn("31 days late", action["params"]["message"])
        self.assertIn(hold.responsible_id.name, action["params"]["message"])

    def test_thirty_days_late_is_still_allowed(self):
        _order, picking = self._confirmed()
        self._overdue(days=30)
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_batch_validates_the_free_and_holds_the_others(self):
        pickings = self.env["stock.picking"]
        for partner in (self.customer, self.other, self.customer):
            pickings |= self._confirmed(2, partner=partner)[1]
        self._overdue()
        action = self._validate(pickings)
        self.assertEqual(pickings.mapped("state"), ["assigned", "done", "assigned"])
        self.assertEqual(pickings.mapped("credit_state"), ["held", "none", "held"])
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(len(action["params"]["message"].splitlines()), 2)

    def test_question_about_backorders_follows_the_message(self):
        _order, held = self._confirmed()
        _order, partial = self._confirmed(partner=self.other)
        self._overdue()
        partial.move_ids.write({"quantity": 4, "picked": True})
        action = (held | partial).with_user(self.clerk).button_validate()
        wizard = action["params"]["next"]
        self.assertEqual(wizard["res_model"], "stock.backorder.confirmation")
        self.assertEqual(wizard["context"]["button_validate_picking_ids"], partial.ids)
        self.env["stock.backorder.confirmation"].with_user(self.clerk).with_context(
            wizard["context"]
        ).create({"pick_ids": [Command.set(partial.ids)]}).process()
        self.assertEqual(partial.state, "done")
        self.assertEqual(held.credit_state, "held")

    def test_same_amount_keeps_the_hold_and_another_replaces_it(self):
        _order, picking = self._confirmed()
        self._overdue()
        self._validate(picking)
        first = self._hold(picking)
        self._validate(picking)
        self.assertEqual(self._hold(picking), first)
        picking.move_ids.quantity = 3
        self._validate(picking)
        self.assertEqual(first.state, "cancelled")
        self.assertEqual(self._hold(picking).requested_amount, 300.0)

    def test_invoice_address_pays_not_the_ship_to(self):
        order = self._order(
            100.0, product=self.pump, quantity=10, partner=self.other,
            partner_invoice_id=self.customer.id, partner_shipping_id=self.other.id,
        )  # fmt: skip
        order.action_confirm()
        self._overdue(self.other)
        self._validate(order.picking_ids)
        self.assertEqual(order.picking_ids.state, "done")

        again = order.copy({"partner_invoice_id": self.customer.id})
        again.action_confirm()
        self._overdue(self.customer)
        self._validate(again.picking_ids)
        self.assertEqual(self._hold(again.picking_ids).partner_id, self.customer)

    def test_contact_of_the_customer_is_the_customer(self):
        contact = self.env["res.partner"].create(
            {"name": "Yard", "parent_id": self.customer.id, "type": "delivery"}
        )
        self._overdue()
        picking = self._transfer(contact)
        self._validate(picking)
        self.assertEqual(self._hold(picking).partner_id, self.customer)

    def test_delivery_without_order_is_worth_its_list_price(self):
        self._overdue()
        picking = self._transfer(self.customer, quantity=3)
        self._validate(picking)
        self.assertEqual(self._hold(picking).requested_amount, 300.0)

    def test_dropshipment_is_a_delivery(self):
        supplier = self.env.ref("stock.stock_location_suppliers")
        self._overdue()
        vendor = self._customer("Vendor")
        picking = self._transfer(vendor, source=supplier)
        picking.move_ids.partner_id = self.customer
        self._validate(picking)
        self.assertEqual(self._hold(picking).partner_id, self.customer)

    def test_receipts_internal_moves_and_returns_pass(self):
        _order, delivered = self._confirmed(2)
        self._validate(delivered)
        self._overdue()
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        supplier = self.env.ref("stock.stock_location_suppliers")
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id, "usage": "internal"}
        )
        pickings = (
            self._transfer(
                self.customer, supplier, self.stock, picking_type=self.warehouse.in_type_id
            )
            | self._transfer(
                self.customer, self.stock, shelf, picking_type=self.warehouse.int_type_id
            )
            | self._transfer(
                self.customer, self.customers, self.stock, picking_type=self.warehouse.in_type_id
            )
        )
        self._validate(pickings)
        self.assertEqual(set(pickings.mapped("state")), {"done"})

    def test_free_replacement_passes(self):
        _order, picking = self._confirmed(price=0.0)
        self._overdue()
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_policy_never_stops(self):
        self.policy.delivery_stop = "none"
        _order, picking = self._confirmed()
        self._overdue()
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_policy_that_observes_records_and_lets_go(self):
        self.policy.observe_only = True
        _order, picking = self._confirmed()
        self._overdue()
        self._validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.credit_hold_ids.state, "observed")
        self.assertEqual(picking.credit_state, "none")

    def test_delivered_goods_stay_invoiceable(self):
        order, picking = self._confirmed()
        self._validate(picking)
        self._overdue()
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_partial_delivery_and_its_rest(self):
        _order, picking = self._confirmed(10)
        picking.move_ids.write({"quantity": 4, "picked": True})
        self._validate(picking)
        self.assertEqual(picking.state, "done")
        rest = picking.backorder_ids
        self._overdue()
        self._validate(rest)
        self.assertEqual(self._hold(rest).requested_amount, 600.0)

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

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
    # Releases
    # ------------------------------------------------------------------

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
        found = self.env["stock.picking"].with_user(self.clerk).search(
            [("credit_state", "=", "released")]
        )
        self.assertIn(picking.id, found.ids)
        found = self.env["stock.picking"].search([("credit_state", "in", ("held", "none"))])
        self.assertNotIn(picking, found)

    def test_foreign_currency_is_valued_at_the_rate_of_the_order(self):
        usd = self.env.ref("base.USD") if self.currency.name != "USD" else self.env.ref("base.EUR")
        usd.active = True
        self.env["res.currency.rate"].create(
            {
                "name": fields.Date.today(),
                "rate": 2.0,
                "currency_id": usd.id,
                "company_id": self.company.id,
            }
        )
        pricelist = self.env["product.pricelist"].create({"name": "FX", "currency_id": usd.id})
        _order, picking = self._confirmed(10, pricelist_id=pricelist.id)
        self._overdue()
        self._validate(picking)
        self.assertEqual(self._hold(picking).requested_amount, 500.0)

    def test_tax_counts(self):
        _order, picking = self._confirmed(10, taxed=True)
        self._overdue()
        self._validate(picking)
        self.assertEqual(self._hold(picking).requested_amount, 1150.0)
