from odoo import models

from ...tools.registry_cache import forget


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            # See res.company._credit_tz_of
            forget(self.env)
        return result
