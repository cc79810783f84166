"""Stored moments are days of the company, whatever the zone of who asks."""

from datetime import date, timedelta

from freezegun import freeze_time
from odoo.addons.credit_collection.tools.environment import without_caller_context
from odoo.tests import tagged

from ..followup.common import FollowupCase

# The company's zone, another person's, a moment in UTC, the company's day: not that of UTC.
PLACES = (
    ("Pacific/Auckland", "America/Los_Angeles", "2026-03-15 12:30:00", date(2026, 3, 16)),
    ("America/Los_Angeles", "Pacific/Auckland", "2026-03-16 06:30:00", date(2026, 3, 15)),
)


@tagged("post_install", "-at_install")
class TestWhichDay(FollowupCase):
    def test_limit_of_a_past_day_counts_from_the_day_it_was_decided(self):
        for zone, other, moment, day in PLACES:
            self.company.resource_calendar_id.tz = zone
            customer = self._customer(f"Buyer in {zone}")
            with freeze_time(moment):
                self._limit(500.0, customer, date_from="2026-03-01")
            file = self._account(customer)
            with freeze_time("2026-03-20 12:00:00"):
                for as_of, counts in ((day - timedelta(1), False), (day, True)):
                    with self.subTest(zone=zone, as_of=as_of):
                        self.env.flush_all()
                        Position = self.env["credit.position"].with_context(as_of=as_of, tz=other)
                        Position.invalidate_model()
                        limit = Position.search([("account_id", "=", file.id)]).credit_limit
                        self.assertEqual(limit == 500.0, counts)

    def test_order_horizon_ends_on_the_companys_day(self):
        self.policy.order_horizon_days = 10
        ends = {
            "Pacific/Auckland": ("2026-03-26 10:30:00", "2026-03-26 11:30:00"),
            "America/Los_Angeles": ("2026-03-26 06:30:00", "2026-03-26 07:30:00"),
        }
        for zone, _other, moment, _day in PLACES:
            self.company.resource_calendar_id.tz = zone
            with freeze_time(moment):
                for commitment, ordered in zip(ends[zone], (100.0, 0.0), strict=True):
                    with self.subTest(zone=zone, commitment=commitment):
                        customer = self._customer(f"{zone} {commitment}")
                        order = self._order(
                            100.0, customer, product=self.goods, commitment_date=commitment
                        )
                        order.action_confirm()
                        file = self._account(customer).with_context(
                            allowed_company_ids=self.company.ids
                        )
                        self.assertEqual(file._position().ordered, ordered)

    def test_the_ledger_of_today_is_the_companys_whatever_the_context_names(self):
        invoice = self._invoice(100.0, date="2026-02-01", due="2026-03-10")
        for zone, other, moment, day in PLACES:
            self.company.resource_calendar_id.tz = zone
            self.env.user.tz = other
            for context in ({}, {"tz": other}, {"credit_decided_for": "x"}):
                with self.subTest(zone=zone, context=context), freeze_time(moment):
                    Item = self.env(context=context)["credit.open.item"]
                    self.assertEqual((Item._clock(), Item._today()), (day, day))
                    item = Item.search([("move_id", "=", invoice.id)])
                    self.assertEqual(item.days_overdue, (day - date(2026, 3, 10)).days)
                    self.assertIsNone(Item.with_context(as_of=day)._past_day())

    def test_a_job_takes_the_day_of_the_company_that_it_works_for(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        for zone, other, moment, day in PLACES:
            self.company.resource_calendar_id.tz = other
            elsewhere.resource_calendar_id.tz = zone
            with self.subTest(zone=zone), freeze_time(moment):
                Item = without_caller_context(self.env["credit.open.item"], elsewhere)
                self.assertEqual(Item._clock(), day)

    def test_a_letter_waits_its_quiet_days_whoever_plans(self):
        self.first.quiet_days = self.second.quiet_days = 5
        for zone, other, moment, day in PLACES:
            self.company.resource_calendar_id.tz = zone
            with freeze_time(moment):
                customer = self._customer(f"Spoken to in {zone}")
                due = day - timedelta(5)
                self._invoice(100.0, customer, date=due - timedelta(30), due=due)
                file = self._account(customer)
                self.env["credit.contact"].create({"account_id": file.id, "outcome": "refuses"})
            Followup = self.env["credit.followup"].with_context(tz=other)
            for days, goes in ((4, False), (5, True)):
                with self.subTest(zone=zone, days=days), freeze_time(day + timedelta(days)):
                    planned = Followup._plan(self.company, day + timedelta(days))
                    self.assertEqual(file in planned.account_id, goes)
