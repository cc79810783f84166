from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ...core import decision
from ...core.money import to_decimal
from .stock_move import SHIPPABLE

PAYING = {
    "payment_term_id", "partner_invoice_id", "partner_id", "company_id", "currency_id",
    "date_order",
}  # fmt: skip
PRICING = {
    "product_id", "product_template_id", "product_uom_qty", "product_uom_id", "price_unit",
    "discount", "tax_ids", "order_id", "display_type",
}  # fmt: skip


@dataclass(frozen=True)
class Stake:
    """What a confirmed order puts at stake that no delivery will be asked about."""

    services: Decimal
    payer_id: int
    company_id: int
    up_front: bool

    def exceeds(self, before):
        """Whether more is at stake than before: more services, another payer or creditor, credit
        taken."""
        if not self.services > 0:
            return False
        return (
            self.services > before.services
            or self.payer_id != before.payer_id
            or self.company_id != before.company_id
            or (before.up_front and not self.up_front)
        )


class SaleOrder(models.Model):
    """A confirmed order may not grow past its check where no delivery will stop it: in services.

    Goods that are added are checked when they leave.
    """

    _inherit = "sale.order"

    def write(self, vals):
        if not PAYING & vals.keys():
            return super().write(vals)
        with self._credit_watch_raise():
            return super().write(vals)

    @contextmanager
    def _credit_watch_raise(self):
        """Refuse what is done inside if it puts more of these orders at stake than credit allows.

        Freight that a validation adds belongs to the goods that it was asked about.
        """
        before = {
            order: order._credit_stake()
            for order in self.sudo()
            if order.state == "sale" and order.credit_checked_account_id
        }
        yield
        if not before or self.env.cr.cache.get(SHIPPABLE):
            return
        raised = self.sudo().filtered(
            lambda order: order in before and order._credit_stake().exceeds(before[order])
        )
        raised._credit_unchecked()._credit_refuse_raise()

    def _credit_stake(self):
        self.ensure_one()
        services = self.order_line.filtered(
            lambda line: not line.display_type and line.product_id.type in (False, "service")
        )
        total = sum(services.mapped("price_total")) / (self.currency_rate or 1.0)
        return Stake(
            to_decimal(total, self.company_id.currency_id.decimal_places),
            self._credit_partner().commercial_partner_id.id,
            self.company_id._credit_root_id(),
            self._credit_pays_up_front(),
        )

    def _credit_refuse_raise(self):
        """Raise unless these confirmed orders pass as they are now; remember those that do."""
        if not self:
            return
        words = self.env["credit.message"]
        cases = self.env["credit.check"]._judge(self, decision.CONFIRMATION)
        stopped = [
            self.env._(
                "%(order)s is confirmed and cannot take this: %(reason)s Put what is added on a "
                "quotation of its own, which can be held and released.",
                order=case.document.name,
                reason=" ".join(words._findings(case)),
            )
            for case in cases
            if case.holds
        ]
        if stopped:
            raise UserError("\n".join(stopped))
        for case in cases:
            case.document.credit_checked_account_id = case.account
            case.document.credit_checked_amount = float(self._credit_checked(case))


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        ids = {vals["order_id"] for vals in vals_list if "order_id" in vals}
        if any("order_id" not in vals for vals in vals_list):
            ids.add(self.default_get(["order_id"]).get("order_id"))
        with self.env["sale.order"].browse(ids - {None, False})._credit_watch_raise():
            return super().create(vals_list)

    def write(self, vals):
        if not PRICING & vals.keys():
            return super().write(vals)
        orders = self.order_id | self.env["sale.order"].browse(vals.get("order_id") or ())
        with orders._credit_watch_raise():
            return super().write(vals)

    def unlink(self):
        # What is taken out may be a discount.
        with self.order_id._credit_watch_raise():
            return super().unlink()
