from odoo import models
from odoo.exceptions import AccessError


class SaleOrderLine(models.Model):
    """Which invoice lines an order line may call its own, and what was paid on them.

    A copy of an order may bring the invoice lines of the first along, and a quotation with them
    does no harm.  But an invoice is paid once: when the copy becomes a sale, what belongs to an
    earlier order or to another customer is taken off it, and it is asked about like any order.
    """

    _inherit = "sale.order.line"

    def _credit_take_bills(self):
        """Look at the invoice lines that these new lines bring along."""
        if not self.env.su:
            self._credit_refuse_taken_bills()
        self.filtered(lambda line: line.state == "sale")._credit_leave_others_bills()

    def _credit_refuse_taken_bills(self):
        """Raise when one of these new lines claims an invoice line that no other order has."""
        for line in self.sudo():
            for bill_line in line.invoice_lines:
                if not bill_line.sale_line_ids - self:
                    raise AccessError(
                        self.env._(
                            "%(invoice)s was not made from an order: %(order)s cannot claim it.",
                            invoice=bill_line.move_id.display_name,
                            order=line.order_id.display_name,
                        )
                    )

    def _credit_leave_others_bills(self):
        """Take off the invoice lines that belong to an earlier line or to another customer."""
        for line in self.sudo():
            payer = line.order_id._credit_partner().commercial_partner_id
            others = line.invoice_lines.filtered(
                lambda bill_line, line=line, payer=payer: (
                    bill_line.move_id.commercial_partner_id != payer
                    or bill_line.sale_line_ids.filtered(lambda owner: owner.id < line.id)
                )
            )
            if others:
                line.invoice_lines -= others

    def _credit_give_up_bills(self):
        """Take the invoice lines of these, about to be deleted, off the copies that share them."""
        bill_lines = self.sudo().invoice_lines
        for line in bill_lines.sale_line_ids - self:
            if line.order_id not in self.order_id:
                line.invoice_lines -= bill_lines

    def _credit_paid_on_invoices(self):
        """What was paid of this line on posted invoices, less what was credited, in the company's
        currency, tax included.  What is paid of an invoice is shared out over its lines."""
        self.ensure_one()
        paid = 0.0
        for bill_line in self.sudo().invoice_lines:
            bill = bill_line.move_id
            if bill.state != "posted" or not bill.amount_total:
                continue
            share = bill_line.price_total / bill.amount_total
            paid += share * (bill.amount_total_signed - bill.amount_residual_signed)
        return paid
