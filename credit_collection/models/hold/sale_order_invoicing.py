from collections import defaultdict
from contextlib import contextmanager

from odoo import models
from odoo.exceptions import UserError

from ...core import decision
from ...core.money import to_decimal
from ...tools.write_guards import reset_context

# By how much invoicing makes customers owe more, in this transaction: order id -> amount.  It
# lives on the cursor, out of reach of any caller.
GROWN = "credit_collection.grown_by_invoicing"
# Cents that rounding per line and per document may differ by.
ROUNDING = 0.05


class SaleOrder(models.Model):
    """Invoicing moves what is owed from the order to the invoice; where it grows, it is asked.

    It does where goods are invoiced that were added since the check and have not left, where what
    was credited is invoiced again, and where a down payment is more than its order comes to.
    """

    _inherit = "sale.order"

    def _create_invoices(self, grouped=False, final=False, date=None):
        # EXTENDS 'sale'
        ahead = self.sudo().filtered(
            lambda order: (
                not order._credit_pays_up_front()
                and any(line._credit_is_invoiced_ahead() for line in order.order_line)
            )
        )
        ahead._credit_unchecked()._credit_refuse_raise()
        credited = self.filtered(
            lambda order: order.sudo().invoice_ids.filtered(
                lambda move: move.move_type == "out_refund" and move.state != "cancel"
            )
        )
        with credited._credit_conserving():
            return super()._create_invoices(grouped=grouped, final=final, date=date)

    @contextmanager
    def _credit_conserving(self):
        """Refuse what is done inside if it makes the customers of these orders owe more than
        credit allows."""
        orders = self.sudo().filtered(lambda order: order.state == "sale")
        before = orders._credit_owed()
        yield
        after = orders._credit_owed()
        grown = {}
        for order in orders:
            key = order._credit_debt_key()
            growth = after.pop(key, 0.0) - before.get(key, 0.0)
            if growth > ROUNDING * max(len(order.order_line), 1):
                digits = order.company_id.currency_id.decimal_places
                grown[order.id] = to_decimal(growth / (order.currency_rate or 1.0), digits)
        orders.browse(grown)._credit_refuse_growth(grown)

    def _credit_debt_key(self):
        self.ensure_one()
        payer = self._credit_partner().commercial_partner_id.id
        return payer, self.company_id._credit_root_id(), self.currency_id.id

    def _credit_owed(self):
        """What the customers of these orders owe, by customer, company and currency."""
        if not self:
            return {}
        self.env.flush_all()
        owed = defaultdict(float)
        Item = reset_context(self.env["credit.open.item"])
        for partner, company, currency, amount in Item._read_group(
            [("partner_id", "in", [order._credit_debt_key()[0] for order in self])],
            ["partner_id", "company_id", "currency_id"],
            ["amount_currency:sum"],
        ):
            owed[partner.id, company.id, currency.id] = amount
        return owed

    def _credit_refuse_growth(self, grown):
        cache = self.env.cr.cache
        cache[GROWN] = grown
        try:
            cases = self.env["credit.check"]._judge(self, decision.CONFIRMATION) if self else []
        finally:
            cache.pop(GROWN, None)
        message = self.env["credit.message"]
        stopped = [
            self.env._(
                "%(order)s cannot be invoiced for more than is owed on it: %(reason)s",
                order=case.document.name,
                reason=" ".join(message._findings(case)),
            )
            for case in cases
            if case.holds
        ]
        if stopped:
            raise UserError("\n".join(stopped))
