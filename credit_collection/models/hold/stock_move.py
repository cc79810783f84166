from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...core.money import to_decimal

# Shipments that were found good in this transaction: (model, id) -> worth still to be shipped.
# It lives on the cursor, out of reach of any caller, and ends with the validation that filled it.
SHIPPABLE = "credit_collection.shippable"
# Whether a validation is going on in this transaction.
VALIDATING = "credit_collection.validating"
# What says for which order goods have left, and whether they came back to be refunded.
COUNTED_BY = {"sale_line_id", "to_refund", "origin_returned_move_id", "location_id"}
# Whether deliveries are being written onto their orders in this transaction.
NOTING = "credit_collection.noting_deliveries"


class StockMove(models.Model):
    """The guard: goods reach a customer only if the credit check lets them.

    It sits on the state of the move, where validation, batches, other modules and calls from
    outside all end.
    """

    _name = "stock.move"
    _inherit = ["stock.move", "credit.shipment"]

    def _credit_held_sql(self):
        # Holds stand on transfers: of lone moves they are looked up anyway.
        return SQL("NULL")

    # ------------------------------------------------------------------
    # The guard
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves.filtered(lambda move: move.state == "done")._credit_enforce()
        # Odoo counts anew what was delivered, and what was typed as delivered may be gone.
        orders = moves.sudo().sale_line_id.order_id
        orders.filtered(
            lambda order: order.credit_checked_amount > order._credit_amount()
        )._credit_lower_check()
        return moves

    def write(self, vals):
        if vals.get("state") == "done":
            self.filtered(lambda move: move.state != "done")._credit_enforce()
        done = self.browse()
        if "location_dest_id" in vals:
            done = self.filtered(lambda move: move.state == "done")
            done -= done._credit_leaving()
        counted = self._credit_counted_for(vals)
        with counted.order_id._credit_watch():
            result = super().write(vals)
            if counted:
                # Odoo would count them anew at some later step, when nobody is asked.
                self.modified(["quantity"])
        done._credit_enforce()
        if vals.get("state") in ("done", "cancel"):
            # Less may be left of the orders: goods came back, or will not be delivered.
            self.sudo().sale_line_id.order_id._credit_lower_check()
        return result

    def _credit_counted_for(self, vals):
        """The order lines whose deliveries are counted anew when these values are written."""
        lines = self.env["sale.order.line"]
        if COUNTED_BY & vals.keys():
            done = self.filtered(lambda move: move.state == "done")
            lines |= done.sudo().sale_line_id.with_env(self.env)
            if done and vals.get("sale_line_id"):
                lines |= lines.browse(vals["sale_line_id"])
        return lines.filtered(lambda line: line.sudo().qty_delivered_method == "stock_move")

    def _action_done(self, cancel_backorder=False):
        # EXTENDS 'stock': stop before anything moves; the write of the state comes too late for
        # callers who go on after an error
        self.filtered(lambda move: move.state != "done")._credit_enforce(spend=False)
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _action_synch_order(self):
        # EXTENDS 'sale_stock': what was delivered beside the order gets a line, and nobody types it
        cache = self.env.cr.cache
        outer, cache[NOTING] = cache.get(NOTING), True
        try:
            return super()._action_synch_order()
        finally:
            cache[NOTING] = outer

    def _credit_enforce(self, spend=True):
        """Raise unless each of these moves may hand its goods to the customer now.

        :param spend: the goods leave with this call: what was found good is used up
        """
        shippable = self.env.cr.cache.get(SHIPPABLE, {})
        doubtful = defaultdict(list)
        for document, moves in self.sudo()._credit_leaving()._credit_by_document().items():
            digits = document._credit_company().currency_id.decimal_places
            worth, _beyond = moves._credit_worth(digits)
            key = (document._name, document.id)
            if worth > shippable.get(key, 0):
                doubtful[document._name].append(document.id)
            elif worth and spend:
                shippable[key] -= worth
        for model, ids in doubtful.items():
            self.env[model].browse(ids)._credit_raise_held()

    def _credit_by_document(self):
        """These moves by the document that answers for them: their transfer or themselves."""
        found = defaultdict(self.browse)
        for move in self:
            found[move if move._credit_is_stray() else move.picking_id] |= move
        return found

    # ------------------------------------------------------------------
    # Reservation
    # ------------------------------------------------------------------

    def _action_assign(self, force_qty=False):
        # EXTENDS 'stock': by policy, nothing is reserved for customers who are held
        held = self.browse() if force_qty else self._credit_unreservable()
        result = super(StockMove, self - held)._action_assign(force_qty=force_qty)
        (self - held).picking_id._credit_watch_soon()
        return result

    def _credit_unreservable(self):
        """Put the transfers on hold whose customers get nothing reserved; returns their moves."""
        if not self.env["credit.policy"]._stops_reservation():
            return self.browse()
        waiting = self.filtered(
            lambda move: (
                move.state in ("confirmed", "waiting", "partially_available")
                and not move.picked
                and move.picking_id
            )
        )
        bound = waiting._credit_leaving() | waiting._credit_bound()
        held = bound.picking_id._credit_stop_reservation()
        return bound.filtered(lambda move: move.picking_id in held)

    # ------------------------------------------------------------------
    # The move as part of a shipment
    # ------------------------------------------------------------------

    def _credit_leaving(self):
        """The moves among these that hand goods to a customer, dropshipments included.

        Goods of an order leave wherever their transfer says that they go, unless they stay with
        us; and so does all of a transfer on which a hold still waits for its decision.
        """
        held = self.picking_id._credit_held().picking_id
        return self.filtered(
            lambda move: (
                move.state != "cancel"
                and (
                    move.location_id._credit_leads_out_to(move.location_dest_id)
                    or (move.sale_line_id and move._credit_goes_elsewhere())
                    or (move.picking_id in held and not move.scrap_id)
                )
            )
        )

    def _credit_goes_elsewhere(self):
        """Whether our goods go to a vendor, into loss or into production."""
        return (
            self.location_id.usage in ("internal", "transit")
            and self.location_dest_id.usage in ("supplier", "inventory", "production")
            and not self.scrap_id
        )

    def _credit_bound(self):
        """The moves of earlier steps (pick, pack) whose goods a later step hands over."""
        return self.filtered(
            lambda move: (
                move.state != "cancel"
                and move.location_id.usage == "internal"
                and move.location_dest_id.usage in ("internal", "transit")
                and (
                    move.location_final_id._credit_is_customers()
                    or move.move_dest_ids._credit_leaving()
                )
            )
        )

    def _credit_is_stray(self):
        """Whether the move is paid by another customer than its transfer, or has no transfer."""
        self.ensure_one()
        payer = self.picking_id._credit_partner() if self.picking_id else self.env["res.partner"]
        return self._credit_partner().commercial_partner_id != payer.commercial_partner_id or (
            not self.picking_id
        )

    def _credit_partner(self):
        """Who pays: the customer of the order; without one, whoever gets the goods."""
        self.ensure_one()
        if payer := self.picking_id._credit_held_payer():
            return payer
        order = self.sale_line_id.order_id or self.picking_id.sale_id
        return order._credit_partner() if order else self._credit_receiver()

    def _credit_receiver(self):
        """Who gets the goods; the partner of a dropshipment is the vendor, of its moves not."""
        dropped = self.location_id.usage == "supplier" and self.partner_id
        return dropped or self.picking_id.partner_id or self.partner_id

    def _credit_moves(self):
        return self

    def _credit_transfer(self):
        return self.picking_id

    def _credit_pickings(self):
        return self.picking_id._credit_pickings()

    # ------------------------------------------------------------------
    # What it is worth
    # ------------------------------------------------------------------

    def _credit_worth(self, digits):
        """What these moves hand over, in the company's currency, tax included.

        :return: (worth, part of it beyond what the orders ask for), exact
        """
        moves = self.filtered(lambda move: move.state != "cancel")
        quantities = moves._credit_quantities()
        worth, beyond, pending = 0.0, 0.0, defaultdict(float)
        for move in moves:
            value = move._credit_unit_price() * quantities[move]
            worth += value
            line = move._credit_line()
            if move.state == "done":
                # What is done without a line of an order is invoiced with none.
                beyond += 0.0 if move.sale_line_id else value
                continue
            if not line:
                beyond += value
            elif line.product_id == move.product_id:
                pending[line] += quantities[move] * move._credit_uom_factor(line)
        for line, quantity in pending.items():
            free = max(line.product_uom_qty - line.qty_delivered, 0.0)
            excess = quantity - free
            if excess > 0 and line.product_uom_id.compare(quantity, free) > 0:
                beyond += line._credit_unit_price() * excess
        return to_decimal(worth, digits), to_decimal(beyond, digits)

    def _credit_quantities(self):
        """The quantity that each move will hand over if its transfer is validated now.

        As in validation: what is marked as picked, else all that is reserved; while nothing is,
        what is asked for.
        """
        picked = set()
        for move in self:
            if move.picked:
                picked.add(move.picking_id)
        quantities = {}
        for move in self:
            if move.state == "done":
                quantities[move] = move.quantity
            elif move.picking_id in picked:
                quantities[move] = move._get_picked_quantity() if move.picked else 0.0
            else:
                quantities[move] = move.quantity
        if not any(quantities.values()) and not any(move.state == "done" for move in self):
            quantities = {move: move.product_uom_qty for move in self}
        return quantities

    def _credit_line(self):
        """The order line that will invoice the move, as sale_stock finds it."""
        self.ensure_one()
        if self.sale_line_id or not self.picking_id.sale_id:
            return self.sale_line_id
        lines = self.picking_id.sale_id.order_line
        return lines.filtered(lambda line: line.product_id == self.product_id)[:1]

    def _credit_uom_factor(self, line):
        """How many of the line's units one of the move's units is."""
        return self.product_uom._compute_quantity(1.0, line.product_uom_id, round=False)

    def _credit_unit_price(self):
        """What one of the move's units is worth; goods without an order at their list price.

        Parts of a kit share its price.
        """
        self.ensure_one()
        line = self._credit_line()
        if not line:
            product = self.product_id.with_company(self.company_id)
            in_units = self.product_uom._compute_quantity(1.0, product.uom_id, round=False)
            return product.lst_price * in_units
        if line.product_id == self.product_id:
            return line._credit_unit_price() * self._credit_uom_factor(line)
        parts = len(line.move_ids.product_id) or 1
        total = line._credit_unit_price() * line.product_uom_qty
        return total / parts / (self.product_uom_qty or 1.0)
