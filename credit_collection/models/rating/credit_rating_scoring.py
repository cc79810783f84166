from odoo import api, models
from odoo.fields import Command

from ...core import scoring
from ...tools.environment import without_caller_context


class CreditRating(models.Model):
    """How a rating comes about: its values are read, its lines scored, its grade found."""

    _inherit = "credit.rating"

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
        """``{account id: {criterion id: (value, source, day, who entered it)}}``, one query per
        source."""
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
                            False,
                            today,
                            False,
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
                    found[account.id][criterion.id] = (
                        value,
                        records.display_name,
                        records.date,
                        records._entered_by().id,
                    )

    @api.model
    def _read_reports(self, found, criteria, accounts, today):
        for account, reports in self.env["credit.agency.report"]._newest(accounts, today).items():
            for criterion in criteria:
                fitting = reports.filtered(
                    # A score on a scale that nobody has read on ours says nothing.
                    lambda x, criterion=criterion: (
                        criterion.agency_id in (x.agency_id, x.agency_id.browse())
                        and x.agency_id.scale_ids
                    )
                )[:1]
                if fitting:
                    found[account.id][criterion.id] = (
                        fitting.points,
                        fitting.display_name,
                        fitting.date,
                        fitting.write_uid.id,
                    )

    @api.model
    def _read_signals(self, found, criteria, accounts, today):
        weights = self.env["credit.signal"]._open_weights(accounts)
        for account in accounts:
            for criterion in criteria:
                value = weights.get(account.id, 0)
                found[account.id][criterion.id] = (value, False, today, False)

    @api.model
    def _prepare_result(self, card, values, answers):
        """Lines, score and grade, as values to write."""
        criteria = card._core_criteria()
        numbers = {key: value for key, (value, _source, _day, _who) in values.items()}
        numbers |= {key: line.answer_id.points for key, line in answers.items()}
        result = scoring.score(criteria, numbers, card.missing)
        by_id = {criterion.id: criterion for criterion in card.criterion_ids}
        lines = []
        for line in result.lines:
            _value, source, day, who = values.get(line.key, (None, False, False, False))
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
                        "entered_by_id": answer.entered_by_id.id if answer else who,
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
            "held_from_id": False,
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
                    "held_from_id": rating.computed_grade_id.id,
                    "computed_grade_id": rating.scorecard_id.ceiling_grade_id.id,
                }
            )
