from odoo import models
from odoo.tools import SQL

# What looks again when items are matched or unmatched, in this order; a room adds its step here.
WAKES = ("_credit_wake_holds", "_credit_wake_desk", "_credit_wake_interest")


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Entries that are not posted and yet matched: see credit.open.item.
    _credit_unposted_match_idx = models.Index(
        "(id) WHERE parent_state != 'posted' AND matching_number IS NOT NULL"
    )

    def write(self, vals):
        # EXTENDS 'account': results are not written; levels step down when due dates move
        self._credit_refuse_forgery(vals.keys())
        before = {line.id: line.date_maturity for line in self} if "date_maturity" in vals else {}
        result = super().write(vals)
        moved = self.filtered(
            lambda line: line.id in before and line.date_maturity != before[line.id]
        )
        if moved:
            self.env["credit.followup.line"]._step_down_moved(moved)
        return result

    def unlink(self):
        # EXTENDS 'account': items of a draft that is split anew leave what was agreed on them
        self._credit_remember_claims()
        return super().unlink()

    def _credit_wake(self):
        """Everything that looks again when items are matched or unmatched."""
        for step in WAKES:
            getattr(self, step)()

    def _credit_wake_holds(self):
        """Look again at the held documents of the customers of these items."""
        receivable = set(self.env["credit.open.item"]._receivable_account_ids())
        lines = self.sudo().filtered(
            lambda line: line.account_id.id in receivable and line.partner_id
        )
        self.env["credit.account"]._wake_pairs(lines._credit_pairs())

    def _credit_natures(self):
        """What these items settle, or will: ``{item id: {nature: part of 1}}``."""
        found = {line_id: {} for line_id in self.ids}
        if self.ids:
            natures = self.env["account.partial.reconcile"]._credit_line_natures_sql("line")
            for line_id, nature, part in self.env.execute_query(
                SQL(
                    "SELECT line.id, settled.nature, settled.part FROM account_move_line line"
                    " CROSS JOIN LATERAL (%s) AS settled WHERE line.id = ANY(%s)",
                    natures,
                    self.ids,
                )
            ):
                found[line_id][nature] = float(part)
        return found

    def _credit_pairs(self):
        """The customers of these items: (commercial partner id, root company id)."""
        return {
            (line.partner_id.commercial_partner_id.id, line.company_id.root_id.id)
            for line in self.sudo()
        }
