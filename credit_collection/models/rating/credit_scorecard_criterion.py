from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

from ...core import ratios, scoring

GROUPS = [
    ("character", "Character"),
    ("capacity", "Capacity"),
    ("capital", "Capital"),
    ("collateral", "Collateral"),
    ("conditions", "Conditions"),
    ("other", "Other"),
]
SOURCES = [
    ("ledger", "Ledger"),
    ("financials", "Financial statements"),
    ("agency", "Agency report"),
    ("signals", "Open danger signals"),
    ("question", "Question"),
]


class CreditScorecardCriterion(models.Model):
    """One criterion: what is read, how much it weighs, and the points of each band."""

    _name = "credit.scorecard.criterion"
    _description = "Scorecard Criterion"
    _inherit = "credit.bounded"
    _credit_bounds = {"weight": (0, 1000)}
    _order = "scorecard_id, sequence, id"

    scorecard_id = fields.Many2one(
        "credit.scorecard", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="scorecard_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        translate=True,
    )
    group = fields.Selection(GROUPS, required=True, default="character")
    weight = fields.Float(required=True, default=10.0, digits=(6, 2))
    weight_share = fields.Float("Share", compute="_compute_weight_share")
    source = fields.Selection(SOURCES, required=True, default="ledger")
    figure = fields.Selection(selection="_selection_figure")
    ratio = fields.Selection(selection="_selection_ratio")
    agency_id = fields.Many2one(
        "credit.agency",
        help="Leave empty for the newest report of any agency.",
        ondelete="restrict",
        index="btree_not_null",
    )
    band_ids = fields.One2many("credit.scorecard.band", "criterion_id", "Bands", copy=True)
    bands = fields.Char("Points", compute="_compute_bands")

    @api.model
    def _figure_titles(self):
        """The titles of :data:`core.scoring.FIGURES`."""
        return {
            "weighted_days_late": self.env._("Days late, weighted by amount"),
            "overdue_share": self.env._("Share of overdue in what they owe"),
            "payment_index": self.env._("Payment index"),
            "longest_delay": self.env._("Longest delay in days"),
            "months_customer": self.env._("Months as customer"),
            "sales_year": self.env._("Sales of twelve months"),
            "sales_growth": self.env._("Growth of sales"),
            "sales_share": self.env._("Share in our sales"),
            "margin": self.env._("Margin"),
            "order_regularity": self.env._("Months with a purchase, of twelve"),
            "broken_promises": self.env._("Promises broken in a year"),
            "disputes_lost": self.env._("Disputes lost in a year"),
            "payments_returned": self.env._("Payments returned in a year"),
            "days_near_limit": self.env._("Days above 90 % of the limit in a year"),
            "days_since_default": self.env._("Days without a delay above 90 days"),
        }

    @api.model
    def _ratio_titles(self):
        """The titles of :data:`core.ratios.RATIOS`."""
        return {
            "debt_ratio": self.env._("Debt ratio (liabilities ÷ assets)"),
            "current_ratio": self.env._("Current ratio"),
            "quick_ratio": self.env._("Quick ratio"),
            "equity_share": self.env._("Share of equity"),
            "net_assets": self.env._("Net assets"),
            "working_capital": self.env._("Working capital"),
            "interest_cover": self.env._("Interest cover"),
            "profit_margin": self.env._("Profit margin"),
            "altman_z": self.env._("Altman Z (listed industry)"),
            "altman_z_private": self.env._("Altman Z′ (private industry)"),
            "altman_z_services": self.env._("Altman Z″ (trade and services)"),
        }

    @api.model
    def _selection_figure(self):
        titles = self._figure_titles()
        return [(key, titles[key]) for key in scoring.FIGURES]

    @api.model
    def _selection_ratio(self):
        titles = self._ratio_titles()
        return [(key, titles[key]) for key in ratios.RATIOS]

    @api.depends("source", "figure", "ratio", "agency_id")
    def _compute_name(self):
        for criterion in self:
            criterion.name = criterion._title() or criterion.name or ""

    def _title(self):
        """What is measured, in the reader's language; None of a question, which people word."""
        return {
            "ledger": self._figure_titles().get(self.figure),
            "financials": self._ratio_titles().get(self.ratio),
            "agency": self.agency_id.name or self.env._("Agency's score"),
            "signals": self.env._("Weight of open danger signals"),
        }.get(self.source)

    def _said_to(self, name):
        """A name kept of this criterion, in the reader's language unless it was renamed since."""
        self.ensure_one()
        installed = [self.with_context(lang=code) for code, _name in self._installed()]
        if name in [criterion._title() for criterion in installed]:
            return self._title()
        return self.name if name in [criterion.name for criterion in installed] else name

    @api.model
    def _installed(self):
        return self.env["res.lang"].get_installed()

    @api.depends("weight", "scorecard_id.criterion_ids.weight")
    def _compute_weight_share(self):
        for criterion in self:
            total = sum(criterion.scorecard_id.criterion_ids.mapped("weight"))
            criterion.weight_share = criterion.weight / total if total else 0.0

    @api.depends(
        "source",
        "band_ids.low",
        "band_ids.high",
        "band_ids.from_any",
        "band_ids.to_any",
        "band_ids.points",
        "band_ids.name",
    )
    @api.depends_context("lang")
    def _compute_bands(self):
        for criterion in self:
            criterion.bands = ", ".join(
                self.env._("%(band)s: %(points)s", band=band.label, points=f"{band.points:g}")
                for band in criterion.band_ids
            )

    @api.constrains("source", "figure", "ratio", "band_ids")
    def _check_criterion(self):
        for criterion in self:
            if criterion.source == "ledger" and not criterion.figure:
                raise ValidationError(self.env._("Say which figure of the ledger is read."))
            if criterion.source == "financials" and not criterion.ratio:
                raise ValidationError(self.env._("Say which ratio of the accounts is read."))
            if criterion.source == "question":
                if not criterion.band_ids or not all(criterion.band_ids.mapped("name")):
                    raise ValidationError(
                        self.env._(
                            "%(criterion)s: a question needs answers with their points.",
                            criterion=criterion.name,
                        )
                    )
            elif criterion.source != "agency" or criterion.band_ids:
                criterion.band_ids._check_complete(criterion.name)

    def _unit(self):
        """The unit of the value, a unit of the core; "points" for answers."""
        self.ensure_one()
        if self.source == "ledger":
            return scoring.FIGURES[self.figure].unit
        if self.source == "financials":
            return ratios.RATIOS[self.ratio].unit
        return "index" if self.source == "agency" else "count"

    def _more_is_better(self):
        self.ensure_one()
        if self.source == "ledger":
            return scoring.FIGURES[self.figure].more_is_better
        if self.source == "financials":
            return ratios.RATIOS[self.ratio].more_is_better
        return self.source != "signals"

    def _ratio_of(self, statement):
        """The ratio of a statement that the criterion reads; None when lines are missing."""
        return ratios.ratio(self.ratio, statement)

    def _to_core(self):
        """The criterion as a plain value; answers bring their points themselves."""
        self.ensure_one()
        bands = () if self.source == "question" else tuple(self.band_ids._core_bands())
        return scoring.Criterion(self.id, self.weight, bands)

    def _format(self, value):
        """A value in words, in the criterion's unit and the reader's language."""
        self.ensure_one()
        unit = self._unit()
        if unit == "share":
            return self.env._("%s %%", formatLang(self.env, 100 * value, digits=1))
        if unit == "amount":
            return self.company_id.currency_id.format(value)
        if unit == "days":
            return self.env._("%s days", formatLang(self.env, value, digits=0))
        if unit == "months":
            return self.env._("%s months", formatLang(self.env, value, digits=0))
        digits = 0 if unit == "count" else 2
        return formatLang(self.env, value, digits=digits)


