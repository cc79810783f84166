"""What cannot be taken back never grows past the limit: judged by what is at risk now."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from ..hold.common import ShipmentCase

TODAY = "2026-03-16"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class RiskCase(ShipmentCase):
    """A customer with a limit of 1,000 who buys pumps at 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1_000.0)
        cls.pump.invoice_policy = "delivery"

    def _sold(self, amount=100.0, quantity=1.0, product=None, **values):
        order = self._order(amount, product=product or self.pump, quantity=quantity, **values)
        order.with_user(self.salesperson).action_confirm()
        return order

    def _as_salesperson(self, order):
        return order.with_user(self.salesperson)

    def _set(self, order, **values):
        self._as_salesperson(order).order_line[:1].write(values)

    def _ship(self, order):
        pickings = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        self._validate(pickings)
        return pickings

    def _return(self, picking):
        """A return of all of a transfer, to be refunded."""
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        for line in wizard.product_return_moves:
            line.quantity = line.move_id.quantity
        return self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])

    def _exposure(self):
        self.env.flush_all()
        return self._position().exposure


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestYoyo(RiskCase):
    """Lowered to make room for another, and raised again (H1)."""

    def _second(self):
        second = self._sold(quantity=9)
        self.assertEqual(second.state, "sale")
        return second

    def _assert_held(self, first, second):
        self._ship(second)
        self.assertEqual(second.picking_ids[:1].state, "done")
        picking = self._ship(first)
        self.assertNotIn("done", picking.mapped("state"))
        self.assertEqual(set(picking.mapped("credit_state")), {"held"})
        self.assertLessEqual(sum(second.order_line.mapped("qty_delivered")) * 100, 1_000)

    def test_by_quantity(self):
        first = self._sold(quantity=8)
        self._set(first, product_uom_qty=0)
        second = self._second()
        self._set(first, product_uom_qty=8)
        self._assert_held(first, second)

    def test_by_price(self):
        first = self._sold(quantity=8)
        self._set(first, price_unit=0)
        second = self._second()
        self._set(first, price_unit=100)
        self._assert_held(first, second)

    def test_by_discount(self):
        first = self._sold(quantity=8)
        self._set(first, discount=100)
        second = self._second()
        self._set(first, discount=0)
        self._assert_held(first, second)

    def test_by_services(self):
        first = self._sold(quantity=8, product=self.service)
        self._set(first, product_uom_qty=0)
        self._second()
        with self.assertRaisesRegex(UserError, "cannot take this"):
            self._set(first, product_uom_qty=8)

    def test_by_services_after_a_validation_that_was_refused(self):
        """Found by random lives: what a validation noted outlived it."""
        first = self._sold(quantity=8)
        self.env.cr.cache["credit_collection.shippable"] = {("stock.picking", 0): 800}
        self._set(first, product_uom_qty=0)
        second = self._sold(product=self.service)
        with self.assertRaisesRegex(UserError, "cannot take this"):
            self._set(second, product_uom_qty=11)

    def test_a_hold_by_hand_in_between_is_asked(self):
        first = self._sold(quantity=8, product=self.service)
        self._set(first, product_uom_qty=1)
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        with self.assertRaisesRegex(UserError, "Insolvent"):
            self._set(first, product_uom_qty=8)

    def test_a_limit_lowered_in_between_is_asked(self):
        first = self._sold(quantity=8, product=self.service)
        self._set(first, product_uom_qty=1)
        self._limit(500.0)
        with self.assertRaisesRegex(UserError, "cannot take this"):
            self._set(first, product_uom_qty=8)

    def test_by_a_duplicate_of_a_cancelled_delivery(self):
        first = self._sold(quantity=8)
        first.picking_ids.action_cancel()
        self.assertEqual(self._exposure(), 0.0)
        second = self._second()
        first.picking_ids.copy().action_confirm()
        self.assertEqual(first.picking_ids[-1:].sale_id, first)
        self._assert_held(first, second)

    def test_by_a_return_of_a_return(self):
        first = self._sold(quantity=8)
        back = self._return(self._ship(first))
        self._validate(back)
        self.assertEqual(self._exposure(), 0.0)
        second = self._second()
        again = self._return(back)
        self._ship(second)
        self._validate(again)
        self.assertEqual((again.state, again.credit_state), ("assigned", "held"))

    def test_what_was_vouched_for_falls(self):
        first = self._sold(quantity=8)
        self.assertEqual(first.credit_checked_amount, 800.0)
        self._set(first, product_uom_qty=5)
        self.assertEqual(first.credit_checked_amount, 500.0)
        self._set(first, product_uom_qty=8)
        self.assertEqual(first.credit_checked_amount, 500.0)
        self._ship(first)
        self.assertEqual(first.credit_checked_amount, 800.0, "asked again and found good")

    def test_raised_within_the_limit_ships(self):
        first = self._sold(quantity=8)
        self._set(first, product_uom_qty=0)
        self._sold(quantity=2)
        self._set(first, product_uom_qty=8)
        self.assertEqual(set(self._ship(first).mapped("state")), {"done"})

    def test_an_order_from_before_the_check_is_asked_when_raised(self):
        first = self._sold(quantity=8, product=self.service)
        first.sudo().write({"credit_checked_account_id": False, "credit_checked_amount": 0})
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            self._set(first, product_uom_qty=11)
        self._set(first, product_uom_qty=10)
        self.assertEqual(first.credit_checked_amount, 1_000.0)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestNothingNegativeMakesRoom(RiskCase):
    """S2, H3, H4, S10: what is negative and not posted gives no credit."""

    def test_negative_order(self):
        for line in ({"quantity": -40}, {"amount": -26_000.0}):
            minus = self._sold(product=self.service, **line)
            self.assertEqual(minus.state, "sale")
            self.assertEqual(self._exposure(), 0.0)
            big = self._sold(1_000.01, product=self.service)
            self.assertEqual(big.state, "draft")
            self.assertEqual(big.credit_state, "held")

    def test_negative_order_confirmed_together_with_the_big_one(self):
        orders = self._order(-5_000.0) | self._order(5_500.0)
        orders.with_user(self.salesperson).action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "draft"])

    def test_discount_counts_within_its_order(self):
        order = self._order(1_500.0)
        order.order_line = [
            Command.create({"product_id": self.service.id, "price_unit": -600.0, "tax_ids": False})
        ]
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._exposure(), 900.0)
        with self.assertRaisesRegex(UserError, "cannot take this"):
            self._as_salesperson(order).order_line[1:].product_uom_qty = 0

    def test_discount_that_outlives_its_goods(self):
        order = self._order(100.0, product=self.pump, quantity=20)
        order.order_line = [
            Command.create(
                {"product_id": self.service.id, "price_unit": -1_200.0, "tax_ids": False}
            )
        ]
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(self._exposure(), 800.0)
        order.picking_ids.action_cancel()
        self.assertEqual(self._exposure(), 0.0)
        self.assertEqual(self._sold(1_000.01, product=self.service).state, "draft")

    def test_draft_credit_note_makes_no_room(self):
        self._invoice(900.0)
        refund = self._invoice(100_000.0, post=False, move_type="out_refund")
        self.assertEqual(self._exposure(), 900.0)
        refund.unlink()
        self.assertEqual(self._exposure(), 900.0)

    def test_what_was_worked_out_of_an_entry_is_not_written(self):
        line = self._invoice(900.0).line_ids.filtered("date_maturity")
        for name in ("amount_residual", "amount_residual_currency", "reconciled"):
            with self.assertRaises(AccessError):
                line.with_user(self.accountant).write({name: 0})
        self.assertEqual(self._exposure(), 900.0)


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
class TestHorizon(RiskCase):
    """H5: what has left counts whatever the horizon; what was far is asked when its day comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.order_horizon_days = 30
        cls.far = fields.Datetime.now() + timedelta(days=90)

    def test_goods_of_a_far_order_that_left(self):
        order = self._sold(quantity=8, commitment_date=self.far)
        self.assertEqual(self._exposure(), 0.0)
        self._set_quantity(order, 3)
        self._ship(order)
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertEqual(self._exposure(), 300.0)

    def _set_quantity(self, order, quantity):
        order.picking_ids.move_ids.write({"quantity": quantity, "picked": True})

    def test_services_count_whatever_the_day(self):
        self._sold(quantity=8, product=self.service, commitment_date=self.far)
        self.assertEqual(self._exposure(), 800.0)

    def test_far_orders_are_asked_when_their_day_has_come(self):
        first = self._sold(quantity=8, commitment_date=self.far)
        second = self._sold(quantity=8, commitment_date=self.far)
        self.assertEqual((first | second).mapped("state"), ["sale", "sale"])
        (first | second).with_user(self.salesperson).commitment_date = fields.Datetime.now()
        self.assertEqual(self._exposure(), 1_600.0)
        self.assertEqual(self._ship(first).credit_state, "held")

    def test_a_far_order_shipped_at_once(self):
        first = self._sold(quantity=8, commitment_date=self.far)
        second = self._sold(quantity=8, commitment_date=self.far)
        self.assertEqual(self._ship(first).state, "done")
        self.assertEqual(self._ship(second).credit_state, "held")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestMovedRate(RiskCase):
    """H2: judged at the rate that confirming stores; a release outlives a moved rate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env["res.currency"].create({"name": "XTR", "symbol": "X"})
        for day, rate in (("2026-03-01", 0.5), (TODAY, 0.4995), ("2026-03-18", 0.499)):
            cls.env["res.currency.rate"].create(
                {
                    "currency_id": cls.foreign.id,
                    "name": day,
                    "rate": rate,
                    "company_id": cls.company.id,
                }
            )
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": cls.foreign.id}
        )

    def _quotation(self, amount):
        with freeze_time("2026-03-10"):
            order = self._order(amount, pricelist_id=self.pricelist.id)
            order.flush_recordset()
        self.assertEqual(order.currency_id, self.foreign)
        return order

    def test_held_and_told_though_it_passed_at_the_old_rate(self):
        order = self._quotation(500.0)
        self.assertEqual(order._credit_banner()["outcome"], "hold")
        self._as_salesperson(order).action_confirm()
        self.assertEqual((order.state, order.credit_state), ("draft", "held"))
        self.assertEqual(order.credit_hold_ids.requested_amount, 1_001.0)

    def test_passes_at_the_new_rate(self):
        order = self._quotation(499.5)
        self._as_salesperson(order).action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.credit_checked_amount, 1_000.0)

    def test_released_and_confirmed(self):
        order = self._quotation(1_000.0)
        self._as_salesperson(order).action_confirm()
        hold = order.credit_hold_ids
        with freeze_time("2026-03-18"):
            hold.with_user(self.officer).action_release(confirm=True)
            self.assertEqual(order.state, "sale")

    def test_release_covers_the_same_amount_in_its_currency_only(self):
        order = self._quotation(1_000.0)
        self._as_salesperson(order).action_confirm()
        order.credit_hold_ids.with_user(self.officer).action_release()
        with freeze_time("2026-03-18"):
            self._set(order, price_unit=1_000.01)
            self._as_salesperson(order).action_confirm()
            self.assertEqual(order.state, "draft")
            self._set(order, price_unit=1_000.0)
            self._as_salesperson(order).action_confirm()
            self.assertEqual(order.state, "sale")


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


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestQuotationForm(RiskCase):
    def test_the_form_still_counts_an_order_once(self):
        order = self._sold(quantity=8)
        with Form(order) as form:
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 9
        self.assertEqual(self._exposure(), 900.0)
        self.assertEqual(order._credit_raised_banner()["outcome"], "pass")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestInvoicedBeforeShipping(RiskCase):
    """Goods invoiced as ordered: what was added is asked about when they are invoiced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pump.invoice_policy = "order"

    def test_raised_and_invoiced_before_shipping(self):
        order = self._sold(quantity=8)
        self._set(order, product_uom_qty=20)
        with self.assertRaisesRegex(UserError, "cannot take this"), self.cr.savepoint():
            order._create_invoices()
        self._set(order, product_uom_qty=10)
        invoice = order._create_invoices()
        self.assertEqual(invoice.amount_total, 1_000.0)
        self.assertEqual(order.credit_checked_amount, 1_000.0)

    def test_raised_after_it_was_invoiced(self):
        order = self._sold(quantity=8)
        order._create_invoices().action_post()
        self._set(order, product_uom_qty=20)
        with self.assertRaisesRegex(UserError, "cannot take this"):
            order._create_invoices()

    def test_what_has_left_is_invoiced_whoever_is_held(self):
        self.pump.invoice_policy = "delivery"
        order = self._sold(quantity=8)
        self._ship(order)
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        self.assertEqual(order._create_invoices().amount_total, 800.0)

    def test_what_was_asked_is_invoiced_whoever_is_held_now(self):
        order = self._sold(quantity=8)
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        self.assertEqual(order._create_invoices().amount_total, 800.0)

    def test_what_is_to_be_paid_first_is_invoiced(self):
        first = self.env["account.payment.term"].create(
            {"name": "In advance", "credit_prepayment": True}
        )
        order = self._sold(quantity=80, payment_term_id=first.id)
        self.assertEqual(order.state, "sale")
        self.assertEqual(order._create_invoices().amount_total, 8_000.0)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestOverdueAsTheLettersSay(RiskCase):
    """H11: what is paid and not matched yet is not overdue."""

    def _on_account(self, amount, **values):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": amount,
                "date": TODAY,
                **values,
            }
        )
        payment.action_post()
        return payment

    def _asked(self):
        return sum(self._position().mapped("to_chase"))

    def test_paid_on_account_is_not_overdue(self):
        self._limit(0.0, unlimited=True)
        self._overdue(amount=500.0)
        self.assertEqual(self._sold().credit_state, "held")
        self._on_account(500.0)
        self.assertEqual(self._asked(), 0.0)
        order = self._sold()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._ship(order).state, "done")

    def test_paid_in_part(self):
        self._limit(0.0, unlimited=True)
        self._overdue(amount=500.0)
        self._on_account(440.0)
        self.assertEqual(self._asked(), 60.0)
        hold = self._sold().credit_hold_ids
        self.assertEqual(hold.overdue, 60.0)
        self.assertEqual(
            [each["amount"] for each in hold.remedies if each["kind"] == "pay"], ["10.00"]
        )

    def test_verdict_says_the_same(self):
        self._limit(0.0, unlimited=True)
        self._overdue(amount=500.0)
        self._on_account(500.0)
        self.assertEqual(self._account().outcome, "pass")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPaidGoods(RiskCase):
    """H13: goods that are paid are no credit, whatever else is overdue."""

    def _paid(self, quantity=8, **values):
        order = self._sold(quantity=quantity, **values)
        self.pump.invoice_policy = "order"
        invoice = order._create_invoices()
        invoice.action_post()
        self._pay(invoice)
        return order

    def test_paid_goods_leave_though_others_are_overdue(self):
        order, unpaid = self._paid(), self._sold()
        self._overdue()
        self.assertEqual(self._ship(order).state, "done")
        self.assertEqual(self._ship(unpaid).credit_state, "held")

    def test_a_hold_by_hand_counts_all_the_same(self):
        order = self._paid()
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        self.assertEqual(self._ship(order).credit_state, "held")

    def test_more_than_is_paid(self):
        order = self._paid()
        self._overdue()
        self._set(order, product_uom_qty=9)
        self.assertIn("held", self._ship(order).mapped("credit_state"))

    def test_half_an_invoice_pays_for_neither_order(self):
        self.pump.invoice_policy = "order"
        orders = self._sold(quantity=4) | self._sold(quantity=4)
        invoice = orders._create_invoices()
        invoice.action_post()
        self._pay(invoice, 400.0)
        self._overdue()
        self.assertEqual(set(self._ship(orders).mapped("credit_state")), {"held"})

    def test_replacement_of_paid_goods(self):
        order = self._paid()
        [picking] = self._ship(order)
        self._overdue()
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(wizard.action_create_exchanges()["res_id"])
        replacement = order.picking_ids - picking - back
        self.assertEqual(len(replacement), 1)
        self._validate(back)
        self._validate(replacement)
        self.assertEqual((back | replacement).mapped("state"), ["done", "done"])

    def test_paid_online_in_full(self):
        order = self._sold(quantity=8)
        self._overdue()
        provider = self.env["payment.provider"].create({"name": "Cards", "code": "none"})
        method = self.env["payment.method"].with_context(active_test=False).search([], limit=1)
        self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": order.name,
                "amount": 800.0,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
                "state": "done",
            }
        )
        self.assertEqual(self._ship(order).state, "done")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestInvoicingMovesMoney(RiskCase):
    """Invoicing moves what is owed from the order to the invoice; where it grows, it is asked."""

    def _credit(self, invoice):
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "date": TODAY})
        )
        note = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        note.action_post()

    def _down_payment(self, order, amount):
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(order.ids)],
                "advance_payment_method": "fixed",
                "fixed_amount": amount,
            }
        )
        return wizard._create_invoices(order)

    def test_credited_and_invoiced_again(self):
        first = self._sold(800.0, product=self.service)
        invoice = first._create_invoices()
        invoice.action_post()
        self._credit(invoice)
        self.assertEqual(self._exposure(), 0.0)
        self.assertEqual(self._sold(900.0, product=self.service).state, "sale")
        with self.assertRaisesRegex(UserError, "cannot be invoiced for more"), self.cr.savepoint():
            first._create_invoices()
        self._limit(1_700.0)
        first._create_invoices()
        self.assertEqual(self._exposure(), 1_700.0)

    def test_down_payment_beyond_its_order(self):
        order = self._sold(100.0, product=self.service)
        with self.assertRaisesRegex(UserError, "cannot be invoiced for more"), self.cr.savepoint():
            self._down_payment(order, 1_500.0)
        self.assertEqual(self._down_payment(order, 50.0).amount_total, 50.0)
        self.assertEqual(self._exposure(), 100.0)

    def test_down_payment_of_who_is_held_by_now(self):
        order = self._sold(800.0, product=self.service)
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        self.assertEqual(self._down_payment(order, 400.0).amount_total, 400.0)
