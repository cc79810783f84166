"""H9: paid in the shop, and on hold."""

from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
class TestPaidOnline(CreditCase):
    def _pay_online(self, order, amount):
        provider = self.env["payment.provider"].create({"name": "Cards", "code": "none"})
        method = self.env["payment.method"].with_context(active_test=False).search([], limit=1)
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"{order.name}-1",
                "amount": amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [(6, 0, order.ids)],
            }
        )
        transaction.state = "done"
        return transaction

    def test_held_order_is_sent_and_its_salesperson_told(self):
        self._account().with_user(self.officer).action_set_manual_hold("Insolvent")
        order = self._order(100.0, require_payment=True)
        transaction = self._pay_online(order, order.amount_total)
        confirmed = transaction._check_amount_and_confirm_order()
        self.assertFalse(confirmed, "the customer gets the mail that acknowledges the payment")
        self.assertEqual((order.state, order.credit_state), ("sent", "held"))
        self.assertIn(self.salesperson.partner_id, order.message_ids[:1].notified_partner_ids)

    def test_an_order_that_passes_is_confirmed(self):
        order = self._order(100.0, require_payment=True)
        transaction = self._pay_online(order, order.amount_total)
        self.assertEqual(transaction._check_amount_and_confirm_order(), order)
        self.assertEqual(order.state, "sale")
