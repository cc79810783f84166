"""H6, H10: money in hand is no credit; what is taken on account at a till is asked about there."""

from uuid import uuid4

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import TODAY, NeighbourCase


class TillCase(NeighbourCase):
    app = "pos_sale"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Method = cls.env["pos.payment.method"]
        journal = cls.env["account.journal"].create(
            {"name": "Till", "code": "TILL", "type": "cash", "company_id": cls.company.id}
        )
        cls.cash = Method.create({"name": "Cash", "journal_id": journal.id})
        cls.later_payment = Method.create(
            {"name": "On account", "journal_id": False, "split_transactions": True}
        )
        cls.shop = cls.env["pos.config"].create(
            {
                "name": "Shop",
                "payment_method_ids": [Command.set((cls.cash | cls.later_payment).ids)],
                "down_payment_product_id": cls._product("Down payment", type="service").id,
            }
        )
        cls.cashier = new_test_user(
            cls.env,
            "cashier",
            groups="base.group_user,stock.group_stock_user,point_of_sale.group_pos_user",
        )
        cls.pump.available_in_pos = True
        cls._open_the_till()

    @classmethod
    def _open_the_till(cls):
        cls.shop.open_ui()
        cls.session = cls.shop.current_session_id
        cls.session.set_opening_control(0, "")

    def _sell(self, method, quantity=1, partner=None, line=None, **values):
        """Sell pumps at 100 as the page of the till does it."""
        amount = quantity * 100.0
        values = {
            "amount_paid": amount,
            "amount_return": 0,
            "amount_tax": 0,
            "amount_total": amount,
            "date_order": fields.Datetime.to_string(fields.Datetime.now()),
            "fiscal_position_id": False,
            "to_invoice": False,
            "partner_id": (partner or self.customer).id,
            "session_id": self.session.id,
            "state": "paid",
            "uuid": str(uuid4()),
            "user_id": self.cashier.id,
            "lines": [
                Command.create(
                    {
                        "product_id": self.pump.id,
                        "qty": quantity,
                        "price_unit": 100.0,
                        "price_subtotal": amount,
                        "price_subtotal_incl": amount,
                        "discount": 0,
                        "tax_ids": False,
                        "pack_lot_ids": [],
                        **(line or {}),
                    }
                )
            ],
            "payment_ids": [
                Command.create(
                    {
                        "amount": amount,
                        "name": fields.Datetime.now(),
                        "payment_method_id": method.id,
                    }
                )
            ],
            **values,
        }
        answer = self.env["pos.order"].with_user(self.cashier).sync_from_ui([values])
        return self.env["pos.order"].browse(answer["pos.order"][0]["id"])


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPayingLater(TillCase):
    def test_within_the_limit_counts_at_once(self):
        sold = self._sell(self.later_payment, 8)
        self.assertEqual(sold.state, "paid")
        self.assertEqual(sold.picking_ids.state, "done")
        self.assertEqual(self._position().exposure, 800.0)
        with self.assertRaisesRegex(UserError, "Deco Ltd cannot pay later"), self.cr.savepoint():
            self._sell(self.later_payment, 3)
        self._sell(self.later_payment, 2)
        self.assertEqual(self._position().exposure, 1_000.0)

    def test_the_sentence_tells_the_cashier_no_figures(self):
        with self.assertRaises(UserError) as refused:
            self._sell(self.later_payment, 11)
        said = str(refused.exception)
        self.assertIn("Take the money now, or ask ", said)
        self.assertIn("The credit limit is used up.", said)
        self.assertNotIn("1,000", said)

    def test_orders_know_of_it(self):
        self._sell(self.later_payment, 8)
        order = self._order(300.0)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_state, "held")

    def test_counted_once_when_the_session_is_closed(self):
        self._sell(self.later_payment, 8)
        self.session.action_pos_session_closing_control()
        self.assertEqual(self.session.state, "closed")
        self.assertEqual(self._position().exposure, 800.0)
        self.assertEqual(self._position().receivable, 800.0)

    def test_counted_once_when_it_is_invoiced(self):
        self._sell(self.later_payment, 8, to_invoice=True)
        self.assertEqual(self._position().exposure, 800.0)
        with self.assertRaisesRegex(UserError, "cannot pay later"):
            self._sell(self.later_payment, 3, to_invoice=True)

    def test_in_the_office(self):
        """The same payment by the form of the order."""
        order = self._sell(self.later_payment, 8, state="draft", payment_ids=[], amount_paid=0)
        self._limit(500.0)
        pay = self.env["pos.make.payment"].with_context(active_id=order.id, active_ids=order.ids)
        wizard = pay.create({"payment_method_id": self.later_payment.id})
        with self.assertRaisesRegex(UserError, "cannot pay later"), self.cr.savepoint():
            wizard.check()
        pay.create({"payment_method_id": self.cash.id}).check()
        self.assertEqual(order.state, "paid")

    def test_written_over_rpc(self):
        """An order is not called paid or posted past the question."""
        order = self._sell(self.later_payment, 11, state="draft", payment_ids=[], amount_paid=0)
        for state in ("done", "paid"):
            written = order.with_user(self.cashier)
            if state == "paid":
                payment = {"amount": 1_100.0, "payment_method_id": self.later_payment.id}
                self.env["pos.payment"].create({**payment, "pos_order_id": order.id})
            with self.assertRaises(UserError), self.cr.savepoint():
                written.write({"state": state})
        self.assertEqual(order.state, "draft")

    def test_a_hold_by_hand_and_overdue_invoices(self):
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        with self.assertRaisesRegex(UserError, "cannot pay later"), self.cr.savepoint():
            self._sell(self.later_payment)
        self.assertEqual(self._sell(self.cash).state, "paid")
        self._overdue(self.other)
        with self.assertRaisesRegex(UserError, "overdue"), self.cr.savepoint():
            self._sell(self.later_payment, partner=self.other)

    def test_a_refund_on_account_is_never_refused(self):
        sold = self._sell(self.later_payment, 8)
        self._limit(0.0)
        back = self._sell(self.later_payment, -3)
        self.assertEqual((sold | back).mapped("state"), ["paid", "paid"])
        self.assertEqual(self._position().exposure, 800.0, "makes no room before it is booked")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestMoneyInHand(TillCase):
    def test_cash_of_an_overdue_customer(self):
        self._overdue()
        self._limit(0.0)
        sold = self._sell(self.cash, 8)
        self.assertEqual((sold.state, sold.picking_ids.state), ("paid", "done"))
        self.assertEqual(self._position().exposure, 500.0)
        self.assertFalse(sold.failed_pickings)

    def _received(self):
        inputs = self.env["credit.kpi"]._inputs(self.company, TODAY, TODAY)
        return getattr(inputs.get(None), "received", 0)

    def test_cash_for_an_invoice_is_received_once(self):
        """F: what was paid for an invoice at the till, and not its way to the bank."""
        self._sell(self.cash, 8, to_invoice=True)
        self.assertEqual(self._received(), 800.0)
        self.session.action_pos_session_closing_control()
        self.assertEqual(self.session.state, "closed")
        self.assertEqual(self._received(), 800.0)

    def test_cash_without_an_invoice_was_never_owed(self):
        self._sell(self.cash, 8)
        self.session.action_pos_session_closing_control()
        self.assertEqual(self._received(), 0.0)

    def test_a_transfer_of_the_till_without_a_sale_is_asked(self):
        self._overdue()
        self.cashier.group_ids += self.env.ref("stock.group_stock_user")
        picking = self._transfer(self.customer, picking_type=self.shop.picking_type_id)
        picking.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "cannot be delivered"), self.cr.savepoint():
            picking.with_user(self.cashier)._action_done()
        picking.with_user(self.cashier).button_validate()
        self.assertEqual(picking.credit_state, "held")
        nameless = self._transfer(
            self.env["res.partner"], picking_type=self.shop.picking_type_id
        ).with_user(self.cashier)
        nameless.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "names none"), self.cr.savepoint():
            nameless.button_validate()
        nameless.pos_session_id = self.session
        with self.assertRaisesRegex(UserError, "names none"):
            nameless.button_validate()

    def test_goods_handed_over_when_the_session_is_closed(self):
        self.company.point_of_sale_update_stock_quantities = "closing"
        self.shop.current_session_id.update_stock_at_closing = True
        self._overdue()
        sold = self._sell(self.cash, 8)
        self.assertFalse(sold.picking_ids)
        self.session.action_pos_session_closing_control()
        picking = self.session.picking_ids
        self.assertEqual(picking.mapped("state"), ["done"])
        self.assertEqual(sum(picking.move_ids.mapped("quantity")), 8)

    def test_goods_that_could_not_be_handed_over_at_once(self):
        """What failed when it was sold is validated later, and no more than that."""
        self._overdue()
        self.pump.write({"tracking": "serial"})
        sold = self._sell(self.cash, 1)
        picking = sold.picking_ids
        self.assertNotEqual(picking.state, "done")
        self.pump.write({"tracking": "none"})
        more = self._transfer(self.customer)
        more.pos_order_id = sold
        picking.move_ids.write({"quantity": 1, "picked": True})
        self._validate(picking)
        self.assertEqual(picking.state, "done")
        self._validate(more)
        self.assertEqual(more.credit_state, "held")

    def test_paid_now_and_shipped_later(self):
        self._overdue()
        sold = self._sell(self.cash, 8, shipping_date=TODAY)
        picking = sold.picking_ids
        self.assertNotEqual(picking.state, "done")
        self._validate(picking)
        self.assertEqual(picking.state, "done")

    def test_more_than_was_paid_is_asked(self):
        self._overdue()
        sold = self._sell(self.cash, 8, shipping_date=TODAY)
        picking = sold.picking_ids
        picking.move_ids.product_uom_qty = 9
        self._validate(picking)
        self.assertEqual(picking.credit_state, "held")
        other = self._transfer(self.customer)
        other.pos_order_id = self._sell(self.cash, 1)
        self._validate(other)
        self.assertEqual(other.credit_state, "held", "that one was handed over already")

    def test_a_quotation_settled_in_cash_is_delivered_once(self):
        self._overdue()
        self._limit(0.0)
        order = self._order(100.0, product=self.pump, quantity=8)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_state, "held")
        self.cashier.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        line = {"sale_order_origin_id": order.id, "sale_order_line_id": order.order_line.id}
        self._sell(self.cash, 8, line=line)
        self.assertEqual((order.state, order.credit_state), ("sale", "none"))
        self.assertEqual(order.order_line.qty_delivered, 8)
        self.assertFalse(order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel")))
        self.assertEqual(self._position().exposure, 500.0)

    def test_a_down_payment_at_the_till_lowers_the_order(self):
        order = self._order(100.0, product=self.pump, quantity=10)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(self._position().exposure, 1_000.0)
        line = {
            "product_id": self.shop.down_payment_product_id.id,
            "qty": 1,
            "price_unit": 400.0,
            "sale_order_origin_id": order.id,
        }
        self._sell(self.cash, 4, line=line)
        self.assertTrue(order.order_line.filtered("is_downpayment"))
        self.assertEqual(self._position().exposure, 600.0)
        more = self._order(400.0)
        more.with_user(self.salesperson).action_confirm()
        self.assertEqual(more.state, "sale")
