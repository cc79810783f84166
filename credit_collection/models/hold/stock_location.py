from odoo import models


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _credit_is_customers(self):
        """Whether goods that arrive here are a customer's: sister companies are customers too."""
        return self.usage == "customer" or (self.usage == "transit" and not self.company_id)

    def _credit_leads_out_to(self, destination):
        """Whether goods that go from here to ``destination`` are handed to a customer."""
        return destination._credit_is_customers() and self.usage not in (
            "customer",
            destination.usage,
        )
