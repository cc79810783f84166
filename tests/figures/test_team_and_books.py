"""The head of sales sees the team; the accountant sees money without invoice, and the reverse."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import CreditCase

SALESMAN = "sales_team.group_sale_salesman"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31")
class TestTeamAndBooks(CreditCase):
    def test_leader_sees_the_team_and_asks_to_call(self):
        leader, member = cls_users = (self._user("lena", SALESMAN), self._user("mark", SALESMAN))
        stranger = self._user("stan", SALESMAN)
        self.env["crm.team"].create(
            {
                "name": "North",
                "user_id": leader.id,
                "crm_team_member_ids": [(0, 0, {"user_id": member.id})],
            }
        )
        self.assertEqual(len(cls_users), 2)
        customer = self._customer("Theirs", user_id=member.id)
        self._invoice(700, partner=customer, date="2026-01-01", due="2026-02-01")
        Position = self.env["credit.position"]
        mine = [("partner_id", "=", customer.id)]
        self.assertEqual(Position.with_user(leader).search(mine).overdue, 700.0)
        self.assertTrue(customer.with_user(leader).credit_file_visible)
        self.assertFalse(Position.with_user(stranger).search(mine))
        Position.with_user(leader).search(mine).action_ask_to_call()
        activity = self._account(customer).activity_ids
        self.assertEqual(activity.user_id, member)
        self.assertIn("700.00", activity.summary)
        with self.assertRaises(AccessError):
            Position.browse(self._account(customer).id).with_user(stranger).action_ask_to_call()

    def _on_account(self, amount, memo=None):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": amount,
                "memo": memo,
            }
        )
        payment.action_post()
        return (
            self.env["credit.open.item"]
            .search([("partner_id", "=", self.customer.id), ("amount", "<", 0)])
            .filtered(lambda item: item.amount == -amount)
        )

    def test_proposals_for_money_on_account(self):
        """Its number in the text beats the same amount, which beats the oldest."""
        oldest = self._invoice(900, date="2026-01-01", due="2026-01-15")
        same = self._invoice(250, date="2026-02-01", due="2026-02-15")
        named = self._invoice(400, date="2026-03-01", due="2026-03-15")
        for amount, memo, invoice in (
            (100, None, oldest),
            (250, None, same),
            (120, f"for {named.name}", named),
        ):
            item = self._on_account(amount, memo)
            self.assertEqual(item.proposal_line_id.move_id, invoice)

    def test_a_number_is_named_as_a_word_of_its_own(self):
        """1001 is not in 10012, and a year in the text names no invoice."""
        oldest = self._invoice(900, date="2026-01-01", due="2026-01-15")
        short = self._invoice(400, date="2026-03-01", due="2026-03-15", name="1001")
        self.assertEqual(short.name, "1001")
        year = self._invoice(
            350, date="2026-03-02", due="2026-03-16", name="B7001234", payment_reference="2026"
        )
        for amount, memo, invoice in (
            (120, "for 10012", oldest),
            (130, "for 1001", oldest),
            (400, "for 1001", short),
            (140, "rent 2026", oldest),
            (350, "rent 2026", year),
            (150, "for B70012345", oldest),
            (160, "for B7001234, thanks", year),
        ):
            with self.subTest(memo):
                item = self._on_account(amount, memo)
                self.assertEqual(item.proposal_line_id.move_id, invoice)

    def test_match_in_one_click(self):
        invoice = self._invoice(250, date="2026-02-01", due="2026-02-15")
        item = self._on_account(250)
        with self.assertRaises(AccessError):
            item.with_user(self.salesperson).action_match()
        bookkeeper = self._user("berta", "account.group_account_user")
        item.with_user(bookkeeper).action_match()
        self.assertIn(invoice.payment_state, ("in_payment", "paid"))

    def test_days_without_invoice(self):
        order = self._order(500, product=self.goods)
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.quantity = 1
        picking.button_validate()
        picking.date_done = "2026-03-21 10:00:00"
        self.assertEqual(order.invoice_status, "to invoice")
        self.assertEqual(order.credit_delivered_on, date(2026, 3, 21))
        self.assertEqual(order.credit_days_waiting, 10)
        order._create_invoices().action_post()
        self.assertEqual(order.credit_days_waiting, 0)

    def test_whoever_invoices_finds_and_invoices_what_was_delivered(self):
        """An accountant without sales rights: the menu stands there, and the button does it."""
        order = self._order(500, product=self.goods)
        order.action_confirm()
        order.picking_ids.move_ids.quantity = 1
        order.picking_ids.button_validate()
        accountant = self._user("inga", "account.group_account_invoice")
        menu = self.env.ref("credit_collection.credit_to_invoice_menu")
        self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(accountant)._visible_menu_ids())
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_user(accountant)
            .with_context(active_model="sale.order", active_ids=order.ids, active_id=order.id)
            .create({"advance_payment_method": "delivered"})
        )
        wizard.create_invoices()
        self.assertEqual(order.invoice_ids.amount_untaxed, 500.0)

    def test_days_from_delivery_to_invoice(self):
        """Delivered on the 10th and invoiced on the 16th, and on the 20th and the 22nd: 4 days."""
        Order = self.env["sale.order"]
        today = date(2026, 3, 31)
        self.assertIsNone(Order._credit_days_to_invoice(self.company, today))
        for delivered, invoiced in (("2026-03-10", "2026-03-16"), ("2026-03-20", "2026-03-22")):
            order = self._order(100, product=self.goods)
            order.action_confirm()
            picking = order.picking_ids
            picking.move_ids.write({"quantity": 1, "picked": True})
            picking.button_validate()
            picking.move_ids.date = f"{delivered} 10:00:00"
            invoice = order._create_invoices()
            invoice.invoice_date = invoiced
            invoice.action_post()
        self.env.flush_all()
        self.assertEqual(Order._credit_days_to_invoice(self.company, today), 4.0)
