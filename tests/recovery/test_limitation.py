from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time

from .common import RecoveryCase, day


@freeze_time("2021-06-01")
class TestLimitation(RecoveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_limitation_law_id = cls.env.ref(
            "credit_collection.credit_limitation_law_fr"
        )
        cls.invoice = cls._invoice(1_000.0, date="2020-03-01", due="2020-04-01")

    def _refreshed(self, law=None):
        if law:
            self.account.limitation_law_id = self.env.ref(
                f"credit_collection.credit_limitation_law_{law}"
            )
        self.env["credit.limitation"]._refresh(self.account)
        return self._limitation(self.invoice)

    def test_the_last_day_and_why(self):
        row = self._refreshed()
        self.assertEqual(row.last_day, day("2025-04-01"))
        self.assertEqual(row.because, "Due on 04/01/2020: until 04/01/2025.")
        self.assertEqual(row.days_left, 1_400)
        self.assertIn("Part payment", row.what_stops)
        self.assertEqual(self.account.next_lapse, day("2025-04-01"))

    def test_the_shipped_laws(self):
        expected = {
            "ru": "2023-04-01",
            "pl": "2023-12-31",
            "de": "2023-12-31",
            "uk": "2026-04-01",
            "fr": "2025-04-01",
            "cn": "2023-04-01",
            "other": "2023-04-01",
        }
        for law, last_day in expected.items():
            self.assertEqual(self._refreshed(law).last_day, day(last_day), law)

    def test_a_part_payment_in_cash_restarts_where_the_law_says_so(self):
        self._pay(self.invoice, 100.0, date="2021-02-03")
        self.assertEqual(self._refreshed().last_day, day("2026-02-03"))
        self.assertEqual(self._refreshed("ru").last_day, day("2023-04-01"))
        self.assertEqual(self._refreshed("de").last_day, day("2024-02-03"))

    def test_a_credit_note_is_no_payment(self):
        refund = self._invoice(100.0, date="2021-02-03", move_type="out_refund")
        (self._item(self.invoice) | self._item(refund)).reconcile()
        self.assertEqual(self._refreshed().last_day, day("2025-04-01"))

    def test_a_letter_restarts_in_china_alone(self):
        level = self.env["credit.followup.level"].search([], limit=1)
        self.env["credit.followup"].sudo().create(
            {
                "account_id": self.account.id,
                "level_id": level.id,
                "date": "2021-05-05",
                "state": "sent",
                "line_ids": [
                    Command.create(
                        {
                            "move_line_id": self._item(self.invoice).id,
                            "level_id": level.id,
                            "amount": 1_000.0,
                        }
                    )
                ],
            }
        )
        self.assertEqual(self._refreshed("cn").last_day, day("2024-05-05"))
        self.assertEqual(self._refreshed("fr").last_day, day("2025-04-01"))

    def test_a_written_promise_is_an_acknowledgement_a_spoken_one_is_not(self):
        for channel, expected in (("call", "2025-04-01"), ("email", "2026-06-01")):
            promise = self._promise(self.invoice, date="2021-06-05", channel=channel)
            self.assertEqual(self._refreshed().last_day, day(expected))
            promise.sudo().state = "broken"

    def test_a_signed_plan_is_an_acknowledgement(self):
        plan = (
            self.env["credit.plan"]
            .with_user(self.manager)
            .create({"account_id": self.account.id, "first_date": "2021-07-01"})
        )
        plan.action_generate()
        plan.action_offer()
        plan.write({"signed_name": "Anna Deco"})
        plan.action_accept()
        self.assertEqual(self._refreshed().last_day, day("2026-06-01"))
        self.assertEqual(self._refreshed("other").last_day, day("2023-04-01"))

    def test_recorded_events_and_their_items(self):
        other = self._invoice(500.0, date="2020-03-01", due="2020-04-01")
        Event = self.env["credit.limitation.event"].with_user(self.collector)
        Event.create(
            {
                "account_id": self.account.id,
                "kind": "acknowledgement",
                "date": "2021-01-10",
                "move_line_ids": [Command.set(self._item(other).ids)],
            }
        )
        self.assertEqual(self._limitation(other).last_day, day("2026-01-10"))
        self.assertEqual(self._limitation(self.invoice).last_day, day("2025-04-01"))
        Event.create(
            {"account_id": self.account.id, "kind": "mediation_start", "date": "2021-05-01"}
        )
        row = self._limitation(self.invoice)
        self.assertFalse(row.last_day)
        self.assertIn("stands still", row.because)

    def test_an_event_has_happened_and_is_noted_by_a_collector(self):
        values = {"account_id": self.account.id, "kind": "suit", "date": "2021-06-02"}
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.env["credit.limitation.event"].create(values)
        with self.assertRaises(AccessError):
            self.env["credit.limitation.event"].with_user(self.salesperson).create(values)

    def test_alarms_at_180_90_and_30_days_once_each(self):
        last = date(2025, 4, 1)
        given = []
        for left in (181, 180, 179, 90, 89, 30, 29, 0, -1):
            with freeze_time(last - timedelta(left)):
                self.env["credit.limitation"]._cron_daily()
                given.append(self._limitation(self.invoice).alarm)
        self.assertEqual(given, [0, 180, 180, 90, 90, 30, 30, 30, 30])
        told = self.account.activity_ids.filtered(lambda a: "Claims lapse" in (a.summary or ""))
        self.assertTrue(told)

    def test_what_is_paid_has_no_clock(self):
        self._refreshed()
        self._pay(self.invoice, date="2021-06-01")
        self.assertFalse(self._refreshed())

    def test_a_night_without_news_reads_the_same_few_queries_and_writes_nothing(self):
        self._night()
        one = self._night()
        for _number in range(12):
            self._invoice(100.0, date="2020-03-01", due="2020-04-01")
        self._night()
        before = self._places()
        self.assertGreaterEqual(len(before), 13)
        self.assertEqual(self._night(), one)
        self.assertEqual(self._places(), before, "no row was written again")

    def _night(self):
        """The statements of a night, what is stored afterwards included."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["credit.limitation"].sudo()._refresh_company(self.company)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _places(self):
        """Where the rows lie: an update would move them."""
        self.env.cr.execute("SELECT id, ctid::text FROM credit_limitation ORDER BY id")
        return self.env.cr.fetchall()

    def test_what_no_law_names_is_not_read(self):
        names = "odoo.addons.credit_collection.models.recovery.credit_limitation.CreditLimitation."
        with patch(names + "_read_part_payments") as payments:
            self._refreshed("other")
        payments.assert_not_called()
        self.assertEqual(self._limitation(self.invoice).last_day, day("2023-04-01"))

    def test_laws_are_edited_data(self):
        law = self.env.ref("credit_collection.credit_limitation_law_fr")
        with self.assertRaises(ValidationError), self.cr.savepoint():
            law.years = 0
        with self.assertRaises(AccessError):
            law.with_user(self.officer).years = 4
        law.with_user(self.manager).years = 4
        self.assertEqual(self._refreshed().last_day, day("2024-04-01"))
