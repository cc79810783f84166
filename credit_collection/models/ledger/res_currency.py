from odoo import api, models, tools
from odoo.tools import SQL

from ...tools.registry_cache import clear_registry_cache


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': see _credit_decimals
        currencies = super().create(vals_list)
        clear_registry_cache(self.env)
        return currencies

    def write(self, vals):
        # EXTENDS 'base': see _credit_decimals and res.company._credit_facts
        result = super().write(vals)
        if "rounding" in vals:
            clear_registry_cache(self.env)
        return result

    @api.model
    @tools.ormcache()
    def _credit_decimals(self):
        """``{currency id: decimal places}``, also of those that are used no more."""
        currencies = self.sudo().with_context(active_test=False).search([])
        return {currency.id: currency.decimal_places for currency in currencies}

    @api.model
    def _credit_decimals_sql(self, currency: SQL) -> SQL:
        """SQL of the decimal places of ``currency``, the SQL of a currency's id."""
        return self.env["res.company"]._credit_usual_sql(currency, self._credit_decimals())
