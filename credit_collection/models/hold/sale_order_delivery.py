from odoo import models

from ...core import decision
from ...core.money import ZERO, to_decimal


class SaleOrder(models.Model):
    """What a delivery asks its orders: were you checked as you are now?"""

    _inherit = "sale.order"

    def _credit_checked(self, case):
        """The amount that a passing case vouches for: nothing if it passed as paid up front."""
        request = case.request
        exempt = request.pays_up_front or request.prepaid >= request.document_amount
        return ZERO if exempt else request.document_amount

    def _credit_outgrown(self):
        """The orders raised above what was checked, or between another customer and company.

        Orders that were confirmed before there was a check count as checked.
        """
        outgrown = self.browse()
        for order in self.sudo():
            file = order.credit_checked_account_id
            if file and (
                file.partner_id != order._credit_partner().commercial_partner_id
                or file.company_id != order.company_id.root_id
                or order.company_id.currency_id.compare_amounts(
                    float(order._credit_amount()), order.credit_checked_amount
                )
                > 0
            ):
                outgrown |= order
        return outgrown

    def _credit_is_raised(self):
        """Whether a confirmed order outgrew its check: its deliveries are checked again."""
        self.ensure_one()
        if not self.credit_checked_account_id or self._credit_pays_up_front():
            return False
        return bool(self._credit_outgrown())

    def _credit_raised_banner(self):
        """What the salesperson sees of it."""
        banner = self._credit_banner()
        if banner["outcome"] == decision.HOLD and not banner["observe"]:
            title = self.env._("Raised since it was checked: the next delivery will be held.")
        else:
            title = self.env._("Raised since it was checked: the next delivery will pass.")
        return {**banner, "title": title}

    def _credit_unchecked(self):
        """The orders to be checked again before anything is delivered: outgrown and not paid."""
        return self._credit_outgrown().filtered(lambda order: not order._credit_is_paid())

    def _credit_is_paid(self):
        """Whether all of the order is paid, online or on its invoices."""
        self.ensure_one()
        order = self.sudo()
        amount = order._credit_amount()
        captured, _booked = order._credit_captured()
        if captured >= amount:
            return True
        invoices = order.invoice_ids.filtered(lambda move: move.state == "posted")
        paid = sum(
            invoice.amount_total_signed - invoice.amount_residual_signed for invoice in invoices
        )
        return to_decimal(paid, order.company_id.currency_id.decimal_places) >= amount

    def _credit_order_holds(self):
        """The holds (sudo) of the order itself, without those of its deliveries."""
        return self.sudo().credit_hold_ids.filtered(lambda hold: hold.checkpoint != "delivery")

    def _credit_vouch(self, account):
        """Remember that the orders were checked as they are now, for the file ``account``."""
        for order in self.sudo()._credit_unchecked():
            order.credit_checked_account_id = account
            order.credit_checked_amount = float(order._credit_amount())


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _credit_unit_price(self):
        """What one unit of the line is worth, tax included, in the company's currency."""
        self.ensure_one()
        line = self.sudo()
        rate = line.order_id.currency_rate or 1.0
        if line.product_uom_qty:
            return line.price_total / line.product_uom_qty / rate
        return line.price_unit * (1 - (line.discount or 0.0) / 100) / rate
