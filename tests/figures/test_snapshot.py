from datetime import date, timedelta

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..bonus.test_sheet import SheetCase


@freeze_time("2026-11-05")
class TestSnapshot(SheetCase):
    def test_snapshot_is_the_past_day(self):
        Snapshot = self.env["credit.snapshot"]
        day = date(2026, 10, 31)
        Snapshot._take(self.company, day)
        rows = Snapshot.search([("company_id", "=", self.company.id)])
        self.assertEqual(sum(rows.mapped("receivable")), 5_100_000)
        self.assertEqual(sum(rows.mapped("overdue")), 1_350_000)
        own = rows.filtered(lambda row: row.user_id == self.ivanov)
        self.assertEqual((own.partner_id, own.weighted), (self.customer, 4_150_000))
        self.assertEqual(own.account_id.partner_id, self.customer)
        Snapshot._take(self.company, day)
        self.assertEqual(Snapshot.search_count([("company_id", "=", self.company.id)]), len(rows))

    def test_sundays_and_month_ends_are_taken_once(self):
        Snapshot = self.env["credit.snapshot"]
        days = Snapshot._missing_days(self.company, date(2026, 11, 5))
        self.assertEqual(days, [date(2026, 10, d) for d in (11, 18, 25, 31)] + [date(2026, 11, 1)])
        for day in days:
            Snapshot._take(self.company, day)
        self.assertEqual(Snapshot._missing_days(self.company, date(2026, 11, 5)), [])

    def test_rebuild_with_progress(self):
        rebuild = (
            self.env["credit.snapshot.rebuild"]
            .with_user(self.manager)
            .create(
                {"company_id": self.company.id, "date_from": "2026-10-01", "date_to": "2026-10-31"}
            )
        )
        rebuild.action_start()
        job = rebuild.sudo()
        self.assertEqual((job._step(), job.progress), (4, 20))
        while job.state == "running":
            job._step()
        self.assertEqual(job.progress, 100)
        found = self.env["credit.snapshot"]._read_group(
            [("company_id", "=", self.company.id)], ["date:day"]
        )
        self.assertEqual(len(found), 5)
        with self.assertRaises(UserError):
            rebuild.action_start()
            rebuild.action_start()

    def test_dressed_up_closing_shows(self):
        late = self._invoice(400_000, "2026-09-01", "2026-09-20")
        self._pay(late, "2026-10-31")
        for number in range(4):
            self.env["credit.snapshot"]._take(
                self.company, date(2026, 10, 4) + timedelta(days=7 * number)
            )
        self.sheet.action_compute()
        line = self._line(self.ivanov)
        self.assertGreater(line.average_overdue_share, line.overdue_share)
        self.assertLess(line.closing_ratio, 1)
        self.assertIn("late_deliveries_share", line.undefined)

    def test_of_a_period_the_last_snapshot_counts(self):
        """A week with a Sunday and the end of a month in it has two snapshots and one figure."""
        Snapshot = self.env["credit.snapshot"]
        Snapshot.search([]).unlink()
        days = {date(2026, 9, 27): 100, date(2026, 9, 30): 300, date(2026, 10, 4): 500}
        Snapshot.create(
            [
                {"company_id": self.company.id, "date": day, "receivable": amount, "overdue": 10}
                for day, amount in days.items()
            ]
        )
        mine = [("company_id", "=", self.company.id)]

        def sums(*groupby):
            rows = Snapshot._read_group(mine, groupby, ["receivable:sum"])
            return [row[-1] for row in rows]

        self.assertEqual(sums("date:day"), [100, 300, 500])
        self.assertEqual(sums("date:week"), [300, 500])
        self.assertEqual(sums("date:month"), [300, 500])
        self.assertEqual(sums(), [500])
        by_month, total = Snapshot._read_grouping_sets(
            mine, [["date:month"], []], ["receivable:sum", "overdue:sum"]
        )
        self.assertEqual([row[1:] for row in by_month], [(300, 10), (500, 10)])
        self.assertEqual(total, [(500, 10)])
        self._check_opened_groups(mine)

    def _check_opened_groups(self, mine):
        """In a list, what a heading counts is what its opened group lists."""
        Snapshot = self.env["credit.snapshot"]
        for groupby in (["date:month"], ["date:day"], ["company_id"], ["company_id", "date:week"]):
            listed = Snapshot.web_read_group(mine, groupby, ["receivable:sum"])
            for group in listed["groups"]:
                rows = Snapshot.search(Domain(mine) & Domain(group["__extra_domain"]))
                if len(groupby) == 1:
                    self.assertEqual(sum(rows.mapped("receivable")), group["receivable:sum"])
                else:  # each week below it counts its own last one
                    self.assertEqual(group["receivable:sum"], 500)
                    self.assertEqual(sorted(rows.mapped("receivable")), [300, 500])
