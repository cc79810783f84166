from odoo import fields, models


class AccountPaymentTerm(models.Model):
    _inherit = "account.payment.term"

    credit_prepayment = fields.Boolean(
        "Full Payment Before Delivery",
        help="Orders with this term need no credit to be confirmed. Their deliveries are checked "
        "until they are paid.",
    )

    def _credit_days(self, today):
        """Days until the last instalment of an invoice of ``today``; 0 without a term."""
        if not self:
            return 0
        self.ensure_one()
        return max(((line._get_due_date(today) - today).days for line in self.line_ids), default=0)
