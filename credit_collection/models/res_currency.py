from odoo import models


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def write(self, vals):
        # EXTENDS 'base': see res.company._credit_facts
        result = super().write(vals)
        if "rounding" in vals:
            self.env.registry.clear_cache()
        return result
