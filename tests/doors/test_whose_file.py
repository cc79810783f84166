"""S3, S7, S9, S12: nobody gets rid of a hold, a limit or a debt by rewriting who is who."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..common import CreditCase

MAKES_CONTACTS = "base.group_partner_manager"


@tagged("post_install", "-at_install")
class TestWhoseFile(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parent = cls._customer("Dummy Holding")
        cls.clever = cls._user("clever", f"{MAKES_CONTACTS},sales_team.group_sale_manager")
        cls.customer.is_company = False
        cls.file = cls._account()

    def _ways_in(self, customer, user):
        customer, parent = customer.with_user(user), self.parent.with_user(user)
        return (
            lambda: customer.write({"parent_id": parent.id}),
            lambda: parent.write({"child_ids": [Command.link(customer.id)]}),
            lambda: parent.create({"name": "New", "child_ids": [Command.link(customer.id)]}),
        )

    def _assert_stays(self):
        for way in self._ways_in(self.customer, self.clever):
            with self.assertRaises(AccessError), self.cr.savepoint():
                way()
        self.assertEqual(self.file.partner_id, self.customer)

    def test_a_file_with_a_hold_stays(self):
        self.file.with_user(self.officer).action_set_manual_hold("Insolvent")
        self._assert_stays()

    def test_a_file_with_a_limit_stays(self):
        self._limit(500.0)
        self._assert_stays()

    def test_a_file_with_debts_stays(self):
        self._invoice(500.0)
        self._assert_stays()

    def test_an_empty_file_follows(self):
        self.customer.with_user(self.clever).parent_id = self.parent
        self.assertEqual(self.file.partner_id, self.parent)

    def test_a_manager_moves_it_and_it_comes_back(self):
        self._limit(500.0)
        self.file.with_user(self.officer).action_set_manual_hold("Insolvent")
        self.manager.group_ids += self.env.ref(MAKES_CONTACTS)
        customer = self.customer.with_user(self.manager)
        customer.parent_id = self.parent
        self.assertEqual(self.file.partner_id, self.parent)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.customer.with_user(self.clever).parent_id = False
        customer.parent_id = False
        self.assertEqual(self._account(), self.file)
        self.assertTrue(self.file.manual_hold)
        self.assertEqual(self.file.credit_limit, 500.0)

    def test_nobody_leaves_a_hold_behind(self):
        site = self._customer("Site", parent_id=self.customer.id, is_company=False)
        self.file.with_user(self.officer).action_set_manual_hold("Insolvent")
        site.with_user(self.clever).write({"parent_id": False})
        self.assertTrue(self._account(site).manual_hold)

    def test_a_contact_does_not_take_its_orders_along(self):
        site = self._customer("Site", parent_id=self.customer.id, is_company=False)
        yard = self._customer("Yard", parent_id=self.customer.id, is_company=False)
        self._limit(1_000.0)
        small = self._customer("Small Ltd")
        self._limit(100.0, small)
        order = self._order(800.0, partner=site)
        order.with_user(self.salesperson).action_confirm()
        mine, theirs = site.with_user(self.clever), small.with_user(self.clever)
        for way in (
            lambda: mine.write({"is_company": True}),
            lambda: mine.write({"company_type": "company"}),
            lambda: mine.write({"parent_id": False}),
            lambda: mine.write({"parent_id": small.id}),
            lambda: theirs.write({"child_ids": [Command.link(site.id)]}),
            lambda: mine.parent_id.write({"child_ids": [Command.unlink(site.id)]}),
            lambda: mine.parent_id.write({"child_ids": [Command.set(yard.ids)]}),
        ):
            with self.assertRaisesRegex(AccessError, "only a credit manager"), self.cr.savepoint():
                way()
            self.env.invalidate_all()
            self.assertEqual(self._position().exposure, 800.0)
        mine.parent_id = yard.with_user(self.clever)
        self.assertEqual(self._position().exposure, 800.0, "it stays with the same customer")
        with self.assertRaises(AccessError), self.cr.savepoint():
            yard.with_user(self.clever).write({"parent_id": small.id})
        self.manager.group_ids += self.env.ref(MAKES_CONTACTS)
        yard.with_user(self.manager).write({"parent_id": small.id})
        self.assertEqual(self._position(small).exposure, 800.0)

    def test_merging_chooses_no_limit(self):
        site = self._customer("Site", parent_id=self.customer.id, is_company=False)
        self._limit(1_000.0)
        small = self._customer("Small Ltd")
        theirs = self._customer("Their site", parent_id=small.id, is_company=False)
        self._order(800.0, partner=site).with_user(self.salesperson).action_confirm()
        Wizard = self.env["base.partner.merge.automatic.wizard"]
        for source, kept in ((site, theirs), (self.customer, small)):
            both = [Command.set((source | kept).ids)]
            wizard = Wizard.with_user(self.clever).create(
                {"partner_ids": both, "dst_partner_id": kept.id}
            )
            with self.assertRaisesRegex(AccessError, "only a credit manager"), self.cr.savepoint():
                wizard.action_merge()
        self.assertEqual(self._position().exposure, 800.0)
        self._order(50.0, partner=theirs).with_user(self.salesperson).action_confirm()
        near = self._customer("Site again", parent_id=self.customer.id, is_company=False)
        Wizard.with_user(self.clever).create(
            {"partner_ids": [Command.set((site | near).ids)], "dst_partner_id": near.id}
        ).action_merge()
        self.assertEqual(self._position().exposure, 800.0)

    def test_the_customer_of_a_contact_is_not_written(self):
        other = self._customer("Other Ltd")
        with self.assertRaises(AccessError):
            self.customer.with_user(self.clever).write({"commercial_partner_id": other.id})
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.clever).create(
                {"name": "New", "commercial_partner_id": other.id}
            )

    def test_a_colleagues_customer_is_not_taken(self):
        rep = self._user("rep", f"{MAKES_CONTACTS},sales_team.group_sale_salesman")
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.customer.with_user(rep).user_id = rep
        free = self._customer("Free Ltd", user_id=False)
        free.with_user(rep).user_id = rep
        self.assertEqual(free.user_id, rep)

    def test_a_hold_on_a_colleagues_customer_shows_no_figures(self):
        rep = self._user("rep", "sales_team.group_sale_salesman")
        self.file.with_user(self.officer).action_set_manual_hold("Insolvent")
        order = self._order(100.0, user_id=rep.id)
        order.with_user(rep).action_confirm()
        self.assertEqual(order.credit_state, "held")
        self.assertFalse(self.env["credit.hold"].with_user(rep).search([]))
        self.assertTrue(order.with_user(rep).credit_hold_reason)

    def test_a_second_request_adds_to_the_first(self):
        self.file.with_user(self.officer).action_set_manual_hold("Insolvent")
        order = self._order(100.0)
        order.with_user(self.salesperson).action_confirm()
        hold = order.credit_hold_ids
        hold.with_user(self.salesperson).action_ask_release("They paid")
        boss = self._user("boss", "sales_team.group_sale_manager")
        hold.with_user(boss).action_ask_release("Please")
        self.assertEqual(hold.requester_id, self.salesperson)
        self.assertEqual(hold.request_note, f"They paid\n{boss.name}: Please")

    def test_authority_counts_what_is_released_already(self):
        """S7: four holds of 11,220 one after the other, with an authority of 25,000."""
        self._limit(1_000.0)
        self.officer.credit_authority = 25_000.0
        orders = self.env["sale.order"]
        for _number in range(4):
            orders |= self._order(11_220.0)
        orders.with_user(self.salesperson).action_confirm()
        released = 0
        for hold in orders.credit_hold_ids:
            try:
                with self.cr.savepoint():
                    hold.with_user(self.officer).action_release()
                released += 1
            except AccessError:
                pass
        self.assertEqual(released, 2)
        orders.with_user(self.salesperson).action_confirm()
        self.assertLessEqual(self._position().exposure, 25_000.0)


@tagged("post_install", "-at_install")
class TestCustomersAreTold(CreditCase):
    """S9: a portal customer reads and does nothing of the check on their own documents."""

    def test_own_order(self):
        porta = new_test_user(self.env, "porta", groups="base.group_portal")
        porta.partner_id.parent_id = self.customer
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        order = self._order(100.0, partner=porta.partner_id)
        order.message_subscribe(porta.partner_id.ids)
        order.state = "sent"
        order.with_user(self.salesperson).action_confirm()
        own = order.with_user(porta)
        self.assertTrue(own.has_access("read"))
        self.env.invalidate_all()
        self.assertEqual(own.credit_state, "none")
        picked = self.env["stock.picking"].with_user(porta)
        query = picked._search([])
        said = picked._field_to_sql("stock_picking", "credit_state", query)
        self.assertEqual(said.code, "'none'", "nor by grouping and sorting")
        Order = self.env["sale.order"].with_user(porta)
        self.assertNotIn(order, Order.search([("credit_state", "=", "held")]))
        for name in (
            "credit_hold_reason",
            "credit_hold_count",
            "credit_can_split",
            "credit_days_waiting",
            "credit_banner",
            "credit_checked_amount",
            "credit_checked_account_id",
            "credit_hold_ids",
        ):
            with self.assertRaises(AccessError):
                own.read([name])
        before = order.credit_hold_ids
        with self.assertRaises(AccessError):
            own.action_confirm()
        self.assertEqual(order.credit_hold_ids, before)
