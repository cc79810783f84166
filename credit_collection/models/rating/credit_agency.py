from odoo import api, fields, models
from odoo.tools.misc import format_date

from ...core import scoring
from ...tools.bounds import AMOUNT


class CreditAgency(models.Model):
    """Who reports on customers, and how its own scale reads on ours, 0 to 100."""

    _name = "credit.agency"
    _description = "Credit Agency"
    _inherit = "credit.bounded"
    _credit_bounds = {"valid_months": (1, 120)}
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
    )
    scale_ids = fields.One2many("credit.agency.scale", "agency_id", copy=True)
    valid_months = fields.Integer("Reports Are Valid (months)", default=12, required=True)
    url = fields.Char("Website")

    _name_uniq = models.UniqueIndex("(company_id, name)", "This agency exists already.")

    @api.constrains("scale_ids")
    def _check_scale(self):
        for agency in self:
            agency.scale_ids._check_complete(agency.name)

    def _normalised(self, score):
        """The agency's score on our scale, 0 to 100; None without a scale."""
        self.ensure_one()
        band = scoring.band_of(score, self.scale_ids._core_bands())
        return None if band is None else band.points


class CreditAgencyScale(models.Model):
    """A band of an agency's own scale and its points."""

    _name = "credit.agency.scale"
    _inherit = "credit.band.mixin"
    _description = "Scale of a Credit Agency"

    agency_id = fields.Many2one("credit.agency", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="agency_id.company_id", store=True, index=True)
    name = fields.Char("The Agency Says", translate=True)


class CreditAgencyReport(models.Model):
    """What an agency said of a customer on a day."""

    _name = "credit.agency.report"
    _description = "Agency Report"
    _inherit = ["mail.thread", "credit.bounded"]
    _credit_bounds = {"default_probability": (0, 1), "recommended_limit": AMOUNT}
    _order = "date desc, id desc"
    _check_company_auto = True

    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    agency_id = fields.Many2one(
        "credit.agency", required=True, index=True, ondelete="restrict", check_company=True
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._credit_today(), index=True
    )
    valid_until = fields.Date(
        compute="_compute_valid_until", store=True, readonly=False, precompute=True
    )
    score = fields.Float("Score on Its Own Scale", required=True, digits=(16, 4), aggregator="avg")
    points = fields.Float(
        compute="_compute_points",
        store=True,
        digits=(5, 1),
        aggregator="avg",
        help="On our scale, 0 to 100, by the agency's scale table.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    recommended_limit = fields.Monetary()
    has_recommendation = fields.Boolean(
        "Recommends a Limit", help="Tick when the agency names a limit; 0 is a limit too."
    )
    default_probability = fields.Float(
        "Probability of Default", digits=(6, 4), help="A fraction: 0.02 is 2 %."
    )
    file = fields.Binary("Report", attachment=True)
    filename = fields.Char()
    note = fields.Text()

    _dates = models.Constraint(
        "CHECK(valid_until IS NULL OR valid_until >= date)",
        "A report is valid until a day after its own.",
    )
    _day_uniq = models.UniqueIndex(
        "(account_id, agency_id, date)", "There is a report of this agency of that day already."
    )

    @api.depends("agency_id", "date")
    def _compute_valid_until(self):
        for report in self:
            if report.date and report.agency_id:
                report.valid_until = fields.Date.add(
                    report.date, months=report.agency_id.valid_months
                )
            else:
                report.valid_until = report.valid_until

    @api.depends("account_id")
    def _compute_currency_id(self):
        for report in self:
            report.currency_id = report.currency_id or report.account_id.company_id.currency_id

    @api.depends(
        "score", "agency_id.scale_ids.points", "agency_id.scale_ids.low", "agency_id.scale_ids.high"
    )
    def _compute_points(self):
        for report in self:
            report.points = (
                (report.agency_id._normalised(report.score) or 0.0) if (report.agency_id) else 0.0
            )

    @api.depends("agency_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for report in self:
            day = format_date(self.env, report.date)
            report.display_name = f"{report.agency_id.name or ''} {day}"

    @api.model
    def _newest(self, accounts, today):
        """The valid reports of each file, newest first: ``{account: reports}``."""
        reports = self.sudo().search(
            [
                ("account_id", "in", accounts.ids),
                ("date", "<=", today),
                "|",
                ("valid_until", "=", False),
                ("valid_until", ">=", today),
            ],
            order="date desc, id desc",
        )
        return reports.grouped("account_id")
