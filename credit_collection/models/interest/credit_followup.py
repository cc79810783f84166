from odoo import models


class CreditFollowup(models.Model):
    _inherit = "credit.followup"

    def _interest_text(self):
        """The interest up to today for the text of a letter: "30.00 EUR", empty when none."""
        self.ensure_one()
        shown = self.account_id.sudo()._interest_shown()
        return ", ".join(currency.format(amount) for currency, amount in shown.items())
