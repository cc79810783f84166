from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...core.money import to_decimal
from ...tools.write_guards import given_fields
from .sale_order_watch import PRICING
from .stock_move import NOTING, VALIDATING

# What the credit check reads of a line and Odoo works out or links by itself; whether a line is a
# down payment or charges an expense on is decided when it is made.
RESULTS = {
    "price_total",
    "price_subtotal",
    "price_tax",
    "price_reduce_taxinc",
    "qty_invoiced",
    "is_downpayment",
    "is_expense",
    "invoice_status",
    "invoice_lines",
    "qty_delivered_method",
}
DECIDED_WHEN_MADE = {"is_downpayment", "is_expense"}
# A copy of an order may bring them along, see ``sale_order_line_bills``.
BROUGHT = {"invoice_lines"}
# A vendor was asked for it, to deliver it straight to the customer.
ASKED_FOR = ("draft", "sent", "to approve")
TYPED = ("product_uom_qty", "price_unit", "discount", "qty_delivered", "technical_price_unit")
# Beyond it nothing is rounded any more.
LARGEST = 1e18

# Of a total below so many of its currency's smallest units too much is lost by rounding to say what
# one piece is worth, when more pieces leave than were ordered.
LEAST_TOTAL = 100
# Lines that may still invoice something; the same words for the index and for the query.
OPEN_LINE = """
    display_type IS NULL
    AND (is_downpayment OR product_uom_qty < 0 OR qty_invoiced IS NULL
         OR qty_invoiced < product_uom_qty OR qty_invoiced < qty_delivered)
"""
# Lines of orders that are none (any more) whose goods have left without an invoice.
LEFT_BEHIND = "state != 'sale' AND qty_delivered > qty_invoiced"


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # What is open is a small part of all lines; without it the list of all customers reads them
    # all, and costs more each year.
    _credit_open_idx = models.Index(f"(order_id) WHERE {OPEN_LINE}")
    _credit_left_behind_idx = models.Index(f"(order_id) WHERE {LEFT_BEHIND}")

    @api.model_create_multi
    def create(self, vals_list):
        ids = set()
        for vals in vals_list:
            # The web client says of a new line that it has no invoice lines.
            said = {name for name in given_fields(self, vals) if vals.get(name) != []}
            self._credit_refuse_forgery(said - DECIDED_WHEN_MADE - (BROUGHT & vals.keys()))
            self._credit_refuse_no_numbers(vals)
            ids.add(vals["order_id"] if "order_id" in vals else self._credit_default_order_id())
        with self.env["sale.order"].browse(ids - {None, False})._credit_watch():
            lines = super().create(vals_list)
            given = [bool(vals.get("qty_delivered")) for vals in vals_list]
            delivered = [line.id for line, by_hand in zip(lines, given, strict=True) if by_hand]
            for line in self.browse(delivered):
                line._credit_refuse_hidden(line.qty_delivered)
            self.browse(delivered).order_id._credit_refuse_typed()
            bringing = zip(lines, vals_list, strict=True)
            self.browse(
                line.id for line, vals in bringing if vals.get("invoice_lines")
            )._credit_take_bills()
        return lines

    def write(self, vals):
        self._credit_refuse_forgery(vals.keys())
        self._credit_refuse_no_numbers(vals)
        typed = self.browse()
        if "qty_delivered" in vals:
            quantity = float(vals["qty_delivered"] or 0.0)
            self._credit_refuse_hidden(quantity)
            typed = self.filtered(lambda line: line.qty_delivered < quantity)
        if not PRICING & vals.keys():
            return super().write(vals)
        orders = self.order_id | self.env["sale.order"].browse(vals.get("order_id") or ())
        with orders._credit_watch():
            result = super().write(vals)
            typed.order_id._credit_refuse_typed()
        return result

    def unlink(self):
        # What is taken out may be a discount.
        self.filtered(lambda line: line.state != "sale")._credit_refuse_left_behind()
        self._credit_give_up_bills()
        with self.order_id._credit_watch():
            return super().unlink()

    @api.model
    def _credit_default_order_id(self):
        return self.default_get(["order_id"]).get("order_id")

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

    def _credit_refuse_hidden(self, quantity):
        """What deliveries count is not typed as less; that goods come back may be part of the
        order."""
        cache = self.env.cr.cache
        if self.env.su or cache.get(NOTING) or cache.get(VALIDATING):
            return
        for line in self.filtered(lambda line: line.qty_delivered_method != "manual"):
            counted = line.sudo()._prepare_qty_delivered().get(line, 0.0)
            least = min(counted, line.product_uom_qty, 0.0) if counted <= 0 else counted
            less = line.product_uom_id.compare(quantity, least) < 0
            if less and not line.order_id._credit_only_observed():
                raise line._credit_counted_by_deliveries()

    def _credit_refuse_left_behind(self):
        """Raise when goods of one of these lines have left and are neither back nor invoiced."""
        for line in self.sudo():
            if line.order_id._credit_only_observed():
                continue
            if line._credit_is_moved() and line.qty_delivered > line.qty_invoiced:
                raise UserError(
                    self.env._(
                        "%(product)s of %(order)s was delivered and not invoiced, so it is still "
                        "owed: invoice it or take it back before you delete the order.",
                        product=line.product_id.display_name,
                        order=line.order_id.name,
                    )
                )

    def _credit_counted_by_deliveries(self):
        self.ensure_one()
        return AccessError(
            self.env._(
                "What was delivered of %(product)s is counted by its deliveries and cannot be "
                "typed.",
                product=self.product_id.display_name or self.name,
            )
        )

    @api.model
    def _credit_refuse_no_numbers(self, vals):
        """An order of infinitely many pieces has no amount that could be checked."""
        for name in TYPED:
            value = vals.get(name)
            if isinstance(value, (int, float, str)) and not _is_counted(value):
                raise ValidationError(
                    self.env._(
                        "%(field)s of an order line has to be a number.",
                        field=self._fields[name].string,
                    )
                )

    # ------------------------------------------------------------------
    # What a line is worth
    # ------------------------------------------------------------------

    def _credit_price(self):
        """What one unit is worth, tax included, in the order's currency: the counterpart of
        ``credit.open.item._order_line_price_sql``."""
        self.ensure_one()
        smallest = 10.0**-self.currency_id.decimal_places
        if self.product_uom_qty and abs(self.price_total) >= LEAST_TOTAL * smallest:
            return self.price_total / self.product_uom_qty
        taxes = self.sudo().tax_ids.filtered(lambda tax: not tax.price_include)
        percent = sum(taxes.filtered(lambda tax: tax.amount_type == "percent").mapped("amount"))
        fixed = sum(taxes.filtered(lambda tax: tax.amount_type == "fixed").mapped("amount"))
        net = self.price_unit * (1 - (self.discount or 0.0) / 100)
        return net * (1 + percent / 100) + (fixed if net else 0.0)

    def _credit_unit_price(self):
        """The same in the company's currency."""
        line = self.sudo()
        return line._credit_price() / (line.order_id.currency_rate or 1.0)

    def _credit_is_downpayment(self):
        """Whether the line is a down payment: one that was ordered is none, whatever it says."""
        return self.is_downpayment and not self.product_uom_qty

    def _credit_is_moved(self):
        """Whether transfers deliver the line, so that they are asked about it."""
        return self.product_id.type == "consu"

    def _credit_is_invoiced_ahead(self):
        """Whether goods will be invoiced now that have not left."""
        return self._credit_is_moved() and (
            self.qty_to_invoice > 0 and self.qty_invoiced + self.qty_to_invoice > self.qty_delivered
        )

    def _credit_committed(self):
        """What of the line cannot be taken back, in the order's currency, tax included.

        What an order only says is sold (services, combos, discounts) as soon as it says so;
        goods when they have left.  A discount counts against what has left.
        """
        self.ensure_one()
        if self.display_type or self._credit_is_downpayment():
            return 0.0
        if self._credit_is_moved() or self.order_id.state != "sale":
            return self._credit_price() * self.qty_delivered
        if self.qty_delivered_method == "manual" and self.qty_delivered > self.product_uom_qty:
            worth = self._credit_price() * self.qty_delivered
            # Fewer than none at a price below nothing are worth something before they are done.
            return max(worth, self.price_total) if self.product_uom_qty < 0 else worth
        return self.price_total

    def _credit_apart(self):
        """How far what the line will have invoiced in the end is from its total, in the order's
        currency: the counterpart of ``credit.open.item._order_line_quantity_sql``."""
        self.ensure_one()
        ordered, delivered = self.product_uom_qty, self.qty_delivered
        comes_back = ordered < 0 and delivered <= 0
        if self.display_type or self._credit_is_downpayment() or comes_back:
            return 0.0
        if self._credit_is_closed():
            final = delivered
        else:
            final = max(ordered, delivered)
        final = max(final, self.qty_invoiced)
        return self._credit_price() * (final - ordered)

    def _credit_is_closed(self):
        """Whether nothing more will be delivered of a line that is invoiced on delivery."""
        if self.product_id.invoice_policy != "delivery" or not self.move_ids:
            return False
        bought = "purchase_line_ids" in self._fields and self.sudo().purchase_line_ids
        if bought and bought.filtered(lambda line: line.state in ASKED_FOR):
            return False
        return all(move.state in ("done", "cancel") for move in self.move_ids)

    def _credit_split_step(self):
        """The smallest quantity that can be sold on its own: whole units where they are whole."""
        self.ensure_one()
        if float(self.product_uom_qty).is_integer():
            return to_decimal(1, 6)
        return to_decimal(self.product_uom_id.rounding or 1, 6)


def _is_counted(value):
    """Whether an amount can be worked out of this number."""
    try:
        return abs(float(value)) <= LARGEST
    except (ValueError, OverflowError):
        return False
