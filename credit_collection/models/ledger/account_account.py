from odoo import api, models

from ...tools.registry_cache import clear_registry_cache


class AccountAccount(models.Model):
    _inherit = "account.account"

    # The ids of the receivable accounts are cached: see credit.open.item.

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        clear_registry_cache(self.env)
        return accounts

    def write(self, vals):
        result = super().write(vals)
        if {"account_type", "non_trade"} & vals.keys():
            clear_registry_cache(self.env)
        return result

    def unlink(self):
        result = super().unlink()
        clear_registry_cache(self.env)
        return result
