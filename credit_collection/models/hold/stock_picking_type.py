from odoo import fields, models


class StockPickingType(models.Model):
    """How many deliveries of the overview the credit check holds."""

    _inherit = "stock.picking.type"

    credit_count_held = fields.Integer(
        "On Credit Hold", compute="_compute_credit_count_held", groups="base.group_user"
    )

    def _compute_credit_count_held(self):
        # Through the holds, which are few, and not through all open transfers.
        held = (
            self.env["credit.hold"]
            .sudo()
            ._read_group(
                [("state", "=", "held"), ("picking_id.picking_type_id", "in", self.ids)],
                ["picking_id"],
            )
        )
        counts = dict.fromkeys(self.ids, 0)
        for (picking,) in held:
            if picking.state not in ("done", "cancel"):
                counts[picking.picking_type_id.id] += 1
        for picking_type in self:
            picking_type.credit_count_held = counts.get(picking_type.id, 0)

    def action_credit_held(self):
        """Open the transfers of this type that are on credit hold."""
        action = self._get_action("stock.action_picking_tree_ready")
        kept = {
            key: value
            for key, value in action["context"].items()
            if not key.startswith("search_default_")
        }
        return {**action, "context": {**kept, "search_default_credit_held": 1}}
