"""Behaviour, expected days, forecasts that are graded, ceilings."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from odoo.addons.credit_collection.core import behaviour
from odoo.addons.credit_collection.models.desk import credit_dispute
from odoo.addons.credit_collection.models.recovery import credit_case_worth
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..rating.common import RatingCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-09")
class TestForecast(RatingCase):
    def setUp(self):
        super().setUp()
        # What is learnt of a company is kept for the day.
        self.env.registry.clear_cache()
        self.addCleanup(self.env.registry.clear_cache)

    def test_behaviour_of_one_customer(self):
        self._paid(100.0, 0, days_ago=200)
        self._paid(100.0, 5, days_ago=180)
        self._paid(800.0, 40, days_ago=100)
        self.assertRecordValues(
            self.account,
            [
                {
                    "payment_count": 3,
                    "days_late": 32.5,
                    "days_late_median": 40.0,
                    "on_time_share": 0.1,
                }
            ],
        )
        self.assertIn("3 own payments", self.account.expected_late)
        with self.assertRaises(AccessError):
            self.account.with_user(self.salesperson).read(["days_late"])

    def test_a_customer_without_history_is_expected_like_all_others(self):
        for number in range(3):
            self._paid(100.0, 12, days_ago=90, partner=self._customer(f"Payer {number}"))
        self.assertIn("+12 days, by all customers", self.account.expected_late)
        invoice = self._invoice(100.0, date="2026-03-01", due="2026-03-10")
        item = self.env["credit.open.item"].search([("move_id", "=", invoice.id)])
        self.assertRecordValues(
            item,
            [{"expected_on": date(2026, 3, 22), "expected_basis": "history", "recovery": 0.949}],
        )

    def test_a_promise_goes_before_and_a_dispute_is_not_expected(self):
        promised = self._invoice(100.0, date="2026-02-01", due="2026-03-01")
        line = promised.line_ids.filtered(lambda x: x.account_type == "asset_receivable")
        self.env["credit.promise"].create(
            {
                "account_id": self.account.id,
                "date": "2026-03-14",
                "amount": 100.0,
                "move_line_ids": [(6, 0, line.ids)],
            }
        )
        disputed = self._invoice(50.0, date="2026-02-01", due="2026-03-01")
        other = disputed.line_ids.filtered(lambda x: x.account_type == "asset_receivable")
        self.env["credit.dispute"].create(
            {
                "account_id": self.account.id,
                "move_line_id": other.id,
                "amount": 50.0,
                "reason_id": self.env["credit.dispute.reason"].search([], limit=1).id,
            }
        )
        items = self.env["credit.open.item"].search([("account_id", "=", self.account.id)])
        by_move = {item.move_id: item for item in items}
        self.assertEqual(by_move[promised].expected_basis, "promise")
        self.assertEqual(str(by_move[promised].expected_on), "2026-03-14")
        self.assertEqual(by_move[disputed].expected_basis, "disputed")

    def _to_come(self):
        weeks = self.env["credit.forecast"]._weeks(self.company, date(2026, 3, 9))
        return weeks["open_amount"], sum(week.promised for week in weeks["weeks"])

    def test_only_what_was_promised_is_promised(self):
        invoice = self._invoice(1000.0, date="2026-02-01", due="2026-03-01")
        line = invoice.line_ids.filtered(lambda x: x.account_type == "asset_receivable")
        self.env["credit.promise"].create(
            {
                "account_id": self.account.id,
                "date": "2026-03-14",
                "amount": 100.0,
                "move_line_ids": [(6, 0, line.ids)],
            }
        )
        self.assertEqual(self._to_come(), (1000.0, 100.0))

    def test_money_on_account_has_come(self):
        self._invoice(1000.0, date="2026-02-01", due="2026-03-01")
        other = self._customer("Other")
        self._invoice(300.0, date="2026-02-01", due="2026-03-01", partner=other)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 1000.0,
                "date": "2026-03-02",
            }
        )
        payment.action_post()
        self.assertEqual(self._to_come(), (300.0, 0.0))
        self._invoice(100.0, date="2026-03-02", move_type="out_refund", partner=other)
        self.assertEqual(self._to_come(), (200.0, 0.0))

    def test_worth_a_call(self):
        self._invoice(1000.0, date="2025-12-01", due="2026-02-07")  # 30 days late
        self.policy.call_cost = 15
        self.account.invalidate_recordset()
        self.assertIn("chance 90 %", self.account.call_worth)
        self.assertIn("884.00", self.account.call_worth)
        self.policy.call_cost = 5000
        self.account.invalidate_recordset()
        self.assertIn("Not worth", self.account.call_worth)

    def test_the_chance_of_payment_is_learnt_by_night(self):
        for number in range(4):
            self._paid(100.0, 20, days_ago=90 + number)
        Point = self.env["credit.recovery.point"]
        self._run_cron("credit_recovery_cron")
        self.assertFalse(Point.search([("company_id", "=", self.company.id)]))
        open_now = self._invoice(1000.0, date="2026-01-20", due="2026-02-20")  # 17 days late
        with patch.object(behaviour, "OWN_ITEMS", 4):
            self._run_cron("credit_recovery_cron")
        # Four were paid twenty days late, the fifth was watched for 17 days only.
        points = Point.with_user(self.manager).search([("company_id", "=", self.company.id)])
        self.assertEqual(points.filtered(lambda point: point.age == 15).chance, 1.0)
        self.assertEqual(points.filtered(lambda point: point.age == 30).chance, 0.0)
        self.assertEqual(points.filtered(lambda point: point.age == 30).published, 0.899)
        # Between 15 and 30 days a straight line: 1 − 2 ÷ 15.
        item = self.env["credit.open.item"].search([("move_id", "=", open_now.id)])
        self.assertAlmostEqual(item.recovery, 13 / 15)
        self.account.invalidate_recordset()
        self.assertIn("chance 87 % (own curve)", self.account.call_worth)
        [(chance,)] = self.env.execute_query(
            SQL(
                "SELECT %s",
                self.env["credit.behaviour"]._chance_sql(SQL("17"), SQL("%s", self.company.id)),
            )
        )
        self.assertAlmostEqual(float(chance), 13 / 15)
        with self.assertRaises(AccessError):
            Point.with_user(self.manager).create({"company_id": self.company.id, "age": 3})
        with self.assertRaises(AccessError):
            Point.with_user(self.salesperson).search([])

    def test_disputes_take_their_own_course_once_enough_have_ended(self):
        reason = self.env["credit.dispute.reason"].search([], limit=1)

        def disputed(invoice, amount):
            return self.env["credit.dispute"].create(
                {
                    "account_id": self.account.id,
                    "move_line_id": invoice.line_ids.filtered(
                        lambda line: line.account_type == "asset_receivable"
                    ).id,
                    "amount": amount,
                    "reason_id": reason.id,
                }
            )

        with freeze_time("2026-01-10"):
            ended = self._invoice(100.0, date="2025-12-01", due="2025-12-30")
            disputed(ended, 100.0).action_reject()
            self._pay(ended, date="2026-01-29")  # thirty days late
        disputed(self._invoice(60.0, date="2026-02-01", due="2026-03-02"), 60.0)
        Forecast = self.env["credit.forecast"]
        before = Forecast._weeks(self.company, date(2026, 3, 9))
        self.assertEqual(sum(week.expected for week in before["weeks"]), 0.0)
        with patch.object(credit_dispute, "ENDED_DISPUTES", 1):
            after = Forecast._weeks(self.company, date(2026, 3, 9))
        # Thirty days late: 1 April, in the fourth week; all of what ended was paid.
        self.assertEqual([week.expected for week in after["weeks"]][:5], [0.0, 0.0, 0.0, 60.0, 0.0])

    def _case(self, *invoices):
        checks = ("check_legality", "check_evidence", "check_assets", "check_authority")
        case = (
            self.env["credit.case"]
            .with_user(self.manager)
            .create(
                {
                    "account_id": self.account.id,
                    "move_line_ids": [Command.set([self._receivable(x).id for x in invoices])],
                    **dict.fromkeys(checks, "Looked at"),
                }
            )
        )
        case.action_open()
        return case

    def _receivable(self, invoice):
        return invoice.line_ids.filtered(lambda x: x.account_type == "asset_receivable")

    def test_what_is_in_court_takes_its_own_course_once_enough_cases_have_ended(self):
        with freeze_time("2026-01-10"):
            paid = self._invoice(60.0, date="2025-12-01", due="2025-12-30")
            given_up = self._invoice(40.0, date="2025-12-01", due="2025-12-30")
            ended = self._case(paid, given_up)
        with freeze_time("2026-01-29"):
            self._pay(paid, date="2026-01-29")  # thirty days late
            refund = self._invoice(40.0, date="2026-01-29", move_type="out_refund")
            (self._receivable(given_up) | self._receivable(refund)).reconcile()
            ended.action_record_recoveries()
            self.assertEqual((ended.opening_amount, ended.recovered), (100.0, 60.0))
            ended.outcome = "settled"
            ended.action_close()
        sued = self._invoice(50.0, date="2026-02-01", due="2026-03-02")
        self._case(sued)
        Forecast = self.env["credit.forecast"]
        before = Forecast._weeks(self.company, date(2026, 3, 9))
        # Too few cases have ended: as late as other items, and in full. 1 April, week four.
        self.assertEqual([week.expected for week in before["weeks"]][:5], [0, 0, 0, 50.0, 0])
        item = self.env["credit.open.item"].search([("move_id", "=", sued.id)])
        self.assertTrue(item.legal)
        self.assertEqual(item.expected_basis, "history")
        with patch.object(credit_case_worth, "CLOSED_CASES", 1):
            after = Forecast._weeks(self.company, date(2026, 3, 9))
            item.invalidate_recordset()
            self.assertRecordValues(
                item,
                [{"expected_on": date(2026, 4, 1), "expected_basis": "course", "recovery": 0.6}],
            )
        # The case that ended brought 60 of 100.
        self.assertEqual([week.expected for week in after["weeks"]][:5], [0, 0, 0, 30.0, 0])
        self.assertEqual(after["open_amount"], 50.0)

    def test_a_forecast_is_frozen_and_graded(self):
        self._paid(100.0, 7, days_ago=60)
        invoice = self._invoice(500.0, date="2026-02-20", due="2026-03-09")
        Forecast = self.env["credit.forecast"]
        forecast = Forecast._freeze(self.company, date(2026, 3, 9))
        self.assertEqual(len(forecast.line_ids), 13)
        mine = forecast.line_ids.sorted("week")
        self.assertEqual(mine.mapped("expected")[:3], [0.0, 500.0, 0.0])
        self.assertEqual(mine.mapped("naive_due")[:2], [500.0, 0.0])
        self.assertEqual(Forecast._freeze(self.company, date(2026, 3, 9)), forecast)
        with self.assertRaises(AccessError):
            Forecast.with_user(self.manager).create({})
        self._pay(invoice, date="2026-03-17")
        later = self._invoice(900.0, date="2026-03-12", due="2026-03-12")
        self._pay(later, date="2026-03-18")  # was not open on the day
        with freeze_time("2026-03-23"):
            forecast._grade(date(2026, 3, 23))
        self.assertEqual(forecast.graded_weeks, 2)
        self.assertEqual(mine.mapped("actual")[:2], [0.0, 500.0])
        self.assertEqual((forecast.accuracy, forecast.bias), (1.0, 0.0))
        self.assertEqual(forecast.accuracy_due, -1.0)
        self.assertIn("better than by due date", forecast.verdict)

    def test_the_job_makes_one_forecast_a_week(self):
        self._run_cron("credit_forecast_cron")
        self._run_cron("credit_forecast_cron")
        own = [("company_id", "=", self.company.id)]
        self.assertEqual(self.env["credit.forecast"].search_count(own), 1)
        with freeze_time("2026-03-17"):
            self._run_cron("credit_forecast_cron")
        self.assertEqual(self.env["credit.forecast"].search_count(own), 2)

    # ------------------------------------------------------------------
    # Ceilings
    # ------------------------------------------------------------------

    def _ceiling(self, **values):
        return self.env["credit.ceiling"].create(
            {
                "company_id": self.company.id,
                "date_from": "2026-01-01",
                "planned_sales": 9_000,
                "plan_days": 90,
                "norm_days": 20,
                "own_working_capital": 2_400,
                **values,
            }
        )

    def test_crossing_a_ceiling_is_told_once_each_way(self):
        ceiling = self._ceiling()
        self.assertEqual((ceiling.working, ceiling.critical), (2_000.0, 2_400.0))
        self._invoice(2_000.0)
        ceiling.invalidate_recordset()
        self.assertEqual(ceiling.status, "below")
        extra = self._invoice(0.01)
        self._run_cron("credit_ceiling_cron")
        ceiling.invalidate_recordset()
        self.assertEqual((ceiling.status, ceiling.told_status), ("working", "working"))
        self.assertEqual(len(ceiling.activity_ids), 1)
        told = len(ceiling.message_ids)
        self._run_cron("credit_ceiling_cron")
        self.assertEqual(len(ceiling.message_ids), told)
        self._invoice(400.0)
        ceiling.invalidate_recordset()
        self.assertEqual(ceiling.status, "critical")
        self.assertTrue(extra)

    def test_what_is_doubtful_is_the_companys_word(self):
        ceiling = self._ceiling(margin=0.25)
        self._invoice(300.0, date="2025-12-01", due="2026-01-07")  # 61 days late
        self._invoice(100.0, date="2025-12-01", due="2026-01-08")  # 60 days late
        self.assertFalse(ceiling.earn_back)
        self.company.credit_doubtful_days = 60
        ceiling.invalidate_recordset()
        # 300 from a margin of a quarter take 1,200 of sales.
        self.assertIn("1,200.00", ceiling.earn_back)

    def test_receivables_to_plan(self):
        # 900 owed, 9,000 in 90 days planned: 3,000 a month, owed for 45 days.
        self._invoice(900.0, date="2026-03-01", due="2026-03-31")
        ceiling = self._ceiling(days_to_pay=45, norm_days=45)
        ceiling.with_user(self.manager).action_plan_months()
        self.assertEqual(len(ceiling.month_ids), 6)
        months = ceiling.month_ids.sorted("date")
        self.assertEqual([str(month.date) for month in months[:2]], ["2026-03-01", "2026-04-01"])
        # After 30 of 45 days a third of the 900 is left and all of March; then half of March.
        self.assertEqual(months[0].receivable, 3_300.0)
        self.assertEqual(months[0].received, 900.0 + 3_000.0 - 3_300.0)
        self.assertEqual(months[1].receivable, 3_000.0 + 1_500.0)
        # The working ceiling is 9,000 ÷ 90 × 45 = 4,500, the critical one 2,400.
        self.assertEqual(months[1].status, "critical")
        self.assertIn("March 2026", ceiling.first_over)
        ceiling.action_plan_months()
        self.assertEqual(len(ceiling.month_ids), 6)
        with self.assertRaises(AccessError):
            ceiling.month_ids.with_user(self.officer).read(["sales"])

    def test_receivables_among_the_assets_by_month(self):
        self._invoice(300.0, date="2026-01-15", due="2026-01-15")
        self._invoice(100.0, date="2026-02-15", due="2026-02-15")
        months = (
            self.env["credit.asset.share"]
            .with_user(self.manager)
            .search([("company_id", "=", self.company.id)])
        )
        found = {str(month.date): month for month in months}
        self.assertEqual(found["2026-01-31"].receivable, 300.0)
        self.assertEqual(found["2026-02-28"].receivable, 400.0)
        self.assertEqual(found["2026-02-28"].sales, 100.0)
        self.assertEqual(found["2026-02-28"].share_total, 1.0)

    def test_is_credit_worth_it(self):
        ask = (
            self.env["credit.worth.ask"]
            .with_user(self.manager)
            .create(
                {
                    "rate": 0.12,
                    "sales_a": 20_000_000,
                    "margin_a": 0.1,
                    "days_a": 73,
                    "loss_a": 0,
                    "sales_b": 20_000_000,
                    "margin_b": 0.1,
                    "days_b": 0,
                    "loss_b": 0,
                }
            )
        )
        self.assertEqual(ask.difference, 480_000.0)
        self.assertIn("480,000", ask.verdict)
        with self.assertRaises(AccessError):
            self.env["credit.worth.ask"].with_user(self.officer).create({})
