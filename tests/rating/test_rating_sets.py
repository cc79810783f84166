"""Everybody at once: how many statements a customer more costs."""

from datetime import date, timedelta

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
