from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_date, formatLang

from ...core import scoring
from ...tools.groups import OFFICER
from ...tools.write_guards import fields_outside, without_defaults

ACTIVITY = "credit_collection.mail_activity_decide_rating"
TRANSITIONS = {
    ("draft", "request"): "requested",
    ("draft", "approve"): "in_force",
    ("requested", "approve"): "in_force",
    ("requested", "send_back"): "draft",
    ("in_force", "supersede"): "superseded",
}
# What people may say; all else is worked out or decided.
WRITABLE_ON_CREATE = {"account_id", "scorecard_id", "note"}
WRITABLE = {"scorecard_id", "line_ids", "manual_grade_id", "manual_reason", "note", "review_date"}


class CreditRating(models.Model):
    """A dated rating of a customer: score, grade, and each line that it rests on.

    A draft may be worked on; once requested or in force nothing in it changes any more.
    """

    _name = "credit.rating"
    _description = "Credit Rating"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.audited"]
    _audited = (
        "account_id",
        "scorecard_id",
        "date",
        "state",
        "score",
        "computed_grade_id",
        "manual_grade_id",
        "manual_reason",
        "grade_id",
        "decided_by_id",
        "decided_on",
    )
    _order = "date desc, id desc"
    _check_company_auto = True

    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    scorecard_id = fields.Many2one(
        "credit.scorecard",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        compute="_compute_scorecard_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    date = fields.Date(
        required=True,
        readonly=True,
        default=lambda self: self.env.company._credit_today(),
        index=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "Waits for a decision"),
            ("in_force", "In force"),
            ("superseded", "Superseded"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    trigger = fields.Selection(
        [
            ("person", "By hand"),
            ("review", "Review due"),
            ("signal", "Danger signal"),
        ],
        "Occasion",
        required=True,
        readonly=True,
        default="person",
    )
    line_ids = fields.One2many("credit.rating.line", "rating_id", "Criteria", copy=False)
    score = fields.Float(readonly=True, digits=(5, 1), aggregator="avg", copy=False)
    has_score = fields.Boolean(readonly=True, copy=False)
    computed_grade_id = fields.Many2one(
        "credit.grade", "Grade by Score", readonly=True, index=True, ondelete="restrict", copy=False
    )
    manual_grade_id = fields.Many2one(
        "credit.grade",
        "Grade by Hand",
        domain="[('scorecard_id', '=', scorecard_id)]",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        tracking=True,
    )
    manual_reason = fields.Char("Why Another Grade", copy=False, tracking=True)
    manual_by_id = fields.Many2one(
        "res.users",
        "Graded by Hand by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    held_from_id = fields.Many2one(
        "credit.grade",
        "Grade Without the Checklist",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    ceiling = fields.Char("Held Down", compute="_compute_ceiling")
    grade_id = fields.Many2one(
        "credit.grade",
        compute="_compute_grade_id",
        store=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    grade_color = fields.Integer(related="grade_id.color")
    previous_id = fields.Many2one(
        "credit.rating", "Rating Before", readonly=True, index="btree_not_null", copy=False
    )
    previous_grade_id = fields.Many2one(related="previous_id.grade_id", string="Grade Before")
    previous_score = fields.Float(related="previous_id.score", string="Score Before")
    change = fields.Selection(
        [("first", "First rating"), ("up", "Better"), ("same", "Unchanged"), ("down", "Worse")],
        "Trend",
        compute="_compute_change",
        store=True,
    )
    missing = fields.Char("Not Known", compute="_compute_missing")
    review_date = fields.Date(
        "Next Review", compute="_compute_review_date", store=True, readonly=False, copy=False
    )
    entered_by_id = fields.Many2one(
        "res.users",
        "Entered by",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        index="btree_not_null",
        ondelete="restrict",
    )
    decided_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    decided_on = fields.Datetime(readonly=True, copy=False)
    note = fields.Text()
    explanation = fields.Html("Why This Grade", compute="_compute_explanation", sanitize=False)
    proposed_limit = fields.Monetary(compute="_compute_proposed_limit")
    limit_calculation = fields.Html(
        "How Much Credit", compute="_compute_proposed_limit", sanitize=False
    )

    _one_in_force = models.UniqueIndex(
        "(account_id) WHERE state = 'in_force'", "A customer has one rating in force."
    )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------

    @api.depends("account_id")
    def _compute_scorecard_id(self):
        for rating in self.filtered(lambda x: x.account_id and not x.scorecard_id):
            account = rating.account_id.sudo()
            rating.scorecard_id = account._scorecards().get(account, False)
        for rating in self - self.filtered("account_id"):
            rating.scorecard_id = rating.scorecard_id

    @api.depends("computed_grade_id", "manual_grade_id")
    def _compute_grade_id(self):
        for rating in self:
            rating.grade_id = rating.manual_grade_id or rating.computed_grade_id

    @api.depends("held_from_id", "computed_grade_id")
    @api.depends_context("lang")
    def _compute_ceiling(self):
        for rating in self:
            rating.ceiling = False
            if rating.held_from_id:
                rating.ceiling = self.env._(
                    "By its score %(grade)s; held at %(ceiling)s until the checklist is complete.",
                    grade=rating.held_from_id.name,
                    ceiling=rating.computed_grade_id.name,
                )

    @api.depends("grade_id", "previous_id.grade_id", "previous_id.score", "score")
    def _compute_change(self):
        for rating in self:
            before, now = rating.previous_id.grade_id, rating.grade_id
            if not rating.previous_id:
                rating.change = "first"
            elif before == now:
                rating.change = "same"
            else:
                rating.change = "up" if now.least_score > before.least_score else "down"

    @api.depends("line_ids.points", "line_ids.has_points")
    @api.depends_context("lang")
    def _compute_missing(self):
        for rating in self:
            lacking = rating.line_ids.filtered(lambda line: not line.has_points)
            rating.missing = ", ".join(lacking.mapped("label"))

    @api.depends("grade_id", "date")
    def _compute_review_date(self):
        for rating in self:
            months = rating.grade_id.review_months
            if months and rating.date:
                rating.review_date = fields.Date.add(rating.date, months=months)
            else:
                rating.review_date = rating.review_date

    @api.depends("line_ids.contribution", "score", "grade_id")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for rating in self:
            rating.explanation = self.env["ir.qweb"]._render(
                "credit_collection.credit_rating_explanation", rating._explanation_values()
            )

    @api.depends("grade_id", "account_id")
    @api.depends_context("lang")
    def _compute_proposed_limit(self):
        Method, found = self.env["credit.limit.method"], {}
        # Together, but each customer with one grade at a time.
        for ratings in self._in_rounds():
            grades = {rating.account_id.id: rating.grade_id.sudo() for rating in ratings}
            proposals = Method._propose(ratings.account_id.sudo(), grades=grades)
            found |= {rating.id: proposals.get(rating.account_id.id) for rating in ratings}
        for rating in self:
            proposal = found[rating.id]
            rating.proposed_limit = float(proposal.amount or 0) if proposal else 0.0
            rating.limit_calculation = (
                Method._calculation(proposal, rating.currency_id) if proposal else False
            )

    def _in_rounds(self):
        """These ratings in sets in which no customer comes twice, in their order."""
        left = self
        while left:
            first = {rating.account_id.id: rating.id for rating in reversed(left)}
            ids = set(first.values())
            now = left.filtered(lambda rating, ids=ids: rating.id in ids)
            yield now
            left -= now

    @api.depends("partner_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rating in self:
            rating.display_name = self.env._(
                "%(customer)s, %(date)s",
                customer=rating.partner_id.display_name or "",
                date=format_date(self.env, rating.date),
            )

    def _explanation_values(self):
        """What the page of the rating shows: helped, cost, and the way to the next grade."""
        self.ensure_one()
        lines = {line.criterion_id.id: line for line in self.line_ids}
        criteria = self.scorecard_id.sudo()._core_criteria()
        criteria = [each for each in criteria if each.key in lines]
        better = self.grade_id._next_better() if self.grade_id else self.grade_id
        result = scoring.Result(
            self.score if self.has_score else None,
            tuple(lines[each.key]._to_core() for each in criteria),
            (),
        )
        found = scoring.explain(result, criteria, better.least_score if better else None)
        names = {key: line.label for key, line in lines.items()}
        together = ", ".join(names[key] for key in found.together)
        return {
            "rating": self,
            "better": better,
            "needed": found.needed,
            "helped": [(lines[key], self._points(part)) for key, part in found.helped],
            "cost": [(lines[key], self._points(part)) for key, part in found.cost],
            "ways": [
                self.env._(
                    "%(criterion)s: %(answer)s brings %(points)s points and is enough.",
                    criterion=names[key],
                    answer=self._band_words(lines[key], band),
                    points=self._points(gain),
                )
                for key, band, gain in found.ways
            ],
            "together": together,
            "words": {
                "no_score": self.env._(
                    "There is no score. Not known: %(missing)s", missing=self.missing
                )
                if self.missing
                else self.env._("There is no score: nothing is known."),
                "better": better
                and self.env._(
                    "What would reach grade %(grade)s (points missing: %(points)s)",
                    grade=better.name,
                    points=self._points(found.needed or 0),
                ),
                "together": self.env._(
                    "Nothing alone is enough; together: %(criteria)s.", criteria=together
                ),
            },
        }

    def _points(self, points):
        """Points for people, in the format of their language."""
        return formatLang(self.env, points, digits=1)

    @api.model
    def _band_words(self, line, band):
        """A band of the core as words."""
        if band is None:
            return self.env._("the best answer")
        show = line.criterion_id._format
        if band.low is None and band.high is None:
            return self.env._("any")
        if band.low is None:
            return self.env._("below %(high)s", high=show(band.high))
        if band.high is None:
            return self.env._("from %(low)s", low=show(band.low))
        return self.env._("%(low)s to below %(high)s", low=show(band.low), high=show(band.high))

    @api.constrains("manual_grade_id", "manual_reason", "scorecard_id")
    def _check_manual_grade(self):
        for rating in self:
            if rating.manual_grade_id and not (rating.manual_reason or "").strip():
                raise ValidationError(
                    self.env._("Say why the grade is another than the score says.")
                )
            if rating.manual_grade_id.scorecard_id not in (
                rating.scorecard_id,
                rating.scorecard_id.browse(),
            ):
                raise ValidationError(
                    self.env._(
                        "Choose a grade of the scorecard %(scorecard)s.",
                        scorecard=rating.scorecard_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # Nobody writes a result by hand
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = without_defaults(self, WRITABLE_ON_CREATE)
            for vals in vals_list:
                if fields_outside(vals, WRITABLE_ON_CREATE | WRITABLE):
                    raise AccessError(
                        self.env._("A new rating is a draft: choose the customer, then rate.")
                    )
        vals_list = [
            vals if self.env.su else {**vals, "entered_by_id": self.env.uid} for vals in vals_list
        ]
        ratings = super().create(vals_list)
        unfilled = ratings.filtered(lambda rating: not rating.line_ids)
        unfilled._fill()
        return ratings

    def write(self, vals):
        if not self.env.su:
            names = fields_outside(vals, ())
            if names - WRITABLE:
                raise AccessError(
                    self.env._("Request the rating or put it in force; the rest is worked out.")
                )
            if names and any(rating.state != "draft" for rating in self):
                raise UserError(
                    self.env._("Only a draft can be changed. Make a new rating instead.")
                )
            if {"manual_grade_id", "scorecard_id"} & names:
                self.check_access("write")
                self._check_officer()
            if "manual_grade_id" in names:
                vals = {**vals, "manual_by_id": self.env.uid if vals["manual_grade_id"] else False}
            if "scorecard_id" in names:
                # Whoever chooses another scorecard has entered what it asks.
                vals = {**vals, "entered_by_id": self.env.uid}
        own = {"manual_by_id", "entered_by_id"} & vals.keys()
        result = super(CreditRating, self.sudo() if own else self).write(vals)
        if "scorecard_id" in vals:
            self.sudo().line_ids.unlink()
            self._fill()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(rating.state in ("in_force", "superseded") for rating in self):
            raise UserError(self.env._("A rating that was in force is part of the history."))

    def _is_audited(self):
        """What is still worked on is no evidence."""
        return self.state != "draft" and super()._is_audited()

    def _check_officer(self):
        if not self.env.su and not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only a credit officer can rate a customer."))
