from odoo import models
from odoo.fields import Command


class AccountMove(models.Model):
    """Disputes and promises outlive the items of a draft that is split anew."""

    _inherit = "account.move"

    def _credit_adopt_claims(self):
        """Give disputes and promises whose items were deleted the items posted now."""
        disputes = (
            self.env["credit.dispute"]
            .sudo()
            .search([("move_id", "in", self.ids), ("move_line_id", "=", False)])
        )
        for dispute in disputes:
            dispute.move_line_id = dispute.move_id._credit_item_for(dispute.amount)
        promises = self.env["credit.promise"].sudo().search([("lost_move_ids", "in", self.ids)])
        for promise in promises:
            back = promise.lost_move_ids & self
            promise.write(
                {
                    "move_line_ids": [
                        Command.link(line.id) for line in back.sudo()._credit_receivable_items()
                    ],
                    "lost_move_ids": [Command.unlink(move.id) for move in back],
                }
            )

    def _credit_receivable_items(self):
        """The customers' items of these entries (sudo), in the order in which they fall due."""
        return self.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).sorted(lambda line: (line.date_maturity or line.date, line.id))

    def _credit_item_for(self, amount):
        """The first item that is large enough for a dispute over ``amount``, else the largest."""
        self.ensure_one()
        items = self.sudo()._credit_receivable_items()
        fitting = items.filtered(
            lambda line: (
                line.currency_id.compare_amounts(line.amount_residual_currency, amount) >= 0
            )
        )
        return fitting[:1] or items.sorted("amount_residual_currency", reverse=True)[:1]
