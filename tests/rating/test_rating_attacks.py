"""Who sees what of a rating over RPC, and how nobody rates a customer into their own authority."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import RatingCase


@freeze_time("2026-03-10")
@tagged("post_install", "-at_install")
class TestRatingAttacks(RatingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer.credit_authority = 10_000.0
        cls.agency = cls.env["credit.agency"].create(
            {"name": "Sees All", "scale_ids": cls._bands((10, 50), (95, None))}
        )

    def _report(self, user, score=90.0):
        return (
            self.env["credit.agency.report"]
            .with_user(user)
            .create({"account_id": self.account.id, "agency_id": self.agency.id, "score": score})
        )

    def _refused(self, *attacks):
        for attack in attacks:
            with self.assertRaises(UserError), self.cr.savepoint():
                attack()

    def test_a_salesperson_sees_grade_and_verdict_alone(self):
        self._report(self.officer)
        self.env["credit.financials"].create({"account_id": self.account.id, "date": "2025-12-31"})
        rating = self._rate(answer="Good")
        rating.action_approve()
        seller = self.env(user=self.salesperson)
        for model in (
            "credit.rating", "credit.rating.line", "credit.financials", "credit.financials.line",
            "credit.agency.report", "credit.agency", "credit.scorecard", "credit.limit.method",
            "credit.checklist", "credit.stop", "credit.lookup", "credit.early.warning",
            "credit.group", "credit.forecast", "credit.ceiling",
        ):  # fmt: skip
            self._refused(
                lambda model=model: seller[model].search([]),
                lambda model=model: seller[model].search_count([]),
                lambda model=model: seller[model].name_search(""),
                lambda model=model: seller[model].formatted_read_group([], [], ["__count"]),
                lambda model=model: seller[model].browse(1).export_data(["id"]),
            )
        account = seller["credit.account"].browse(self.account.id)
        self.assertEqual(account.grade_id.name, "A")
        for name in (
            "rating_id", "rating_ids", "financials_ids", "agency_report_ids", "checklist_ids",
            "stop_ids", "lookup_ids", "signal_weight", "alike", "newcomer_findings",
        ):  # fmt: skip
            self._refused(
                lambda name=name: account.read([name]),
                lambda name=name: account.export_data([name]),
                lambda name=name: account.search([(name, "!=", False)]),
                lambda name=name: account.formatted_read_group([], [name], ["__count"]),
            )
        self._refused(
            lambda: account.search([("financials_ids.line_ids.amount", ">", 5)]),
            lambda: account.search([("agency_report_ids.points", ">", 5)]),
            lambda: account.search([("rating_id.line_ids.points", ">", 5)]),
            lambda: account.search([], order="rating_id"),
            lambda: account.export_data(["agency_report_ids/score"]),
            lambda: account.mapped("financials_ids"),
            lambda: rating.with_user(self.salesperson).read(["explanation"]),
            lambda: seller["credit.rating.import"].create({}),
            lambda: seller["credit.scorecard.proposal"].create({}),
        )

    def test_nobody_rates_by_what_they_typed_themselves(self):
        """A report that the officer entered raises the grade: a colleague puts it in force."""
        self.card.criterion_ids = [
            Command.create(
                {"source": "agency", "weight": 900, "band_ids": self._bands((0, 50), (100, None))}
            )
        ]
        bad = self._report(self.second, 10.0)
        self._rate(self.second, answer="Bad").action_approve()
        self.assertEqual(self.account.grade_id.name, "C")
        bad.sudo().unlink()
        self._report(self.officer, 90.0)
        self.account._rate_again("review")
        waiting = self.account.rating_ids.filtered(lambda rating: rating.state == "requested")
        line = waiting.line_ids.filtered(lambda each: each.kind == "agency")
        self.assertEqual((waiting.entered_by_id.id, line.entered_by_id), (False, self.officer))
        with self.assertRaisesRegex(AccessError, "You entered this rating"):
            waiting.with_user(self.officer).action_approve()
        # The second officer gave the answer that still holds.
        self._refused(lambda: waiting.with_user(self.second).action_approve())
        waiting.with_user(self.manager).action_approve()
        self.assertEqual(self.account.grade_id.name, "A")

    def test_accounts_say_who_typed_them_last(self):
        accounts = self.env["credit.financials"].create(
            {"account_id": self.account.id, "date": "2025-12-31"}
        )
        line = accounts.line_ids.filtered(lambda line: line.code == "assets")
        line.with_user(self.officer).amount = 500.0
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE credit_financials_line SET write_date = now() + INTERVAL '1 day' WHERE id = %s",
            [line.id],
        )
        self.env.invalidate_all()
        self.assertEqual(accounts._entered_by(), self.officer)

    def test_nobody_chooses_a_kinder_scorecard_for_themselves(self):
        kind = self._scorecard(name="Kind", sequence=99)
        kind.grade_ids.filtered(lambda grade: grade.name == "A").least_score = 0.5
        kind.grade_ids.filtered(lambda grade: grade.name == "B").least_score = 0.2
        self._paid(1000.0, 20)
        self._rate(self.second, answer="Bad").action_approve()
        draft = self._rate(self.second)
        draft.with_user(self.officer).scorecard_id = kind
        self.assertEqual(draft.entered_by_id, self.officer)
        with self.assertRaisesRegex(AccessError, "You entered this rating"):
            draft.with_user(self.officer).action_approve()
        draft.with_user(self.second).action_approve()

    def test_a_proposal_is_worked_out_not_typed(self):
        wizard = self.env["credit.limit.propose"].with_user(self.officer).create({"who": "all"})
        values = {"account_id": self.account.id, "proposed": 9_999.0, "chosen": True}
        self._refused(
            lambda: wizard.line_ids.create({"propose_id": wizard.id, **values}),
            lambda: wizard.write({"line_ids": [Command.create(values)]}),
            lambda: wizard.create({"line_ids": [Command.create(values)]}),
        )

    def test_an_agency_without_a_scale_says_nothing(self):
        self.agency.scale_ids.unlink()
        self.card.criterion_ids = [
            Command.create(
                {"source": "agency", "weight": 50, "band_ids": self._bands((0, 50), (100, None))}
            )
        ]
        self._report(self.officer)
        self.assertIn("Agency", self._rate(answer="Good").missing)

    def test_what_somebody_found_stays_theirs(self):
        link = self.env["credit.lookup.link"].search([], limit=1)
        Lookup = self.env["credit.lookup"].with_user(self.officer)
        mine = Lookup.create({"account_id": self.account.id, "link_id": link.id})
        mine.note = "Alive since 1999"
        self._refused(
            lambda: mine.with_user(self.second).write({"result": "found"}),
            lambda: mine.write({"user_id": self.second.id}),
        )
