from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core import allowance as core

RATE_DIGITS = (9, 6)
RATES = ("rate", "individual_rate")
# What is stored of a line that was worked out, besides what its allowance says.
STORED = (
    "move_line_id",
    "account_id",
    "partner_id",
    "amount",
    "credited",
    "covered",
    "date_due",
    "days_overdue",
    "term",
    "segment_name",
    "standing",
    "base",
    "rate",
    "individual",
    "individual_rate",
    "assessment",
    "calculated",
    "final",
    "previous",
    "moved",
    "net",
)
ASSESSED = {"individual", "individual_rate", "assessment"}


class CreditAllowanceRate(models.Model):
    """A rate by age of one allowance."""

    _name = "credit.allowance.rate"
    _description = "Rate of an Allowance"
    _inherit = "credit.bounded"
    _credit_bounds = {"after_days": (-1, 36_525), "rate": (0, 1)}
    _order = "after_days"

    allowance_id = fields.Many2one(
        "credit.allowance", required=True, index=True, ondelete="cascade"
    )
    after_days = fields.Integer(
        "More Days Overdue Than", required=True, help="-1 is what is not due yet."
    )
    age = fields.Char("Overdue", compute="_compute_age")
    rate = fields.Float(required=True, digits=RATE_DIGITS)

    @api.depends("after_days")
    @api.depends_context("lang")
    def _compute_age(self):
        for rate in self:
            if rate.after_days < 0:
                rate.age = self.env._("Not due")
            else:
                rate.age = self.env._("Over %s days", rate.after_days)

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        rates._check_open()
        return rates

    def write(self, vals):
        self._check_open()
        result = super().write(vals)
        self._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_open(self):
        self._check_open()

    def _check_open(self):
        """The rates of what is booked are those it was booked with."""
        if not self.env.su and any(rate.allowance_id.state == "booked" for rate in self):
            raise UserError(self.env._("It is booked: cancel it before changing anything."))


class CreditAllowanceLine(models.Model):
    """One item of an allowance: what is open, secured, expected to be lost."""

    _name = "credit.allowance.line"
    _description = "Item of an Allowance"
    _inherit = "credit.bounded"
    _credit_bounds = {"individual_rate": (0, 1)}
    _order = "allowance_id desc, days_overdue desc, id"
    _rec_name = "move_line_id"

    allowance_id = fields.Many2one(
        "credit.allowance",
        "Working Paper",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="allowance_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(related="allowance_id.date", store=True)
    state = fields.Selection(related="allowance_id.state")
    move_line_id = fields.Many2one(
        "account.move.line", "Item", readonly=True, index=True, ondelete="restrict"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    account_id = fields.Many2one(
        "credit.account", "Credit File", readonly=True, index="btree_not_null"
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, index=True)
    segment_name = fields.Char("Segment", readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    term = fields.Selection(
        [("short", "Within a year"), ("long", "Later")], "Horizon", readonly=True
    )
    standing = fields.Selection(
        [("performing", "Performing"), ("doubtful", "Doubtful"), ("hopeless", "Hopeless")],
        readonly=True,
    )
    amount = fields.Monetary("Open", readonly=True)
    credited = fields.Monetary("Unapplied Credits", readonly=True)
    covered = fields.Monetary(readonly=True)
    base = fields.Monetary(readonly=True, help="Open, less credits and cover.")
    rate = fields.Float(readonly=True, digits=RATE_DIGITS, aggregator=None)
    individual = fields.Boolean("Assessed by Itself")
    individual_rate = fields.Float("Expected Loss", digits=RATE_DIGITS, aggregator=None)
    assessment = fields.Char("Why")
    calculated = fields.Monetary(readonly=True)
    final = fields.Monetary("Allowance", readonly=True, help="After the cap.")
    previous = fields.Monetary("Last Time", readonly=True)
    moved = fields.Monetary("Change", compute="_compute_moved", store=True)
    net = fields.Monetary(compute="_compute_moved", store=True)

    @api.depends("final", "previous", "amount")
    def _compute_moved(self):
        for line in self:
            line.moved = line.final - line.previous
            line.net = line.amount - line.final

    def write(self, vals):
        assessed = ASSESSED & vals.keys()
        if not self.env.su:
            if vals.keys() - ASSESSED:
                raise AccessError(self.env._("Only the individual assessment is written by hand."))
            self.allowance_id._check_accountant()
            if any(line.state == "booked" for line in self):
                raise UserError(self.env._("It is booked: cancel it before changing anything."))
        result = super().write(vals)
        if assessed and not self.env.su:
            self.sudo()._assess()
        return result

    def _assess(self):
        """Take the individual rate, or the one of the method again."""
        for allowance, lines in self.grouped("allowance_id").items():
            rates = allowance._rates()
            for line in lines:
                if line.individual and not (line.assessment or "").strip():
                    raise UserError(self.env._("Say why this item is assessed by itself."))
                usual = core.rate_at(rates, line.days_overdue)
                rate = line.individual_rate if line.individual else usual
                [part] = core.by_matrix([line.base], [rate], line.currency_id.decimal_places)
                line.write({"rate": rate, "calculated": part, "final": part})
            allowance._add_up()
