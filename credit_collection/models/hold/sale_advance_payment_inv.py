from contextlib import nullcontext

from odoo import models


class SaleAdvancePaymentInv(models.TransientModel):
    """A down payment takes off its order what it adds as an invoice, and no more."""

    _inherit = "sale.advance.payment.inv"

    def _create_invoices(self, sale_orders):
        # EXTENDS 'sale'
        in_advance = self.advance_payment_method != "delivered"
        with sale_orders._credit_conserving() if in_advance else nullcontext():
            return super()._create_invoices(sale_orders)
