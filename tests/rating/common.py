"""A scorecard with round numbers, and customers with a history of payments."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from ..common import CreditCase


class RatingCase(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for room in ("rating", "signals"):
            cls.env.ref("base.group_user").implied_ids += cls.env.ref(
                f"credit_collection.credit_room_{room}"
            )
        cls.env["credit.scorecard"].search([]).active = False
        cls.card = cls._scorecard()
        cls.grades = {grade.name: grade for grade in cls.card.grade_ids}
        cls.account = cls._account()
        cls.second = cls._user("oona", "credit_collection.credit_collection_group_officer")
        cls.second.credit_authority = 10_000.0

    @classmethod
    def _bands(cls, *cuts):
        """``(points, first value above the band or None)`` from the lowest band up."""
        values, low = [], None
        for points, high in cuts:
            values.append(
                Command.create(
                    {
                        "points": points,
                        "from_any": low is None,
                        "low": low or 0.0,
                        "to_any": high is None,
                        "high": high or 0.0,
                    }
                )
            )
            low = high
        return values

    @classmethod
    def _scorecard(cls, **values):
        """Half ledger (days late, sharp at 10), half a question; A from 75, B from 50, C."""
        return cls.env["credit.scorecard"].create(
            {
                "name": "Two criteria",
                "valid_from": "2020-01-01",
                "criterion_ids": [
                    Command.create(
                        {
                            "source": "ledger",
                            "figure": "weighted_days_late",
                            "weight": 50,
                            "band_ids": cls._bands((100, 10), (20, None)),
                        }
                    ),
                    Command.create(
                        {
                            "source": "question",
                            "name": "References",
                            "weight": 50,
                            "band_ids": [
                                Command.create({"name": "Good", "points": 100}),
                                Command.create({"name": "Mixed", "points": 40}),
                                Command.create({"name": "Bad", "points": 0}),
                            ],
                        }
                    ),
                ],
                "grade_ids": [
                    Command.create(
                        {"name": "A", "least_score": 75, "trust": "good", "limit_factor": 1.2}
                    ),
                    Command.create({"name": "B", "least_score": 50, "review_months": 6}),
                    Command.create(
                        {
                            "name": "C",
                            "least_score": 0,
                            "trust": "bad",
                            "limit_factor": 0.5,
                            "longest_term": 14,
                        }
                    ),
                ],
                **values,
            }
        )

    @classmethod
    def _paid(cls, amount, late, days_ago=60, partner=None):
        """An invoice that was due so many days ago and paid ``late`` days after that."""
        due = fields.Date.today() - timedelta(days_ago)
        invoice = cls._invoice(amount, partner, date=due - timedelta(30), due=due)
        cls._pay(invoice, date=due + timedelta(late))
        return invoice

    @classmethod
    def _rate(cls, user=None, account=None, answer=None):
        """A draft rating, its question answered by the name of the answer."""
        user = user or cls.officer
        rating = (
            cls.env["credit.rating"]
            .with_user(user)
            .create({"account_id": (account or cls.account).id})
        )
        if answer:
            cls._answer(rating, answer)
        return rating

    @classmethod
    def _answer(cls, rating, answer):
        line = rating.line_ids.filtered(lambda x: x.kind == "question")
        line.answer_id = line.criterion_id.band_ids.filtered(lambda band: band.name == answer)
