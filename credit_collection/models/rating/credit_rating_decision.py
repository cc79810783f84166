from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.groups import MANAGER
from ...tools.readers import for_reader
from ...tools.states import next_state
from .credit_rating import ACTIVITY, TRANSITIONS


class CreditRating(models.Model):
    """Who puts a rating in force, and what follows for the customer."""

    _inherit = "credit.rating"

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
        better = self.filtered(
            lambda rating: (
                rating.account_id.grade_id
                and rating.grade_id.least_score > rating.account_id.grade_id.least_score
                and not rating.scorecard_id.raise_by_itself
            )
        )
        if better:
            better._move("request")
            better._ask_approver()
        if self - better:
            (self - better)._move("approve")

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
        for ratings in self._in_rounds():
            targets = {rating.id: next_state(rating, TRANSITIONS, event) for rating in ratings}
            changes = {rating.id: {"state": targets[rating.id], **values} for rating in ratings}
            if event == "approve":
                before = ratings.account_id.sudo().rating_id
                for rating in ratings:
                    changes[rating.id] |= {
                        "decided_by_id": self.env.uid,
                        "decided_on": fields.Datetime.now(),
                        "previous_id": rating.account_id.sudo().rating_id.id,
                    }
                if before:
                    before._move("supersede")
                    before.flush_recordset(["state"])
            ratings.sudo()._write_each(changes)
            if event == "approve":
                ratings.sudo()._after_in_force()
            if event in ("approve", "send_back"):
                ratings.sudo().activity_unlink([ACTIVITY])
        return self

    def _after_in_force(self):
        """Grade, review day, trust and policy of the customers follow; a changed grade is told."""
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
        told = {rating.account_id.id: rating._told() for rating in self if rating.change != "same"}
        if told:
            self.account_id.browse(told)._message_log_batch(bodies=told)
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
            users = rating.account_id._approvers(max(position.exposure, limit))
            approver = ((users - rating.entered_by_id) | users)[:1]
            if approver:
                told = for_reader(rating, approver)
                told.activity_schedule(
                    ACTIVITY,
                    user_id=approver.id,
                    summary=told.env._(
                        "Grade %(grade)s for %(customer)s",
                        grade=told.grade_id.name,
                        customer=told.partner_id.display_name,
                    ),
                )
