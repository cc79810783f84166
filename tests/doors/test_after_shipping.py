"""What changes after goods have left, and who ships what to whom."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import TODAY, RiskCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAfterShipping(RiskCase):
    """S5, S6, S8, S11: what has left is asked about when it grows, and never vanishes."""

    def test_price_discount_and_negative_line_after_shipping(self):
        order = self._sold(quantity=8)
        self._ship(order)
        for values in ({"price_unit": 130.0}, {"tax_ids": [Command.set(self.tax_50.ids)]}):
            with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
                self._set(order, **values)
        self._set(order, price_unit=125.0)
        self.assertEqual(self._exposure(), 1_000.0)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax_50 = cls.tax.copy({"name": "VAT 50 %", "amount": 50.0})

    def test_discount_taken_away_after_shipping(self):
        order = self._order(100.0, product=self.pump, quantity=12)
        order.order_line = [
            Command.create({"product_id": self.service.id, "price_unit": -400.0, "tax_ids": False})
        ]
        order.with_user(self.salesperson).action_confirm()
        self._ship(order)
        discount = self._as_salesperson(order).order_line[1:]
        for values in ({"price_unit": -100.0}, {"product_uom_qty": 0}):
            with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
                discount.write(values)

    def test_payer_changes_after_shipping(self):
        order = self._sold(quantity=8)
        self._ship(order)
        other = self._customer("Other Ltd")
        self._limit(700.0, other)
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            self._as_salesperson(order).partner_invoice_id = other
        self._limit(800.0, other)
        self._as_salesperson(order).partner_invoice_id = other
        self.assertEqual(self._position(other).exposure, 800.0)

    def test_price_of_zero_only_for_the_validation(self):
        order = self._sold(quantity=8)
        self._limit(0.0)
        self._set(order, price_unit=0.0)
        self._ship(order)
        with self.assertRaisesRegex(UserError, "cannot take this"):
            self._set(order, price_unit=100.0)

    def test_delivered_services_are_asked_about(self):
        work = self._product("Work", type="service", invoice_policy="delivery")
        order = self._sold(quantity=8, product=work)
        self._set(order, qty_delivered=10)
        self.assertEqual(self._exposure(), 1_000.0)
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            self._set(order, qty_delivered=11)
        line = {"order_id": order.id, "product_id": work.id, "price_unit": 100.0, "tax_ids": False}
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            self.env["sale.order.line"].with_user(self.salesperson).create(
                {**line, "product_uom_qty": 0, "qty_delivered": 1}
            )

    def test_a_sale_becomes_a_quotation_only_by_cancelling(self):
        order = self._sold(quantity=8)
        for state in ("draft", "sent"):
            for user in (self.salesperson, self.env.user):
                with self.assertRaisesRegex(UserError, "cancel it"), self.cr.savepoint():
                    order.with_user(user).write({"state": state})

    def test_a_state_written_as_cancelled_vouches_for_nothing(self):
        order = self._sold(quantity=8)
        self._as_salesperson(order).write({"state": "cancel"})
        self.assertEqual((self._exposure(), order.credit_checked_amount), (0.0, 0.0))
        self._sold(900.0, product=self.service)
        picking = order.picking_ids
        self._validate(picking)
        self.assertEqual((picking.state, picking.credit_state), ("assigned", "held"))
        held = self._order(5_000.0)
        held.with_user(self.salesperson).action_confirm()
        self._as_salesperson(held).write({"state": "cancel"})
        self.assertEqual(held.credit_hold_ids.state, "cancelled")

    def test_cancelled_after_shipping_still_counts(self):
        order = self._sold(quantity=8)
        self._ship(order)
        self._as_salesperson(order)._action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self._exposure(), 800.0)
        self.assertEqual(self._sold(300.0, product=self.service).credit_state, "held")
        self._as_salesperson(order).action_draft()
        self.assertEqual(self._exposure(), 800.0)
        self._as_salesperson(order).action_confirm()
        self.assertEqual(order.state, "sale", "what it left behind is not counted twice")
        self.assertEqual(self._exposure(), 800.0)

    def test_what_was_ordered_is_no_down_payment(self):
        order = self._sold(quantity=8)
        false = {
            "order_id": order.id,
            "product_id": self.service.id,
            "is_downpayment": True,
            "tax_ids": False,
        }
        lines = self.env["sale.order.line"].with_user(self.salesperson)
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            lines.create({**false, "product_uom_qty": 1, "price_unit": 5_000.0})
        line = lines.create({**false, "product_uom_qty": 0, "price_unit": 5_000.0})
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            line.product_uom_qty = 1
        self.assertEqual(self._exposure(), 800.0)

    def test_fewer_than_none_at_a_price_below_nothing(self):
        order = self._sold(amount=800.0, product=self.service)
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            self.env["sale.order.line"].with_user(self.salesperson).create(
                {
                    "order_id": order.id,
                    "product_id": self.service.id,
                    "product_uom_qty": -1,
                    "price_unit": -5_000.0,
                    "tax_ids": False,
                }
            )
        self.assertEqual(self._exposure(), 800.0)

    def test_a_false_down_payment_taken_away(self):
        order = self._order(5_000.0, product=self.service)
        self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.service.id,
                "is_downpayment": True,
                "product_uom_qty": 1,
                "price_unit": -4_500.0,
                "tax_ids": False,
            }
        )
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual((order.state, self._exposure()), ("sale", 500.0))
        false = self._as_salesperson(order).order_line[1]
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            false.price_unit = 0.0
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            false.unlink()
        self.assertEqual(self._exposure(), 500.0)

    def test_what_left_with_a_cancelled_order_is_asked_about(self):
        order = self._sold(quantity=8)
        self._ship(order)
        self._as_salesperson(order)._action_cancel()
        self._set(order, price_unit=50.0)
        self.assertEqual(self._exposure(), 400.0)
        self.assertEqual(self._sold(600.0, product=self.service).state, "sale")
        for values in ({"price_unit": 51.0}, {"price_unit": 100.0}, {"discount": -10.0}):
            with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
                self._set(order, **values)
        self.assertEqual(self._exposure(), 1_000.0)

    def test_payer_of_what_left_with_a_cancelled_order(self):
        other = self.env["res.partner"].create({"name": "Pays nothing", "is_company": True})
        self._limit(0.0, partner=other)
        order = self._sold(quantity=8)
        self._ship(order)
        for values in ({"state": "cancel"}, {}):
            with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
                self._as_salesperson(order).write({**values, "partner_invoice_id": other.id})
            order.with_user(self.salesperson)._action_cancel()
        self.assertEqual(self._exposure(), 800.0)

    def test_lines_that_left_with_a_cancelled_order_are_not_deleted(self):
        order = self._sold(quantity=8)
        self._ship(order)
        self._as_salesperson(order)._action_cancel()
        with self.assertRaisesRegex(UserError, "still owed"), self.cr.savepoint():
            self._as_salesperson(order).order_line.unlink()
        self.assertEqual(self._exposure(), 800.0)

    def test_combo_added_to_a_confirmed_order(self):
        combo = self.env["product.combo"].create(
            {"name": "Choice", "combo_item_ids": [Command.create({"product_id": self.pump.id})]}
        )
        menu = self._product("Menu", type="combo", combo_ids=[Command.set(combo.ids)])
        order = self._sold(quantity=8)
        with self.assertRaisesRegex(UserError, "cannot take this"):
            self.env["sale.order.line"].with_user(self.salesperson).create(
                {"order_id": order.id, "product_id": menu.id, "price_unit": 300.0, "tax_ids": False}
            )

    def test_lines_changed_together_are_asked_about_together(self):
        order = self._order(500.0)
        order.order_line = [
            Command.create({"product_id": self.service.id, "price_unit": 500.0, "tax_ids": False})
        ]
        order.with_user(self.salesperson).action_confirm()
        first, second = order.order_line
        self._as_salesperson(order).write(
            {
                "order_line": [
                    Command.update(first.id, {"price_unit": 900.0}),
                    Command.update(second.id, {"price_unit": 100.0}),
                ]
            }
        )
        self.assertEqual(self._exposure(), 1_000.0)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestTheClerk(RiskCase):
    """S4: whoever ships cannot choose who is judged."""

    def _held_delivery(self, quantity=8):
        order = self._sold(quantity=quantity)
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        picking = order.picking_ids
        self._validate(picking)
        self.assertEqual(picking.credit_state, "held")
        return order, picking.with_user(self.clerk)

    def _assert_stays(self, picking):
        try:
            with self.cr.savepoint():
                picking.with_context(skip_backorder=True).button_validate()
        except UserError:
            pass
        try:
            with self.cr.savepoint():
                picking._action_done()
        except UserError:
            pass
        picking.invalidate_recordset()
        self.assertNotEqual(picking.state, "done")
        self.assertEqual(
            picking.sudo().credit_hold_ids.filtered("responsible_id").mapped("state").count("held"),
            1,
        )

    def test_order_and_partner_emptied(self):
        _order, picking = self._held_delivery()
        picking.sudo().write({"sale_id": False})
        picking.write({"partner_id": False})
        self._assert_stays(picking)

    def test_order_and_partner_exchanged(self):
        _order, picking = self._held_delivery()
        good = self._customer("Good Ltd")
        picking.sudo().write({"sale_id": False})
        picking.write({"partner_id": good.id})
        self._assert_stays(picking)

    def test_another_unit_on_a_delivery_that_is_done(self):
        order = self._sold(quantity=8)
        picking = self._ship(order)
        dozen = self.env.ref("uom.product_uom_dozen")
        line = picking.move_line_ids
        for user in (self.clerk, self.env.user):
            with self.assertRaisesRegex(UserError, "cannot be delivered"), self.cr.savepoint():
                line.with_user(user).write({"product_uom_id": dozen.id})
        self.assertEqual(self._exposure(), 800.0)
        other = self._ship(self._sold(quantity=2))
        with self.assertRaises(UserError), self.cr.savepoint():
            line.with_user(self.clerk).write({"quantity": 1, "product_uom_id": dozen.id})
        self.assertEqual(self._exposure(), 1_000.0)
        self.assertEqual(other.state, "done")

    def test_what_was_delivered_is_not_counted_for_another_order(self):
        self._limit(100_000.0, self.other)
        order, theirs = self._sold(quantity=8), self._sold(quantity=50, partner=self.other)
        self._ship(order)
        moves = self._ship(theirs).move_ids
        line = order.order_line
        for way in (
            lambda: moves.with_user(self.clerk).write({"sale_line_id": line.id}),
            lambda: moves.write({"sale_line_id": line.id}),
            lambda: self._as_salesperson(order).order_line.write(
                {"move_ids": [Command.link(moves.id)]}
            ),
        ):
            with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
                way()
            self.env.invalidate_all()
            self.assertEqual(self._exposure(), 800.0)
        with self.assertRaises(UserError) as refused, self.cr.savepoint():
            moves.with_user(self.clerk).write({"sale_line_id": line.id})
        self.assertNotIn("1,000", str(refused.exception), "clerks are told no figures")

    def test_goods_that_came_back_stay_back(self):
        order = self._sold(quantity=8)
        back = self._return(self._ship(order))
        back.move_ids.write({"quantity": 8, "picked": True})
        self._validate(back)
        self.assertEqual(self._exposure(), 0.0)
        self._sold(900.0, product=self.service)
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            back.move_ids.with_user(self.clerk).to_refund = False
        self.assertEqual(self._exposure(), 900.0)

    def test_a_customers_place_does_not_become_ours(self):
        boss = self._user("boss", "stock.group_stock_manager")
        order = self._sold(quantity=8)
        place = order.picking_ids.location_dest_id
        for usage in ("internal", "inventory", "production"):
            with self.assertRaisesRegex(UserError, "customer's place"), self.cr.savepoint():
                place.with_user(boss).usage = usage
        new = place.copy({"name": "Not used yet"})
        new.with_user(boss).usage = "internal"
        with self.assertRaisesRegex(UserError, "customer's place"), self.cr.savepoint():
            order.picking_ids.move_ids.location_dest_id = new
            new.with_user(boss).usage = "customer"

    def test_other_destinations(self):
        for place in ("stock.stock_location_suppliers", "stock.stock_location_stock"):
            _order, picking = self._held_delivery(4)
            destination = self.env.ref(place)
            picking.write({"location_dest_id": destination.id})
            picking.move_ids.write({"location_dest_id": destination.id})
            self._assert_stays(picking)
            self._account().with_user(self.officer).action_lift_manual_hold()

    def test_to_a_vendor_before_it_was_held(self):
        order = self._sold(quantity=8)
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        picking, vendors = order.picking_ids, self.env.ref("stock.stock_location_suppliers")
        picking.write({"location_dest_id": vendors.id})
        picking.move_ids.write({"location_dest_id": vendors.id})
        self._validate(picking)
        self.assertEqual(picking.credit_state, "held")

    def test_from_scratch_for_nobody(self):
        for source in ("stock.stock_location_stock", "stock.stock_location_suppliers"):
            picking = self._transfer(self.env["res.partner"])
            place = self.env.ref(source)
            picking.write({"location_id": place.id})
            picking.move_ids.write({"location_id": place.id})
            with self.assertRaisesRegex(UserError, "names none"), self.cr.savepoint():
                picking.with_user(self.clerk).button_validate()
            with self.assertRaisesRegex(UserError, "names none"), self.cr.savepoint():
                picking.move_ids._action_done()

    def test_scrapped_at_the_customers(self):
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.pump.id,
                "scrap_qty": 1,
                "location_id": self.env.ref("stock.stock_location_stock").id,
                "scrap_location_id": self.env.ref("stock.stock_location_customers").id,
            }
        )
        with self.assertRaisesRegex(UserError, "names none"):
            scrap.with_user(self.clerk).do_scrap()

    def test_a_hold_is_cleared_when_its_transfer_is_done_by_another_way(self):
        _order, picking = self._held_delivery()
        self._account().sudo().write({"manual_hold": False, "manual_hold_reason": False})
        picking.move_ids.write({"picked": True})
        picking._action_done()
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.sudo().credit_hold_ids.mapped("state"), ["cleared"])

    def test_goods_without_an_order_are_not_free(self):
        self._sold(quantity=8, product=self.service)
        picking = self._transfer(self.customer, quantity=3)
        self._validate(picking)
        self.assertEqual(picking.credit_state, "held")
        self.assertEqual(picking.credit_hold_ids.finding_kinds, "limit")

    def test_goods_added_to_a_done_delivery_without_an_order_line(self):
        order = self._sold(quantity=8)
        self._ship(order)
        picking = order.picking_ids
        added = {
            "picking_id": picking.id,
            "product_id": self.pump.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "picked": True,
        }
        Move = self.env["stock.move"].with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "cannot be delivered"), self.cr.savepoint():
            Move.create({**added, "product_uom_qty": 3, "quantity": 3})
        Move.create({**added, "product_uom_qty": 2, "quantity": 2})
        with self.assertRaisesRegex(UserError, "cannot be delivered"), self.cr.savepoint():
            Move.create({**added, "product_uom_qty": 1, "quantity": 1})
