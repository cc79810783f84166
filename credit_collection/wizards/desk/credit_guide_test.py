from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.write_guards import given_fields

PASS_SHARE = 0.8
COUNTED = {"done", "right", "total", "passed"}


class CreditGuideTest(models.TransientModel):
    """A self-test being taken: answered once, its result is kept."""

    _name = "credit.guide.test"
    _description = "Self-test"

    page_id = fields.Many2one("credit.guide.page", required=True, readonly=True, index=True)
    line_ids = fields.One2many("credit.guide.test.line", "test_id")
    done = fields.Boolean(readonly=True)
    right = fields.Integer("Right Answers", readonly=True)
    total = fields.Integer("Questions", readonly=True)
    passed = fields.Boolean(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_by_hand(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_by_hand(vals)
        if vals and self.filtered("done"):
            raise UserError(self.env._("This self-test is finished. Begin a new one."))
        return super().write(vals)

    @api.model
    def _check_by_hand(self, *vals_list):
        """How a test ended is counted; until then nobody is told what was right."""
        given = {name for vals in vals_list for name in given_fields(self, vals)}
        if not self.env.su and given & COUNTED:
            raise AccessError(self.env._("A result comes from a self-test, not by hand."))

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.page_id.name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_finish(self):
        """Count the right answers, keep the result, show what was wrong and why."""
        self.ensure_one()
        self.check_access("write")
        if self.done:
            raise UserError(self.env._("This self-test is finished. Begin a new one."))
        if any(not line.answer_id for line in self.line_ids):
            raise UserError(self.env._("Please answer every question."))
        for line in self.line_ids:
            if line.answer_id.question_id != line.question_id:
                raise UserError(self.env._("An answer belongs to another question."))
        right = len(self.line_ids.filtered(lambda line: line.answer_id.sudo().is_right))
        total = len(self.page_id.question_ids)
        answered = self.line_ids.question_id
        passed = answered == self.page_id.question_ids and right >= PASS_SHARE * total
        self.sudo().write({"done": True, "right": right, "total": total, "passed": passed})
        self.env["credit.guide.result"].sudo().create(
            {
                "page_id": self.page_id.id,
                "user_id": self.env.uid,
                "company_id": self.env.company.root_id.id,
                "date": fields.Datetime.now(),
                "right": right,
                "total": total,
                "passed": passed,
            }
        )
        return self._open()


class CreditGuideTestLine(models.TransientModel):
    _name = "credit.guide.test.line"
    _description = "Answer in a Self-test"
    _order = "id"

    test_id = fields.Many2one("credit.guide.test", required=True, index=True, ondelete="cascade")
    done = fields.Boolean(related="test_id.done")
    question_id = fields.Many2one("credit.guide.question", required=True, readonly=True, index=True)
    answer_id = fields.Many2one(
        "credit.guide.answer",
        "Your Answer",
        index=True,
        domain="[('question_id', '=', question_id)]",
    )
    verdict = fields.Selection([("right", "Right"), ("wrong", "Wrong")], compute="_compute_verdict")
    because = fields.Char(compute="_compute_verdict")

    def _compute_verdict(self):
        for line in self:
            done = line.test_id.done
            right = line.answer_id.sudo().is_right
            line.verdict = ("right" if right else "wrong") if done else False
            line.because = line.question_id.because if done else False
