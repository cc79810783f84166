from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core import scoring


class CreditBandMixin(models.AbstractModel):
    """A band of values and the points that it brings; half-open, like those of the core."""

    _name = "credit.band.mixin"
    _description = "Band of Values"
    _inherit = "credit.bounded"
    _credit_bounds = {"points": (0, 100)}
    _order = "from_any desc, low, id"

    from_any = fields.Boolean("No Lower End", help="All values below “To” are in this band.")
    low = fields.Float("At Least", digits=(16, 4), help="The first value in the band.")
    high = fields.Float("Less Than", digits=(16, 4), help="The first value above the band.")
    to_any = fields.Boolean("No Upper End", help="All values from “From” on are in this band.")
    points = fields.Float(digits=(5, 1))

    def _core_bands(self):
        """The bands as plain values."""
        return [
            scoring.Band(
                None if band.from_any else band.low,
                None if band.to_any else band.high,
                band.points,
            )
            for band in self
        ]

    def _check_complete(self, owner):
        """Refuse holes and overlaps, in words.

        :param str owner: the name of what the bands belong to
        :return: the bands in order, as plain values
        """
        try:
            return scoring.check_bands(self._core_bands())
        except scoring.BandFault as fault:
            raise ValidationError(self._band_sentence(owner, fault)) from fault

    @api.model
    def _band_sentence(self, owner, fault):
        values = [f"{value:g}" for value in fault.values]
        start, end = [*values, "", ""][:2]
        if fault.code == "none":
            return self.env._("%(owner)s has no bands.", owner=owner)
        if fault.code == "gap":
            return self.env._(
                "%(owner)s: no band covers the values from %(start)s up to %(end)s.",
                owner=owner,
                start=start,
                end=end,
            )
        if fault.code == "overlap":
            if not start:
                return self.env._("%(owner)s: two bands cover everything.", owner=owner)
            return self.env._(
                "%(owner)s: two bands cover the values from %(start)s on.", owner=owner, start=start
            )
        if fault.code == "start":
            return self.env._(
                "%(owner)s: nothing covers the values below %(start)s. Give the lowest band no "
                "lower end.",
                owner=owner,
                start=start,
            )
        if fault.code == "end":
            return self.env._(
                "%(owner)s: nothing covers the values from %(start)s on. Give the highest band no "
                "upper end.",
                owner=owner,
                start=start,
            )
        return self.env._(
            "%(owner)s: a band must end above its beginning; it goes from %(start)s to %(end)s.",
            owner=owner,
            start=start,
            end=end,
        )
