from odoo import models
from odoo.exceptions import AccessError

# What the credit check reads of a line and Odoo works out by itself; whether a line is a down
# payment is decided when it is made.
RESULTS = {
    "price_total", "price_subtotal", "price_tax", "price_reduce_taxinc", "qty_invoiced",
    "is_downpayment", "invoice_status", "invoice_lines",
}  # fmt: skip


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        forged = set() if self.env.su else RESULTS.intersection(vals)
        if forged:
            raise AccessError(
                self.env._(
                    "%(fields)s of an order line are worked out and cannot be written.",
                    fields=", ".join(sorted(self._fields[name].string for name in forged)),
                )
            )
        return super().write(vals)
