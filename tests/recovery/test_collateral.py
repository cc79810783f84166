from io import BytesIO

import openpyxl
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time
from odoo.tools import SQL

from .common import TODAY, RecoveryCase, day


@freeze_time(TODAY)
class TestCollateral(RecoveryCase):
    def test_a_guarantee_raises_the_limit_by_half_of_its_value(self):
        self._limit(100_000.0)
        self.officer.credit_authority = 125_000.0
        self._collateral(raises_limit=True, raises_percent=50.0, covers_exposure=False)
        position = self._position()
        self.assertEqual(position.credit_limit, 125_000.0)
        self.assertEqual(position.covered, 0.0)
        self.assertEqual(self.customer.with_company(self.company).credit_limit, 125_000.0)

    def test_the_two_switches_are_independent(self):
        self._limit(100_000.0)
        self._late(80_000.0)
        self._collateral(covers_percent=80.0)
        position = self._position()
        self.assertEqual(position.credit_limit, 100_000.0)
        self.assertEqual((position.covered, position.uncovered), (40_000.0, 40_000.0))

    def test_cover_is_used_in_order_and_never_exceeds_what_is_owed(self):
        self._late(60_000.0)
        first = self._collateral(sequence=1)
        second = self._collateral(sequence=2)
        self.assertEqual((first.used, second.used), (50_000.0, 10_000.0))
        self.assertEqual(self._position().covered, 60_000.0)
        self.assertEqual(self._position().uncovered, 0.0)

    def test_a_small_security_does_not_secure_a_large_item(self):
        invoice = self._late(1_000.0)
        [line] = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        first = self._collateral(100.0)
        self.assertFalse(self._secures(line))
        self._collateral(899.99)
        self.assertFalse(self._secures(line))
        first.copy({"value": 0.01}).action_accept()
        self.assertTrue(self._secures(line))

    def _secures(self, line):
        self.env.flush_all()
        query = self.env["credit.collateral"]._secures_sql(
            SQL("%s", self.account.id), SQL("%s", line.id)
        )
        [(secured,)] = self.env.execute_query(SQL("SELECT %s", query))
        return secured

    def test_an_insurer_leaves_the_own_share(self):
        self._late(10_000.0)
        self._collateral(kind="insurance", own_share_percent=10.0)
        self.assertEqual(self._position().covered, 9_000.0)

    def test_up_to_the_discretionary_limit_nobody_asks_the_insurer(self):
        self._invoice(9_000.0)
        insurance = self._collateral(
            2_000.0, kind="insurance", discretionary_limit=5_000.0, own_share_percent=10
        )
        position = self._position()
        self.assertEqual((position.covered, position.uncovered), (5_000.0, 4_000.0))
        self.assertEqual(insurance.used, 5_000.0)
        self._limit(5_000.0)
        self._run_cron("credit_collateral_cron")
        self.assertFalse(insurance.activity_ids)
        self._limit(5_000.01)
        self._run_cron("credit_collateral_cron")
        self._run_cron("credit_collateral_cron")
        self.assertIn("ask the insurer", insurance.activity_ids.summary)
        # The own share is ours: of 5,000 at most 90 % are covered for a proposal.
        self.assertEqual(
            self.env["credit.collateral"]._cover_values(self.account), {self.account.id: 4_500.0}
        )

    def test_one_for_certain_documents_covers_no_more_than_they_are_worth(self):
        small, _large = self._late(3_000.0), self._late(7_000.0)
        self._collateral(move_line_ids=self._item(small).ids)
        self.assertEqual(self._position().covered, 3_000.0)
        self.assertEqual(self._position().uncovered, 7_000.0)

    def test_a_rule_holds_what_would_be_without_cover(self):
        self.policy.rule_ids.unlink()
        self.policy.rule_ids.create(
            {"policy_id": self.policy.id, "name": "Cover", "kind": "uncovered", "amount": 500.0}
        )
        self._late(1_000.0)
        self._collateral(800.0)
        passing, held = self._order(300.0), self._order(0.01)
        passing.action_confirm()
        self.assertEqual(passing.state, "sale")
        held.action_confirm()
        self.assertEqual(held.credit_state, "held")

    def test_list_and_one_file_agree(self):
        self._late(80_000.0)
        self._collateral(covers_percent=80.0, own_share_percent=30.0)
        rows = self.env["credit.position"].search([("covered", ">", 0)])
        row = rows.filtered(lambda each: each.account_id == self.account)
        self.assertEqual(row.covered, 40_000.0)
        self.assertEqual(self._position().covered, 40_000.0)
        self.assertEqual(self.account.covered, 40_000.0)

    def test_what_is_offered_expired_or_of_another_day_counts_nothing(self):
        self._late(80_000.0)
        self._collateral(accept=False)
        self._collateral(date_from="2026-04-01")
        ended = self._collateral(date_from="2025-01-01", date_to="2026-03-09")
        self.assertEqual(self._position().covered, 0.0)
        self.env["credit.collateral"]._cron_daily()
        self.assertEqual((ended.state, ended.ended_on), ("expired", day(TODAY)))

    def test_a_call_is_followed_to_the_money(self):
        self._late(80_000.0)
        collateral = self._collateral(raises_limit=True)
        collateral.action_call()
        self.assertEqual(collateral.called_amount, 50_000.0)
        self.assertEqual(collateral.activity_ids.user_id, self.officer)
        self.assertEqual(self._position().covered, 50_000.0)
        collateral.amount_to_call = 20_000.0
        collateral.action_received()
        self.assertEqual(self._position().covered, 30_000.0)
        collateral.amount_to_call = 30_000.01
        with self.assertRaisesRegex(UserError, "More has come"):
            collateral.action_received()

    def test_more_than_its_value_is_not_called(self):
        collateral = self._collateral()
        collateral.amount_to_call = 50_000.01
        with self.assertRaisesRegex(UserError, "More cannot be called"):
            collateral.action_call()

    def test_steps_have_their_order_and_their_people(self):
        collateral = self._collateral(accept=False)
        with self.assertRaisesRegex(UserError, "not possible now"):
            collateral.action_call()
        with self.assertRaises(AccessError):
            collateral.with_user(self.collector).action_accept()
        with self.assertRaisesRegex(AccessError, "Use the buttons"):
            collateral.write({"state": "in_force"})
        with self.assertRaises(AccessError):
            collateral.with_user(self.salesperson).read(["value"])

    def test_a_limit_is_raised_within_the_authority_alone(self):
        self._limit(1_000.0)
        self.officer.credit_authority = 5_000.0
        offered = self._collateral(4_000.01, accept=False, raises_limit=True)
        with self.assertRaisesRegex(AccessError, "above your authority"), self.cr.savepoint():
            offered.action_accept()
        later = self._collateral(4_000.01, accept=False, raises_limit=True, date_from="2026-05-01")
        with self.assertRaisesRegex(AccessError, "above your authority"), self.cr.savepoint():
            later.action_accept()
        self._collateral(90_000.0)
        half = {"raises_limit": True, "raises_percent": 50.0}
        taken = self._collateral(8_000.0, date_to="2026-06-30", **half)
        for more in ({"raises_percent": 50.01}, {"raises_percent": 60.0, "date_to": False}):
            with self.assertRaisesRegex(AccessError, "above your authority"), self.cr.savepoint():
                taken.write(more)
        taken.write({"raises_percent": 37.5, "date_to": "2026-07-31"})
        self.assertEqual(self._position().credit_limit, 4_000.0)
        offered.with_user(self.manager).action_accept()
        self.assertEqual(self._position().credit_limit, 8_000.01)
        with self.assertRaisesRegex(AccessError, "above your authority"), self.cr.savepoint():
            taken.write({"date_to": "2026-08-31"})
        taken.write({"date_to": "2026-06-30"})

    def test_what_was_agreed_does_not_change(self):
        taken = self._collateral(1_000.0, number="G-1")
        other = self.env["res.currency"].create({"name": "XTS", "symbol": "T"})
        agreed = (
            {"kind": "deposit"},
            {"value": 900.0},
            {"value": 1_100.0},
            {"currency_id": other.id},
            {"date_from": "2020-01-01"},
        )
        for values in agreed:
            for user in (self.officer, self.manager):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    taken.with_user(user).write(values)
        taken.write({"number": "G-2", "covers_percent": 50.0})
        taken.action_give_back()
        for values in (*agreed, {"number": "G-3"}, {"covers_percent": 100.0}, {"date_to": False}):
            with self.assertRaises(AccessError), self.cr.savepoint():
                taken.write(values)
        taken.write({"conditions": "Came back on paper"})

    def test_impossible_numbers(self):
        strange = self._late(partner=self._customer("Other"))
        for values in (
            {"covers_percent": 101.0},
            {"raises_percent": -1.0},
            {"value": 1e16},
            {"extension_days": -1},
            {"move_line_ids": self._item(strange).ids},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self._collateral(accept=False, **values)

    def test_the_officer_hears_before_it_ends_once(self):
        collateral = self._collateral(date_to="2026-03-17")
        self.env["credit.collateral"]._cron_daily()
        self.env["credit.collateral"]._cron_daily()
        self.assertEqual(collateral.activity_ids.mapped("date_deadline"), [day("2026-03-17")])

    def test_a_past_day_knows_what_was_in_force_then(self):
        self._late(80_000.0)
        collateral = self._collateral(date_from="2026-01-01")
        collateral.sudo().in_force_on = day("2026-02-01")
        before = self.account.with_context(as_of="2026-01-31")
        after = self.account.with_context(as_of="2026-02-01")
        self.assertEqual((before.covered, after.covered), (0.0, 50_000.0))


@freeze_time("2022-04-25")
class TestInsurersCalendar(RecoveryCase):
    """Invoice of 1 January 2022, due 31 January; extension 60, notice 150, hand-over 30 days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._invoice(5_000.0, date="2022-01-01", due="2022-01-31")
        cls.insurance = cls._collateral(
            kind="insurance",
            date_from="2021-01-01",
            extension_days=60,
            notice_days=150,
            handover_days=30,
        )
        cls.env["credit.collateral"]._cron_daily()

    def _days(self):
        return {row.kind: (row.date, row.state) for row in self.insurance.deadline_ids}

    def test_days_are_counted_and_told_before_cover_is_lost(self):
        # The extension ended on 1 April; the case goes over by 1 May; the notice is not near yet.
        self.assertEqual(
            self._days(),
            {"extended": (day("2022-04-01"), "missed"), "handover": (day("2022-05-01"), "open")},
        )
        self.assertIn(day("2022-05-01"), self.insurance.activity_ids.mapped("date_deadline"))
        with freeze_time("2022-05-24"):
            self.env["credit.collateral"]._cron_daily()
        self.assertEqual(self._days()["notice"], (day("2022-05-31"), "open"))
        self.assertEqual(self._days()["handover"], (day("2022-05-01"), "missed"))

    def test_the_first_lost_day_is_the_end_of_the_extension(self):
        Deadline = self.env["credit.cover.deadline"].sudo()
        lost = {self.account.id: day("2022-04-01")}
        self.assertEqual(Deadline._lost_on(self.account), lost)
        with freeze_time("2022-04-01"):
            self.assertEqual(Deadline._lost_on(self.account), {})

    def test_new_deliveries_are_held_once_cover_is_lost(self):
        self.policy.rule_ids.unlink()
        self.policy.rule_ids.create(
            {"policy_id": self.policy.id, "name": "Cover lost", "kind": "cover_lost"}
        )
        order = self._order(10.0)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
        self._pay(self.invoice, date="2022-04-25")
        order = self._order(10.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_what_is_paid_is_settled(self):
        self._pay(self.invoice, date="2022-04-25")
        self.env["credit.collateral"]._cron_daily()
        self.assertEqual({state for _day, state in self._days().values()}, {"settled"})
        self.assertEqual(self.env["credit.cover.deadline"].sudo()._lost_on(self.account), {})

    def test_done_says_who_and_when(self):
        handover = self.insurance.deadline_ids.filtered(lambda row: row.kind == "handover")
        handover.with_user(self.collector).action_done()
        self.assertEqual(
            (handover.state, handover.done_by_id, handover.done_on),
            ("done", self.collector, day("2022-04-25")),
        )

    def test_the_declaration_lists_the_months_turnover(self):
        self._invoice(100.0, date="2022-03-10", due="2022-06-30")
        self._invoice(30.0, date="2022-03-11", due="2022-03-31", move_type="out_refund")
        self.insurance.write({"number": "P-1", "max_terms_days": 90})
        content, name = self.insurance._declaration_xlsx()
        self.assertEqual(name, "declaration-2022-03.xlsx")
        book = openpyxl.load_workbook(BytesIO(content), data_only=True)
        about = dict(book["About This Workbook"].iter_rows(min_row=3, values_only=True))
        self.assertEqual(about["Period"], "03/01/2022 to 03/31/2022")
        self.assertIn("less credit notes", about["Turnover"])
        sheet = book["Turnover"]
        values = [cell.value for cell in sheet[5]]
        self.assertEqual(values[0], "Deco Ltd")
        self.assertEqual(values[3:], [2, 70.0, 50_000.0, 1])
