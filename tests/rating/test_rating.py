"""A rating: what is read, what is answered, who puts it in force, and what follows."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import RatingCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestRating(RatingCase):
    def test_half_late_half_good_references(self):
        self._paid(1000.0, 20)
        rating = self._rate(answer="Good")
        self.assertRecordValues(
            rating.line_ids.sorted("name"),
            [
                {
                    "name": "Days late, weighted by amount",
                    "value": 20.0,
                    "points": 20.0,
                    "contribution": 10.0,
                },
                {"name": "References", "value": 100.0, "points": 100.0, "contribution": 50.0},
            ],
        )
        self.assertEqual((rating.score, rating.grade_id.name), (60.0, "B"))
        self.assertEqual(rating.line_ids.filtered("answer_id").entered_by_id, self.officer)

    def test_the_boundary_of_a_band_is_the_tenth_day(self):
        for late, points in ((9, 100.0), (10, 20.0)):
            partner = self._customer(f"Late {late}")
            self._paid(100.0, late, partner=partner)
            rating = self._rate(account=self._account(partner))
            self.assertEqual(rating.line_ids.filtered("has_value").points, points)

    def test_what_is_not_known_is_said_and_left_out(self):
        rating = self._rate(answer="Mixed")
        self.assertEqual(rating.missing, "Days late, weighted by amount")
        self.assertEqual((rating.score, rating.grade_id.name), (40.0, "C"))
        self.card.missing = "zero"
        rating.action_compute()
        self.assertEqual(rating.score, 20.0)
        self.card.missing = "no_score"
        rating.action_compute()
        self.assertFalse(rating.has_score)
        with self.assertRaisesRegex(UserError, "has no grade"):
            rating.action_approve()

    def test_only_money_is_an_experience(self):
        self._paid(1000.0, 0)
        credited = self._invoice(1000.0, date="2025-12-01", due="2025-12-01")
        credited._reverse_moves([{"date": "2026-03-01", "invoice_date": "2026-03-01"}], cancel=True)
        figures = self.env["credit.figure.reading"]._read_figures(
            self.company, self.company._credit_today(), self.account
        )[self.account.id]
        self.assertEqual(figures["weighted_days_late"], 0.0)
        self.assertEqual(figures["payment_index"], 80.0)

    def test_figures_of_one_customer(self):
        self._paid(1000.0, 0, days_ago=90)
        self._paid(1000.0, 0, days_ago=60)
        self._paid(1000.0, 0, days_ago=40)
        self._paid(1000.0, 30, days_ago=35)
        other = self._customer("Other")
        self._paid(12_000.0, 0, partner=other)
        read = self.env["credit.figure.reading"]._read_figures(
            self.company, self.company._credit_today()
        )
        figures = read[self.account.id]
        self.assertEqual(figures["payment_index"], 72.5)  # three on time, one 30 days late
        self.assertEqual(figures["weighted_days_late"], 7.5)
        self.assertEqual(figures["longest_delay"], 30)
        self.assertEqual(figures["sales_year"], 4000.0)
        self.assertEqual(figures["sales_share"], 0.25)
        self.assertEqual(figures["overdue_share"], 0.0)
        self.assertEqual(figures["broken_promises"], 0)
        one = self.env["credit.figure.reading"]._read_figures(
            self.company, self.company._credit_today(), self.account
        )
        self.assertEqual(one[self.account.id], figures)

    def test_in_force_it_tells_grade_review_day_and_trust(self):
        rating = self._rate(answer="Good")
        rating.action_approve()
        self.assertEqual(rating.state, "in_force")
        self.assertEqual(self.account.grade_id.name, "A")
        self.assertEqual(str(self.account.review_date), "2027-03-10")
        self.assertEqual(self.customer.with_company(self.company).trust, "good")
        self.assertIn("Rated A", self.account.message_ids[0].body)

    def test_in_force_nothing_changes_any_more(self):
        rating = self._rate(answer="Good")
        rating.action_approve()
        with self.assertRaisesRegex(UserError, "Only a draft"):
            rating.note = "Later"
        with self.assertRaisesRegex(UserError, "Only a draft"):
            self._answer(rating, "Bad")
        with self.assertRaisesRegex(UserError, "history"):
            rating.unlink()
        with self.assertRaisesRegex(UserError, "not possible now"):
            rating.action_send_back()

    def test_a_later_rating_supersedes(self):
        first = self._rate(answer="Good")
        first.action_approve()
        second = self._rate(answer="Bad")
        second.action_approve()
        self.assertEqual((first.state, second.state), ("superseded", "in_force"))
        self.assertEqual((second.change, second.previous_id), ("down", first))
        self.assertEqual(self.account.grade_id.name, "C")
        self.assertEqual(self.customer.with_company(self.company).trust, "bad")

    def test_answers_hold_until_somebody_answers_anew(self):
        self._rate(answer="Good").action_approve()
        again = self._rate()
        self.assertEqual(again.line_ids.filtered("answer_id").answer_id.name, "Good")

    def test_nobody_rates_a_customer_into_their_own_authority(self):
        self._rate(answer="Bad").action_approve()
        better = self._rate(answer="Good")
        with self.assertRaisesRegex(AccessError, "by a colleague"):
            better.action_approve()
        better.action_request()
        self.assertEqual(better.state, "requested")
        self._limit(50_000.0)
        with self.assertRaisesRegex(AccessError, "above your authority"):
            better.with_user(self.second).action_approve()
        better.with_user(self.manager).action_approve()
        self.assertEqual((better.state, better.change), ("in_force", "up"))

    def test_a_grade_by_hand_needs_a_reason_and_another_pair_of_eyes(self):
        rating = self._rate(answer="Mixed")
        with self.assertRaisesRegex(ValidationError, "Say why"):
            rating.manual_grade_id = self.grades["A"]
        rating.write({"manual_grade_id": self.grades["A"].id, "manual_reason": "New owner"})
        self.assertEqual(
            (rating.grade_id.name, rating.computed_grade_id.name, rating.manual_by_id),
            ("A", "C", self.officer),
        )
        with self.assertRaisesRegex(AccessError, "by a colleague"):
            rating.action_approve()
        rating.with_user(self.second).action_approve()
        self.assertIn("by hand", self.account.message_ids[0].body)

    def test_a_result_is_not_written_by_hand(self):
        rating = self._rate(answer="Mixed")
        for name, value in (("score", 99), ("state", "in_force"), ("grade_id", 1)):
            with self.assertRaises(AccessError):
                rating.write({name: value})
        line = rating.line_ids.filtered(lambda x: x.kind == "ledger")
        with self.assertRaisesRegex(AccessError, "the rest is read"):
            line.points = 100
        with self.assertRaises(AccessError):
            self.account.with_user(self.manager).grade_id = self.grades["A"]

    def test_salespeople_see_the_grade_and_nothing_behind_it(self):
        self._rate(answer="Good").action_approve()
        account = self.account.with_user(self.salesperson)
        self.assertEqual((account.grade_id.name, account.rating_score), ("A", 100.0))
        for model in ("credit.rating", "credit.financials", "credit.agency.report"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.salesperson).search([])
        with self.assertRaises(AccessError):
            account.read(["rating_id"])
        with self.assertRaises(AccessError):
            self.env["credit.rating"].with_user(self.accountant).create(
                {"account_id": self.account.id}
            )

    def test_the_explanation_says_what_would_reach_the_next_grade(self):
        self._paid(1000.0, 20)
        rating = self._rate(answer="Good")
        page = str(rating.explanation)
        self.assertIn("What would reach grade", page)
        self.assertIn("below 10 days", page)
        self.assertIn("40.0", page)

    def test_the_grade_chooses_policy_and_longest_term(self):
        strict = self.policy.copy({"name": "Strict"})
        self.grades["C"].policy_id = strict
        self._rate(answer="Bad").action_approve()
        self.assertEqual(self.account.effective_policy_id, strict)
        self.assertEqual(self._position().policy_id, strict)
        everybody = self.env.ref("base.group_user")
        room = self.env.ref("credit_collection.credit_room_rating")
        everybody.implied_ids -= room
        self.assertEqual(self._position().policy_id, self.policy)
        everybody.implied_ids += room
        self.assertEqual(self._position().policy_id, strict)
        own = self.policy.copy({"name": "Own"})
        self.account.policy_id = own
        self.assertEqual(self._position().policy_id, own)
        Grade = self.env["credit.grade"]
        self.assertEqual(Grade._bounded_term(self.customer, self.company, 60), 14)
        self.grades["C"].prepayment_only = True
        self.assertEqual(Grade._bounded_term(self.customer, self.company, 60), 0)

    # ------------------------------------------------------------------
    # Again and again
    # ------------------------------------------------------------------

    def _run_rating(self):
        self._run_cron("credit_rating_cron")

    def test_a_review_lowers_by_itself_and_never_raises(self):
        self._paid(1000.0, 0, days_ago=50)
        self._rate(answer="Good").action_approve()
        self.account.rating_id.sudo().review_date = "2026-03-10"
        with freeze_time("2026-03-09"):
            self._run_rating()
        self.assertEqual(len(self.account.rating_ids), 1)
        self._paid(5000.0, 40, days_ago=45)
        self._run_rating()
        rating = self.account.rating_id
        self.assertEqual((rating.trigger, rating.grade_id.name), ("review", "B"))
        self.assertIn("Grade changed from A to B", self.account.message_ids[0].body)
        self._paid(900_000.0, 0, days_ago=30)
        rating.sudo().review_date = "2026-03-10"
        self._run_rating()
        better = self.account.rating_ids.filtered(lambda x: x.state == "requested")
        self.assertEqual(better.grade_id.name, "A")
        self.assertEqual(self.account.grade_id.name, "B")
        self.assertTrue(better.activity_ids)
        self._run_rating()
        self.assertEqual(len(self.account.rating_ids), 3)

    def test_a_signal_wakes_a_rating(self):
        self.card.criterion_ids = [
            Command.create(
                {"source": "signals", "weight": 100, "band_ids": self._bands((100, 1), (0, None))}
            )
        ]
        self._rate(answer="Good").action_approve()
        self.assertEqual(self.account.grade_id.name, "A")
        with freeze_time("2026-03-11"):
            kind = self.env.ref("credit_collection.credit_signal_kind_sued")
            self.env["credit.signal"].with_user(self.officer)._report(
                self.account, kind, "Read it in the paper"
            )
            self._run_rating()
        rating = self.account.rating_id
        self.assertEqual((rating.trigger, rating.grade_id.name), ("signal", "C"))

    def test_an_unfinished_checklist_holds_the_grade_down(self):
        self.card.write({"needs_checklist": True, "ceiling_grade_id": self.grades["B"].id})
        rating = self._rate(answer="Good")
        self.assertEqual(rating.grade_id.name, "B")
        self.assertIn("until the checklist is complete", rating.ceiling)
        self.assertEqual(rating.held_from_id, self.grades["A"])
        self.assertIs(self._rate(answer="Bad").ceiling, False)
        template = self.env.ref("credit_collection.credit_checklist_new_customer")
        checklist = template.with_user(self.accountant)._start(self.account)
        self.assertEqual(len(checklist.line_ids), 18)
        checklist.line_ids.write({"answer": "yes"})
        self.assertEqual(checklist.state, "complete")
        rating.action_compute()
        self.assertEqual(rating.grade_id.name, "A")

    def test_a_rating_is_read_in_the_readers_language(self):
        self._paid(100.0, 3)
        rating = self._rate(answer="Good")
        question = rating.line_ids.filtered(lambda line: line.kind == "question")
        figure = rating.line_ids - question
        self.assertEqual(figure.source_label, "Ledger")
        self.assertFalse(figure.source)
        self.env["res.lang"]._activate_lang("fr_FR")
        criterion = question.criterion_id.sudo()
        criterion.with_context(lang="fr_FR").name = "Références"
        self.assertEqual(question.with_context(lang="fr_FR").label, "Références")
        self.assertEqual(question.label, "References")
        # Once the criterion has another name, the rating keeps what was said then.
        criterion.with_context(lang="en_US").name = "Bank reference"
        question.invalidate_recordset()
        self.assertEqual(question.label, "References")
        self.assertEqual(figure.label, figure.criterion_id._title())
