from odoo import models
from odoo.exceptions import UserError


class CreditOpenItem(models.Model):
    """From the open item to the document behind it."""

    _inherit = "credit.open.item"

    def action_open_document(self):
        """Open the invoice, the entry or the order."""
        self.ensure_one()
        document = self.order_id or self.move_id
        if not document:
            raise UserError(self.env._("There is no document behind this item."))
        return document.get_formview_action()
