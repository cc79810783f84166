"""Everybody at once: how many statements a customer more costs."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.addons.credit_collection.core import scoring
from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import freeze_time, tagged

from .common import RatingCase

FEW, MANY = 2, 12


@freeze_time("2026-03-10")
@tagged("post_install", "-at_install")
class TestRatingSets(RatingCase):
    def _files(self, number, name):
        files = self.env["credit.account"]
        for place in range(number):
            partner = self._customer(f"{name} {place}")
            self._paid(100.0, 20, partner=partner)
            files |= self._account(partner)
        return files

    def _queries(self, step):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        step()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _more(self, step):
        """Statements that one customer more takes, once everything is warm."""
        self._queries(lambda: step(self._files(1, "warm")))
        few, many = self._files(FEW, "few"), self._files(MANY, "many")
        few_queries = self._queries(lambda: step(few))
        return (self._queries(lambda: step(many)) - few_queries) / (MANY - FEW)

    def test_rating_anew_reads_and_stores_in_sets(self):
        self.card.criterion_ids.filtered(lambda each: each.source == "question").unlink()
        self.assertLessEqual(self._more(lambda files: files._rate_again("review")), 6)
        rated = self.env["credit.account"].search([("partner_id.name", "like", "many ")])
        self.assertEqual(len(rated.rating_id), MANY)
        self.assertEqual(set(rated.grade_id.mapped("name")), {"C"})  # 20 points: below 50

    def _all(self, step):
        """Statements that one customer more takes where everybody is read."""
        self._files(FEW, "few")
        self._queries(step)
        few = self._queries(step)
        self._files(MANY, "many")
        return (self._queries(step) - few) / MANY

    def test_signals_of_all_are_measured_by_kind(self):
        """Ten kinds, a query each, however many customers there are."""
        Signal = self.env["credit.signal"].sudo()
        self.assertEqual(self._all(lambda: Signal._measure(self.company)), 0)

    def test_proposals_read_their_inputs_in_sets(self):
        Method = self.env["credit.limit.method"].sudo()
        self.assertLessEqual(self._more(lambda files: Method._propose(files)), 1)

    def test_the_page_of_one_customer_asks_each_source_once(self):
        """Five readings of the ledger, accounts, reports, signals: a query each."""
        self.card.criterion_ids = [
            Command.create({"source": "ledger", "figure": figure, "weight": 1, "band_ids": bands})
            for figure in scoring.FIGURES
            if figure not in ("weighted_days_late", "margin")
            for bands in (self._bands((0, 5), (100, None)),)
        ] + [
            Command.create(
                {
                    "source": source,
                    "weight": 1,
                    "ratio": "debt_ratio",
                    "band_ids": self._bands((0, 5), (9, None)),
                }
            )
            for source in ("financials", "agency", "signals")
        ]
        [file] = self._files(1, "one")
        Rating = self.env["credit.rating"].sudo()

        def read():
            Rating._read_values(self.card, file, self.company)

        self._queries(read)
        asked = []
        execute = Cursor.execute

        def note(cursor, query, *args, **kwargs):
            asked.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        self.env.flush_all()
        with patch.object(Cursor, "execute", note):
            read()
        tables = {
            "settlements": "AS paid GROUP BY account_id, late",
            "defaults": "AS last",
            "sales": "COUNT(DISTINCT date_trunc",
            "positions": "position.overdue",
            "incidents": "promise.broken_on",
            "limits": "LEAD(date",
            "accounts": '"credit_financials"."id"',
            "reports": '"credit_agency_report"."id"',
            "signals": '"credit_signal"."account_id"',
        }
        for source, words in tables.items():
            found = [query for query in asked if words in query]
            self.assertEqual(len(found), 1, source)

    def test_behaviour_of_all_is_read_at_once(self):
        today = self.company._credit_today()
        Behaviour = self.env["credit.behaviour"].sudo()
        more = self._more(lambda files: Behaviour._expectations(files, self.company, today))
        self.assertLessEqual(more, 0)

    def test_the_dashboard_reads_only_the_days_it_shows(self):
        Snapshot = self.env["credit.snapshot"].sudo()
        days = [date(2026, 3, 1) - timedelta(7 * number) for number in range(5)]
        Snapshot.create(
            [
                {"date": day, "company_id": self.company.id, "partner_id": partner.id}
                for day in days
                for partner in (self.customer, self._customer("Second"))
            ]
        )
        found = Snapshot._latest_days(self.company, date(2026, 3, 10), 3)
        self.assertEqual(found, [date(2026, 3, 1), date(2026, 2, 22), date(2026, 2, 15)])
        found = Snapshot._latest_days(self.company, date(2026, 2, 8), 3)
        self.assertEqual(found, [date(2026, 2, 1)])
