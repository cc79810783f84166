"""What a salesperson can write on orders, customers and tags to look better than they are."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestForeignMoney(CreditCase):
    """Money that was paid for something else pays no other order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1000.0)
        cls.provider = cls.env["payment.provider"].search([], limit=1)
        cls.method = cls.env["payment.method"].create({"name": "Card", "code": "card_of_test"})

    def _captured(self, order, amount, **values):
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "amount": amount,
                "currency_id": self.currency.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
                "state": "done",
                "reference": f"Paid {order.name}",
                **values,
            }
        )

    def test_transaction_of_another_order(self):
        paid = self._order(5000.0)
        transaction = self._captured(paid, 5000.0)
        order = self._order(5000.0).with_user(self.salesperson)
        for command in (Command.link(transaction.id), Command.set(transaction.ids)):
            with self.assertRaises(AccessError), self.cr.savepoint():
                order.write({"transaction_ids": [command]})
        with self.assertRaises(AccessError), self.cr.savepoint():
            order.copy({"transaction_ids": [Command.set(transaction.ids)]})
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")

    def test_refunded_transaction_covers_nothing(self):
        order = self._order(5000.0)
        transaction = self._captured(order, 5000.0)
        transaction._create_child_transaction(5000.0, is_refund=True).state = "done"
        order.with_user(self.salesperson).action_confirm()
        self.assertEqual(order.credit_state, "held")

    def test_transaction_of_two_orders_counts_once(self):
        first, second = self._order(5000.0), self._order(5000.0)
        transaction = self._captured(first, 5000.0)
        transaction.sale_order_ids = first | second
        (first | second).action_confirm()
        self.assertEqual({first.credit_state, second.credit_state}, {"held"})

    def test_line_that_says_it_has_no_invoice(self):
        order = self._order(500.0).with_user(self.salesperson)
        order.write(
            {"order_line": [Command.create({"product_id": self.service.id, "invoice_lines": []})]}
        )
        self.assertEqual(len(order.order_line), 2)

    def test_line_that_calls_itself_invoiced(self):
        invoice = self._invoice(10.0)
        order = self._order(500.0).with_user(self.salesperson)
        line = invoice.invoice_line_ids
        attacks = (
            {"product_id": self.service.id, "invoice_lines": [Command.set(line.ids)]},
            {
                "name": "Down payment",
                "is_downpayment": True,
                "price_unit": -400.0,
                "invoice_lines": [Command.set(line.ids)],
            },
        )
        for values in attacks:
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.env["sale.order.line"].with_user(self.salesperson).create(
                    {"order_id": order.id, **values}
                )


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestTagsChoosePolicies(CreditCase):
    """A tag that chooses a policy is set by credit managers alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "VIP"})
        cls.plain = cls.env["res.partner.category"].create({"name": "Trade fair"})
        cls.lenient = cls.policy.copy({"name": "Lenient", "default_unlimited": True})
        cls.lenient.category_ids = cls.tag
        cls.policy.write({"default_unlimited": False, "default_limit": 1000.0})
        contacts = cls.env.ref("base.group_partner_manager")
        for user in (cls.salesperson, cls.manager):
            user.group_ids |= contacts

    def test_salesperson_cannot_tag_into_another_policy(self):
        customer = self.customer.with_user(self.salesperson)
        Tag = self.tag.with_user(self.salesperson)
        Partner = self.env["res.partner"].with_user(self.salesperson)
        attacks = (
            lambda: customer.write({"category_id": [Command.link(self.tag.id)]}),
            lambda: customer.write({"category_id": [Command.set((self.tag | self.plain).ids)]}),
            lambda: Partner.create({"name": "New", "category_id": [Command.set(self.tag.ids)]}),
            lambda: Partner.with_context(default_category_id=self.tag.ids).create({"name": "New"}),
            lambda: Tag.write({"partner_ids": [Command.link(customer.id)]}),
        )
        for attack in attacks:
            with self.assertRaises(AccessError), self.cr.savepoint():
                attack()
        self.assertEqual(self._account().effective_policy_id, self.policy)

    def test_nor_out_of_one(self):
        self.customer.category_id = self.tag
        customer = self.customer.with_user(self.salesperson)
        with self.assertRaises(AccessError), self.cr.savepoint():
            customer.write({"category_id": [Command.clear()]})
        with self.assertRaises(UserError), self.cr.savepoint():
            self.tag.with_user(self.salesperson).unlink()
        self.assertEqual(self._account().effective_policy_id, self.lenient)

    def test_other_tags_are_free(self):
        self.customer.category_id = self.tag
        customer = self.customer.with_user(self.salesperson)
        customer.write({"category_id": [Command.link(self.plain.id)]})
        customer.write({"category_id": [Command.set((self.tag | self.plain).ids)]})
        self.assertEqual(customer.category_id, self.tag | self.plain)

    def test_copy_leaves_the_tag_behind(self):
        self.customer.category_id = self.tag | self.plain
        copy = self.customer.with_user(self.salesperson).copy()
        self.assertEqual(copy.category_id, self.plain)
        copy = self.customer.with_user(self.manager).copy()
        self.assertEqual(copy.category_id, self.tag | self.plain)

    def test_manager_may(self):
        self.customer.with_user(self.manager).write({"category_id": [Command.link(self.tag.id)]})
        self.assertEqual(self._account().effective_policy_id, self.lenient)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestAuthorityInMoney(CreditCase):
    def test_authority_keeps_the_currency_it_was_given_in(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        if self.currency == euro:
            euro = self.env.ref("base.USD")
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": "2026-01-01", "rate": 0.01}
        )
        other = self.env["res.company"].create({"name": "Rich", "currency_id": euro.id})
        self.officer.company_ids |= other
        order = self._order(10_000.01)
        self._limit(0.0)
        order.action_confirm()
        self.officer.with_user(self.officer).write({"company_id": other.id})
        hold = order.credit_hold_ids.with_user(self.officer)
        with self.assertRaisesRegex(AccessError, "above your authority"):
            hold.action_release()

    def test_amounts_that_are_none(self):
        self._limit(0.0)
        order = self._order(100.0)
        order.action_confirm()
        hold = order.credit_hold_ids.with_user(self.officer)
        for amount in (float("nan"), float("inf"), "a lot", -5.0, 99.99):
            with self.subTest(amount), self.assertRaises(UserError):
                hold.action_release(max_amount=amount)
        for day in ("soon", "2026-13-01"):
            with self.subTest(day), self.assertRaises(UserError):
                hold.action_release(valid_until=day)
        self.assertEqual(hold.state, "held")


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestHeldOrderGoesAway(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(0.0)
        cls.order = cls._order(100.0)
        cls.order.action_confirm()
        cls.hold = cls.order.credit_hold_ids

    def test_cancelled(self):
        self.order.with_user(self.salesperson).action_cancel()
        self.assertEqual((self.hold.state, self.order.credit_state), ("cancelled", "none"))
        self.assertFalse(self.hold.activity_ids)

    def test_deleted(self):
        self.salesperson.group_ids |= self.env.ref("sales_team.group_sale_manager")
        order = self.order.with_user(self.salesperson)
        with self.assertRaisesRegex(UserError, "evidence"):
            order.unlink()
        self.assertTrue(self.order.exists())
