"""An order that is made with the invoice lines of another is judged like any other."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import TODAY, RiskCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestCopiedOrders(RiskCase):
    def _copy(self, order, **values):
        """A copy with the invoice lines of the first, as Odoo's own suite makes one."""
        [data] = order.copy_data()
        data["order_line"] = [
            Command.create(
                line.copy_data({"invoice_lines": [Command.set(line.invoice_lines.ids)]})[0]
            )
            for line in order.order_line
        ]
        return self.env["sale.order"].with_user(self.salesperson).create({**data, **values})

    def _invoiced(self):
        """A consultancy of 800, invoiced and paid."""
        first = self._sold(800.0, product=self.service)
        invoice = first._create_invoices()
        invoice.action_post()
        self._pay(invoice)
        self.assertEqual(self._exposure(), 0.0)
        return first

    def test_a_copy_is_made_and_asked_like_any_order(self):
        first = self._invoiced()
        copy = self._copy(first)
        self.assertEqual(copy.order_line.invoice_lines, first.order_line.invoice_lines)
        self.assertEqual(self._exposure(), 0.0)
        copy.action_confirm()
        self.assertEqual(copy.state, "sale")
        self.assertEqual(self._exposure(), 800.0)
        self.assertEqual(self._copy(first).state, "draft")
        second = self._copy(first)
        second.action_confirm()
        self.assertEqual(second.credit_state, "held")

    def test_a_copy_made_as_a_sale(self):
        self.assertEqual(self._copy(self._invoiced(), state="sale").state, "sale")
        self.assertEqual(self._exposure(), 800.0)
        with self.assertRaisesRegex(UserError, "put it on hold"):
            self._copy(self.env["sale.order"].search([], limit=1), state="sale")

    def test_lines_added_to_a_sale(self):
        first = self._invoiced()
        order = self._sold(100.0, product=self.service)
        line = first.order_line.copy_data(
            {
                "order_id": order.id,
                "invoice_lines": [Command.set(first.order_line.invoice_lines.ids)],
            }
        )
        self.env["sale.order.line"].with_user(self.salesperson).create(line)
        self.assertEqual(self._exposure(), 900.0)
        with self.assertRaisesRegex(UserError, "cannot take this"):
            self.env["sale.order.line"].with_user(self.salesperson).create(line)

    def test_a_line_claims_no_invoice_of_another_line_of_its_order(self):
        first = self._invoiced()
        line = first.order_line.copy_data(
            {
                "order_id": first.id,
                "invoice_lines": [Command.set(first.order_line.invoice_lines.ids)],
            }
        )
        added = self.env["sale.order.line"].with_user(self.salesperson).create(line)
        self.assertFalse(added.sudo().invoice_lines)
        self.assertEqual(self._exposure(), 800.0)

    def test_a_copy_outlives_the_first(self):
        first = self._invoiced()
        copy = self._copy(first)
        first._action_cancel()
        first.unlink()
        copy.action_confirm()
        self.assertEqual(self._exposure(), 800.0)

    def test_an_invoice_of_another_customer(self):
        other = self.other.id
        copy = self._copy(self._invoiced(), partner_id=other, partner_invoice_id=other)
        copy.action_confirm()
        self.assertEqual(self._position(self.other).exposure, 800.0)

    def test_an_invoice_without_an_order_is_nobodys(self):
        bill_line = self._invoice(800.0).invoice_line_ids
        line = {"product_id": self.service.id, "invoice_lines": [Command.set(bill_line.ids)]}
        with self.assertRaisesRegex(AccessError, "cannot claim"):
            self.env["sale.order"].with_user(self.salesperson).create(
                {"partner_id": self.customer.id, "order_line": [Command.create(line)]}
            )

    def test_what_left_with_a_cancelled_order_is_not_deleted(self):
        order = self._sold(quantity=8)
        self._ship(order)
        order._action_cancel()
        with self.assertRaisesRegex(UserError, "invoice"):
            order.unlink()
        self.assertEqual(self._exposure(), 800.0)
