from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.write_guards import given_fields
from .sale_order_watch import INCURRED

# What is still owed of an item: worked out from what it was matched with.
RESULTS = {"amount_residual", "amount_residual_currency", "reconciled"}


class AccountMoveLine(models.Model):
    """What is owed is not written by hand, and a cost that was incurred is let in."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._credit_refuse_forgery(given_fields(self, vals))
        return super().create(vals_list)

    @api.model
    def _credit_refuse_forgery(self, names):
        forged = set() if self.env.su else names & RESULTS
        if forged:
            raise AccessError(
                self.env._(
                    "%(fields)s of a journal item are worked out and cannot be written.",
                    fields=", ".join(sorted(self._fields[name].string for name in forged)),
                )
            )

    def _sale_create_reinvoice_sale_line(self):
        # EXTENDS 'sale': the vendor was paid or will be; it counts, and the next is asked about
        cache = self.env.cr.cache
        outer, cache[INCURRED] = cache.get(INCURRED), True
        try:
            return super()._sale_create_reinvoice_sale_line()
        finally:
            cache[INCURRED] = outer
