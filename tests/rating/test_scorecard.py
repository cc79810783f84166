"""Scorecards: bands without holes, weights from judgements, grades from natural breaks."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import RatingCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestScorecard(RatingCase):
    def _late(self):
        return self.card.criterion_ids.filtered(lambda x: x.source == "ledger")

    def test_a_hole_in_a_published_table_is_refused_in_words(self):
        band = self._late().band_ids.sorted("points")[-1:]
        with self.assertRaisesRegex(ValidationError, "no band covers the values from 9 up to 10"):
            self._late().band_ids = [Command.update(band.id, {"high": 9})]
        with self.assertRaisesRegex(ValidationError, "two bands cover the values from 10 on"):
            self._late().band_ids = [Command.update(band.id, {"high": 11})]
        with self.assertRaisesRegex(ValidationError, "nothing covers the values below 0"):
            self._late().band_ids = [Command.update(band.id, {"from_any": False})]
        with self.assertRaisesRegex(ValidationError, "has to be a number from 0 to 100"):
            band.points = 101

    def test_the_lowest_grade_begins_at_nothing(self):
        with self.assertRaisesRegex(ValidationError, "must begin at 0"):
            self.card.grade_ids = [Command.update(self.grades["C"].id, {"least_score": 5})]

    def test_weights_follow_from_judgements_that_agree(self):
        criteria = self.card.criterion_ids.sorted("id")
        third = self.env["credit.scorecard.criterion"].create(
            {
                "scorecard_id": self.card.id,
                "source": "ledger",
                "figure": "payment_index",
                "band_ids": self._bands((0, 70), (100, None)),
            }
        )
        self.card.weights_from = "pairwise"
        pairs = {(x.row_id, x.column_id): x for x in self.card.judgement_ids}
        self.assertEqual(len(pairs), 3)
        self.card.judgement_ids = [
            Command.update(pairs[criteria[0], criteria[1]].id, {"judgement": "2"}),
            Command.update(pairs[criteria[0], third].id, {"judgement": "4"}),
            Command.update(pairs[criteria[1], third].id, {"judgement": "2"}),
        ]
        self.assertRecordValues(
            criteria | third, [{"weight": 57.14}, {"weight": 28.57}, {"weight": 14.29}]
        )
        self.assertIn("agree", self.card.consistency)
        self.card.judgement_ids = [
            Command.update(pairs[criteria[1], third].id, {"judgement": "1/9"})
        ]
        self.assertGreater(self.card.consistency_ratio, 0.1)
        self.assertIn("contradict", self.card.consistency)

    def test_an_example_rates_nobody_until_it_is_copied(self):
        example = self.env.ref("credit_collection.credit_scorecard_5c")
        example.active = True
        in_use = self.env["credit.scorecard"]._in_use(self.company, self.company._credit_today())
        self.assertNotIn(example, in_use)
        copy = example.copy()
        self.assertFalse(copy.is_example)
        self.assertEqual(
            (len(copy.criterion_ids), len(copy.criterion_ids.band_ids), len(copy.grade_ids)),
            (5, 15, 5),
        )

    def test_a_company_made_later_has_the_shipped_scorecards(self):
        yen = self.env.ref("base.JPY")
        tokyo = self.env["res.company"].create({"name": "Tokyo", "currency_id": yen.id})
        Card = self.env["credit.scorecard"].with_context(active_test=False)
        cards = Card.search([("company_id", "=", tokyo.id)])
        self.assertEqual(
            cards.mapped("name"),
            [
                "Known customers", "New customers", "Example: 5C of credit",
                "Example: 5W", "Example: CAMEL",
            ],
        )  # fmt: skip
        self.assertEqual(cards.mapped("is_example"), [False, False, True, True, True])
        self.assertEqual(
            [(len(card.criterion_ids), len(card.grade_ids)) for card in cards[2:]],
            [(5, 5), (5, 5), (5, 5)],
        )
        self.assertEqual(cards.criterion_ids.band_ids.company_id, tokyo)
        method = self.env["credit.limit.method"].search([("company_id", "=", tokyo.id)])
        self.assertEqual(
            method.line_ids.mapped("method"), ["need_from_sales", "share_of_net_assets", "agency"]
        )
        self.assertEqual(method.round_to, 10_000.0)
        branch = self.env["res.company"].create({"name": "Osaka", "parent_id": tokyo.id})
        self.assertFalse(Card.search([("company_id", "=", branch.id)]))
        tokyo._credit_ship_rating()
        self.assertEqual(Card.search_count([("company_id", "=", tokyo.id)]), 5)

    def test_new_and_known_customers_have_scorecards_of_their_own(self):
        self.card.audience = "known"
        new = self._scorecard(name="New", audience="new")
        self._paid(100.0, 0)
        other = self._account(self._customer("Unknown"))
        chosen = (self.account | other)._scorecards()
        self.assertEqual((chosen[self.account], chosen[other]), (self.card, new))

    def test_natural_breaks_propose_boundaries_and_say_who_would_change(self):
        for number, late in enumerate((0, 2, 20, 30)):
            partner = self._customer(f"Customer {number}")
            self._paid(1000.0, late, partner=partner)
        self._late().band_ids = [
            Command.clear(),
            *self._bands((90, 1), (80, 15), (30, 25), (20, None)),
        ]
        self.card.grade_ids.filtered(lambda x: x.name == "B").unlink()
        action = self.card.with_user(self.manager).action_propose_grades()
        wizard = self.env["credit.scorecard.proposal"].browse(action["res_id"])
        self.assertEqual(wizard.customer_count, 4)
        self.assertRecordValues(
            wizard.grade_line_ids.sorted("proposed"),
            [{"proposed": 0.0, "customers": 2}, {"proposed": 80.0, "customers": 2}],
        )
        self.assertAlmostEqual(wizard.goodness, 0.9730, 4)
        self.assertEqual(
            wizard.line_ids.mapped("closeness"),
            sorted(wizard.line_ids.mapped("closeness"), reverse=True),
        )
        wizard.with_user(self.manager).action_apply()
        self.assertEqual(self.grades["A"].least_score, 80.0)

    def test_only_managers_write_scorecards(self):
        with self.assertRaises(AccessError):
            self.card.with_user(self.officer).name = "Mine"
        with self.assertRaises(AccessError):
            self.card.with_user(self.officer).action_propose_grades()
