"""Invoices, payments and down payments: what is paid passes, what grows is asked."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import TODAY, RiskCase


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
