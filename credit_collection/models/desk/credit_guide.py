from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class CreditGuidePage(models.Model):
    """A page that teaches a part of the work, with the screen where it is done and a self-test."""

    _name = "credit.guide.page"
    _description = "Guide"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="cascade", help="Empty: for all companies."
    )
    summary = fields.Char(translate=True)
    body = fields.Html(translate=True)
    action_id = fields.Many2one(
        "ir.actions.act_window",
        "Screen",
        ondelete="set null",
        index="btree_not_null",
        help="Where this is done.",
    )
    question_ids = fields.One2many("credit.guide.question", "page_id", "Self-test", copy=True)
    question_count = fields.Integer("Questions", compute="_compute_question_count")
    result_ids = fields.One2many("credit.guide.result", "page_id", "Results")
    my_result_id = fields.Many2one("credit.guide.result", compute="_compute_my_result_id")
    my_state = fields.Selection(
        [("open", "Not Tested"), ("failed", "Try Again"), ("passed", "Passed")],
        "My Self-test",
        compute="_compute_my_result_id",
    )

    @api.depends("question_ids")
    def _compute_question_count(self):
        counts = dict(
            self.env["credit.guide.question"]
            .sudo()
            ._read_group([("page_id", "in", self.ids)], ["page_id"], ["__count"])
        )
        for page in self:
            page.question_count = counts.get(page._origin, 0)

    @api.depends("result_ids")
    @api.depends_context("uid")
    def _compute_my_result_id(self):
        own = self.env["credit.guide.result"].search(
            [("page_id", "in", self.ids), ("user_id", "=", self.env.uid)]
        )
        for page in self:
            results = own.filtered(lambda result, page=page: result.page_id == page._origin)
            best = results.filtered("passed")[:1] or results[:1]
            page.my_result_id = best
            page.my_state = "open" if not best else "passed" if best.passed else "failed"

    def action_open_screen(self):
        """Open the screen where this is done."""
        self.ensure_one()
        self.check_access("read")
        action = self.sudo().action_id
        if not action:
            raise UserError(self.env._("This page has no screen of its own."))
        return {**self.env["ir.actions.actions"]._for_xml_id(action.xml_id)}

    def action_test(self):
        """Begin the self-test of this page."""
        self.ensure_one()
        self.check_access("read")
        if not self.question_ids:
            raise UserError(self.env._("This page has no self-test."))
        test = self.env["credit.guide.test"].create(
            {
                "page_id": self.id,
                "line_ids": [
                    fields.Command.create({"question_id": question.id})
                    for question in self.question_ids
                ],
            }
        )
        return test._open()


class CreditGuideQuestion(models.Model):
    _name = "credit.guide.question"
    _description = "Question of a Self-test"
    _order = "sequence, id"

    page_id = fields.Many2one("credit.guide.page", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="page_id.company_id", store=True, index=True)
    name = fields.Char("Question", required=True, translate=True)
    sequence = fields.Integer(default=10)
    answer_ids = fields.One2many("credit.guide.answer", "question_id", "Answers", copy=True)
    because = fields.Char(translate=True, help="Shown after answering.")

    @api.constrains("answer_ids")
    def _check_answers(self):
        for question in self:
            if question.answer_ids and len(question.answer_ids.filtered("is_right")) != 1:
                raise ValidationError(
                    self.env._(
                        "“%(question)s” needs exactly one right answer.", question=question.name
                    )
                )


class CreditGuideAnswer(models.Model):
    _name = "credit.guide.answer"
    _description = "Answer of a Self-test"
    _order = "sequence, id"

    question_id = fields.Many2one(
        "credit.guide.question", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="question_id.company_id", store=True, index=True)
    name = fields.Char("Answer", required=True, translate=True)
    sequence = fields.Integer(default=10)
    is_right = fields.Boolean("Right", groups="credit_collection.credit_collection_group_manager")


class CreditGuideResult(models.Model):
    """Who passed which self-test when: a part of the record of training, never changed."""

    _name = "credit.guide.result"
    _description = "Result of a Self-test"
    _order = "date desc, id desc"
    _rec_name = "page_id"

    page_id = fields.Many2one(
        "credit.guide.page", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date = fields.Datetime(required=True, readonly=True)
    right = fields.Integer("Right Answers", readonly=True, aggregator="sum")
    total = fields.Integer("Questions", readonly=True, aggregator="sum")
    passed = fields.Boolean(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A result comes from a self-test, not by hand."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("A result does not change afterwards."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Results are kept: they show who was trained when."))
