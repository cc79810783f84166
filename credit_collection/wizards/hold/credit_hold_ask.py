from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditHoldAsk(models.TransientModel):
    """Ask the officer to release a held order or delivery."""

    _name = "credit.hold.ask"
    _description = "Ask for the Release of a Credit Hold"

    order_id = fields.Many2one("sale.order", readonly=True, index="btree_not_null")
    picking_id = fields.Many2one("stock.picking", readonly=True, index="btree_not_null")
    move_id = fields.Many2one("account.move", readonly=True, index="btree_not_null")
    hold_id = fields.Many2one("credit.hold", compute="_compute_hold", compute_sudo=True)
    reason = fields.Text("Why", compute="_compute_hold", compute_sudo=True)
    decides = fields.Char(compute="_compute_hold", compute_sudo=True)
    deadline = fields.Datetime("Decide Before", compute="_compute_hold", compute_sudo=True)
    earlier_refusal = fields.Char(compute="_compute_hold", compute_sudo=True)
    note = fields.Text("Note to the Officer", required=True)

    @api.depends("order_id", "picking_id", "move_id")
    def _compute_hold(self):
        for wizard in self:
            hold = wizard._held()
            wizard.hold_id = hold
            wizard.reason = hold.reason
            wizard.decides = hold.responsible_id.name or self.env._("A credit officer")
            wizard.deadline = hold.deadline
            wizard.earlier_refusal = hold.earlier_refusal

    def _held(self):
        """The hold (sudo) that waits for a decision, may be empty."""
        self.ensure_one()
        asked = self.picking_id or self.move_id or self.order_id
        asked.with_env(self.env(su=False)).check_access("read")
        document = ("picking_id", "=", self.picking_id.id)
        if self.move_id:
            document = ("move_id", "=", self.move_id.id)
        elif not self.picking_id:
            document = ("order_id", "=", self.order_id.id or 0)
        holds = self.env["credit.hold"].sudo().search([("state", "=", "held"), document])
        return holds.filtered(lambda hold: hold.picking_id == self.picking_id)[:1]

    @api.model
    def _open(self, **document):
        """The action that opens this wizard on a document (``order_id``, ``picking_id`` or
        ``move_id``)."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for Release"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{name}": id_ for name, id_ in document.items() if id_},
        }

    def action_ask(self):
        """Send the note; whether the user may ask is checked by the hold."""
        self.ensure_one()
        hold = self._held()
        if not hold:
            raise UserError(self.env._("The document is not on credit hold any more."))
        hold.with_env(self.env).action_ask_release(self.note)
        return {"type": "ir.actions.act_window_close"}
