from odoo import models

from ...tools.registry_cache import clear_registry_cache


class ResGroups(models.Model):
    """Switching a room on or off changes which policy a grade chooses: forget what was kept."""

    _inherit = "res.groups"

    def write(self, vals):
        result = super().write(vals)
        if "implied_ids" in vals:
            clear_registry_cache(self.env)
        return result
