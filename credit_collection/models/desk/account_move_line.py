from odoo import models
from odoo.fields import Command


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _credit_remember_claims(self):
        """Before items of drafts go: what was promised of them remembers the invoices."""
        going = self.sudo().filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        if not going:
            return
        promises = self.env["credit.promise"].sudo().search([("move_line_ids", "in", going.ids)])
        for promise in promises:
            lost = (promise.move_line_ids & going).move_id
            promise.lost_move_ids = [Command.link(move.id) for move in lost]

    def _credit_wake_desk(self):
        """What is matched or unmatched also decides on promises and disputes."""
        lines = self.filtered(lambda line: line.balance > 0)
        if lines:
            self.env["credit.promise"]._rejudge(lines)
            self.env["credit.dispute"]._settle(lines)
