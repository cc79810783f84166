from datetime import date

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError

from .common import FiguresCase

COLLECTOR = "credit_collection.credit_collection_group_collector"


@freeze_time("2026-11-10")
class TestRollRate(FiguresCase):
    """What stood at the end of September and October, by age."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._user("collector", COLLECTOR)

    def _ask(self, **values):
        return (
            self.env["credit.roll.rate.ask"]
            .with_user(self.collector)
            .create({"date_to": "2026-10-31", "months": 1, **values})
        )

    def _lines(self, **values):
        action = self._ask(**values).action_show()
        return self.env[action["res_model"]].with_user(self.collector).search(action["domain"])

    def test_rates_of_a_month(self):
        # End of September: 1,000 not due, 400 for 20 days, 300 for 45, 100 for 100 days.
        # End of October: 250 of the 1,000 are late, 100 of the 400 are left, nothing of the 300,
        # and the 100 still stand.
        new = self._invoice(1_000, "2026-09-15", "2026-10-15")
        self._pay(new, "2026-10-20", 750)
        self._pay(self._invoice(400, "2026-08-10", "2026-09-10"), "2026-10-05", 300)
        self._pay(self._invoice(300, "2026-07-16", "2026-08-16"), "2026-10-05")
        self._invoice(100, "2026-05-22", "2026-06-22")
        lines = self._lines()
        found = {line.bucket: line for line in lines.sorted("sequence")}
        self.assertEqual(
            {key: (line.amount_before, line.amount, line.rate) for key, line in found.items()},
            {
                "1. 1–30": (1_000, 250, 0.25),
                "2. 31–60": (400, 100, 0.25),
                "3. 61–90": (300, 0, 0),
                "4. Over 90": (100, 100, 1),
            },
        )
        # Together 450 of 1,800, not the average of the four rates.
        self.assertEqual(lines._read_group([("id", "in", lines.ids)], [], ["rate:avg"]), [(0.25,)])

    def test_where_nothing_could_roll_there_is_no_rate(self):
        self._invoice(100, "2026-09-15", "2026-10-15")
        line = self._lines()  # one line: nothing was in the other ages
        self.assertEqual((line.bucket, line.rate), ("1. 1–30", 1))

    def test_months_end_on_their_last_days(self):
        self._invoice(100, "2026-06-15", "2026-12-31")
        lines = self._lines(months=3)
        self.assertEqual(
            sorted(set(lines.mapped("date"))),
            [date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)],
        )

    def test_bad_input_is_refused(self):
        for months in (0, -1, 37):
            with self.subTest(months), self.assertRaises(ValidationError):
                self._ask(months=months)
        with self.assertRaises(UserError):
            self._ask(date_to="2026-11-30").action_show()

    def test_others_see_nothing(self):
        self._invoice(100, "2026-09-15", "2026-10-15")
        self._lines()
        with self.assertRaises(AccessError):
            self.env["credit.roll.rate.ask"].with_user(self.ivanov).create({})
        other = self.env["res.company"].create({"name": "Other Ltd"})
        stranger = self._user("stranger", COLLECTOR)
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        there = self.env(user=stranger, context={"allowed_company_ids": other.ids})
        self.assertFalse(there["credit.roll.rate"].search([]))
        with self.assertRaises(AccessError):
            there["credit.roll.rate.ask"].create({"company_id": self.company.id}).action_show()
