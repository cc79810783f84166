"""A confirmed order of services grows past its credit: no delivery would ever ask."""

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestOrderRaise(CreditCase):
    """A limit of 1,000 and a confirmed order of services of 600."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1000.0)
        cls.order = cls._order(600.0)
        cls.order.action_confirm()
        cls.line = cls.order.order_line

    def setUp(self):
        super().setUp()
        self.mine = self.order.with_user(self.salesperson)

    def _refused(self, attack):
        with self.assertRaisesRegex(UserError, "is confirmed and cannot take this"):
            with self.cr.savepoint():
                attack()
        self.order.invalidate_recordset()
        self.assertEqual(self.order.amount_total, 600.0)

    def test_raised_to_the_cent(self):
        line = self.line.with_user(self.salesperson)
        self._refused(lambda: line.write({"price_unit": 1000.01}))
        line.write({"price_unit": 1000.0})
        self.assertEqual(self.order.credit_checked_amount, 1000.0)
        self.assertEqual(self._position().ordered, 1000.0)

    def test_every_way_to_raise(self):
        added = {"product_id": self.service.id, "price_unit": 500.0, "tax_ids": [Command.clear()]}
        for attack in (
            lambda: self.mine.order_line.write({"product_uom_qty": 12}),
            lambda: self.mine.write({"order_line": [Command.create(added)]}),
            lambda: self.mine.order_line.create({"order_id": self.order.id, **added}),
            lambda: self.mine.order_line.with_context(default_order_id=self.order.id).create(added),
            lambda: self._order_by_default(added),
            lambda: self.mine.write(
                {"order_line": [Command.update(self.line.id, {"price_unit": 5000.0})]}
            ),
            lambda: self.mine.sudo().order_line.write({"tax_ids": [Command.set(self._tax(90))]}),
        ):
            with self.subTest(attack.__code__.co_firstlineno):
                self._refused(attack)

    def _order_by_default(self, added):
        own = self.salesperson
        self.env["ir.default"].with_user(own).set(
            "sale.order.line", "order_id", self.order.id, user_id=own.id
        )
        self.mine.order_line.create(added)

    def _tax(self, percent):
        return (
            self.env["account.tax"]
            .create({"name": f"{percent} %", "amount": percent, "type_tax_use": "sale"})
            .ids
        )

    def test_discount_taken_out(self):
        order = self._order(1200.0)
        discount = order.order_line.copy({"order_id": order.id, "price_unit": -900.0})
        order.action_confirm()
        self.assertEqual((order.state, order.amount_total), ("sale", 300.0))
        with self.assertRaises(UserError):
            discount.with_user(self.salesperson).write({"product_uom_qty": 0.0})
        order.action_unlock()
        with self.assertRaises(UserError), self.cr.savepoint():
            discount.unlink()

    def test_credit_taken_after_payment_up_front(self):
        term = self.env["account.payment.term"].create(
            {"name": "Before delivery", "credit_prepayment": True}
        )
        order = self._order(5000.0, payment_term_id=term.id)
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.state, "sale")
        with self.assertRaises(UserError), self.cr.savepoint():
            order.with_user(self.salesperson).payment_term_id = False
        self.assertEqual(order.payment_term_id, term)

    def test_another_customer_pays_since(self):
        other = self._customer("Other Ltd")
        self._limit(599.99, partner=other)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.mine.partner_invoice_id = other
        self._limit(600.0, partner=other)
        self.mine.partner_invoice_id = other
        self.assertEqual(self.order.credit_checked_account_id, self._account(other))

    def test_another_currency_since(self):
        """100 of ours are 1 of theirs: 600 become 60,000."""
        currency = self.env["res.currency"].create(
            {"name": "XCC", "symbol": "X", "rate_ids": [Command.create({"rate": 0.01})]}
        )
        self._refused(lambda: self.mine.write({"currency_id": currency.id}))
        self.assertEqual(self.order.currency_id, self.currency)

    def test_another_company_sells_since(self):
        sister = self.env["res.company"].create({"name": "Sister"})
        sister.credit_default_policy_id.write({"default_unlimited": False, "default_limit": 599.99})
        self.salesperson.company_ids |= sister
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", sister.id)], limit=1)
        moved = {"company_id": sister.id, "warehouse_id": warehouse.id, "team_id": False}
        mine = self.mine.with_context(allowed_company_ids=(self.company | sister).ids)
        self._refused(lambda: mine.write(moved))
        self.assertEqual(self.order.company_id, self.company)
        sister.credit_default_policy_id.default_limit = 600.0
        mine.write(moved)
        self.assertEqual(self.order.credit_checked_account_id.company_id, sister)

    def test_released_order_grows_up_to_its_release(self):
        order = self._order(500.0)
        order.action_confirm()
        hold = order.credit_hold_ids.with_user(self.officer)
        hold.action_release(max_amount=700.0, confirm=True)
        order.with_user(self.salesperson).order_line.price_unit = 700.0
        with self.assertRaises(UserError), self.cr.savepoint():
            order.with_user(self.salesperson).order_line.price_unit = 700.01

    def test_what_is_invoiced_counts_once(self):
        self.order._create_invoices().action_post()
        line = self.mine.order_line
        self._refused(lambda: line.write({"product_uom_qty": 1.7, "price_unit": 600.0}))
        line.write({"product_uom_qty": 1.5, "price_unit": 600.0})
        self.assertEqual(self._position().exposure, 900.0)

    def test_goods_wait_for_their_delivery(self):
        order = self._order(100.0, product=self.goods)
        order.action_confirm()
        order.with_user(self.salesperson).order_line.product_uom_qty = 50
        self.assertEqual(order.amount_total, 5000.0)

    def test_lowered_renamed_and_invoiced_freely(self):
        self._limit(10.0)
        line = self.mine.order_line
        line.write({"name": "Advice"})
        line.write({"price_unit": 550.0})
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [Command.set(self.order.ids)],
                "advance_payment_method": "percentage",
                "amount": 10,
            }
        )
        wizard.create_invoices()
        self.assertTrue(self.order.invoice_ids)

    def test_observing_policy_refuses_nothing(self):
        self.policy.observe_only = True
        self.mine.order_line.price_unit = 5000.0
        self.assertEqual(self.order.amount_total, 5000.0)
