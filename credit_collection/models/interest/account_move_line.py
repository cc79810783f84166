from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _credit_wake_interest(self):
        """What is matched or unmatched also settles the bills of interest."""
        lines = self.filtered(lambda line: line.balance > 0)
        if lines:
            self.env["credit.interest.claim"]._follow_payments(lines)
