from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core import criterion as core
from ...tools.bounds import LARGEST_AMOUNT, MOST_PERCENT
from ...tools.faults import said


class CreditBonusCriterion(models.Model):
    """One figure of a bonus scheme, its norm and what each result pays."""

    _name = "credit.bonus.criterion"
    _description = "Bonus Criterion"
    _inherit = "credit.bounded"
    _order = "sequence, id"
    _rec_name = "figure"
    _credit_bounds = {
        "norm": (-LARGEST_AMOUNT, LARGEST_AMOUNT),
        "weight": (0, MOST_PERCENT),
    }

    scheme_id = fields.Many2one(
        "credit.bonus.scheme", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    figure = fields.Selection(selection="_figure_titles", required=True)
    direction = fields.Selection(
        [(core.AT_MOST, "At most the norm"), (core.AT_LEAST, "At least the norm")],
        required=True,
        default=core.AT_MOST,
    )
    norm = fields.Float(required=True, digits=(16, 4), help="0.15 is 15 %; days are days.")
    weight = fields.Float(required=True, default=1, digits=(6, 4), help="Part of the base.")
    seasonal = fields.Boolean(help="The norm is multiplied by the month's coefficient.")
    measure = fields.Selection(
        [(core.RATIO, "Parts of the norm"), (core.RESULT, "The result itself")],
        required=True,
        default=core.RATIO,
        string="Steps Measure",
    )
    step_ids = fields.One2many("credit.bonus.step", "criterion_id", "Steps", copy=True)
    steps = fields.Char("Steps of Pay", compute="_compute_steps")

    @api.model
    def _figure_titles(self):
        return list(
            {
                "overdue_share": self.env._("Overdue share (%PDZ)"),
                "weighted_days_overdue": self.env._("Weighted days overdue (T_PDZ)"),
                "cash_plan_rate": self.env._("Cash plan (%VP)"),
                "overdue_to_turnover": self.env._("Overdue to turnover (%PDZ_T)"),
                "dso": self.env._("DSO"),
            }.items()
        )

    @api.depends("direction", "step_ids.threshold", "step_ids.payout")
    def _compute_steps(self):
        for criterion in self:
            sign = "≤" if criterion.direction == core.AT_MOST else "≥"
            criterion.steps = ", ".join(
                f"{sign} {step.threshold:g} → {step.payout:.0%}"
                for step in criterion.step_ids.sorted("threshold")
            )

    @api.constrains("figure", "direction", "norm", "weight", "seasonal", "measure", "step_ids")
    def _check_core(self):
        for criterion in self:
            if criterion.step_ids:
                criterion._checked_core()

    def _checked_core(self):
        try:
            return self._core()
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "This criterion does not work: %(error)s",
                    error=said(self.env, error, figure=dict(self._figure_titles())),
                )
            ) from error

    def _core(self):
        """The criterion for ``core.bonus``; without steps, the norm decides all or nothing."""
        self.ensure_one()
        steps = tuple((step.threshold, step.payout) for step in self.step_ids.sorted("threshold"))
        return core.Criterion(
            figure=self.figure,
            direction=self.direction,
            norm=self.norm,
            weight=self.weight,
            steps=steps or ((1 if self.measure == core.RATIO else self.norm, 1),),
            seasonal=self.seasonal,
            measure=self.measure,
        )


class CreditBonusStep(models.Model):
    """From which result on a criterion pays which part."""

    _name = "credit.bonus.step"
    _description = "Bonus Step"
    _inherit = "credit.bounded"
    _order = "threshold, id"
    _rec_name = "threshold"

    criterion_id = fields.Many2one(
        "credit.bonus.criterion", required=True, index=True, ondelete="cascade"
    )
    threshold = fields.Float(
        required=True, digits=(16, 4), help="In parts of the norm, or the result itself."
    )
    payout = fields.Float(required=True, digits=(6, 4), help="1 is all of it.")
