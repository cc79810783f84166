from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _credit_wake_desk(self):
        """What is matched or unmatched also decides on promises and disputes."""
        lines = self.filtered(lambda line: line.balance > 0)
        if lines:
            self.env["credit.promise"]._rejudge(lines)
            self.env["credit.dispute"]._settle(lines)
