from odoo import models
from odoo.exceptions import UserError


class StockLocation(models.Model):
    _inherit = "stock.location"

    def write(self, vals):
        # EXTENDS 'stock': what went to customers stays with them
        before = {}
        if "usage" in vals:
            before = {location: location._credit_is_customers() for location in self.sudo()}
        result = super().write(vals)
        changed = self.browse()
        for location, was in before.items():
            if location._credit_is_customers() != was:
                changed |= location
        if changed:
            changed._credit_refuse_in_use()
        return result

    def _credit_refuse_in_use(self):
        """Raise when goods of orders went to one of these locations, or are on their way."""
        moves = self.env["stock.move"].sudo()
        going = [("location_dest_id", "in", self.ids), ("state", "not in", ("draft", "cancel"))]
        if place := moves.search(going, limit=1).location_dest_id:
            raise UserError(
                self.env._(
                    "Goods went to %(place)s or are on their way there: whether that is a "
                    "customer's place cannot change any more. Make another location.",
                    place=place.display_name,
                )
            )

    def _credit_is_customers(self):
        """Whether goods that arrive here are a customer's: sister companies are customers too."""
        return self.usage == "customer" or (self.usage == "transit" and not self.company_id)

    def _credit_leads_out_to(self, destination):
        """Whether goods that go from here to ``destination`` are handed to a customer."""
        return destination._credit_is_customers() and self.usage not in (
            "customer",
            destination.usage,
        )
