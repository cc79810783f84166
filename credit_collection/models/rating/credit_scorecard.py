from itertools import combinations

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core import ahp, scoring

JUDGEMENTS = [
    ("1/9", "1/9 – extremely less"), ("1/8", "1/8"), ("1/7", "1/7 – very strongly less"),
    ("1/6", "1/6"), ("1/5", "1/5 – strongly less"), ("1/4", "1/4"),
    ("1/3", "1/3 – moderately less"), ("1/2", "1/2"), ("1", "1 – equally"), ("2", "2"),
    ("3", "3 – moderately more"), ("4", "4"), ("5", "5 – strongly more"), ("6", "6"),
    ("7", "7 – very strongly more"), ("8", "8"), ("9", "9 – extremely more"),
]  # fmt: skip


class CreditScorecard(models.Model):
    """How customers are scored: criteria with weights and bands, and the grades that follow."""

    _name = "credit.scorecard"
    _description = "Scorecard"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="The first scorecard that fits a customer applies.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    is_example = fields.Boolean(
        "Example to Copy", help="Rates nobody: duplicate it and make the copy your own."
    )
    audience = fields.Selection(
        [
            ("all", "All customers"),
            ("known", "Customers with a history of payments"),
            ("new", "New customers, without payments yet"),
        ],
        "For Whom",
        required=True,
        default="all",
        tracking=True,
    )
    category_ids = fields.Many2many(
        "res.partner.category",
        string="Customer Tags",
        help="Only customers with one of these tags. Leave empty for all.",
    )
    missing = fields.Selection(
        [
            ("renormalise", "Leave the criterion out, the others weigh more"),
            ("zero", "No points"),
            ("no_score", "No score at all"),
        ],
        "A Missing Value",
        required=True,
        default="renormalise",
        tracking=True,
    )
    weights_from = fields.Selection(
        [("entered", "Entered"), ("pairwise", "Pairwise judgements")],
        "Weights",
        required=True,
        default="entered",
    )
    valid_from = fields.Date(
        required=True,
        default=lambda self: self.env.company._credit_today(),
        help="Rates nobody before this day.",
    )
    needs_checklist = fields.Boolean(
        "Checklist First",
        help="Until the customer's checklist is complete the grade is at best the ceiling below.",
    )
    ceiling_grade_id = fields.Many2one(
        "credit.grade",
        "Ceiling Without Checklist",
        domain="[('scorecard_id', '=', id)]",
        ondelete="set null",
        index="btree_not_null",
    )
    raise_by_itself = fields.Boolean(
        "Better Grades by Themselves",
        help="A regular re-rating may also raise a grade. Otherwise a person puts it in force.",
    )
    note = fields.Html("How to Use It")
    criterion_ids = fields.One2many(
        "credit.scorecard.criterion", "scorecard_id", "Criteria", copy=True
    )
    grade_ids = fields.One2many("credit.grade", "scorecard_id", "Grades", copy=True)
    judgement_ids = fields.One2many("credit.scorecard.judgement", "scorecard_id", "Judgements")
    total_weight = fields.Float("Weights Add Up To", compute="_compute_total_weight")
    consistency_ratio = fields.Float(compute="_compute_consistency", digits=(6, 3))
    consistency = fields.Char("Do the Judgements Agree?", compute="_compute_consistency")
    rating_count = fields.Integer(compute="_compute_rating_count")

    @api.depends("criterion_ids.weight")
    def _compute_total_weight(self):
        for scorecard in self:
            scorecard.total_weight = sum(scorecard.criterion_ids.mapped("weight"))

    @api.depends("judgement_ids.judgement", "criterion_ids", "weights_from")
    @api.depends_context("lang")
    def _compute_consistency(self):
        for scorecard in self:
            ratio, sentence = 0.0, False
            if scorecard.weights_from == "pairwise" and scorecard.criterion_ids:
                ratio, sentence = scorecard._consistency()
            scorecard.consistency_ratio = ratio
            scorecard.consistency = sentence

    def _compute_rating_count(self):
        counts = dict(
            self.env["credit.rating"]._read_group(
                [("scorecard_id", "in", self.ids), ("state", "=", "in_force")],
                ["scorecard_id"],
                ["__count"],
            )
        )
        for scorecard in self:
            scorecard.rating_count = counts.get(scorecard._origin, 0)

    @api.constrains("company_id")
    def _check_root_company(self):
        for scorecard in self:
            if scorecard.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "A scorecard belongs to a whole company, not to its branch %(branch)s.",
                        branch=scorecard.company_id.display_name,
                    )
                )

    @api.constrains("grade_ids", "criterion_ids", "is_example")
    def _check_usable(self):
        for scorecard in self.filtered(lambda card: not card.is_example):
            leasts = scorecard.grade_ids.mapped("least_score")
            if leasts and min(leasts) > 0:
                raise ValidationError(
                    self.env._(
                        "%(scorecard)s: the lowest grade must begin at 0, so that each score has a "
                        "grade.",
                        scorecard=scorecard.name,
                    )
                )
            if scorecard.criterion_ids and scorecard.total_weight <= 0:
                raise ValidationError(
                    self.env._(
                        "%(scorecard)s: at least one criterion needs a weight above 0.",
                        scorecard=scorecard.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        scorecards = super().create(vals_list)
        scorecards._sync_judgements()
        return scorecards

    def write(self, vals):
        result = super().write(vals)
        if {"criterion_ids", "weights_from"} & vals.keys():
            self._sync_judgements()
        if {"judgement_ids", "weights_from", "criterion_ids"} & vals.keys():
            self._apply_judgements()
        return result

    def copy_data(self, default=None):
        return [
            {
                **vals,
                "name": (default or {}).get("name")
                or self.env._("%(name)s (copy)", name=card.name),
                "is_example": False,
            }
            for card, vals in zip(self, super().copy_data(default), strict=True)
        ]

    # ------------------------------------------------------------------
    # Pairwise judgements
    # ------------------------------------------------------------------

    def _sync_judgements(self):
        """One judgement for each pair of criteria, made when missing."""
        for scorecard in self.filtered(lambda card: card.weights_from == "pairwise"):
            known = {(each.row_id, each.column_id) for each in scorecard.judgement_ids}
            scorecard.env["credit.scorecard.judgement"].create(
                [
                    {"scorecard_id": scorecard.id, "row_id": row.id, "column_id": column.id}
                    for row, column in combinations(scorecard.criterion_ids.sorted("id"), 2)
                    if (row, column) not in known
                ]
            )

    def _matrix(self):
        """The criteria in order, and the matrix of the judgements on them."""
        self.ensure_one()
        criteria = self.criterion_ids.sorted("id")
        places = {criterion: at for at, criterion in enumerate(criteria)}
        judged = {
            (places[each.row_id], places[each.column_id]): each._value()
            for each in self.judgement_ids
            if each.row_id in places and each.column_id in places
        }
        return criteria, ahp.matrix_of(len(criteria), judged)

    def _consistency(self):
        """The consistency ratio, and what it says in a sentence."""
        criteria, matrix = self._matrix()
        ratio = ahp.weights(matrix)[1]
        if ratio is None:
            return 0.0, self.env._("More than ten criteria: no ratio is published for so many.")
        if ratio <= ahp.ACCEPTED:
            return ratio, self.env._(
                "The judgements agree: consistency ratio %(ratio)s, up to 0.10 is accepted.",
                ratio=f"{ratio:.3f}",
            )
        row, column, judged, implied = ahp.contradiction(matrix)
        return ratio, self.env._(
            "The judgements contradict each other (consistency ratio %(ratio)s, accepted are "
            "0.10). Look at “%(row)s” against “%(column)s”: judged %(judged)s, the others say "
            "%(implied)s.",
            ratio=f"{ratio:.3f}",
            row=criteria[row].name,
            column=criteria[column].name,
            judged=self._ratio_label(judged),
            implied=self._ratio_label(implied),
        )

    @api.model
    def _ratio_label(self, ratio):
        return f"{ratio:.3g}" if ratio >= 1 else f"1/{1 / ratio:.3g}"

    def _apply_judgements(self):
        """Let the weights follow from the judgements; they add up to 100."""
        for scorecard in self.filtered(lambda card: card.weights_from == "pairwise"):
            criteria, matrix = scorecard._matrix()
            if criteria:
                for criterion, weight in zip(criteria, ahp.weights(matrix)[0], strict=True):
                    criterion.weight = round(100 * weight, 2)

    def action_apply_judgements(self):
        """Work the weights out of the judgements."""
        self.check_access("write")
        for scorecard in self:
            if scorecard.weights_from != "pairwise":
                raise UserError(self.env._("Choose pairwise judgements as the source of weights."))
        self._sync_judgements()
        self._apply_judgements()
        return True

    # ------------------------------------------------------------------
    # Which scorecard applies, and what it says
    # ------------------------------------------------------------------

    @api.model
    def _in_use(self, company, today):
        """The scorecards that rate customers of the company on a day, in their order."""
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("is_example", "=", False),
                ("valid_from", "<=", today),
                ("criterion_ids", "!=", False),
                ("grade_ids", "!=", False),
            ]
        )

    def _choose(self, accounts, known):
        """The scorecard of each file: the first of these that fits.

        :param known: ids of the files with a history of payments
        :return: ``{account: scorecard}``; a file that none fits is left out
        """
        chosen = {}
        for account in accounts:
            tags = account.partner_id.category_id
            audience = "known" if account.id in known else "new"
            for card in self:
                if card.audience not in ("all", audience):
                    continue
                if card.category_ids and not card.category_ids & tags:
                    continue
                chosen[account] = card
                break
        return chosen

    def _core_criteria(self):
        """The criteria as plain values, keyed by the criterion's id."""
        self.ensure_one()
        return [criterion._to_core() for criterion in self.criterion_ids]

    def _grade_of(self, score):
        """The grade of a score, empty without a score."""
        self.ensure_one()
        found = scoring.grade(score, [(grade, grade.least_score) for grade in self.grade_ids])
        return found or self.env["credit.grade"]

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_ratings(self):
        """Open the ratings in force."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_rating_action"
        )
        return {**action, "domain": [("scorecard_id", "in", self.ids)]}

    def action_propose_grades(self):
        """Open the ranking of all customers and the boundaries of grades that it proposes."""
        self.ensure_one()
        self.check_access("write")
        wizard = self.env["credit.scorecard.proposal"].create({"scorecard_id": self.id})
        wizard._refresh()
        return wizard._open()


class CreditScorecardJudgement(models.Model):
    """How many times one criterion matters as much as another."""

    _name = "credit.scorecard.judgement"
    _description = "Pairwise Judgement"
    _order = "row_id, column_id"
    _rec_name = "row_id"

    scorecard_id = fields.Many2one(
        "credit.scorecard", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="scorecard_id.company_id", store=True, index=True)
    row_id = fields.Many2one(
        "credit.scorecard.criterion",
        "Criterion",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    column_id = fields.Many2one(
        "credit.scorecard.criterion",
        "Against",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    judgement = fields.Selection(JUDGEMENTS, "Matters", required=True, default="1")

    _pair_uniq = models.UniqueIndex("(row_id, column_id)", "Each pair is judged once.")

    def _value(self):
        self.ensure_one()
        above, _slash, below = self.judgement.partition("/")
        return float(above) / float(below or 1)
