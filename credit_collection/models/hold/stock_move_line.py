from odoo import api, models
from odoo.exceptions import UserError

# What says how much of what leaves.
MEASURED = {"quantity", "product_uom_id", "move_id"}


class StockMoveLine(models.Model):
    """Goods added to a delivery that is done already leave at once: they are checked too."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        done = lines.filtered(lambda line: line.state == "done")
        done._credit_refuse_detour()
        done.move_id._credit_enforce()
        return lines

    def write(self, vals):
        before = {}
        if MEASURED & vals.keys():
            done = self.filtered(lambda line: line.state == "done")
            before = {line: (line.move_id, line.quantity_product_uom) for line in done}
        result = super().write(vals)
        raised = self.browse()
        for line, (move, quantity) in before.items():
            if line.move_id != move or line.quantity_product_uom > quantity:
                raised |= line
        if {"location_id", "location_dest_id"} & vals.keys():
            self.filtered(lambda line: line.state == "done")._credit_refuse_detour()
        raised.move_id._credit_enforce()
        return result

    def _action_done(self):
        # EXTENDS 'stock': goods go where their line says, and it is the move that is checked
        self._credit_refuse_detour()
        return super()._action_done()

    def _credit_refuse_detour(self):
        """Raise if one of these lines hands goods to a customer and its move does not."""
        for line in self.sudo():
            out = line.location_id._credit_leads_out_to(line.location_dest_id)
            if out and not line.move_id._credit_leaving():
                raise UserError(
                    self.env._(
                        "%(product)s cannot go to %(place)s with a transfer that goes elsewhere: "
                        "make a delivery for it.",
                        product=line.product_id.display_name,
                        place=line.location_dest_id.display_name,
                    )
                )
