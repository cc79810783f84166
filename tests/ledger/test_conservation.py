"""One order of 1,000 + 15 % tax on its way to the bank: counted once at each step."""

from freezegun import freeze_time
from odoo.fields import Command, Date
from odoo.tests import tagged

from .common import ConservationCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestConservation(ConservationCase):
    def test_goods_from_quotation_to_credit_note(self):
        order = self._order(100.0, product=self.goods, quantity=10.0, taxed=True)
        self.assertFigures()
        order.action_confirm()
        self.assertFigures(ordered=1150.0)
        self._deliver(order, 5)
        self.assertFigures(ordered=1150.0)
        invoice = self._bill(order, post=False)
        self.assertFigures(draft=575.0, ordered=575.0)
        invoice.action_post()
        self.assertFigures(receivable=575.0, ordered=575.0)
        self._deliver(order, 5)
        self.assertFigures(receivable=575.0, ordered=575.0)
        second = self._bill(order)
        self.assertFigures(receivable=1150.0)
        payment = self._pay(invoice, amount=300.0)
        self.assertFigures(receivable=850.0)
        self._match_bank(300.0, payment)
        self.assertFigures(receivable=850.0)
        self._pay(invoice | second)
        self.assertFigures()
        self._credit_note(second)
        self.assertFigures(receivable=-575.0)

    def test_service_from_quotation_to_payment(self):
        order = self._confirmed(1000.0, taxed=True)
        self.assertFigures(ordered=1150.0)
        invoice = self._bill(order, post=False)
        self.assertFigures(draft=1150.0)
        invoice.action_post()
        self.assertFigures(receivable=1150.0)
        payment = self._pay(invoice)
        self.assertFigures()
        self._match_bank(1150.0, payment)
        self.assertFigures()

    def test_cancelled_draft_invoice_counts_as_order_again(self):
        order = self._confirmed(1000.0, taxed=True)
        invoice = self._bill(order, post=False)
        invoice.button_cancel()
        self.assertFigures(ordered=1150.0)
        invoice.button_draft()
        self.assertFigures(draft=1150.0)
        invoice.unlink()
        self.assertFigures(ordered=1150.0)

    def test_invoice_reset_to_draft(self):
        invoice = self._bill(self._confirmed(1000.0, taxed=True))
        invoice.button_draft()
        self.assertFigures(draft=1150.0)

    def test_cancelled_order_counts_no_more(self):
        order = self._goods_order()
        order._action_cancel()
        self.assertFigures()

    def test_cancelled_remainder_of_goods(self):
        order = self._goods_order()
        self._deliver(order, 4, backorder=False)
        self.assertFigures(ordered=460.0)
        self._bill(order)
        self.assertFigures(receivable=460.0)

    def test_backorder_counts_until_it_is_cancelled(self):
        order = self._goods_order()
        self._deliver(order, 4)
        self._bill(order)
        self.assertFigures(receivable=460.0, ordered=690.0)
        order.picking_ids.filtered(lambda picking: picking.state != "done").action_cancel()
        self.assertFigures(receivable=460.0)

    def test_nothing_delivered_and_all_cancelled(self):
        order = self._goods_order()
        order.picking_ids.action_cancel()
        self.assertFigures()

    def test_reduced_quantity(self):
        order = self._goods_order()
        order.order_line.product_uom_qty = 6
        self.assertFigures(ordered=690.0)

    def test_over_delivery_will_be_invoiced(self):
        order = self._goods_order()
        self._deliver(order, 12)
        self.assertFigures(ordered=1380.0)
        self._bill(order)
        self.assertFigures(receivable=1380.0)

    def test_upselling_is_not_invoiced(self):
        pump = self._product("Spare", type="consu", invoice_policy="order")
        order = self._confirmed(100.0, product=pump, quantity=10.0, taxed=True)
        self._deliver(order, 12)
        self.assertFigures(ordered=1150.0)
        self._bill(order)
        self.assertEqual(order.invoice_status, "upselling")
        self.assertFigures(receivable=1150.0)

    def test_over_invoicing_does_not_turn_the_order_negative(self):
        order = self._confirmed(100.0, quantity=10.0, taxed=True)
        self._add_line(order, 200.0)
        invoice = self._bill(order, post=False)
        invoice.invoice_line_ids.filtered(lambda line: line.quantity == 10).quantity = 12
        invoice.invoice_line_ids.filtered(lambda line: line.quantity == 1).unlink()
        self.assertFigures(draft=1380.0, ordered=230.0)
        invoice.action_post()
        self.assertFigures(receivable=1380.0, ordered=230.0)

    def test_invoice_at_another_price(self):
        """The rest of the order counts at the order's price, what is invoiced at its own."""
        order = self._goods_order()
        self._deliver(order, 5)
        invoice = self._bill(order, post=False)
        invoice.invoice_line_ids.price_unit = 90.0
        self.assertFigures(draft=517.5, ordered=575.0)
        invoice.action_post()
        self.assertFigures(receivable=517.5, ordered=575.0)

    def test_negative_line(self):
        order = self._goods_order()
        self._add_line(order, -200.0)
        self.assertFigures(ordered=920.0)
        self._deliver(order, 5)
        self._bill(order)
        self.assertFigures(receivable=345.0, ordered=575.0)

    def test_discount_on_the_line(self):
        order = self._order(100.0, quantity=10.0, taxed=True)
        order.order_line.discount = 10.0
        order.action_confirm()
        self.assertFigures(ordered=1035.0)

    def test_two_instalments(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Half and half",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (30, 60)
                ],
            }
        )
        order = self._confirmed(1000.0, taxed=True, payment_term_id=term.id)
        self.assertFigures(ordered=1150.0)
        invoice = self._bill(order)
        self.assertFigures(receivable=1150.0)
        items = self.env["credit.open.item"].search([("move_id", "=", invoice.id)])
        self.assertRecordValues(
            items.sorted("date_due"),
            [
                {"amount": 575.0, "date_due": Date.to_date("2026-04-09")},
                {"amount": 575.0, "date_due": Date.to_date("2026-05-09")},
            ],
        )
        self._pay(invoice, amount=600.0)
        self.assertFigures(receivable=550.0)

    def test_expense_line_without_quantity(self):
        """A re-invoiced expense: nothing ordered, four delivered at 20 + 15 % tax."""
        travel = self._product("Travel", type="service", invoice_policy="delivery")
        order = self._confirmed(1000.0, taxed=True)
        line = self._add_line(order, 20.0, quantity=0.0, product=travel)
        line.qty_delivered = 4.0
        self.assertFigures(ordered=1242.0)
        self._bill(order)
        self.assertFigures(receivable=1242.0)

    def test_expense_line_alone(self):
        travel = self._product("Travel", type="service", invoice_policy="delivery")
        order = self._confirmed(20.0, quantity=0.0, product=travel, taxed=True)
        self.assertFigures()
        order.order_line.qty_delivered = 4.0
        self.assertFigures(ordered=92.0)

    def test_tax_included_in_the_price(self):
        self.tax.price_include_override = "tax_included"
        order = self._confirmed(1150.0, taxed=True)
        self.assertFigures(ordered=1150.0)
        line = self._add_line(
            order,
            115.0,
            quantity=0.0,
            product=self._product("Travel", type="service", invoice_policy="delivery"),
        )
        line.qty_delivered = 2.0
        self.assertFigures(ordered=1380.0)

    def test_service_delivered_by_hand(self):
        """Hours invoiced as worked: the order counts whole until more than that is worked."""
        hours = self._product("Hours", type="service", invoice_policy="delivery")
        order = self._confirmed(100.0, product=hours, quantity=10.0, taxed=True)
        self.assertFigures(ordered=1150.0)
        order.order_line.qty_delivered = 4.0
        self._bill(order)
        self.assertFigures(receivable=460.0, ordered=690.0)
        order.order_line.qty_delivered = 11.0
        self.assertFigures(receivable=460.0, ordered=805.0)

    def test_invoice_of_two_orders(self):
        first, second = self._confirmed(1000.0, taxed=True), self._confirmed(500.0, taxed=True)
        invoice = self._bill(first | second, post=False)
        self.assertEqual(len(invoice), 1)
        self.assertFigures(draft=1725.0)
        invoice.action_post()
        self.assertFigures(receivable=1725.0)
