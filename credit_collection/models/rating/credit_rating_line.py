from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...core import scoring
from ...tools.write_guards import fields_outside


class CreditRatingLine(models.Model):
    """One criterion of a rating: its value, where it comes from, and what it brought."""

    _name = "credit.rating.line"
    _description = "Criterion of a Rating"
    _order = "rating_id, share desc, id"
    _rec_name = "name"

    rating_id = fields.Many2one("credit.rating", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="rating_id.company_id", store=True, index=True)
    state = fields.Selection(related="rating_id.state")
    criterion_id = fields.Many2one(
        "credit.scorecard.criterion",
        "Scorecard's Criterion",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    name = fields.Char("Criterion", readonly=True)
    label = fields.Char(
        "Criterion in Your Language", compute="_compute_label", help="In the reader's language."
    )
    group = fields.Selection(related="criterion_id.group")
    kind = fields.Selection(related="criterion_id.source", string="Read From")
    value = fields.Float(readonly=True, digits=(16, 4), aggregator=None)
    has_value = fields.Boolean(readonly=True)
    value_label = fields.Char("Measured", compute="_compute_value_label")
    answer_id = fields.Many2one(
        "credit.scorecard.band",
        domain="[('criterion_id', '=', criterion_id)]",
        index="btree_not_null",
        ondelete="restrict",
    )
    points = fields.Float(readonly=True, digits=(5, 1), aggregator="avg")
    has_points = fields.Boolean(readonly=True)
    weight = fields.Float(readonly=True, digits=(6, 2))
    share = fields.Float("Weighs", readonly=True)
    contribution = fields.Float("Brings", readonly=True, digits=(5, 1))
    lost = fields.Float("Points Lost", compute="_compute_lost", digits=(5, 1))
    source = fields.Char("Source Kept", readonly=True)
    source_label = fields.Char("Source", compute="_compute_source_label")
    source_date = fields.Date("As of", readonly=True)
    entered_by_id = fields.Many2one(
        "res.users", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    @api.depends("name", "criterion_id")
    @api.depends_context("lang")
    def _compute_label(self):
        for line in self:
            line.label = line.criterion_id.sudo()._said_to(line.name)

    @api.depends("value", "has_value", "answer_id", "criterion_id")
    @api.depends_context("lang")
    def _compute_value_label(self):
        for line in self:
            if line.answer_id:
                line.value_label = line.answer_id.name
            elif line.has_value:
                line.value_label = line.criterion_id._format(line.value)
            else:
                line.value_label = self.env._("not known")

    @api.depends("source", "kind", "has_points")
    @api.depends_context("lang")
    def _compute_source_label(self):
        own = {"ledger": self.env._("Ledger"), "signals": self.env._("Open signals")}
        for line in self:
            line.source_label = line.source or (line.has_points and own.get(line.kind)) or False

    @api.depends("share", "points")
    def _compute_lost(self):
        for line in self:
            line.lost = line.share * (100 - line.points)

    @api.constrains("answer_id", "criterion_id")
    def _check_answer(self):
        for line in self:
            if line.answer_id and line.answer_id.criterion_id != line.criterion_id:
                raise ValidationError(self.env._("That is the answer to another question."))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("The scorecard says which criteria a rating has."))
        return super().create(vals_list)

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        if fields_outside(vals, {"answer_id"}):
            raise AccessError(self.env._("Answer the questions; the rest is read."))
        self.rating_id._check_officer()
        for line in self:
            if line.state != "draft":
                raise UserError(
                    self.env._("Only a draft can be changed. Make a new rating instead.")
                )
            if line.kind != "question":
                raise UserError(
                    self.env._("%(criterion)s is read, not answered.", criterion=line.name)
                )
        self.check_access("write")
        for company, lines in self.sudo().grouped(lambda line: line.rating_id.company_id).items():
            super(CreditRatingLine, lines).write(
                {
                    **vals,
                    "entered_by_id": self.env.uid,
                    "source": self.env.user.name,
                    "source_date": company._credit_today(),
                }
            )
        self.rating_id._rescore()
        return True

    def _to_core(self):
        return scoring.Line(
            self.criterion_id.id,
            self.value if self.has_value else None,
            self.points if self.has_points else None,
            self.share,
            self.contribution,
        )
