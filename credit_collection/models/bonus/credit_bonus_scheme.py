from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core import bonus
from ...core.criterion import check_criteria, exact
from ...tools.faults import said

MONTHS = range(1, 13)


class CreditBonusScheme(models.Model):
    """How the bonus of salespeople or of team leaders follows from the figures."""

    _name = "credit.bonus.scheme"
    _description = "Bonus Scheme"
    _inherit = "credit.bounded"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="The first scheme that fits a person applies.")
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        domain="[('parent_id', '=', False)]",
        help="Empty: all companies.",
        index="btree_not_null",
    )
    currency_id = fields.Many2one(
        "res.currency",
        "Currency of the Amount",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        help="In a company with another currency the amount is converted at the rate of the last "
        "day of the period.",
    )
    applies_to = fields.Selection(
        [("salesperson", "Salespeople"), ("leader", "Team leaders")],
        required=True,
        default="salesperson",
    )
    user_ids = fields.Many2many(
        "res.users", string="Only For", domain="[('share', '=', False)]", help="Empty: everybody."
    )
    base_method = fields.Selection(
        [("amount", "Fixed amount"), ("cash", "Share of the cash received")],
        required=True,
        default="amount",
    )
    base_amount = fields.Monetary(help="Paid when every criterion pays 100 %.")
    base_share = fields.Float(
        "Share of Cash", digits=(16, 6), help="Of the cash received in the period; 0.01 is 1 %."
    )
    leave_out_excused = fields.Boolean(
        "Leave Out Disputes of Others",
        help="Amounts disputed on the last day, for a reason that is no fault of sales, count "
        "neither as receivable nor as overdue in the results that this bonus rests on. The "
        "figures themselves stay as they are.",
    )
    criterion_ids = fields.One2many("credit.bonus.criterion", "scheme_id", "Criteria", copy=True)
    coefficient_1 = fields.Float("January", default=1, digits=(6, 3))
    coefficient_2 = fields.Float("February", default=1, digits=(6, 3))
    coefficient_3 = fields.Float("March", default=1, digits=(6, 3))
    coefficient_4 = fields.Float("April", default=1, digits=(6, 3))
    coefficient_5 = fields.Float("May", default=1, digits=(6, 3))
    coefficient_6 = fields.Float("June", default=1, digits=(6, 3))
    coefficient_7 = fields.Float("July", default=1, digits=(6, 3))
    coefficient_8 = fields.Float("August", default=1, digits=(6, 3))
    coefficient_9 = fields.Float("September", default=1, digits=(6, 3))
    coefficient_10 = fields.Float("October", default=1, digits=(6, 3))
    coefficient_11 = fields.Float("November", default=1, digits=(6, 3))
    coefficient_12 = fields.Float("December", default=1, digits=(6, 3))

    @api.depends("company_id")
    def _compute_currency_id(self):
        for scheme in self:
            own = scheme.company_id.currency_id or scheme.currency_id
            scheme.currency_id = own or self.env.company.currency_id

    @api.constrains(
        "criterion_ids",
        "base_amount",
        "base_share",
        *(f"coefficient_{month}" for month in MONTHS),
    )
    def _check_scheme(self):
        for scheme in self:
            if scheme.base_amount < 0 or not 0 <= scheme.base_share <= 1:
                raise ValidationError(
                    self.env._(
                        "The base must not be negative, and the share of the cash lies between 0 "
                        "and 100 %."
                    )
                )
            if min(scheme._coefficients()) <= 0:
                raise ValidationError(self.env._("A seasonal coefficient is above 0."))
            if scheme.criterion_ids:
                scheme._check_criteria()

    def _check_criteria(self):
        """The core's own checks, before anybody's bonus depends on them."""
        self.ensure_one()
        try:
            check_criteria(self._criteria())
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "The scheme %(scheme)s does not work: %(error)s",
                    scheme=self.name,
                    error=self._said(error),
                )
            ) from error

    def _said(self, error):
        titles = dict(self.env["credit.bonus.criterion"]._figure_titles())
        return said(self.env, error, figure=titles)

    def _coefficients(self):
        self.ensure_one()
        return tuple(self[f"coefficient_{month}"] for month in MONTHS)

    def _criteria(self):
        """The criteria for ``core.bonus``."""
        self.ensure_one()
        return tuple(criterion._core() for criterion in self.criterion_ids)

    @api.model
    def _of_kind(self, company, kind):
        """The schemes of a company for ``kind`` of people, in their order."""
        return self.search([("applies_to", "=", kind), ("company_id", "in", (False, company.id))])

    def _find(self, user):
        """The scheme of a person among these: the first that names them or everybody."""
        named = self.filtered(lambda scheme: user and user in scheme.user_ids)
        return (named or self.filtered(lambda scheme: not scheme.user_ids))[:1]

    def _has_base(self):
        """Whether somebody has decided what the bonus is a part of."""
        self.ensure_one()
        return bool(self.base_share if self.base_method == "cash" else self.base_amount)

    def _base(self, received, company, day):
        """What the bonus is a part of, in the company's currency."""
        self.ensure_one()
        currency = company.currency_id
        if self.base_method == "cash":
            return bonus.base_from_cash(received, self.base_share, currency.decimal_places)
        if self.currency_id == currency or not self.base_amount:
            return exact(self.base_amount)
        return exact(self.currency_id._credit_convert(self.base_amount, currency, company, day))

    def _statement(self, received, results, company, day, norms=None):
        """The bonus of one person and period.

        :param received: F, for schemes that pay a share of it
        :param results: dict of figure to result or None
        :param company: ``res.company`` that pays, in its currency
        :param day: last day of the period
        :param norms: other norms to try: dict of figure to norm
        :return: ``core.bonus.Statement`` or None for a scheme without criteria
        """
        self.ensure_one()
        if not self.criterion_ids:
            return None
        try:
            criteria = bonus.with_norms(self._criteria(), norms or {})
            return bonus.payout(
                self._base(received, company, day),
                criteria,
                results,
                day.month,
                self._coefficients(),
                company.currency_id.decimal_places,
            )
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The scheme %(scheme)s does not work: %(error)s",
                    scheme=self.name,
                    error=self._said(error),
                )
            ) from error
