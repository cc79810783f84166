from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from ...core import decision
from ...core.money import ZERO, to_decimal
from .stock_move import VALIDATING

# Orders that are being watched in this transaction, whether orders are being made with their
# lines, and whether what is added was spent already (a bill or an expense that is charged on).  All
# live on the cursor, out of reach of any caller.
WATCHED = "credit_collection.watched"
MAKING = "credit_collection.making"
INCURRED = "credit_collection.incurred"
PAYING = {
    "payment_term_id",
    "partner_invoice_id",
    "partner_id",
    "company_id",
    "currency_id",
    "date_order",
    "commitment_date",
    "pricelist_id",
    "fiscal_position_id",
    "order_line",
}
PRICING = {
    "product_id",
    "product_template_id",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "order_id",
    "display_type",
    "qty_delivered",
    "combo_item_id",
    "linked_line_id",
}


@dataclass(frozen=True)
class Commitment:
    """What of a confirmed order cannot be taken back, and who owes it to whom."""

    amount: Decimal
    payer_id: int
    company_id: int
    up_front: bool

    def exceeds(self, before):
        """Whether more is at stake than before: more of it, another payer or creditor, credit
        taken."""
        if not self.amount > 0:
            return False
        return (
            self.amount > before.amount
            or self.payer_id != before.payer_id
            or self.company_id != before.company_id
            or (before.up_front and not self.up_front)
        )


class SaleOrder(models.Model):
    """A confirmed order may not grow past its check where no delivery will stop it.

    Services are sold once the order says so, and goods that have left cannot be called back: when
    there is more of either, when their price rises or their payer changes, the order is asked
    about at once.  Goods that are added are asked about when they leave or are invoiced.  What has
    left with an order that was cancelled since is watched like that of a sale.
    """

    _inherit = "sale.order"

    @contextmanager
    def _credit_watch(self):
        """Refuse what is done inside if it puts more of these orders at stake than credit allows.

        What was vouched for falls when the order falls.  Freight that a validation adds belongs
        to the goods that it was asked about; a cost that was incurred is let in and counted.
        """
        cache = self.env.cr.cache
        if cache.get(MAKING):
            yield
            return
        watched = cache.setdefault(WATCHED, set())
        orders = self.sudo().filtered(
            lambda order: (
                order._origin.id not in watched
                and (order.state == "sale" or order._credit_has_left_behind())
            )
        )
        states = {order: order.state for order in orders}
        before = {order: order._credit_commitment() for order in orders}
        worth = {order: order._credit_worth_in_the_end() for order in orders}
        watched.update(orders.ids)
        try:
            yield
        finally:
            watched.difference_update(orders.ids)
        # What becomes a sale is asked about as a whole.
        orders = orders.exists().filtered(
            lambda order: order.state != "sale" or states[order] == "sale"
        )
        if not orders:
            return
        if not (cache.get(VALIDATING) or cache.get(INCURRED)):
            raised = orders.filtered(
                lambda order: order._credit_commitment().exceeds(before[order])
            )
            sold = raised.filtered(lambda order: order.state == "sale")
            for order in sold.filtered(lambda order: not order.credit_checked_account_id):
                order._credit_begin_check(before[order], worth[order])
            (sold._credit_unchecked() | (raised - sold))._credit_refuse_raise()
        orders._credit_lower_check()

    @contextmanager
    def _credit_making(self):
        """The lines with which an order is made are no raise: the order is asked about as a whole,
        if it is made as a sale."""
        cache = self.env.cr.cache
        outer = cache.get(MAKING)
        cache[MAKING] = True
        try:
            yield
        finally:
            cache[MAKING] = outer

    def _credit_commitment(self):
        """What is at stake whatever becomes of the deliveries: services, and goods that left."""
        self.ensure_one()
        total = sum(line._credit_committed() for line in self.order_line)
        digits = self.company_id.currency_id.decimal_places
        return Commitment(
            max(to_decimal(total / (self.currency_rate or 1.0), digits), ZERO),
            self._credit_partner().commercial_partner_id.id,
            self.company_id._credit_root_id(),
            self._credit_pays_up_front(),
        )

    def _credit_refuse_raise(self):
        """Raise unless these confirmed orders pass as they are now; remember those that do."""
        if not self:
            return
        words = self.env(su=False)["credit.message"]
        told = words._findings if words._sees_figures() else words._plain_findings
        cases = self.env["credit.check"]._judge(self, decision.CONFIRMATION)
        stopped = [
            self.env._(
                "%(order)s is confirmed and cannot take this: %(reason)s Put what is added on a "
                "quotation of its own, which can be held and released.",
                order=case.document.name,
                reason=" ".join(told(case)),
            )
            for case in cases
            if case.holds
        ]
        if stopped:
            raise UserError("\n".join(stopped))
        for case in cases:
            if case.document.state == "sale":
                case.document.write(self._credit_note(case.account.id, self._credit_checked(case)))

    def _credit_has_left_behind(self):
        """Whether something of an order that is no sale (any more) has left without an invoice."""
        self.ensure_one()
        return self.state != "sale" and any(
            line.qty_delivered > line.qty_invoiced for line in self.order_line
        )

    def _credit_is_owed(self):
        """Whether something of the order counts that is not invoiced yet."""
        self.ensure_one()
        if self.state == "sale":
            return self.invoice_status != "invoiced" and bool(self.amount_total)
        return self._credit_has_left_behind()

    def _credit_refuse_typed(self):
        """Raise unless these orders pass with what was typed as delivered on them; sales are
        watched, what left with others counts all the time."""
        others = self.sudo().filtered(lambda order: order.state != "sale")
        for case in self.env["credit.check"]._judge(others, decision.CONFIRMATION):
            if case.holds:
                lines = case.document.with_env(self.env).order_line
                typed = lines.filtered(lambda line: line.qty_delivered > line.qty_invoiced)
                raise (typed or lines)[0]._credit_counted_by_deliveries()
