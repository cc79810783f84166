"""Interest as a figure, on any day: laws, part payments, disputes."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import InterestCase


@freeze_time("2026-03-10 12:00:00")
@tagged("post_install", "-at_install")
class TestInterestToDate(InterestCase):
    def test_part_payments_split_the_time_and_the_tail_is_charged(self):
        invoice = self._late(1000.0, due="2026-02-08")
        self._pay(invoice, 400.0, "2026-02-18")
        self.assertEqual(
            self._to_date("2026-03-10"),
            [
                ("2026-02-09", "2026-02-18", 1000.0, 36.5, 10, 10.0),
                ("2026-02-19", "2026-03-10", 600.0, 36.5, 20, 12.0),
            ],
        )
        self._pay(invoice, 600.0, "2026-03-05")
        self.assertEqual(self._total("2026-03-10"), 10.0 + 15 * 0.6)

    def test_any_day_asks_for_its_own_figure(self):
        self._late(1000.0, due="2026-02-08")
        self.assertEqual([self._total(f"2026-02-{day:02}") for day in (8, 9, 10)], [0, 1, 2])

    def test_paid_on_the_due_day_costs_nothing(self):
        invoice = self._late(1000.0, due="2026-02-08")
        self._pay(invoice, 1000.0, "2026-02-08")
        self.assertEqual(self._to_date("2026-03-10"), [])

    def test_the_day_of_payment_counts_unless_the_rule_says_no(self):
        invoice = self._late(1000.0, due="2026-02-08")
        self._pay(invoice, 1000.0, "2026-02-12")
        self.assertEqual(self._total("2026-03-10"), 4.0)
        self.rule.counts_payment_day = False
        self.assertEqual(self._total("2026-03-10"), 3.0)

    def test_uk_law_fixes_the_rate_when_interest_starts(self):
        """C9: 10,000 due 31 May 2023, paid 31 August: 289.86 and the compensation of 100."""
        self.company.credit_interest_lookback_days = 3650
        self.company.credit_interest_rule_id = self._rule(
            kind="margin",
            margin=8.0,
            series_id=self._series(("2022-12-15", 3.5), ("2023-06-22", 5.0)).id,
            fixing="at_default",
            reference="eve",
            step_ids=[
                Command.create({"amount_from": start, "amount": amount})
                for start, amount in ((0, 40), (1000, 70), (10000, 100))
            ],
        )
        invoice = self._invoice(10000.0, date="2023-05-01", due="2023-05-31")
        self._pay(invoice, 10000.0, "2023-08-31")
        self.assertEqual(
            self._to_date("2023-12-31"),
            [("2023-06-01", "2023-08-31", 10000.0, 11.5, 92, 289.86)],
        )
        self.assertEqual(self._total("2023-12-31"), 389.86)

    def test_eu_law_reads_the_rate_on_the_first_day_of_each_half_year(self):
        self.company.credit_interest_lookback_days = 3650
        self.company.credit_interest_rule_id = self._rule(
            kind="margin",
            margin=8.0,
            series_id=self._series(
                ("2023-01-01", 3.5), ("2023-05-10", 9.0), ("2023-07-01", 5.0)
            ).id,
            fixing="by_half_year",
            reference="half_year",
        )
        invoice = self._invoice(10000.0, date="2023-05-01", due="2023-05-31")
        self._pay(invoice, 10000.0, "2023-08-31")
        self.assertEqual(self._total("2023-12-31"), 315.34)

    def test_key_rates_of_russia_by_periods(self):
        """C10 with the shipped series."""
        self.company.credit_interest_lookback_days = 3650
        self.company.credit_interest_rule_id = self.env.ref(
            "credit_collection.credit_interest_rule_ru"
        )
        invoice = self._invoice(100000.0, date="2017-02-01", due="2017-02-28")
        self._pay(invoice, 100000.0, "2017-05-31")
        self.assertEqual(
            [row[3:] for row in self._to_date("2017-12-31")],
            [(10.0, 26, 712.33), (9.75, 36, 961.64), (9.25, 30, 760.27)],
        )

    def test_a_penalty_by_the_day(self):
        """C12: 0.1 % a day on 500,000 for 30 days."""
        self.company.credit_interest_rule_id = self.env.ref(
            "credit_collection.credit_interest_rule_ru_contract"
        )
        self._late(500000.0, due="2026-02-08")
        self.assertEqual(self._total("2026-03-10"), 15000.0)

    def test_every_shipped_law_works(self):
        rules = self.env["credit.interest.rule"].search([("source", "!=", False)])
        self.assertEqual(len(rules), 9)
        self._late(1000.0, due="2026-02-08")
        for rule in rules:
            self.company.credit_interest_rule_id = rule
            self.assertGreater(self._total("2026-03-10"), 0, rule.name)
            self.assertTrue(rule.check_note, rule.name)

    def test_the_file_comes_before_the_policy_and_the_company(self):
        self._late(1000.0, due="2026-02-08")
        self.policy.interest_rule_id = self._rule(73.0)
        self.assertEqual(self._total("2026-03-10"), 60.0)
        self._account().interest_rule_id = self._rule(3.65)
        self.assertEqual(self._total("2026-03-10"), 3.0)

    def test_without_a_rule_nothing_is_charged(self):
        self._late(1000.0, due="2026-02-08")
        self.company.credit_interest_rule_id = False
        self.assertEqual(self._total("2026-03-10"), 0)

    def test_grace_and_notice_put_the_first_day_off(self):
        self._late(1000.0, due="2026-02-08")
        self.rule.write({"starts": "after_grace", "grace_days": 10})
        self.assertEqual(self._total("2026-03-10"), 20.0)
        self.rule.starts = "after_notice"
        self.assertEqual(self._total("2026-03-10"), 0)

    def test_after_notice_it_starts_on_the_day_after_the_first_letter(self):
        invoice = self._late(1000.0, due="2026-02-08")
        self.rule.starts = "after_notice"
        item = self._item(invoice)
        level = self.policy.followup_level_ids.sorted("delay")[-1:]
        for day, state in (
            ("2026-02-20", "failed"),
            ("2026-02-25", "sent"),
            ("2026-03-05", "sent"),
        ):
            self.env["credit.followup"].sudo().create(
                {
                    "account_id": self._account().id,
                    "date": day,
                    "state": state,
                    "line_ids": [
                        Command.create(
                            {
                                "move_line_id": item.id,
                                "move_id": invoice.id,
                                "level_id": level.id if day == "2026-02-25" else False,
                                "amount": 1000.0,
                            }
                        )
                    ],
                }
            )
        [line] = self._to_date("2026-03-10")
        self.assertEqual((line[0], line[4], line[5]), ("2026-02-26", 13, 13.0))

    def test_a_cap_holds_over_all_claims(self):
        self._late(1000.0, due="2026-02-08")
        self.rule.cap_percent = 1.5
        self.assertEqual(self._total("2026-02-18"), 10.0)
        with freeze_time("2026-02-18 12:00:00"):
            self._claim().action_claim()
        self.assertEqual(self._total("2026-03-10"), 5.0)

    def test_on_the_amount_before_tax(self):
        self.rule.base_with_tax = False
        invoice = self._late(
            1000.0,
            invoice_line_ids=[
                Command.create({"name": "Pump", "price_unit": 1000.0, "tax_ids": self.tax.ids})
            ],
        )
        self.assertEqual(invoice.amount_total, 1150.0)
        self.assertEqual(self._total("2026-03-10"), 30.0)

    def test_what_is_disputed_waits_and_is_charged_when_rejected(self):
        invoice = self._late(1000.0, due="2026-02-08")
        with freeze_time("2026-02-18 12:00:00"):
            dispute = self._dispute(invoice, 300.0)
        self.assertEqual(self._total("2026-03-10"), 30 * 0.7)
        with freeze_time("2026-02-28 12:00:00"):
            dispute.action_reject()
        self.assertEqual(self._total("2026-03-10"), 30.0)

    def test_what_was_accepted_is_dropped(self):
        invoice = self._late(1000.0, due="2026-02-08")
        dispute = self._dispute(invoice, 300.0)
        dispute.action_accept()
        self.assertEqual(self._total("2026-03-10"), 21.0)
        self._credit(invoice, 300.0)
        self.assertEqual(self._total("2026-03-10"), 21.0)

    def test_a_rejected_dispute_does_not_charge_days_twice(self):
        invoice = self._late(1000.0, due="2026-02-08")
        with freeze_time("2026-02-18 12:00:00"):
            self._claim().action_claim()  # ten days on all of it
        with freeze_time("2026-02-20 12:00:00"):
            dispute = self._dispute(invoice, 300.0)
        with freeze_time("2026-02-28 12:00:00"):
            claim = self._claim()
            self.assertEqual(claim.total, 7.0)  # ten days on what is not disputed
            claim.action_claim()
            dispute.action_reject()
        self.assertEqual(self._total("2026-03-10"), 3.0 + 10.0)

    def test_figure_on_the_file(self):
        self._late(1000.0, due="2026-02-08")
        account = self._account().with_user(self.collector)
        self.assertEqual(account.interest_to_date, 30.0)
        claim = self._claim()
        self.assertEqual(claim.total, 30.0)
        account.invalidate_recordset()
        self.assertEqual(account.interest_to_date, 30.0)  # claimed, not billed
        claim.action_claim()
        claim.with_user(self.manager)._waive(10.0, "Good will")
        account.invalidate_recordset()
        self.assertEqual(account.interest_to_date, 20.0)

    def test_in_another_currency(self):
        euro = self.env.ref("base.EUR") if self.currency.name != "EUR" else self.env.ref("base.USD")
        euro.active = True
        self._late(1000.0, currency_id=euro.id)
        claim = self._claim()
        self.assertEqual((claim.currency_id, claim.total), (euro, 30.0))

    def test_stale_rates_are_told_once(self):
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "credit_collection.credit_room_interest"
        )
        series = self._series(("2020-01-01", 4.0))
        self._rule(kind="margin", series_id=series.id)
        series.responsible_id = self.manager
        self.env["credit.rate.series"]._cron_remind()
        self.env["credit.rate.series"]._cron_remind()
        activity = series.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        series.with_user(self.manager).action_checked()
        self.assertFalse(series.is_stale)
        self.assertEqual(series.checked_on, fields.Date.today())

    def test_values_are_imported_from_text(self):
        series = self._series(("2026-01-01", 4.0))
        wizard = (
            self.env["credit.rate.import"]
            .with_user(self.manager)
            .create({"series_id": series.id, "text": "2026-01-01;4,25\n15.02.2026\t4.5 %\n"})
        )
        wizard.action_import()
        self.assertEqual(
            [(str(v.date), v.rate) for v in series.value_ids.sorted("date")],
            [("2026-01-01", 4.25), ("2026-02-15", 4.5)],
        )

    def test_charged_days_follow_each_other_whatever_was_paid(self):
        """Claims on any days cover each day once, and come to what one claim would."""
        invoice = self._late(1000.0, due="2026-01-31")
        day = fields.Date.to_date("2026-02-01")
        for days, paid in ((3, 0), (5, 250.0), (1, 0), (9, 100.0), (10, 650.0), (7, 0)):
            day += timedelta(days)
            if paid:
                self._pay(invoice, paid, day)
            with freeze_time(f"{day} 12:00:00"):
                self._claim().action_claim()
        lines = self.env["credit.interest.line"].search([("move_id", "=", invoice.id)])
        lines = lines.sorted("date_from")
        self.assertEqual(str(lines[0].date_from), "2026-02-01")
        for line, after in zip(lines, lines[1:], strict=False):
            self.assertEqual(line.date_to + timedelta(1), after.date_from)
        # 9 days on 1,000, 10 on 750, 10 on 650
        self.assertAlmostEqual(sum(lines.mapped("amount")), 9.0 + 7.5 + 6.5)

    def test_statement_and_letters_name_the_figure(self):
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "credit_collection.credit_room_interest"
        )
        self._late(1000.0, due="2026-02-08")
        account = self._account()
        self.assertEqual(account.sudo()._interest_shown(), {self.currency: 30.0})
        html = (
            self.env["ir.actions.report"]
            .with_user(self.collector)
            ._render_qweb_html("credit_collection.credit_statements", account.ids)[0]
        )
        self.assertIn("Interest up to today", html.decode())
        letters = self.env["credit.followup"]._plan(self.company)
        letter = letters.filtered(lambda message: message.account_id == account)
        self.assertIn("30.00", letter._interest_text())
