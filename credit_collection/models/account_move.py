from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    _credit_draft_idx = models.Index(
        "(commercial_partner_id) WHERE state = 'draft'"
        " AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')"
    )

    def _post(self, soft=True):
        # EXTENDS 'account': whoever owes something has a credit file
        posted = super()._post(soft)
        posted._credit_after_post()
        return posted

    def _credit_after_post(self):
        """Make the files of customers who now owe something and look at their holds again."""
        receivable = set(self.env["credit.open.item"]._receivable_account_ids())
        lines = self.line_ids.filtered(lambda line: line.account_id.id in receivable).sudo()
        pairs = {
            (line.partner_id.commercial_partner_id.id, line.company_id.root_id.id)
            for line in lines
            if line.partner_id
        }
        if not pairs:
            return
        Account = self.env["credit.account"].sudo()
        known = Account.search(
            [
                ("partner_id", "in", [partner for partner, company in pairs]),
                ("company_id", "in", [company for partner, company in pairs]),
            ]
        )
        missing = pairs - {(file.partner_id.id, file.company_id.id) for file in known}
        if missing:
            Account._ensure(missing)
        known.filtered(
            lambda file: (file.partner_id.id, file.company_id.id) in pairs
        )._wake_holds()

    def _build_credit_warning_message(self, record, current_amount=0.0, **kwargs):
        # OVERRIDE 'account': the credit check's own banner replaces Odoo's
        return ""
