from io import BytesIO

import openpyxl
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time

from .common import TODAY, LossCase, day

MILLION = 1_000_000.0
# Days overdue and what is open, as in the worked example of IFRS 9.
IFRS = ((-10, 15.0), (15, 7.5), (45, 4.0), (75, 2.5), (120, 1.0))


@freeze_time(TODAY)
class TestAllowance(LossCase):
    def _allowance(self, user=None, **values):
        return (
            self.env["credit.allowance"]
            .with_user(user or self.bookkeeper)
            .create({"date": TODAY, "company_id": self.company.id, **values})
        )

    def _overdue(self, days, amount, partner=None):
        due = day(TODAY).toordinal() - days
        due = day(TODAY).fromordinal(due)
        return self._invoice(amount, partner=partner, date="2025-06-01", due=due)

    def test_the_matrix_of_the_worked_example(self):
        for days, millions in IFRS:
            self._overdue(days, millions * MILLION)
        allowance = self._allowance()
        allowance.action_compute()
        self.assertEqual(allowance.target, 580_000.0)
        self.assertEqual(
            sorted(allowance.line_ids.mapped("final")),
            [45_000.0, 106_000.0, 120_000.0, 144_000.0, 165_000.0],
        )

    def test_top_up_to_the_target_from_a_credit_balance(self):
        self._overdue(-1, 100_000.0)
        self._entry(1_530.0)
        allowance = self._allowance(rate_ids=self._rate(0.0497))
        allowance.action_compute()
        self.assertEqual(
            (allowance.target, allowance.balance, allowance.to_book), (4_970.0, 1_530.0, 3_440.0)
        )
        allowance.action_book()
        self.assertEqual(allowance.move_id.state, "draft")
        allowance.move_id.action_post()
        self.assertEqual(self._balance(self.allowance_account), -4_970.0)

    def test_top_up_to_the_target_from_a_debit_balance(self):
        self._overdue(-1, 100_000.0)
        self._entry(-360.0)
        allowance = self._allowance(rate_ids=self._rate(0.0497))
        allowance.action_compute()
        self.assertEqual(allowance.to_book, 5_330.0)

    def test_what_is_too_much_is_released(self):
        self._overdue(-1, 100_000.0)
        self._entry(6_000.0)
        allowance = self._allowance(rate_ids=self._rate(0.0497))
        allowance.action_compute()
        self.assertEqual(allowance.to_book, -1_030.0)
        allowance.action_book()
        allowance.move_id.action_post()
        self.assertEqual(self._balance(self.allowance_account), -4_970.0)
        self.assertEqual(self._balance(self.income_account), -1_030.0)

    def test_with_reversal_the_whole_is_booked_and_taken_back(self):
        self._overdue(-1, 100_000.0)
        allowance = self._allowance(rate_ids=self._rate(0.0497), booking="reversal")
        allowance.action_compute()
        allowance.action_book()
        reversal = allowance.move_id.reversal_move_ids
        self.assertEqual((allowance.to_book, reversal.date), (4_970.0, day("2026-03-11")))
        (allowance.move_id | reversal).action_post()
        self.assertEqual(self._balance(self.allowance_account), 0.0)

    def _rate(self, rate, after=-1):
        return [Command.create({"after_days": after, "rate": rate})]

    def test_ages_are_told_in_words(self):
        rates = self._allowance(rate_ids=self._rate(0.003) + self._rate(0.036, after=30)).rate_ids
        self.assertEqual(
            {rate.after_days: rate.age for rate in rates}, {-1: "Not due", 30: "Over 30 days"}
        )

    def test_tax_bands_with_their_cap(self):
        self._overdue(60, 120_000.0)
        self._overdue(100, 80_000.0)
        allowance = self._allowance(
            method="tax",
            cap_percent=10.0,
            revenue=1_000_000.0,
            revenue_before=900_000.0,
            rate_ids=[Command.clear()],
        )
        allowance.action_compute()
        self.assertEqual((allowance.uncapped, allowance.target), (140_000.0, 100_000.0))
        self.assertEqual(sum(allowance.line_ids.mapped("final")), 100_000.0)

    def test_own_roll_rates_are_chained(self):
        # At the end of November 200 were not due; of them 100 were 1-30 days late a month later,
        # of these 50 became 31-60 days late, and nothing was paid since.
        first, second = (
            self._invoice(100.0, date="2025-11-10", due="2025-12-02") for _number in range(2)
        )
        self._pay(first, date="2025-12-15")
        self._pay(second, 50.0, date="2026-01-15")
        rates = dict(self._allowance(method="roll")._rates())
        self.assertEqual(rates, {-1: 0.25, 0: 0.5, 30: 1.0, 60: 1.0, 90: 1.0})

    def test_cover_and_credits_are_deducted_from_the_oldest(self):
        self._overdue(120, 1_000.0)
        self._overdue(5, 1_000.0)
        self._collateral(600.0)
        refund = self._invoice(300.0, date="2026-03-01", move_type="out_refund")
        self.assertEqual(refund.payment_state, "not_paid")
        allowance = self._allowance(rate_ids=self._rate(0.5))
        allowance.action_compute()
        oldest, newest = allowance.line_ids.sorted("days_overdue", reverse=True)
        self.assertEqual((oldest.credited, oldest.covered, oldest.base), (300.0, 600.0, 100.0))
        self.assertEqual(newest.base, 1_000.0)
        self.assertEqual(allowance.target, 550.0)
        self.assertEqual(oldest.standing, "doubtful")

    def test_what_credits_and_cover_use_up_to_the_cent_leaves_nothing(self):
        """0.30 - 0.10 - 0.20 is no debt below zero."""
        self._overdue(120, 0.30)
        self._collateral(0.20)
        self._invoice(0.10, date="2026-03-01", move_type="out_refund")
        allowance = self._allowance(rate_ids=self._rate(0.5))
        allowance.action_compute()
        self.assertRecordValues(
            allowance.line_ids, [{"credited": 0.1, "covered": 0.2, "base": 0.0, "final": 0.0}]
        )

    def test_an_individual_assessment_needs_a_reason_and_survives(self):
        self._overdue(120, 1_000.0)
        allowance = self._allowance(rate_ids=self._rate(0.1))
        allowance.action_compute()
        line = allowance.line_ids
        with self.assertRaisesRegex(UserError, "Say why"), self.cr.savepoint():
            line.write({"individual": True, "individual_rate": 1.0})
        line.write({"individual": True, "individual_rate": 1.0, "assessment": "Insolvent"})
        self.assertEqual((line.final, allowance.target), (1_000.0, 1_000.0))
        allowance.action_compute()
        self.assertEqual((allowance.line_ids.final, allowance.line_ids.individual), (1_000.0, True))

    def test_it_stands_beside_the_last_one(self):
        invoice = self._overdue(-60, 1_000.0)
        with freeze_time("2026-02-28"):
            first = self._allowance(date="2026-02-28", rate_ids=self._rate(0.1))
            first.action_compute()
            first.action_book()
        second = self._allowance(rate_ids=self._rate(0.3))
        second.action_compute()
        line = second.line_ids.filtered(lambda row: row.move_id == invoice)
        self.assertEqual((line.previous, line.final, line.moved), (100.0, 300.0, 200.0))
        self.assertEqual((second.previous_id, second.previous_target), (first, 100.0))

    def test_items_are_those_of_the_day(self):
        invoice = self._overdue(10, 1_000.0)
        self._pay(invoice, date=TODAY)
        before = self._allowance(date="2026-03-09", rate_ids=self._rate(0.1))
        before.action_compute()
        self.assertEqual(before.target, 100.0)
        today = self._allowance(rate_ids=self._rate(0.1))
        today.action_compute()
        self.assertEqual(today.target, 0.0)

    def test_items_are_grouped_by_the_segments_of_their_files(self):
        self._invoice(100.0, date="2026-01-08", due="2026-02-08")
        self._invoice(50.0, partner=self._customer("Other"), date="2026-01-08", due="2026-02-08")
        self.account.sudo().behaviour_class = "late"
        paper = self.env["credit.allowance"].create(
            {"company_id": self.company.id, "date": "2026-02-28", "segment": "behaviour"}
        )
        paper.action_compute()
        late = dict(self.account._fields["behaviour_class"]._description_selection(self.env))[
            "late"
        ]
        names = {line.partner_id: line.segment_name for line in paper.line_ids}
        self.assertEqual(names[self.customer], late)
        self.assertEqual(len(set(names.values())), 2)
        paper.segment = "grade"
        paper.action_compute()
        self.assertEqual(set(paper.line_ids.mapped("segment_name")), {"None"})

    def test_a_locked_period_is_refused(self):
        self._overdue(10, 1_000.0)
        allowance = self._allowance(rate_ids=self._rate(0.1))
        allowance.action_compute()
        self.company.fiscalyear_lock_date = TODAY
        with self.assertRaisesRegex(UserError, "locked period"):
            allowance.action_book()

    def test_cancelled_the_draft_goes_a_posted_entry_has_to_go_first(self):
        self._overdue(10, 1_000.0)
        allowance = self._allowance(rate_ids=self._rate(0.1))
        allowance.action_compute()
        allowance.action_book()
        move = allowance.move_id
        move.action_post()
        with self.assertRaisesRegex(UserError, "posted"):
            allowance.action_cancel()
        move.button_draft()
        allowance.action_cancel()
        self.assertFalse(move.exists())
        self.assertEqual(allowance.state, "cancelled")

    def test_rights_and_numbers(self):
        self._overdue(10, 1_000.0)
        with self.assertRaises(AccessError):
            self._allowance(user=self.collector)
        allowance = self._allowance(rate_ids=self._rate(0.1))
        with self.assertRaises(AccessError):
            allowance.target = 5.0
        with self.assertRaises(AccessError):
            allowance.with_user(self.officer).action_compute()
        allowance.action_compute()
        with self.assertRaises(AccessError):
            allowance.line_ids.write({"final": 1.0})
        with self.assertRaises(ValidationError):
            allowance.rate_ids.rate = 1.5
        with self.assertRaisesRegex(ValidationError, "cannot come"):
            allowance.date = "2026-03-11"

    def test_the_working_paper_recomputes(self):
        self._overdue(120, 1_000.0)
        self._overdue(-5, 500.0)
        allowance = self._allowance(rate_ids=self._rate(0.25))
        allowance.action_compute()
        content = self.env["credit.allowance.xlsx"]._build(allowance)
        book = openpyxl.load_workbook(BytesIO(content))
        items = book["Items"]
        told = {
            row[0].value: row[1].value for row in book.worksheets[0].iter_rows() if row[1].value
        }
        self.assertEqual(told["Company"], self.company.name)
        self.assertEqual(told["Currency"], self.currency.name)
        self.assertEqual(told["Allowance to Book"], "Target − allowance in the books")
        # Sixteen columns can be read on one page.
        widths = [items.column_dimensions[letter].width for letter in "ABCDEFGHIJKLMNOP"]
        self.assertLessEqual(sum(widths), 230)
        self.assertEqual(items["L5"].value, "=ROUND(J5*K5,2)")
        # A rate that is changed on the sheet reaches the target: no cap stands between.
        self.assertEqual((items["M5"].value, items["O5"].value), ("=L5", "=M5-N5"))
        self.assertEqual(items["G7"].value, "=SUM(G5:G6)")
        values = openpyxl.load_workbook(BytesIO(content), data_only=True)
        self.assertEqual(values["Items"]["L7"].value, 375.0)
        self.assertEqual(values["Summary"]["D6"].value, 375.0)
        self.assertEqual(values["Summary"]["B10"].value, 375.0)

    def test_the_balance_sheet_view(self):
        self._overdue(10, 1_000.0)
        self._overdue(-400, 2_000.0)
        allowance = self._allowance(rate_ids=self._rate(0.1))
        allowance.action_compute()
        groups = self.env["credit.allowance.line"]._read_group(
            [("allowance_id", "=", allowance.id)], ["term"], ["amount:sum", "final:sum", "net:sum"]
        )
        self.assertEqual(
            sorted(groups), [("long", 2_000.0, 200.0, 1_800.0), ("short", 1_000.0, 100.0, 900.0)]
        )