class CreditScorecardBand(models.Model):
    """A band of a criterion, or an answer to its question."""

    _name = "credit.scorecard.band"
    _inherit = "credit.band.mixin"
    _description = "Points of a Criterion"
    _order = "criterion_id, from_any desc, low, id"

    criterion_id = fields.Many2one(
        "credit.scorecard.criterion", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="criterion_id.company_id", store=True, index=True)
    name = fields.Char("Answer", translate=True)
    label = fields.Char(compute="_compute_label")

    @api.depends(
        "name",
        "low",
        "high",
        "from_any",
        "to_any",
        "criterion_id.source",
        "criterion_id.figure",
        "criterion_id.ratio",
    )
    @api.depends_context("lang")
    def _compute_label(self):
        for band in self:
            band.label = band.name or band._range_label()

    def _range_label(self):
        criterion = self.criterion_id
        usable = criterion.figure or criterion.ratio or criterion.source in ("agency", "signals")
        show = criterion._format if criterion and usable else lambda value: f"{value:g}"
        if self.from_any and self.to_any:
            return self.env._("any")
        if self.from_any:
            return self.env._("below %(high)s", high=show(self.high))
        if self.to_any:
            return self.env._("from %(low)s", low=show(self.low))
        return self.env._("%(low)s to below %(high)s", low=show(self.low), high=show(self.high))

    @api.depends("label")
    def _compute_display_name(self):
        for band in self:
            band.display_name = band.label
