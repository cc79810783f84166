from odoo import models

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
