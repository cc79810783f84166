from odoo import fields, models
from odoo.exceptions import UserError


class CreditOpenItem(models.Model):
    """From the open item to the document behind it."""

    _inherit = "credit.open.item"

    invoice_sent = fields.Boolean(
        "Sent", related="move_id.is_move_sent", help="The invoice was sent to the customer."
    )

    def action_open_document(self):
        """Open the invoice, the entry or the order."""
        self.ensure_one()
        document = self.order_id or self.move_id
        if not document:
            raise UserError(self.env._("There is no document behind this item."))
        return document.get_formview_action()

    def action_send_copy(self):
        """Send the invoice behind the item once more."""
        self.ensure_one()
        self.check_access("read")
        move = self.move_id
        if not move.is_sale_document():
            raise UserError(self.env._("There is no invoice behind this item."))
        return move.action_send_and_print()
