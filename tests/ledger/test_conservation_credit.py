"""What was credited does not come back as an order; what was prepaid is not owed twice."""

from freezegun import freeze_time
from odoo.tests import tagged

from .common import ConservationCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestCreditNotes(ConservationCase):
    def _invoiced_service(self, **values):
        order = self._confirmed(1000.0, taxed=True, **values)
        return order, self._bill(order)

    def test_paid_and_credited_the_customer_is_owed(self):
        """Odoo offers the order for invoicing again; the customer is owed 1,150 all the same."""
        order, invoice = self._invoiced_service()
        self._pay(invoice)
        self._credit_note(invoice)
        self.assertEqual(order.order_line.qty_to_invoice, 1.0)
        self.assertFigures(receivable=-1150.0)

    def test_unpaid_and_credited_nothing_is_owed(self):
        _order, invoice = self._invoiced_service()
        self._credit_note(invoice)
        self.assertFigures()

    def test_draft_credit_note(self):
        _order, invoice = self._invoiced_service()
        credit = self._credit_note(invoice, post=False)
        self.assertFigures(receivable=1150.0)
        credit.unlink()
        self.assertFigures(receivable=1150.0)

    def test_reverse_and_invoice_again(self):
        order, invoice = self._invoiced_service()
        again = self._credit_note(invoice, modify=True)
        self.assertEqual((again.state, again.move_type), ("draft", "out_invoice"))
        self.assertFigures(draft=1150.0)
        again.action_post()
        self.assertFigures(receivable=1150.0)
        self._pay(again)
        self.assertFigures()
        self.assertEqual(order.invoice_status, "invoiced")

    def test_credited_and_invoiced_again_from_the_order(self):
        order, invoice = self._invoiced_service()
        self._credit_note(invoice)
        again = self._bill(order, post=False)
        self.assertFigures(draft=1150.0)
        again.action_post()
        self.assertFigures(receivable=1150.0)
        self._pay(again)
        self._credit_note(again)
        self.assertFigures(receivable=-1150.0)

    def test_price_allowance_keeps_the_rest(self):
        """A tenth of the price credited: 115 less is owed, whatever quantity the note names."""
        _order, invoice = self._invoiced_service()
        credit = self._credit_note(invoice, post=False)
        credit.invoice_line_ids.price_unit = 100.0
        credit.action_post()
        self.assertFigures(receivable=1035.0)

    def test_half_invoiced_and_credited_the_other_half_is_to_come(self):
        order = self._goods_order()
        self._deliver(order, 5)
        invoice = self._bill(order)
        self._pay(invoice)
        self._credit_note(invoice)
        self.assertFigures(receivable=-575.0, ordered=575.0)
        self._bill(order)
        self.assertFigures(ordered=575.0)

    def test_goods_returned_and_credited_from_the_order(self):
        order = self._goods_order()
        picking = self._deliver(order, 10)
        self._bill(order)
        self._return(picking, 4)
        self.assertFigures(receivable=1150.0)
        self._bill(order)
        self.assertFigures(receivable=690.0)

    def test_goods_returned_credited_and_delivered_again(self):
        order = self._goods_order()
        delivery = self._deliver(order, 10)
        invoice = self._bill(order)
        returned = self._return(delivery, 10)
        self._credit_note(invoice)
        self.assertFigures()
        self._return(returned, 10)
        self.assertEqual(order.order_line.qty_delivered, 10.0)
        self.assertFigures(ordered=1150.0)

    def test_goods_kept_and_credited(self):
        order = self._goods_order()
        self._deliver(order, 10)
        invoice = self._bill(order)
        self._pay(invoice)
        self._credit_note(invoice)
        self.assertFigures(receivable=-1150.0)

    def test_credit_in_another_unit(self):
        """Two dozen invoiced; twelve pieces credited are one dozen."""
        dozen, unit = self.env.ref("uom.product_uom_dozen"), self.env.ref("uom.product_uom_unit")
        order = self._order(100.0, quantity=2.0, taxed=True)
        order.order_line.product_uom_id = dozen
        order.order_line.price_unit = 100.0
        order.action_confirm()
        invoice = self._bill(order)
        credit = self._credit_note(invoice, post=False)
        credit.invoice_line_ids.write(
            {"product_uom_id": unit.id, "quantity": 12, "price_unit": 100.0 / 12}
        )
        credit.action_post()
        self.assertFigures(receivable=115.0)

    def test_line_of_returned_goods(self):
        """An order with a negative line owes less, until it is invoiced as a whole."""
        order = self._confirmed(1000.0, taxed=True)
        self._add_line(order, 100.0, quantity=-2.0)
        self.assertFigures(ordered=920.0)
        invoice = self._bill(order)
        self.assertFigures(receivable=920.0)
        self._credit_note(invoice)
        self.assertFigures()


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestDownPayments(ConservationCase):
    def test_half_in_advance(self):
        order = self._confirmed(1000.0, taxed=True)
        advance = self._down_payment(order, "percentage", 50)
        self.assertFigures(draft=575.0, ordered=575.0)
        advance.action_post()
        self.assertFigures(receivable=575.0, ordered=575.0)
        self._pay(advance)
        self.assertFigures(ordered=575.0)
        final = self._bill(order, post=False)
        self.assertFigures(draft=575.0)
        final.action_post()
        self.assertFigures(receivable=575.0)
        self._pay(final)
        self.assertFigures()

    def test_fixed_amount(self):
        """A fixed down payment of 230 is meant with tax."""
        order = self._confirmed(1000.0, taxed=True)
        advance = self._down_payment(order, "fixed", 230.0)
        self.assertFigures(draft=230.0, ordered=920.0)
        advance.action_post()
        self._pay(advance)
        self.assertFigures(ordered=920.0)
        self._bill(order)
        self.assertFigures(receivable=920.0)

    def test_cancelled_draft_of_a_down_payment(self):
        order = self._confirmed(1000.0, taxed=True)
        self._down_payment(order, "percentage", 50).button_cancel()
        self.assertFigures(ordered=1150.0)

    def test_credited_down_payment(self):
        order = self._confirmed(1000.0, taxed=True)
        advance = self._down_payment(order, "percentage", 50)
        advance.action_post()
        self._pay(advance)
        self._credit_note(advance)
        self.assertFigures(receivable=-575.0, ordered=1150.0)

    def test_down_payment_and_delivery_in_parts(self):
        """Odoo takes the whole down payment off the first delivery's invoice."""
        order = self._goods_order()
        advance = self._down_payment(order, "percentage", 20)
        advance.action_post()
        self._pay(advance)
        self.assertFigures(ordered=920.0)
        self._deliver(order, 6)
        self._bill(order)
        self.assertFigures(receivable=460.0, ordered=460.0)

    def test_down_payment_of_an_order_whose_rest_is_cancelled(self):
        """Nothing will be delivered: what was paid in advance is owed to the customer."""
        order = self._goods_order()
        advance = self._down_payment(order, "percentage", 50)
        advance.action_post()
        self._pay(advance)
        order.picking_ids.action_cancel()
        self.assertFigures(ordered=-575.0)

    def test_final_invoice_credited(self):
        """The final invoice is taken back; the paid down payment is owed to the customer."""
        order = self._confirmed(1000.0, taxed=True)
        advance = self._down_payment(order, "percentage", 50)
        advance.action_post()
        self._pay(advance)
        self._credit_note(self._bill(order))
        self.assertFigures(ordered=-575.0)
