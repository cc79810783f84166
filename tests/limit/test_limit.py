"""No limit, none, an amount, unlimited: each is itself everywhere, and ends on its day."""

from freezegun import freeze_time
from odoo.fields import Date
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestLimitStates(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"default_unlimited": False, "default_limit": 300.0})
        names = ("Default", "Prepays", "Limited", "Boundless")
        cls.default, cls.prepays, cls.limited, cls.boundless = (
            cls._customer(name) for name in names
        )
        cls._account(cls.default)
        cls._limit(0.0, partner=cls.prepays)
        cls._limit(1000.0, partner=cls.limited)
        cls._limit(0.0, partner=cls.boundless, unlimited=True)
        cls.all = cls.default | cls.prepays | cls.limited | cls.boundless

    def _found(self, *domain, model="credit.position"):
        found = self.env[model].search([("partner_id", "in", self.all.ids), *domain])
        return set(found.partner_id.mapped("name"))

    def test_position(self):
        for partner, unlimited, limit, available, source, label in (
            (self.default, False, 300.0, 200.0, "default", "$\xa0300.00"),
            (self.prepays, False, 0.0, -100.0, "limit", "No credit: prepayment only"),
            (self.limited, False, 1000.0, 900.0, "limit", "$\xa01,000.00"),
            (self.boundless, True, 0.0, 0.0, "limit", "Unlimited"),
        ):
            with self.subTest(partner=partner.name):
                self._invoice(100.0, partner=partner)
                self.assertRecordValues(
                    self._position(partner),
                    [
                        {
                            "unlimited": unlimited,
                            "credit_limit": limit,
                            "available": available,
                            "limit_source": source,
                            "limit_label": label,
                        }
                    ],
                )

    def test_utilisation_and_over_limit(self):
        for partner in self.all:
            self._invoice(500.0, partner=partner)
        self.assertAlmostEqual(self._position(self.default).utilisation, 5 / 3, 4)
        self.assertEqual(self._position(self.prepays).utilisation, 9.99)
        self.assertEqual(self._position(self.limited).utilisation, 0.5)
        self.assertEqual(self._position(self.boundless).utilisation, 0.0)
        self.assertEqual(self._found(("over_limit", "=", True)), {"Default", "Prepays"})
        self.assertEqual(self._found(("over_limit", "=", False)), {"Limited", "Boundless"})

    def test_search(self):
        self.assertEqual(self._found(("unlimited", "=", True)), {"Boundless"})
        self.assertEqual(self._found(("credit_limit", "=", 0)), {"Prepays"})
        self.assertEqual(self._found(("limit_source", "=", "default")), {"Default"})
        self.assertEqual(self._found(("credit_limit", ">", 299)), {"Default", "Limited"})

    def test_export(self):
        positions = self.env["credit.position"].search([("partner_id", "in", self.all.ids)])
        rows = positions.export_data(["partner_id/name", "limit_label", "unlimited"])["datas"]
        self.assertEqual(
            {tuple(row) for row in rows},
            {
                ("Default", "$\xa0300.00", False),
                ("Prepays", "No credit: prepayment only", False),
                ("Limited", "$\xa01,000.00", False),
                ("Boundless", "Unlimited", True),
            },
        )

    def test_grouping_sums_only_limits_that_are_amounts(self):
        [(total,)] = self.env["credit.position"]._read_group(
            [("partner_id", "in", self.all.ids)], [], ["credit_limit:sum"]
        )
        self.assertEqual(total, 1300.0)

    def test_native_limit_follows(self):
        self.env["credit.account"].search([])._sync_native_limit()
        self.assertEqual([partner.credit_limit for partner in self.all], [300.0, 0.0, 1000.0, 0.0])
        self.policy.default_limit = 350.0
        self._run_cron("credit_limit_cron")
        self.assertEqual(self.default.credit_limit, 350.0)

    def test_orders(self):
        for partner, most in (
            (self.default, 300.0),
            (self.prepays, 0.0),
            (self.limited, 1000.0),
        ):
            over = self._order(most + 0.01, partner=partner)
            over.action_confirm()
            self.assertEqual(over.credit_state, "held", partner.name)
            if most:
                exact = self._order(most, partner=partner)
                exact.action_confirm()
                self.assertEqual(exact.state, "sale", partner.name)
        order = self._order(1e9, partner=self.boundless)
        order.action_confirm()
        self.assertEqual(order.state, "sale")


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestLimitDates(CreditCase):
    def _effective(self, day=None):
        with freeze_time(day or "2026-03-10"):
            position = self._position()
            return None if position.unlimited else position.credit_limit

    def test_last_day_counts_and_the_next_does_not(self):
        self._limit(1000.0, date_to="2026-03-31")
        self.assertEqual(self._effective("2026-03-31"), 1000.0)
        self.assertIsNone(self._effective("2026-04-01"))
        with freeze_time("2026-04-01"):
            self.assertEqual(self._position().limit_expired_on, Date.to_date("2026-03-31"))
            self.assertEqual(self.customer.credit_limit, 1000.0)
            self._run_cron("credit_limit_cron")
            self.assertEqual(self._account().limit_ids.state, "expired")
            self.assertEqual(self.customer.credit_limit, 0.0)
            self.assertEqual(self._position().limit_expired_on, Date.to_date("2026-03-31"))

    def test_future_limit_begins_on_its_day(self):
        old = self._limit(1000.0)
        new = self._limit(2000.0, date_from="2026-04-01")
        self.assertEqual((old.state, new.state), ("approved", "approved"))
        self.assertEqual(self._effective("2026-03-31"), 1000.0)
        self.assertEqual(self._effective("2026-04-01"), 2000.0)
        with freeze_time("2026-04-02"):
            self._run_cron("credit_limit_cron")
        self.assertEqual((old.state, new.state), ("superseded", "approved"))
        self.assertEqual(self.customer.credit_limit, 2000.0)

    def test_replaced_limit_does_not_come_back(self):
        """Whether the scheduled action ran in between makes no difference."""
        for runs in (False, True):
            with self.subTest(runs=runs), self.cr.savepoint() as savepoint:
                self._limit(1000.0)
                self._limit(500.0, date_from="2026-04-01", date_to="2026-04-30")
                self.assertEqual(self._effective("2026-04-30"), 500.0)
                if runs:
                    with freeze_time("2026-05-02"):
                        self._run_cron("credit_limit_cron")
                    states = self._account().limit_ids.sorted("id").mapped("state")
                    self.assertEqual(states, ["superseded", "expired"])
                self.assertIsNone(self._effective("2026-05-02"))
                savepoint.rollback()

    def test_latest_decision_replaces_whatever_began(self):
        first = self._limit(1000.0, date_from="2026-03-05")
        second = self._limit(700.0, date_from="2026-01-01")
        self.assertEqual((first.state, second.state), ("superseded", "approved"))
        self.assertEqual(self._effective(), 700.0)

    def test_temporary_addition(self):
        self._limit(1000.0)
        self._limit(250.0, kind="temporary", date_from="2026-03-15", date_to="2026-03-20")
        for day, limit in (
            ("2026-03-14", 1000.0),
            ("2026-03-15", 1250.0),
            ("2026-03-20", 1250.0),
            ("2026-03-21", 1000.0),
        ):
            self.assertEqual(self._effective(day), limit, day)
        with freeze_time("2026-03-15"):
            self._run_cron("credit_limit_cron")
            self.assertEqual(self.customer.credit_limit, 1250.0)

    def test_temporary_addition_to_the_default(self):
        self.policy.write({"default_unlimited": False, "default_limit": 300.0})
        self._limit(200.0, kind="temporary", date_to="2026-03-20")
        self.assertEqual(self._effective(), 500.0)
        self.assertEqual(self._effective("2026-03-21"), 300.0)

    def test_temporary_addition_to_no_credit(self):
        self._limit(0.0)
        self._limit(200.0, kind="temporary", date_to="2026-03-20")
        self.assertEqual(self._effective(), 200.0)

    def test_limit_of_a_past_day(self):
        with freeze_time("2026-01-05"):
            self._limit(1000.0)
        self._limit(2000.0)
        for day, limit in (
            ("2026-01-04", None),
            ("2026-01-05", 1000.0),
            ("2026-03-09", 1000.0),
            ("2026-03-10", 2000.0),
        ):
            position = self._account().with_context(as_of=day)._position()
            self.assertEqual(None if position.unlimited else position.credit_limit, limit, day)

    def test_native_limit_equals_the_effective(self):
        self._limit(1000.0)
        self.assertEqual(self.customer.credit_limit, 1000.0)
        self._limit(0.0, unlimited=True)
        self.assertEqual(self.customer.credit_limit, 0.0)
