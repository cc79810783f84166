from odoo import models


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            # See res.company._credit_tz_of
            self.env.registry.clear_cache()
        return result
