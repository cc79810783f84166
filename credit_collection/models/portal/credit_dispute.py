from odoo import api, models


class CreditDispute(models.Model):
    _inherit = "credit.dispute"

    @api.model
    def _amounts_left_alone(self, lines):
        """What is disputed of journal items, in their currency: ``{line id: amount}``."""
        rows = self.sudo()._read_group(
            [("move_line_id", "in", lines.ids), ("state", "in", ("open", "accepted"))],
            ["move_line_id"],
            ["amount:sum"],
        )
        return {line.id: amount for line, amount in rows}
