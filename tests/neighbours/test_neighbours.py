"""The check beside other apps of Odoo; skipped with a word where one is not installed."""

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import TODAY, NeighbourCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestDropshipping(NeighbourCase):
    """H8: what a vendor was asked for counts until it is delivered or closed."""

    app = "stock_dropshipping"

    def test_what_is_on_a_draft_purchase_order_counts(self):
        order = self._order(100.0, product=self._dropped(), quantity=5)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._position().exposure, 500.0)
        purchase = order._get_purchase_orders()
        self.assertEqual(purchase.state, "draft")
        purchase.button_confirm()
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 5, "picked": True})
        self._validate(picking)
        self.assertEqual(picking.state, "done")
        order.order_line.product_uom_qty = 9
        self.assertEqual(self._position().exposure, 900.0)
        self.assertEqual(order.credit_checked_amount, 500.0)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestKits(NeighbourCase):
    """H8: what a kit is sold for counts, however its parts come."""

    app = "sale_mrp"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit, cls.parts = cls._kit()

    def _sold(self, quantity):
        order = self._order(100.0, product=self.kit, quantity=quantity)
        order.with_user(self.salesperson).action_confirm()
        return order

    def test_a_kit_counts_until_it_is_invoiced(self):
        order = self._sold(8)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._position().exposure, 800.0)
        self._validate(order.picking_ids)
        self.assertEqual(order.order_line.qty_delivered, 8)
        self.assertEqual(self._position().exposure, 800.0)
        order._create_invoices().action_post()
        self.assertEqual(self._position().exposure, 800.0)
        self.assertEqual(self._sold(3).credit_state, "held")

    def test_a_raised_kit_is_asked_when_it_leaves(self):
        order = self._sold(8)
        order.with_user(self.salesperson).order_line.product_uom_qty = 12
        self.assertEqual(self._position().exposure, 1_200.0)
        self._validate(order.picking_ids)
        self.assertEqual(set(order.picking_ids.mapped("credit_state")), {"held"})
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_parts_of_a_kit_share_its_price(self):
        order = self._sold(8)
        worth, beyond = order.picking_ids.move_ids._credit_worth(2)
        self.assertEqual((worth, beyond), (800, 0))

    def test_a_kit_of_a_vendor_counts_from_its_draft_purchase_on(self):
        if "purchase.order" not in self.env or "dropship" not in str(
            self.env["stock.picking.type"]._fields["code"].selection
        ):
            self.skipTest("dropshipping is not installed")
        vendor = self._customer("Vendor")
        route = self.env.ref("stock_dropshipping.route_drop_shipping")
        (self.parts | self.kit).write({"route_ids": [Command.link(route.id)]})
        for part in self.parts:
            part.seller_ids = [Command.create({"partner_id": vendor.id, "price": 10.0})]
        order = self._sold(10)
        purchase = order._get_purchase_orders()
        self.assertEqual(set(purchase.mapped("state")), {"draft"})
        self.assertEqual(self._position().exposure, 1_000.0)
        purchase.button_confirm()
        self.assertEqual(self._position().exposure, 1_000.0)
        picking = order.picking_ids.filtered(lambda picking: picking.state != "done")
        for move in picking.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        self._validate(picking)
        self.assertEqual(set(picking.mapped("state")), {"done"})
        self.assertEqual(self._position().exposure, 1_000.0)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestReinvoiced(NeighbourCase):
    """H7: a cost that was incurred is let in and counted, and the next order is asked."""

    app = "sale_project"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cost = cls._product(
            "Travel", type="service", invoice_policy="order", expense_policy="sales_price"
        )
        plan = cls.env.ref("analytic.analytic_plan_projects")
        cls.analytic = cls.env["account.analytic.account"].create(
            {"name": "Plant", "plan_id": plan.id}
        )
        cls.project = cls.env["project.project"].create(
            {"name": "Plant", "account_id": cls.analytic.id, "partner_id": cls.customer.id}
        )
        cls.order = cls._order(1_000.0)
        cls.order.project_id = cls.project
        cls.order.with_user(cls.salesperson).action_confirm()

    def _assert_let_in_and_counted(self, amount):
        self.assertEqual(len(self.order.order_line), 2)
        self.assertEqual(self._position().exposure, 1_000.0 + amount)
        another = self._order(1.0)
        another.with_user(self.salesperson).action_confirm()
        self.assertEqual(another.credit_state, "held")

    def test_vendor_bill(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self._customer("Airline").id,
                "invoice_date": TODAY,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.cost.id,
                            "quantity": 3,
                            "price_unit": 100.0,
                            "tax_ids": False,
                            "analytic_distribution": {str(self.analytic.id): 100},
                        }
                    )
                ],
            }
        )
        bill.action_post()
        self.assertEqual(bill.state, "posted")
        # Three at the sales price of 100, taxed with 15 %.
        self._assert_let_in_and_counted(345.0)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestExpenses(NeighbourCase):
    """H7: an expense that is charged on is posted, whatever the customer owes."""

    app = "sale_expense"

    def test_expense(self):
        cost = self._product(
            "Meals",
            type="service",
            invoice_policy="order",
            expense_policy="sales_price",
            can_be_expensed=True,
            standard_price=100.0,
        )
        order = self._order(1_000.0)
        order.action_confirm()
        plan = self.env.ref("analytic.analytic_plan_projects")
        analytic = self.env["account.analytic.account"].create(
            {"name": "Plant", "plan_id": plan.id}
        )
        employee = self.env["hr.employee"].create(
            {
                "name": "Eve",
                "work_contact_id": self.env["res.partner"].create({"name": "Eve"}).id,
                "expense_manager_id": self.env.uid,
            }
        )
        expense = self.env["hr.expense"].create(
            {
                "name": "Dinner",
                "employee_id": employee.id,
                "product_id": cost.id,
                "total_amount_currency": 200.0,
                "tax_ids": False,
                "sale_order_id": order.id,
                "analytic_distribution": {str(analytic.id): 100},
            }
        )
        expense.action_submit()
        expense.with_context(validate_analytic=False).action_approve()
        self.env["hr.expense.post.wizard"].with_context(
            active_ids=expense.ids, company_paid_move_ids=[]
        ).create({"accounting_date": TODAY}).action_post_entry()
        self.assertEqual(expense.account_move_id.state, "posted")
        self.assertEqual(len(order.order_line), 2, "charged on to the order")
        self.assertGreater(self._position().exposure, 1_000.0)
        another = self._order(1.0)
        another.with_user(self.salesperson).action_confirm()
        self.assertEqual(another.credit_state, "held")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestBatches(NeighbourCase):
    """H14: one held delivery does not push the others out of their batch."""

    app = "stock_picking_batch"

    def test_batch_with_one_held_delivery(self):
        free = self._order(100.0, partner=self.other, product=self.pump)
        held = self._order(100.0, product=self.pump)
        orders = free | held
        orders.action_confirm()
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        batch = self.env["stock.picking.batch"].create(
            {"picking_ids": [Command.set(orders.picking_ids.ids)]}
        )
        batch.action_confirm()
        batch.move_ids.picked = True
        batch.action_done()
        self.assertEqual(free.picking_ids.state, "done")
        self.assertEqual(held.picking_ids.credit_state, "held")
        self.assertEqual(batch.picking_ids, free.picking_ids, "it keeps what is done")
        self.assertEqual(batch.state, "done")
        self.assertIn(held.picking_ids.name, batch.message_ids[0].body)
