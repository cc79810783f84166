from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ...core import scoring
from ...tools.environment import without_caller_context
from ...tools.states import next_state
from ...tools.write_guards import fields_outside, without_defaults

OFFICER = "credit_collection.credit_collection_group_officer"
MANAGER = "credit_collection.credit_collection_group_manager"
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
    ceiling = fields.Char("Held Down", readonly=True, copy=False)
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
    def _compute_missing(self):
        for rating in self:
            lacking = rating.line_ids.filtered(lambda line: not line.has_points)
            rating.missing = ", ".join(lacking.mapped("name"))

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
        for rating in self:
            proposals = self.env["credit.limit.method"]._propose(
                rating.account_id.sudo(), grades={rating.account_id.id: rating.grade_id.sudo()}
            )
            proposal = proposals.get(rating.account_id.id)
            rating.proposed_limit = float(proposal.amount or 0) if proposal else 0.0
            rating.limit_calculation = (
                self.env["credit.limit.method"]._calculation(proposal, rating.currency_id)
                if proposal
                else False
            )

    @api.depends("partner_id", "date")
    def _compute_display_name(self):
        for rating in self:
            rating.display_name = self.env._(
                "%(customer)s, %(date)s",
                customer=rating.partner_id.display_name or "",
                date=rating.date or "",
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
        names = {key: line.name for key, line in lines.items()}
        return {
            "rating": self,
            "better": better,
            "helped": [(lines[key], f"{part:.1f}") for key, part in found.helped],
            "cost": [(lines[key], f"{part:.1f}") for key, part in found.cost],
            "needed": None if found.needed is None else f"{found.needed:.1f}",
            "ways": [
                (names[key], self._band_words(lines[key], band), f"{gain:.1f}")
                for key, band, gain in found.ways
            ],
            "together": ", ".join(names[key] for key in found.together),
        }

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
            if "manual_grade_id" in names:
                self._check_officer()
                vals = {**vals, "manual_by_id": self.env.uid if vals["manual_grade_id"] else False}
        result = super(CreditRating, self.sudo() if "manual_by_id" in vals else self).write(vals)
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

    # ------------------------------------------------------------------
    # Reading the values, scoring
    # ------------------------------------------------------------------

    def _fill(self):
        """Read all values anew, keep the answers, and score."""
        for company, ratings in self.sudo().grouped("company_id").items():
            ratings = without_caller_context(ratings, company)
            accounts = ratings.account_id
            values = ratings._read_values(ratings.scorecard_id, accounts, company)
            for rating in ratings:
                answers = {
                    line.criterion_id.id: line for line in rating.line_ids if line.answer_id
                } or rating._earlier_answers()
                card = rating.scorecard_id
                vals = rating._prepare_result(card, values.get(rating.account_id.id, {}), answers)
                rating.line_ids.unlink()
                rating.write(vals)

    def _earlier_answers(self):
        """The answers of the rating in force: they hold until somebody answers anew."""
        self.ensure_one()
        before = self.account_id.rating_id
        return {line.criterion_id.id: line for line in before.line_ids if line.answer_id}

    @api.model
    def _read_values(self, scorecards, accounts, company):
        """``{account id: {criterion id: (value, source, day)}}``, one query per source."""
        today = company._credit_today()
        criteria = scorecards.criterion_ids
        found = {account.id: {} for account in accounts}
        ledger = criteria.filtered(lambda x: x.source == "ledger")
        if ledger:
            read = self.env["credit.figure.reading"]._read_figures(
                company, today, accounts, ledger.mapped("figure")
            )
            for account_id, figures in read.items():
                for criterion in ledger if account_id in found else ():
                    if figures.get(criterion.figure) is not None:
                        found[account_id][criterion.id] = (
                            figures[criterion.figure],
                            self.env._("Ledger"),
                            today,
                        )
        for source, read in (
            ("financials", self._read_financials),
            ("agency", self._read_reports),
            ("signals", self._read_signals),
        ):
            if of_source := criteria.filtered(lambda x, source=source: x.source == source):
                read(found, of_source, accounts, today)
        return found

    @api.model
    def _read_financials(self, found, criteria, accounts, today):
        from_accounts = self.env["credit.financials"]._newest(accounts, today)
        for account, records in from_accounts.items():
            statement = records._statement_in(account.company_id.currency_id)
            for criterion in criteria:
                value = criterion._ratio_of(statement)
                if value is not None:
                    found[account.id][criterion.id] = (value, records.display_name, records.date)

    @api.model
    def _read_reports(self, found, criteria, accounts, today):
        for account, reports in self.env["credit.agency.report"]._newest(accounts, today).items():
            for criterion in criteria:
                fitting = reports.filtered(
                    lambda x, criterion=criterion: (
                        criterion.agency_id in (x.agency_id, x.agency_id.browse())
                    )
                )[:1]
                if fitting:
                    found[account.id][criterion.id] = (
                        fitting.points,
                        fitting.display_name,
                        fitting.date,
                    )

    @api.model
    def _read_signals(self, found, criteria, accounts, today):
        weights = self.env["credit.signal"]._open_weights(accounts)
        for account in accounts:
            for criterion in criteria:
                value = weights.get(account.id, 0)
                found[account.id][criterion.id] = (value, self.env._("Open signals"), today)

    @api.model
    def _prepare_result(self, card, values, answers):
        """Lines, score and grade, as values to write."""
        criteria = card._core_criteria()
        numbers = {key: value for key, (value, _source, _day) in values.items()}
        numbers |= {key: line.answer_id.points for key, line in answers.items()}
        result = scoring.score(criteria, numbers, card.missing)
        by_id = {criterion.id: criterion for criterion in card.criterion_ids}
        lines = []
        for line in result.lines:
            _value, source, day = values.get(line.key, (None, False, False))
            answer = answers.get(line.key)
            lines.append(
                Command.create(
                    {
                        "criterion_id": line.key,
                        "name": by_id[line.key].name,
                        "value": line.value or 0.0,
                        "has_value": line.value is not None,
                        "answer_id": answer.answer_id.id if answer else False,
                        "points": line.points or 0.0,
                        "has_points": line.points is not None,
                        "weight": by_id[line.key].weight,
                        "share": line.share,
                        "contribution": line.contribution,
                        "source": (answer.source if answer else source) or False,
                        "source_date": (answer.source_date if answer else day) or False,
                        "entered_by_id": answer.entered_by_id.id if answer else False,
                    }
                )
            )
        return {"line_ids": lines, **self._prepare_grade(card, result.score)}

    @api.model
    def _prepare_grade(self, card, score):
        return {
            "score": score or 0.0,
            "has_score": score is not None,
            "computed_grade_id": card._grade_of(score).id or False,
            "ceiling": False,
        }

    def _rescore(self):
        """Score the lines anew after an answer; nothing is read."""
        for rating in self.sudo():
            criteria = rating.scorecard_id._core_criteria()
            lines = {line.criterion_id.id: line for line in rating.line_ids}
            numbers = {
                key: line.answer_id.points if line.answer_id else line.value
                for key, line in lines.items()
                if line.answer_id or line.has_value
            }
            result = scoring.score(criteria, numbers, rating.scorecard_id.missing)
            for line in result.lines:
                if line.key in lines:
                    lines[line.key].write(
                        {
                            "value": line.value or 0.0,
                            "has_value": line.value is not None,
                            "points": line.points or 0.0,
                            "has_points": line.points is not None,
                            "share": line.share,
                            "contribution": line.contribution,
                        }
                    )
            rating.write(rating._prepare_grade(rating.scorecard_id, result.score))
        self._hold_down()

    def _hold_down(self):
        """A grade above the scorecard's ceiling is lowered until the checklist is complete."""
        capped = self.sudo().filtered(
            lambda x: (
                x.scorecard_id.needs_checklist
                and x.scorecard_id.ceiling_grade_id
                and x.computed_grade_id.least_score > x.scorecard_id.ceiling_grade_id.least_score
            )
        )
        unfinished = self.env["credit.checklist"]._unfinished(capped.account_id)
        for rating in capped.filtered(lambda x: x.account_id.id in unfinished):
            rating.write(
                {
                    "ceiling": self.env._(
                        "By its score %(grade)s; held at %(ceiling)s until the checklist is "
                        "complete.",
                        grade=rating.computed_grade_id.name,
                        ceiling=rating.scorecard_id.ceiling_grade_id.name,
                    ),
                    "computed_grade_id": rating.scorecard_id.ceiling_grade_id.id,
                }
            )

    # ------------------------------------------------------------------
    # Decisions
    # ------------------------------------------------------------------

    def action_compute(self):
        """Read all values anew; answers given are kept."""
        self.check_access("write")
        self._check_officer()
        if any(rating.state != "draft" for rating in self):
            raise UserError(self.env._("Only a draft is worked out again."))
        self._fill()
        self.sudo()._hold_down()
        return True

    def action_request(self):
        """Put the ratings before somebody who may put them in force."""
        self.check_access("write")
        self._check_officer()
        self._check_graded()
        self._move("request")
        self.sudo()._ask_approver()
        return True

    def action_approve(self):
        """Put the ratings in force; a better grade needs authority and a second pair of eyes."""
        self.check_access("write")
        self._check_officer()
        self._check_graded()
        self.account_id.sudo()._serialize()
        for rating in self:
            rating._check_authority()
            rating._move("approve")
        return True

    def action_send_back(self):
        """Give requested ratings back to be worked on."""
        self.check_access("write")
        self._check_officer()
        self._move("send_back")
        return True

    def action_propose_limit(self):
        """Ask for the limit that follows from this rating."""
        self.ensure_one()
        self._check_officer()
        limit = self.env["credit.limit.method"]._request(self.account_id)
        return limit.get_formview_action()

    def _check_graded(self):
        for rating in self:
            if not rating.grade_id:
                raise UserError(
                    self.env._(
                        "%(customer)s has no grade: too much is not known (%(missing)s).",
                        customer=rating.partner_id.display_name,
                        missing=rating.missing or "–",
                    )
                )

    def _take_effect(self):
        """What a re-rating made: a worse or equal grade counts, a better one waits for a person."""
        for rating in self:
            grade, before = rating.grade_id, rating.account_id.grade_id
            better = before and grade.least_score > before.least_score
            if better and not rating.scorecard_id.raise_by_itself:
                rating._move("request")
                rating._ask_approver()
            else:
                rating._move("approve")

    def _is_raise(self):
        """Whether the customer would be trusted more than the present rating or score says."""
        self.ensure_one()
        before = self.account_id.sudo().grade_id
        better = bool(before) and self.grade_id.least_score > before.least_score
        by_hand = self.manual_grade_id
        return better or bool(
            by_hand and by_hand.least_score > (self.computed_grade_id.least_score or 0.0)
        )

    def _check_authority(self):
        """A better grade: authority for what the customer may owe, and not by who entered it.

        Nobody rates a customer into their own authority. Credit managers have no ceiling; a worse
        grade may be put in force by any officer.
        """
        self.ensure_one()
        user, account = self.env.user, self.account_id.sudo()
        if self.env.su or not self._is_raise():
            return
        position = account._position()
        amount = max(position.exposure, 0 if position.unlimited else position.credit_limit)
        if not user._has_credit_authority(amount, account.currency_id, account.company_id):
            raise AccessError(
                self.env._(
                    "A better grade for %(customer)s (%(amount)s) is above your authority. Ask "
                    "a credit manager.",
                    customer=account.partner_id.display_name,
                    amount=account.currency_id.format(amount),
                )
            )
        entered = self.entered_by_id | self.manual_by_id | self.line_ids.sudo().entered_by_id
        if user in entered and not user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "You entered this rating: a better grade is put in force by a colleague. "
                    "Request it."
                )
            )

    def _move(self, event, **values):
        """Move the ratings through :data:`TRANSITIONS` and apply what follows."""
        for rating in self:
            target = next_state(rating, TRANSITIONS, event)
            if event == "approve":
                present = rating.account_id.sudo().rating_id
                values = {
                    **values,
                    "decided_by_id": self.env.uid,
                    "decided_on": fields.Datetime.now(),
                    "previous_id": present.id,
                }
                present._move("supersede")
                present.flush_recordset(["state"])
            rating.sudo().write({"state": target, **values})
            if event == "approve":
                rating.sudo()._after_in_force()
            if event in ("approve", "send_back"):
                rating.sudo().activity_unlink([ACTIVITY])
        return self

    def _after_in_force(self):
        """Grade, review day, trust and policy of the customer follow; a changed grade is told."""
        for rating in self:
            account, grade = rating.account_id, rating.grade_id
            account.write(
                {
                    "rating_id": rating.id,
                    "grade_id": grade.id,
                    "review_date": rating.review_date,
                }
            )
            partner = account.partner_id.with_company(account.company_id)
            if grade.trust and partner.trust != grade.trust:
                partner.trust = grade.trust
            if rating.change != "same":
                account.message_post(body=rating._told())
        self.account_id._sync_native_limit()
        self.account_id._wake_holds()

    def _told(self):
        """The sentence that tells a changed grade, with its main reason."""
        self.ensure_one()
        lost = self.line_ids.sorted(lambda line: line.share * (100 - line.points), reverse=True)
        reason = lost[:1].name or "–"
        if self.manual_grade_id:
            return self.env._(
                "Rated %(grade)s by hand (score %(score)s): %(reason)s",
                grade=self.grade_id.name,
                score=f"{self.score:.1f}",
                reason=self.manual_reason,
            )
        if self.change == "first":
            return self.env._(
                "Rated %(grade)s, score %(score)s. Cost most: %(reason)s.",
                grade=self.grade_id.name,
                score=f"{self.score:.1f}",
                reason=reason,
            )
        return self.env._(
            "Grade changed from %(before)s to %(grade)s, score %(score)s. Cost most: %(reason)s.",
            before=self.previous_grade_id.name,
            grade=self.grade_id.name,
            score=f"{self.score:.1f}",
            reason=reason,
        )

    def _ask_approver(self):
        """Put requested ratings before somebody whose authority suffices."""
        for rating in self:
            position = rating.account_id._position()
            limit = 0 if position.unlimited else position.credit_limit
            users = self.env["credit.hold"]._approvers(
                rating.account_id, max(position.exposure, limit)
            )
            approver = ((users - rating.entered_by_id) | users)[:1]
            if approver:
                rating.activity_schedule(
                    ACTIVITY,
                    user_id=approver.id,
                    summary=self.env._(
                        "Grade %(grade)s for %(customer)s",
                        grade=rating.grade_id.name,
                        customer=rating.partner_id.display_name,
                    ),
                )


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
    lost = fields.Float("Costs", compute="_compute_lost", digits=(5, 1))
    source = fields.Char(readonly=True)
    source_date = fields.Date("As of", readonly=True)
    entered_by_id = fields.Many2one(
        "res.users", readonly=True, index="btree_not_null", ondelete="restrict"
    )

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
