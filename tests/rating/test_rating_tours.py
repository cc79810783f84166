"""The officer rates a new customer; the salesperson sees the grade and reports what he saw."""

from odoo import fields
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
