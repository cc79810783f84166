"""The guide teaches, asks, and keeps who passed when."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestGuide(DeskCase):
    def _test(self, page, right, user=None):
        """Take the self-test of a page with so many right answers."""
        user = user or self.collector
        action = page.with_user(user).action_test()
        test = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        for number, line in enumerate(test.line_ids):
            answers = line.question_id.answer_ids
            chosen = answers.sudo().filtered(
                lambda answer, wanted=number < right: answer.is_right == wanted
            )
            line.answer_id = chosen[:1]
        test.action_finish()
        return test

    def test_shipped_pages_lead_to_their_screens(self):
        pages = self.env["credit.guide.page"].search([])
        self.assertEqual(len(pages), 7)
        for page in pages:
            self.assertTrue(page.body)
            self.assertGreaterEqual(page.question_count, 3)
            for question in page.question_ids:
                self.assertEqual(len(question.answer_ids.filtered("is_right")), 1)
            action = page.with_user(self.manager).action_open_screen()
            self.assertEqual(action["type"], "ir.actions.act_window")

    def test_result_is_kept(self):
        page = self.env.ref("credit_collection.credit_guide_calls")
        self.assertEqual(page.with_user(self.collector).my_state, "open")
        self.assertFalse(self._test(page, 3).passed)
        self.assertEqual(page.with_user(self.collector).my_state, "failed")
        test = self._test(page, 4)
        self.assertTrue(test.passed)
        self.assertEqual(test.line_ids.mapped("verdict"), ["right"] * 4)
        self.assertEqual(page.with_user(self.collector).my_state, "passed")
        self.assertEqual(page.with_user(self.officer).my_state, "open")
        results = self.env["credit.guide.result"].search([("user_id", "=", self.collector.id)])
        self.assertEqual(results.sorted("id").mapped("right"), [3, 4])

    def test_nobody_is_told_what_is_right_before_answering(self):
        page = self.env.ref("credit_collection.credit_guide_calls").with_user(self.collector)
        action = page.action_test()
        test = self.env[action["res_model"]].with_user(self.collector).browse(action["res_id"])
        Test = self.env["credit.guide.test"].with_user(self.collector)
        for name, value in (("done", True), ("passed", True), ("right", 4), ("total", 1)):
            with self.assertRaises(AccessError), self.cr.savepoint():
                test.write({name: value})
            with self.assertRaises(AccessError), self.cr.savepoint():
                Test.create({"page_id": page.id, name: value})
            with self.assertRaises(AccessError), self.cr.savepoint():
                Test.with_context(**{f"default_{name}": value}).create({"page_id": page.id})
        self.assertEqual(set(test.line_ids.mapped("verdict")), {False})
        finished = self._test(page, 3)
        with self.assertRaisesRegex(UserError, "finished"):
            finished.write({"line_ids": [Command.clear()]})

    def test_nobody_passes_by_hand(self):
        page = self.env.ref("credit_collection.credit_guide_calls")
        result = self.env["credit.guide.result"]
        for user in (self.collector, self.manager):
            with self.assertRaises(AccessError):
                result.with_user(user).create(
                    {
                        "page_id": page.id,
                        "user_id": user.id,
                        "company_id": self.company.id,
                        "date": "2026-03-10",
                        "passed": True,
                    }
                )
        own = self._test(page, 4)
        with self.assertRaises(UserError):
            own.action_finish()
        kept = result.search([("user_id", "=", self.collector.id)])
        with self.assertRaises(UserError):
            kept.unlink()
        with self.assertRaises(AccessError):
            kept.with_user(self.officer).read(["passed"])
        self.assertTrue(kept.with_user(self.manager).read(["passed"]))

    def test_right_answers_are_not_read_beforehand(self):
        answer = self.env["credit.guide.answer"].search([], limit=1)
        with self.assertRaises(AccessError):
            answer.with_user(self.collector).read(["is_right"])

    def test_leaving_questions_out_does_not_pass(self):
        page = self.env.ref("credit_collection.credit_guide_calls")
        question = page.question_ids[0]
        test = (
            self.env["credit.guide.test"]
            .with_user(self.collector)
            .create(
                {
                    "page_id": page.id,
                    "line_ids": [
                        Command.create(
                            {
                                "question_id": question.id,
                                "answer_id": question.answer_ids.filtered("is_right").id,
                            }
                        )
                    ],
                }
            )
        )
        test.action_finish()
        self.assertFalse(test.passed)

    def test_a_question_has_one_right_answer(self):
        page = self.env["credit.guide.page"].create({"name": "Own page"})
        with self.assertRaises(UserError):
            page.action_test()
        with self.assertRaises(UserError):
            page.action_open_screen()
        with self.assertRaises(ValidationError):
            self.env["credit.guide.question"].create(
                {
                    "page_id": page.id,
                    "name": "?",
                    "answer_ids": [
                        Command.create({"name": "a", "is_right": True}),
                        Command.create({"name": "b", "is_right": True}),
                    ],
                }
            )
