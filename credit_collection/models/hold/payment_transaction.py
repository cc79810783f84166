from odoo import models


class PaymentTransaction(models.Model):
    """What was paid online for an order that the credit check holds."""

    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        # EXTENDS 'sale': an order on hold is not confirmed; the customer gets the mail that
        # acknowledges the payment, sees the order in the portal, and the salesperson is told
        confirmed = super()._check_amount_and_confirm_order()
        held = confirmed.filtered(lambda order: order.state in ("draft", "sent"))
        for order in held.sudo():
            order.filtered(lambda order: order.state == "draft").write({"state": "sent"})
            order.message_post(
                body=self.env._(
                    "Paid online, and on credit hold: tell the customer how it goes on."
                ),
                partner_ids=order.user_id.partner_id.ids,
            )
        return confirmed - held
