"""Deliveries: who is stopped, who is not, and what the goods are worth."""

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command

from .common import ShipmentCase


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
        self.assertIn("overdue for too long", action["params"]["message"])
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
            100.0,
            product=self.pump,
            quantity=10,
            partner=self.other,
            partner_invoice_id=self.customer.id,
            partner_shipping_id=self.other.id,
        )
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

    def test_observing_records_a_delivery_once(self):
        self.policy.observe_only = True
        _order, picking = self._confirmed()
        self._overdue()
        picking.move_ids.write({"quantity": 4, "picked": True})
        picking.with_user(self.clerk).button_validate()
        self._validate(picking)
        self.assertEqual(picking.state, "done")
        self.assertEqual(len(picking.credit_hold_ids), 1)

    def test_hold_set_by_hand_stops_deliveries_though_the_policy_observes(self):
        self.policy.observe_only = True
        _order, picking = self._confirmed()
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        self._validate(picking)
        self.assertEqual(self._hold(picking).finding_kinds, "manual")

    def test_goods_for_nobody_stay_where_a_policy_holds(self):
        picking = self._transfer(self.env["res.partner"])
        with self.assertRaisesRegex(UserError, "names none"):
            self._validate(picking)
        picking.partner_id = self.customer
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_goods_for_nobody_pass_where_a_policy_only_watches(self):
        self.policy.observe_only = True
        picking = self._transfer(self.env["res.partner"])
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_parts_of_a_kit_share_its_price(self):
        order = self._order(1000.0, product=self.pump, quantity=2)
        order.action_confirm()
        parts = [self._product(name, type="consu") for name in ("Motor", "Hose")]
        picking = self.env["stock.picking"].create(
            {
                "partner_id": self.customer.id,
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
            }
        )
        order.picking_ids.action_cancel()
        order.picking_ids.move_ids.sale_line_id = False
        self.env["stock.move"].create(
            [
                {
                    "product_id": part.id,
                    "product_uom_qty": quantity,
                    "product_uom": part.uom_id.id,
                    "picking_id": picking.id,
                    "location_id": self.stock.id,
                    "location_dest_id": self.customers.id,
                    "sale_line_id": order.order_line.id,
                }
                for part, quantity in zip(parts, (2, 6), strict=True)
            ]
        )
        picking.action_confirm()
        picking.action_assign()
        self._overdue()
        self._validate(picking)
        self.assertEqual(self._hold(picking).requested_amount, 2000.0)

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


class TestDeliveredBesideTheOrder(ShipmentCase):
    def test_a_product_added_to_a_delivery_gets_its_line(self):
        """Found by Odoo's own suite: its line was taken for one that somebody typed."""
        order, picking = self._confirmed(2)
        extra = self._product("Seal", type="consu", is_storable=True, invoice_policy="delivery")
        self.env["stock.quant"]._update_available_quantity(extra, self.stock, 10)
        self.env["stock.move"].create(
            {
                "product_id": extra.id,
                "product_uom_qty": 1,
                "product_uom": extra.uom_id.id,
                "quantity": 1,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
                "picking_id": picking.id,
            }
        )
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        line = order.order_line.filtered(lambda line: line.product_id == extra)
        self.assertEqual(line.qty_delivered, 1)
