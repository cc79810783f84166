from odoo import api, models

# What another day changes must not come out of the cache of this day.
DATED = {"readonly": True, "depends_context": ("as_of",)}


class CreditDated(models.AbstractModel):
    """Base of the SQL reports that can be asked for any day by the context key ``as_of``."""

    _name = "credit.dated"
    _description = "Report of Any Day"

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        # EXTENDS 'base': the rows are queries, so what was read before is never reused
        self.invalidate_model(flush=False)
        return super().search_fetch(domain, field_names, offset, limit, order)
