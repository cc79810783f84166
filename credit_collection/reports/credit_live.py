from odoo import api, models

# A figure that is another one on another day: the cache keeps the days apart.
LIVE = {"readonly": True, "depends_context": ("as_of",)}


class CreditLive(models.AbstractModel):
    """Rows of a query over records that change without these rows being written.

    Whatever is searched is read again, so that one transaction that posts a payment and then
    looks at what is open does not see what was open before.
    """

    _name = "credit.live"
    _description = "Live Figures"

    @api.model
    @api.private
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        self.invalidate_model(flush=False)
        return super().search_fetch(domain, field_names, offset, limit, order)
