from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.write_guards import given_fields

# What the credit check reads of a line and Odoo works out or links by itself; whether a line is a
# down payment is decided when it is made.
RESULTS = {
    "price_total", "price_subtotal", "price_tax", "price_reduce_taxinc", "qty_invoiced",
    "is_downpayment", "invoice_status", "invoice_lines",
}  # fmt: skip
DECIDED_WHEN_MADE = {"is_downpayment"}

# Lines that may still invoice something; the same words for the index and for the query.
OPEN_LINE = """
    display_type IS NULL
    AND (is_downpayment OR product_uom_qty < 0 OR qty_invoiced IS NULL
         OR qty_invoiced < product_uom_qty OR qty_invoiced < qty_delivered)
"""


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # What is open is a small part of all lines; without it the list of all customers reads them
    # all, and costs more each year.
    _credit_open_idx = models.Index(f"(order_id) WHERE {OPEN_LINE}")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # The web client says of a new line that it has no invoice lines.
            said = {name for name in given_fields(self, vals) if vals.get(name) != []}
            self._credit_refuse_forgery(said - DECIDED_WHEN_MADE)
        return super().create(vals_list)

    def write(self, vals):
        self._credit_refuse_forgery(vals.keys())
        return super().write(vals)

    @api.model
    def _credit_refuse_forgery(self, names):
        """What Odoo works out for the check is not written by hand."""
        forged = set() if self.env.su else names & RESULTS
        if forged:
            raise AccessError(
                self.env._(
                    "%(fields)s of an order line are worked out and cannot be written.",
                    fields=", ".join(sorted(self._fields[name].string for name in forged)),
                )
            )
