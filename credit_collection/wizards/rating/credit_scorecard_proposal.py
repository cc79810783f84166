from odoo import fields, models
from odoo.exceptions import UserError

from ...core import scoring, topsis
from ...core.breaks import goodness_of_fit, natural_breaks


class CreditScorecardProposal(models.TransientModel):
    """All customers of a scorecard: ranked by closeness to the ideal, with proposed grades."""

    _name = "credit.scorecard.proposal"
    _description = "Ranking and Proposed Grades"

    scorecard_id = fields.Many2one("credit.scorecard", required=True, readonly=True)
    company_id = fields.Many2one(related="scorecard_id.company_id")
    customer_count = fields.Integer("Customers Scored", readonly=True)
    goodness = fields.Float(
        "Goodness of Fit",
        readonly=True,
        digits=(5, 4),
        help="1: each class is alike within; 0: the classes say nothing.",
    )
    grade_line_ids = fields.One2many(
        "credit.scorecard.proposal.grade", "proposal_id", "Proposed Boundaries", readonly=True
    )
    line_ids = fields.One2many(
        "credit.scorecard.proposal.line", "proposal_id", "Customers", readonly=True
    )
    changed_count = fields.Integer("Would Change Grade", readonly=True)

    def _refresh(self):
        """Score all customers of the scorecard, rank them, and propose the boundaries."""
        self.ensure_one()
        card = self.scorecard_id.sudo()
        company = card.company_id
        accounts = self.env["credit.account"].sudo().search([("company_id", "=", company.id)])
        chosen = accounts._scorecards()
        accounts = accounts.filtered(lambda account: chosen.get(account) == card)
        values = self.env["credit.rating"]._read_values(card, accounts, company)
        criteria = card._core_criteria()
        scores = {}
        for account in accounts:
            answers = {
                line.criterion_id.id: line.answer_id.points
                for line in account.rating_id.line_ids
                if line.answer_id
            }
            numbers = {key: value[0] for key, value in values[account.id].items()} | answers
            score = scoring.score(criteria, numbers, card.missing).score
            if score is not None:
                scores[account] = (score, numbers)
        self.line_ids.unlink()
        self.grade_line_ids.unlink()
        closeness = self._closeness(card, scores)
        boundaries = self._boundaries(card, [score for score, _numbers in scores.values()])
        grades = card.grade_ids.sorted("least_score")
        lines = []
        for account, (score, _numbers) in scores.items():
            proposed = scoring.grade(score, [(g, boundaries.get(g, g.least_score)) for g in grades])
            present = account.grade_id or card._grade_of(score)
            lines.append(
                {
                    "proposal_id": self.id,
                    "account_id": account.id,
                    "score": score,
                    "closeness": closeness[account] or 0.0,
                    "present_grade_id": present.id,
                    "proposed_grade_id": proposed.id if proposed else False,
                    "changes": bool(proposed) and proposed != present,
                }
            )
        lines.sort(key=lambda vals: (-vals["closeness"], -vals["score"]))
        for rank, vals in enumerate(lines, 1):
            vals["rank"] = rank
        self.line_ids.create(lines)
        self.customer_count = len(lines)
        self.changed_count = sum(vals["changes"] for vals in lines)

    def _closeness(self, card, scores):
        """Closeness to the ideal; what is not known counts as the worst that anybody has."""
        criteria = card.criterion_ids.filtered(lambda x: x.weight > 0)
        columns = {}
        for criterion in criteria:
            more = criterion._more_is_better()
            known = [n[criterion.id] for _s, n in scores.values() if criterion.id in n]
            if known:
                columns[criterion] = (more, min(known) if more else max(known))
        if not columns:
            return dict.fromkeys(scores)
        rows = [
            [numbers.get(criterion.id, worst) for criterion, (_more, worst) in columns.items()]
            for _score, numbers in scores.values()
        ]
        found = topsis.closeness(
            rows,
            [criterion.weight for criterion in columns],
            [more for more, _worst in columns.values()],
        )
        return dict(zip(scores, found, strict=True))

    def _boundaries(self, card, scores):
        """``{grade: least score}`` by natural breaks; the lowest grade always begins at 0."""
        grades = card.grade_ids.sorted("least_score")
        distinct = len(set(scores))
        boundaries = {}
        if len(grades) > 1 and distinct >= len(grades):
            classes = natural_breaks(scores, len(grades))
            self.goodness = goodness_of_fit(classes) or 0.0
            boundaries = {
                grade: round(group[0], 1) if at else 0.0
                for at, (grade, group) in enumerate(zip(grades, classes, strict=True))
            }
            counts = {grade: len(group) for grade, group in zip(grades, classes, strict=True)}
        else:
            counts = {}
        self.grade_line_ids.create(
            [
                {
                    "proposal_id": self.id,
                    "grade_id": grade.id,
                    "present": grade.least_score,
                    "proposed": boundaries.get(grade, grade.least_score),
                    "customers": counts.get(grade, 0),
                }
                for grade in reversed(grades)
            ]
        )
        return boundaries

    def action_apply(self):
        """Take the proposed boundaries over; ratings in force stay what they are."""
        self.ensure_one()
        self.scorecard_id.check_access("write")
        if not any(line.proposed != line.present for line in self.grade_line_ids):
            raise UserError(self.env._("The boundaries are these already."))
        grades = self.grade_line_ids.grade_id
        # Two grades may not begin at the same score, not even on the way.
        for at, grade in enumerate(grades.sorted("least_score")):
            grade.least_score = 100 - (len(grades) - at) * 0.001
        for line in self.grade_line_ids.sorted("proposed"):
            line.grade_id.least_score = line.proposed
        self.scorecard_id.message_post(
            body=self.env._(
                "Boundaries of the grades by natural breaks over %(count)s customers.",
                count=self.customer_count,
            )
        )
        return {"type": "ir.actions.act_window_close"}

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ranking and Proposed Grades"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }


class CreditScorecardProposalGrade(models.TransientModel):
    _name = "credit.scorecard.proposal.grade"
    _description = "Proposed Boundary"
    _order = "present desc"

    proposal_id = fields.Many2one("credit.scorecard.proposal", required=True, ondelete="cascade")
    grade_id = fields.Many2one("credit.grade", readonly=True)
    present = fields.Float("Begins At", readonly=True, digits=(5, 1))
    proposed = fields.Float("Would Begin At", readonly=True, digits=(5, 1))
    customers = fields.Integer("Customers Then", readonly=True)


class CreditScorecardProposalLine(models.TransientModel):
    _name = "credit.scorecard.proposal.line"
    _description = "Ranked Customer"
    _order = "rank, id"

    proposal_id = fields.Many2one("credit.scorecard.proposal", required=True, ondelete="cascade")
    rank = fields.Integer(readonly=True)
    account_id = fields.Many2one("credit.account", "Customer", readonly=True)
    score = fields.Float(readonly=True, digits=(5, 1))
    closeness = fields.Float("Closeness to the Ideal", readonly=True, digits=(5, 4))
    present_grade_id = fields.Many2one("credit.grade", "Grade Now", readonly=True)
    proposed_grade_id = fields.Many2one("credit.grade", "Grade Then", readonly=True)
    changes = fields.Boolean(readonly=True)
