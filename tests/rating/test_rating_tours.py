"""The officer rates a new customer; the salesperson sees the grade and reports what he saw."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import RatingCase


@tagged("post_install", "-at_install")
class TestRatingTours(RatingCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.env["credit.limit.method"].search([]).active = False
        self.env["credit.limit.method"].create(
            {"name": "Agency", "cap_sales": 0, "line_ids": [Command.create({"method": "agency"})]}
        )
        agency = self.env["credit.agency"].create(
            {"name": "House of Facts", "scale_ids": self._bands((90, 200), (0, None))}
        )
        self.env["credit.agency.report"].create(
            {
                "account_id": self.account.id,
                "agency_id": agency.id,
                "score": 100,
                "date": fields.Date.today(),
                "has_recommendation": True,
                "recommended_limit": 5_000,
            }
        )

    def test_officer_rates_a_new_customer_and_asks_for_the_limit(self):
        self.start_tour(
            f"/odoo/credit-files/{self.account.id}",
            "credit_officer_rates_a_new_customer",
            login="olaf",
        )
        self.assertEqual(self.account.grade_id.name, "A")
        limit = self.env["credit.limit"].search([("account_id", "=", self.account.id)])
        self.assertRecordValues(
            limit, [{"amount": 6_000.0, "state": "requested", "requested_by_id": self.officer.id}]
        )

        self.start_tour(
            f"/odoo/credit-limits/{limit.id}", "credit_officer_approves_the_proposal", login="oona"
        )
        self.assertRecordValues(
            limit, [{"state": "approved", "decided_by_id": self.second.id, "amount": 6_000.0}]
        )

    def test_officer_sees_a_signal_fire_and_the_grade_fall(self):
        self._rate(answer="Good").action_approve()
        self.assertEqual(self.account.grade_id.name, "A")
        self._paid(100.0, 40, days_ago=60)
        due = fields.Date.today() - timedelta(18)
        self._invoice(250.0, date=due - timedelta(19), due=due)
        self._run_cron("credit_signal_cron")
        signal = self.env["credit.signal"].search([("account_id", "=", self.account.id)])
        self.assertIn("new_unpaid", signal.kind_id.mapped("code"))
        self._run_cron("credit_rating_cron")
        self.assertEqual(self.account.grade_id.name, "B")
        self.assertEqual(self.account.rating_id.trigger, "signal")
        self.start_tour(
            "/odoo/credit-early-warnings", "credit_officer_sees_the_grade_fall", login="olaf"
        )

    def test_director_sees_the_ceiling_and_compares_policies(self):
        self._invoice(50_000.0)
        ceiling = self.env["credit.ceiling"].create(
            {
                "company_id": self.company.id,
                "date_from": fields.Date.today(),
                "planned_sales": 365_000.0,
                "plan_days": 365,
                "norm_days": 40,
                "own_working_capital": 30_000.0,
            }
        )
        self.assertEqual((ceiling.working, ceiling.status), (40_000.0, "critical"))
        self.start_tour("/odoo/credit-ceilings", "credit_director_sees_the_ceiling", login="mona")
        self.start_tour(
            "/odoo/action-credit_collection.credit_worth_ask_action",
            "credit_director_compares_two_policies",
            login="mona",
        )

    def test_salesperson_reports_a_signal(self):
        self._rate(answer="Good").action_approve()
        self.start_tour(
            f"/odoo/credit-files/{self.account.id}",
            "credit_salesperson_reports_a_signal",
            login="sally",
        )
        signal = self.env["credit.signal"].search([("account_id", "=", self.account.id)])
        self.assertRecordValues(
            signal, [{"note": "A new name on the door", "reported_by_id": self.salesperson.id}]
        )
        for model in ("credit.financials", "credit.agency.report", "credit.rating.line"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.salesperson).search([])
