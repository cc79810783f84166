from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core import limit_methods as core
from ...core.scoring import BandFault, check_bands
from ...tools.bounds import AMOUNT


class CreditLimitMethodLine(models.Model):
    """One method with its parameters."""

    _name = "credit.limit.method.line"
    _description = "Method of a Limit Proposal"
    _inherit = "credit.bounded"
    _credit_bounds = {
        "weight": (0, 1000), "share": (0, 1000), "growth": (-100, 1000),
        "power_potential": (0, 5), "power_margin": (0, 5), "power_reliability": (0, 5),
    }  # fmt: skip
    _order = "method_id, sequence, id"
    _rec_name = "method"

    method_id = fields.Many2one(
        "credit.limit.method", "Set of Methods", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="method_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    method = fields.Selection(selection="_selection_method", required=True)
    weight = fields.Float(default=1.0, digits=(6, 2), help="For the weighted average.")
    share = fields.Float(
        "Share (%)",
        default=35.0,
        digits=(6, 2),
        help="Of net assets, of their turnover, of what they can pay, on credit.",
    )
    growth = fields.Float("Growth (%)", digits=(6, 2), default=10.0)
    power_potential = fields.Float("Weight of Potential", default=1.0, digits=(4, 2))
    power_margin = fields.Float("Weight of Margin", default=1.0, digits=(4, 2))
    power_reliability = fields.Float("Weight of Reliability", default=1.0, digits=(4, 2))
    band_ids = fields.One2many("credit.limit.method.band", "line_id", "Points", copy=True)

    @api.model
    def _selection_method(self):
        titles = {
            "need_from_sales": self.env._("Need from sales"),
            "from_shipments": self.env._("Shipments"),
            "from_forecast": self.env._("Planned sales"),
            "share_of_net_assets": self.env._("Share of their net assets"),
            "share_of_turnover": self.env._("Share of their turnover"),
            "ability_to_pay": self.env._("Ability to pay"),
            "own_exposure": self.env._("Largest exposure paid on time"),
            "agency": self.env._("Agency's recommendation"),
            "weighted_need": self.env._("Need × potential × margin × reliability"),
            "by_points": self.env._("Points of the rating"),
        }
        return [(code, titles[code]) for code in core.METHODS]

    @api.constrains("method", "band_ids")
    def _check_bands(self):
        for line in self.filtered(lambda x: x.method == "by_points"):
            try:
                check_bands(line._points_table())
            except BandFault as fault:
                raise ValidationError(
                    self.env["credit.band.mixin"]._band_sentence(
                        self.env._("The table of points"), fault
                    )
                ) from fault

    def _points_table(self):
        return [
            (
                None if band.from_any else band.low,
                None if band.to_any else band.high,
                band.amount,
            )
            for band in self.band_ids
        ]

    def _proposal(self, inputs, digits):
        """What this method proposes from the inputs of a file."""
        self.ensure_one()
        need = (inputs["monthly_sales"], inputs["term_days"], inputs["usual_delay"])
        share, growth = self.share / 100, 1 + self.growth / 100
        if self.method == "weighted_need":
            volume = core.need_from_sales(*need, digits).amount
            return core.weighted_need(
                volume,
                inputs["potential"],
                inputs["margin_factor"],
                inputs["reliability"],
                (self.power_potential, self.power_margin, self.power_reliability),
                digits,
            )
        calls = {
            "need_from_sales": lambda: core.need_from_sales(*need, digits),
            "from_shipments": lambda: core.from_shipments(
                inputs["volume"], growth, share, inputs["shipments"], digits
            ),
            "from_forecast": lambda: core.from_forecast(
                inputs["yearly_forecast"], inputs["term_days"], inputs["usual_delay"], digits
            ),
            "share_of_net_assets": lambda: core.share_of_net_assets(
                inputs["net_assets"], share, digits
            ),
            "share_of_turnover": lambda: core.share_of_turnover(inputs["turnover"], share, digits),
            "ability_to_pay": lambda: core.ability_to_pay(
                inputs["working_capital"],
                inputs["yearly_cash_flow"],
                share,
                inputs["term_days"],
                digits,
            ),
            "own_exposure": lambda: core.own_exposure(inputs["proven"], growth, digits),
            "agency": lambda: core.agency(inputs["recommended"], digits),
            "by_points": lambda: core.by_points(
                inputs["rating_score"], self._points_table(), digits
            ),
        }
        return calls[self.method]()


class CreditLimitMethodBand(models.Model):
    """A band of points and the limit that it is worth."""

    _name = "credit.limit.method.band"
    _description = "Limit by Points"
    _inherit = "credit.bounded"
    _credit_bounds = {"amount": AMOUNT}
    _order = "line_id, from_any desc, low, id"
    _rec_name = "amount"

    line_id = fields.Many2one(
        "credit.limit.method.line", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="line_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    from_any = fields.Boolean("No Lower End")
    low = fields.Float("At Least", digits=(16, 2))
    high = fields.Float("Less Than", digits=(16, 2))
    to_any = fields.Boolean("No Upper End")
    amount = fields.Monetary("Limit")
