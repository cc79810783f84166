"""Customers who are merged or join another company keep their credit: one file, no limit lost."""

from freezegun import freeze_time
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestCustomerMerge(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._customer("Deko Limited")

    def _merge(self, *partners, into):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [partner.id for partner in partners] + into.ids, into
        )
        self.env.invalidate_all()

    def _files(self, partner):
        return self.env["credit.account"].search([("partner_id", "=", partner.id)])

    def _held_order(self, partner):
        order = self._order(5000.0, partner=partner)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
        return order

    def test_two_files_become_one(self):
        self._limit(1000.0)
        self._limit(700.0, partner=self.other)
        self._invoice(100.0)
        self._invoice(200.0, partner=self.other)
        mine, theirs = self._held_order(self.customer), self._held_order(self.other)
        self._account(self.other).message_post(body="Remember the bankruptcy")
        gone = self._account(self.other)
        self._merge(self.other, into=self.customer)
        file = self._files(self.customer)
        self.assertEqual(len(file), 1)
        self.assertFalse(gone.exists())
        self.assertEqual(
            sorted((limit.amount, limit.state) for limit in file.limit_ids),
            [(700.0, "superseded"), (1000.0, "approved")],
        )
        self.assertEqual(file.hold_ids.order_id, mine | theirs)
        self.assertEqual(set(file.hold_ids.mapped("state")), {"held"})
        self.assertEqual(file.hold_ids.partner_id, self.customer)
        self.assertIn("bankruptcy", " ".join(file.message_ids.mapped("body")))
        position = file._position()
        self.assertEqual((position.exposure, position.credit_limit), (300.0, 1000.0))
        self.assertEqual(self.customer.credit_limit, 1000.0)

    def test_limits_come_along_to_a_customer_without(self):
        limit = self._limit(700.0, partner=self.other)
        self._limit(50.0, partner=self.other, kind="temporary", date_to="2026-03-31")
        self._account()
        self._merge(self.other, into=self.customer)
        self.assertEqual(limit.account_id, self._account())
        self.assertEqual(self._position().credit_limit, 750.0)
        self.assertEqual(self.customer.credit_limit, 750.0)

    def test_file_comes_along_to_a_customer_without(self):
        self._limit(700.0, partner=self.other)
        file = self._account(self.other)
        self.assertFalse(self._files(self.customer))
        self._merge(self.other, into=self.customer)
        self.assertEqual(self._files(self.customer), file)
        self.assertEqual(self._position().credit_limit, 700.0)
        self.assertEqual(self.customer.credit_limit, 700.0)

    def test_manual_hold_survives(self):
        self._limit(1000.0)
        self._account(self.other).with_user(self.officer).action_set_manual_hold("Insolvent")
        self._merge(self.other, into=self.customer)
        file = self._account()
        self.assertEqual((file.manual_hold, file.manual_hold_reason), (True, "Insolvent"))
        order = self._order(10.0)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")

    def test_three_customers(self):
        third = self._customer("Deco GmbH")
        for partner, amount in ((self.other, 700.0), (third, 800.0)):
            self._limit(amount, partner=partner)
            self._invoice(100.0, partner=partner)
        self._merge(self.other, third, into=self.customer)
        self.assertEqual(len(self._files(self.customer)), 1)
        self.assertEqual(len(self._account().limit_ids), 2)
        self.assertEqual(
            self._account().limit_ids.filtered(lambda x: x.state == "approved").amount, 700.0
        )
        self.assertEqual(self._position().exposure, 200.0)

    def test_merging_two_contacts_leaves_the_file(self):
        people = self.env["res.partner"].create(
            [{"name": name, "parent_id": self.customer.id} for name in ("Carl", "Karl")]
        )
        self._limit(1000.0)
        self._merge(people[0], into=people[1])
        self.assertEqual(self._position().credit_limit, 1000.0)

    # ------------------------------------------------------------------
    # Joining and leaving a company
    # ------------------------------------------------------------------

    def _shop(self):
        return self._customer("Deco Shop", is_company=False)

    def test_joining_a_customer_with_a_file(self):
        shop = self._shop()
        self._limit(1000.0)
        self._limit(700.0, partner=shop)
        self._invoice(100.0)
        self._invoice(200.0, partner=shop)
        self._account(shop).with_user(self.officer).action_set_manual_hold("Insolvent")
        shop.parent_id = self.customer
        self.env.invalidate_all()
        self.assertFalse(self._files(shop))
        self.assertEqual(self._account(shop), self._account())
        position = self._position()
        self.assertEqual((position.exposure, position.credit_limit), (300.0, 1000.0))
        self.assertTrue(position.manual_hold)

    def test_joining_a_customer_without_a_file(self):
        shop = self._shop()
        self._limit(700.0, partner=shop)
        self._invoice(200.0, partner=shop)
        shop.parent_id = self.customer
        self.env.invalidate_all()
        position = self._position()
        self.assertEqual((position.exposure, position.credit_limit), (200.0, 700.0))

    def test_becoming_a_mere_contact(self):
        shop = self._customer("Deco Shop", parent_id=self.customer.id)
        self.assertEqual(shop.commercial_partner_id, shop)
        self._limit(700.0, partner=shop)
        shop.is_company = False
        self.assertEqual(shop.commercial_partner_id, self.customer)
        self.assertEqual(self._position().credit_limit, 700.0)

    def test_a_company_within_a_group_stays_a_customer_of_its_own(self):
        self._limit(700.0, partner=self.other)
        self.other.parent_id = self.customer
        self.assertEqual(self._position(self.other).credit_limit, 700.0)
        self.assertFalse(self._files(self.customer))

    def test_leaving_a_company(self):
        contact = self.env["res.partner"].create({"name": "Carl", "parent_id": self.customer.id})
        self._limit(1000.0)
        self._invoice(300.0, partner=contact)
        contact.parent_id = False
        self.env.invalidate_all()
        self.assertEqual(self._position().credit_limit, 1000.0)
        self.assertNotEqual(self._account(contact), self._account())
        total = self._position().exposure + self._position(contact).exposure
        self.assertEqual(total, 300.0)
