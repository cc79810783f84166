"""Scheduled work: one record that fails stops nobody, a missing action stops no payment."""

from unittest.mock import patch

import psycopg2
from freezegun import freeze_time
from odoo import fields
from odoo.addons.credit_collection.tools.numbering import PADDING, SHIPPED
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import CreditCase

JOBS = "odoo.addons.credit_collection.tools.jobs"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestJobs(CreditCase):
    def _broken(self, model, method, name):
        """A method of ours that fails for one record."""
        real = getattr(type(self.env[model]), method)

        def fails(records, *args, **kwargs):
            if any(record.display_name and name in record.display_name for record in records):
                raise ValueError("broken")
            return real(records, *args, **kwargs)

        return patch.object(type(self.env[model]), method, fails)

    def test_one_promise_that_cannot_be_judged(self):
        promises = self.env["credit.promise"]
        for name in ("First Ltd", "Broken Ltd", "Third Ltd"):
            customer = self._customer(name)
            invoice = self._invoice(100.0, customer, "2026-02-01")
            line = invoice.line_ids.filtered(lambda x: x.display_type == "payment_term")
            promises |= promises.create(
                {
                    "account_id": self._account(customer).id,
                    "amount": 100.0,
                    "date": "2026-03-11",
                    "move_line_ids": [(6, 0, line.ids)],
                }
            )
        broken = promises[1]
        real = type(promises)._apply

        def fails(promise, *args):
            if promise.id == broken.id:
                raise ValueError("broken")
            return real(promise, *args)

        with (
            freeze_time("2026-03-30 12:00:00"),
            patch.object(type(promises), "_apply", fails),
            self.assertLogs(JOBS, "ERROR"),
        ):
            self._run_cron("credit_promise_cron")
        self.assertEqual(promises.mapped("state"), ["broken", "open", "broken"])

    def test_one_limit_that_cannot_end(self):
        ends = {"kind": "temporary", "date_to": "2026-03-12"}
        first, second = (
            self._limit(10.0, **ends),
            self._limit(20.0, self._customer("Two Ltd"), **ends),
        )
        real = type(first)._move

        def fails(limit, *args, **kwargs):
            if limit.id == first.id:
                raise ValueError("broken")
            return real(limit, *args, **kwargs)

        with (
            freeze_time("2026-03-20 12:00:00"),
            patch.object(type(first), "_move", fails),
            self.assertLogs(JOBS, "ERROR"),
        ):
            self._run_cron("credit_limit_cron")
        self.assertEqual((first.state, second.state), ("approved", "expired"))

    def test_one_hold_that_cannot_be_looked_at(self):
        self._limit(10.0)
        two = self._customer("Two Ltd")
        self._limit(10.0, two)
        orders = self._order(90.0) | self._order(90.0, two)
        for order in orders:
            order.action_confirm()
        holds = orders.credit_hold_ids
        real = type(holds)._reevaluate

        def fails(hold):
            if hold.id == holds[0].id:
                raise ZeroDivisionError("broken")
            return real(hold)

        self.company.credit_default_policy_id.rule_ids.active = False
        with (
            patch.object(type(holds), "_reevaluate", fails),
            self.assertLogs("odoo.addons.credit_collection", "ERROR"),
        ):
            self._run_cron("credit_hold_cron")
        self.assertEqual(holds.mapped("state"), ["held", "cleared"])
        self.assertIn("broken", holds[0].message_ids[:1].body)

    def test_a_missing_action_stops_no_payment(self):
        self._limit(10.0)
        self._order(90.0).action_confirm()
        invoice = self._invoice(5.0)
        for name in ("credit_hold_cron", "credit_shipment_cron", "credit_limit_cron"):
            self.env.ref(f"credit_collection.{name}").unlink()
        self._pay(invoice)
        self._account().action_set_manual_hold("Look")
        self.policy.default_limit = 7.0

    def test_a_day_has_one_snapshot(self):
        self._invoice(100.0, date="2026-02-01")
        day = fields.Date.to_date("2026-02-28")
        Snapshot = self.env["credit.snapshot"]
        self.assertEqual(Snapshot._take(self.company, day), Snapshot._take(self.company, day))
        row = Snapshot.search([("date", "=", day)], limit=1)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.cr.savepoint(),
        ):
            row.copy()

    def test_days_missed_for_months_come_back(self):
        self._invoice(100.0, date="2025-06-01")
        Snapshot = self.env["credit.snapshot"]
        with freeze_time("2025-07-01 12:00:00"):
            self._run_cron("credit_snapshot_cron")
        self._run_cron("credit_snapshot_cron")
        ends = Snapshot.search([("company_id", "=", self.company.id)]).mapped("date")
        for month_end in ("2025-06-30", "2025-10-31", "2026-02-28"):
            self.assertIn(fields.Date.to_date(month_end), ends)

    def test_days_missed_for_years_are_rebuilt_and_said(self):
        self._invoice(100.0, date="2023-06-01")
        Snapshot = self.env["credit.snapshot"]
        Snapshot._take(self.company, fields.Date.to_date("2024-01-31"))
        with mute_logger("odoo.addons.credit_collection.models.figures.credit_snapshot"):
            self._run_cron("credit_snapshot_cron")
            self._run_cron("credit_snapshot_cron")
        missed = self.env["credit.snapshot.rebuild"].search([("company_id", "=", self.company.id)])
        self.assertEqual(len(missed), 1)
        self.assertEqual(str(missed.date_from), "2024-02-01")
        self._run_cron("credit_snapshot_rebuild_cron")
        self.assertEqual(missed.state, "done")
        ends = Snapshot.search([("company_id", "=", self.company.id)]).mapped("date")
        for day in ("2024-02-29", "2024-12-31", "2025-06-30", "2026-02-28"):
            self.assertIn(fields.Date.to_date(day), ends)

    def test_a_deleted_sequence_is_made_anew_and_goes_on(self):
        self._limit(10.0)
        first = self._order(90.0)
        first.action_confirm()
        self.env["ir.sequence"].search([("code", "=", "credit.hold")]).unlink()
        second = self._order(91.0)
        with mute_logger("odoo.addons.credit_collection.tools.numbering"):
            second.action_confirm()
        before, after = (order.credit_hold_ids.name for order in (first, second))
        self.assertEqual(int(after.rsplit("/", 1)[1]), int(before.rsplit("/", 1)[1]) + 1)
        self.assertTrue(after.startswith("CH/2026/"))

    def test_every_sequence_of_ours_can_be_made_anew(self):
        for code, (name, prefix) in SHIPPED.items():
            shipped = self.env["ir.sequence"].search([("code", "=", code)])
            self.assertEqual(
                (shipped.name, shipped.prefix, shipped.padding),
                (name, f"{prefix}/%(year)s/", PADDING),
            )

    def test_old_weeks_go_and_month_ends_stay(self):
        self._invoice(100.0, date="2025-01-01")
        Snapshot = self.env["credit.snapshot"]
        for day in ("2025-02-09", "2025-02-28", "2026-03-08"):
            Snapshot._take(self.company, fields.Date.to_date(day))
        self.company.credit_snapshot_months = 6
        Snapshot._forget_old()
        kept = Snapshot.search([("company_id", "=", self.company.id)]).mapped("date")
        self.assertEqual(sorted(set(map(str, kept))), ["2025-02-28", "2026-03-08"])
