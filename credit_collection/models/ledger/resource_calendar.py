from odoo import models

from ...tools.registry_cache import clear_registry_cache


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            # See res.company._credit_tz_of
            clear_registry_cache(self.env)
        return result
