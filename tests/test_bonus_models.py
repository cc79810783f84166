from base64 import b64encode
from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

from freezegun import freeze_time
from odoo import Command
from odoo.addons.credit_collection.core import bonus
from odoo.exceptions import AccessError, UserError, ValidationError
from openpyxl import Workbook, load_workbook

from .test_sheet import SheetCase
from .xlsx_sums import totals


@freeze_time("2026-10-31")
class TestBonus(SheetCase):
    def _scheme(self, **values):
        return self.env["credit.bonus.scheme"].create(
            {
                "name": "Own",
                "company_id": self.company.id,
                "sequence": 1,
                "base_method": "amount",
                "base_amount": 20_000,
                **values,
            }
        )

    def _criterion(self, figure, direction, norm, weight, *steps, **values):
        return Command.create(
            {
                "figure": figure,
                "direction": direction,
                "norm": norm,
                "weight": weight,
                "step_ids": [Command.create({"threshold": t, "payout": p}) for t, p in steps],
                **values,
            }
        )

    def test_figures_are_those_of_the_core(self):
        titles = self.env["credit.bonus.criterion"]._figure_titles()
        self.assertEqual(tuple(figure for figure, _title in titles), bonus.FIGURES)

    def test_shipped_schemes_are_those_of_the_core(self):
        for name, criteria in (
            ("salesperson", bonus.SALESPERSON),
            ("leader", bonus.TEAM_LEADER),
        ):
            scheme = self.env.ref(f"credit_collection.credit_bonus_scheme_{name}")
            self.assertEqual(scheme._criteria(), criteria)

    def test_weights_and_steps(self):
        self._scheme(
            criterion_ids=[
                self._criterion("cash_plan_rate", "at_least", 1, 0.6, (0.8, 0.5), (0.9, 0.75)),
                self._criterion("weighted_days_overdue", "at_most", 2.5, 0.4, (1, 1)),
            ]
        )
        self.sheet.action_compute()
        line = self._line(self.ivanov)
        # 20,000 x 0.6 x 0.5 for 81.4 %, and 20,000 x 0.4 x 1 for 2.0 days of 2.5.
        self.assertEqual(line.bonus, 6000 + 8000)
        self.assertEqual([part["amount"] for part in line.statement], ["6000.00", "8000.00"])

    def test_share_of_cash_and_season(self):
        self._scheme(
            base_method="cash",
            base_share=0.002,
            coefficient_10=2,
            criterion_ids=[
                self._criterion(
                    "overdue_to_turnover", "at_most", 0.15, 1, (1, 1), seasonal=True
                )
            ],
        )
        self.sheet.action_compute()
        line = self._line(self.ivanov)
        self.assertEqual(line.statement[0]["norm"], "0.3000")
        self.assertEqual((line.bonus_base, line.bonus), (7000, 7000))

    def test_named_people_come_before_everybody(self):
        criteria = [self._criterion("overdue_share", "at_most", 0.5, 1, (1, 1))]
        everybody = self._scheme(criterion_ids=criteria)
        named = self._scheme(
            name="Named", sequence=99, user_ids=[Command.set(self.ivanov.ids)],
            criterion_ids=criteria,
        )  # fmt: skip
        self.sheet.action_compute()
        self.assertEqual(self._line(self.ivanov).scheme_id, named)
        self.assertEqual(self._line(self.semenov).scheme_id, everybody)

    def test_schemes_that_cannot_work_are_refused(self):
        half = self._criterion("overdue_share", "at_most", 0.2, 0.5, (1, 1))
        wrong = (
            {"criterion_ids": [half]},
            {"criterion_ids": [half, half]},
            {"criterion_ids": [self._criterion("dso", "at_most", 0, 1, (1, 1))]},
            {"criterion_ids": [self._criterion("dso", "at_most", 30, 1, (1, 1), (1, 0.5))]},
            {"criterion_ids": [self._criterion("dso", "at_most", 30, 1, (1, 0.5), (2, 1))]},
            {"base_amount": -1},
            {"base_share": 1.5},
            {"coefficient_2": 0},
        )
        for values in wrong:
            with self.subTest(values), self.assertRaises(ValidationError):
                with self.env.cr.savepoint():
                    self._scheme(**values)

    def test_two_criteria_can_change_their_weights_at_once(self):
        scheme = self._scheme(
            criterion_ids=[self._criterion("overdue_share", "at_most", 0.2, 1, (1, 1))]
        )
        scheme.write(
            {
                "criterion_ids": [
                    Command.update(scheme.criterion_ids.id, {"weight": 0.5}),
                    self._criterion("dso", "at_most", 30, 0.5, (1, 1)),
                ]
            }
        )
        self.assertEqual(scheme.criterion_ids.mapped("weight"), [0.5, 0.5])

    def test_what_if_the_norm_were_another_one(self):
        self._invoice(1_350_000, "2026-10-30", "2026-11-30")
        self.sheet.action_compute()
        simulation = (
            self.env["credit.bonus.simulation"]
            .with_user(self.manager)
            .create({"sheet_id": self.sheet.id, "norm": 0.12})
        )
        found = {line.user_id: (line.bonus_now, line.bonus_then) for line in simulation.line_ids}
        self.assertEqual(found[self.ivanov], (1000, 0))
        self.assertEqual(found[self.team.user_id], (500, 500))
        simulation.norm = 0.5
        found = {line.user_id: line.bonus_then for line in simulation.line_ids}
        self.assertEqual((found[self.ivanov], found[self.semenov]), (1000, 1000))
        self.assertEqual(self._line(self.ivanov).bonus, 1000)
        with self.assertRaises(AccessError):
            self.env["credit.bonus.simulation"].with_user(self.ivanov).create(
                {"sheet_id": self.sheet.id}
            )

    def test_statement_can_be_followed_with_a_calculator(self):
        self.sheet.action_compute()
        report = self.env["ir.actions.report"]
        html = report._render_qweb_html(
            "credit_collection.credit_bonus_statement_report",
            self._line(self.team.user_id, "leader").ids,
        )[0].decode()
        for text in ("81.4", "4,300,000", "3,500,000", "1,000.00", "50", "500.00"):
            self.assertIn(text, html)

    def test_salesperson_prints_only_their_own(self):
        self.sheet.action_compute()
        report = self.env["ir.actions.report"].with_user(self.ivanov)
        name = "credit_collection.credit_bonus_statement_report"
        report._render_qweb_html(name, self._line(self.ivanov).ids)
        with self.assertRaises(AccessError):
            report._render_qweb_html(name, self._line(self.semenov).ids)

    def test_workbook_recomputes(self):
        self.sheet.action_compute()
        content = self.env["credit.kpi.xlsx"]._build(self.sheet)
        values = load_workbook(BytesIO(content), data_only=True)
        formulas = load_workbook(BytesIO(content))
        people = {row[0]: row for row in values["Salespeople"].iter_rows(values_only=True)}
        amounts = (2_100_000, 450_000, 1_650_000, 3_500_000, 4_300_000)
        self.assertEqual(people["Ivanov"][2:7], amounts)
        self.assertAlmostEqual(people["Ivanov"][9], 0.814, 3)
        self.assertEqual(formulas["Salespeople"]["J5"].value, '=IF(G5>0,F5/G5,"")')
        self.assertEqual(len(formulas["Salespeople"]._charts), 2)
        rows = list(formulas["Bonuses"].iter_rows(min_row=5, values_only=True))
        leader = next(row for row in rows if row[0].startswith("North"))
        place = rows.index(leader) + 5
        self.assertEqual(
            leader[7], f"=IF(G{place}>=1,1,IF(G{place}>=0.9,0.75,IF(G{place}>=0.8,0.5,0)))"
        )
        self.assertEqual(leader[8], f"=ROUND(C{place}*D{place}*H{place},2)")
        total = list(values["Bonuses"].iter_rows(values_only=True))[-1]
        self.assertEqual(total[-1], self.sheet.bonus)

    def test_workbook_adds_up_again(self):
        self.sheet.action_compute()
        found = totals(self.env["credit.kpi.xlsx"]._build(self.sheet, evidence=True))
        people = {
            "Receivable (DZ)": 5_100_000, "Overdue (PDZ)": 1_350_000, "Sales (T)": 3_750_000,
            "Cash (F)": 3_500_000, "Cash Plan (P)": 4_300_000,
        }  # fmt: skip
        amounts = {name: found["Salespeople"][name] for name in people}
        self.assertEqual(amounts, people)
        self.assertEqual({name: found["Team Leaders"][name] for name in people}, people)
        self.assertEqual(found["Bonuses"], {"Bonus": self.sheet.bonus})
        self.assertEqual(
            found["Salespeople"]["Bonus"] + found["Team Leaders"]["Bonus"], self.sheet.bonus
        )
        self.assertEqual(
            [found[name]["Amount"] for name in ("Receivables", "Sales", "Cash")],
            [5_100_000, 3_750_000, 3_500_000],
        )

    def test_nothing_is_paid_until_a_base_is_decided(self):
        for name in ("salesperson", "leader"):
            scheme = self.env.ref(f"credit_collection.credit_bonus_scheme_{name}")
            scheme.base_amount = 0
        self.sheet.action_compute()
        leader = self._line(self.team.user_id, "leader")
        self.assertEqual((leader.bonus, leader.statement[0]["payout"]), (0, "0.5"))
        for name in ("Salespeople: overdue to turnover", "Team leaders: cash plan"):
            self.assertIn(name, self.sheet.without_base)
        scheme.base_amount = 800
        self.sheet.action_compute()
        self.assertEqual(self._line(self.team.user_id, "leader").bonus, 400)
        self.assertNotIn("Team leaders", self.sheet.without_base)

    def _dispute(self, invoice, amount, reason, on="2026-10-25"):
        collector = self.env.ref("credit_collection.credit_collection_group_collector")
        self.env.user.group_ids += collector
        reason = self.env.ref(f"credit_collection.credit_dispute_reason_{reason}")
        with freeze_time(on):
            return self.env["credit.dispute"].create(
                {
                    "account_id": self.env["credit.account"]._get(self.customer, self.company).id,
                    "move_line_id": invoice.line_ids.filtered(
                        lambda line: line.account_id == self.receivable
                    ).id,
                    "amount": amount,
                    "reason_id": reason.id,
                }
            )

    def test_disputes_of_others_can_be_left_out(self):
        # Overdue 450,000: 15 % of sales of 3,000,000.  Of the 150,000 that are 14 days late,
        # 60,000 are disputed for a document that the office forgot, 40,000 for a wrong price.
        self._invoice(1_350_000, "2026-10-30", "2026-11-30")
        late = self.env["account.move"].search(
            [("amount_total", "=", 150_000), ("company_id", "=", self.company.id)]
        )
        self._dispute(late, 60_000, "document")
        self._dispute(late, 40_000, "price")
        scheme = self._scheme(
            criterion_ids=[
                self._criterion("overdue_to_turnover", "at_most", 0.14, 0.5, (1, 1)),
                self._criterion("weighted_days_overdue", "at_most", 1, 0.5, (1, 1)),
            ]
        )
        self.sheet.action_compute()
        line = self._line(self.ivanov)
        self.assertEqual((line.excused, line.bonus), (0, 0))
        scheme.leave_out_excused = True
        self.sheet.action_compute()
        line = self._line(self.ivanov)
        self.assertEqual((line.excused, line.excused_overdue), (60_000, 60_000))
        # (450,000 - 60,000) / 3,000,000 = 13 %; (4,150,000 - 60,000 x 14) / 3,390,000 = 0.9764.
        found = [(part["figure"], part["result"]) for part in line.statement]
        self.assertEqual(
            found, [("overdue_to_turnover", "0.1300"), ("weighted_days_overdue", "0.9764")]
        )
        self.assertEqual(line.bonus, 20_000)
        self.assertEqual((line.receivable, line.overdue), (3_450_000, 450_000))
        self.assertEqual(line._text("overdue_to_turnover", share=True), "15.0 %")
        rows = self.env["credit.kpi.evidence"].search(line._evidence_domain("overdue"))
        self.assertEqual(sum(rows.mapped("excused")), 60_000)

    def test_a_dispute_counts_on_the_last_day_or_not_at_all(self):
        late = self.env["account.move"].search(
            [("amount_total", "=", 150_000), ("company_id", "=", self.company.id)]
        )
        self._dispute(late, 60_000, "document", on="2026-11-02")
        self._scheme(
            leave_out_excused=True,
            criterion_ids=[self._criterion("overdue_share", "at_most", 0.2, 1, (1, 1))],
        )
        with freeze_time("2026-11-03"):
            self.sheet.action_compute()
        self.assertEqual(self._line(self.ivanov).excused, 0)

    def test_statement_says_what_was_left_out(self):
        late = self.env["account.move"].search(
            [("amount_total", "=", 150_000), ("company_id", "=", self.company.id)]
        )
        self._dispute(late, 60_000, "document")
        self._scheme(
            leave_out_excused=True,
            criterion_ids=[self._criterion("overdue_share", "at_most", 0.2, 1, (1, 1))],
        )
        self.sheet.action_compute()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "credit_collection.credit_bonus_statement_report", self._line(self.ivanov).ids
        )[0].decode()
        for text in ("2,040,000.00", "390,000.00", "0.1912"):  # 390,000 / 2,040,000
            self.assertIn(text, html)


@freeze_time("2026-10-31")
class TestCashPlan(SheetCase):
    def test_the_two_methods(self):
        plan = self.env["credit.cash.plan"].search([("user_id", "=", self.ivanov.id)])
        self.assertEqual((plan.planned, plan.month), (4_300_000, date(2026, 10, 1)))
        self.assertEqual(plan.team_id, self.team)
        plan.method = "due_within_month"
        self.assertEqual(plan.planned, 3_300_000)

    def test_prefill_reads_the_beginning_of_the_month(self):
        plan = self.env["credit.cash.plan"].create(
            {"user_id": self.semenov.id, "month": "2026-10-01", "company_id": self.company.id}
        )
        plan.action_prefill()
        self.assertEqual((plan.due, plan.overdue), (900_000, 0))

    def test_month_at_once_with_a_pasted_table(self):
        wizard = self.env["credit.cash.plan.month"].with_user(self.manager)
        ask = wizard.create(
            {
                "company_id": self.company.id,
                "month": "2026-11-10",
                "pasted": "figures_ivanov\t3 000 000\t20\t200,000.00\n\nSemenov;1500,5;10",
            }
        )
        plans = self.env["credit.cash.plan"].search(ask.action_apply()["domain"])
        by_user = {plan.user_id: plan for plan in plans}
        self.assertEqual(by_user[self.ivanov].sales_plan, 3_000_000)
        self.assertEqual(by_user[self.ivanov].prepaid, 200_000)
        self.assertEqual(by_user[self.ivanov].overdue, 450_000)
        self.assertEqual(by_user[self.semenov].sales_plan, 1500.5)
        self.semenov.name = "Ivanov"
        for pasted in ("nobody;1;2;3", "figures_ivanov;many", "Ivanov;1;2;3"):
            ask.pasted = pasted
            with self.subTest(pasted), self.assertRaises(UserError):
                ask.action_apply()

    def _workbook(self, *rows):
        book, content = Workbook(), BytesIO()
        for row in rows:
            book.active.append(row)
        book.save(content)
        return b64encode(content.getvalue())

    def _broken_workbook(self):
        """An archive as a workbook is one, with a part that is no XML."""
        content = BytesIO()
        with ZipFile(content, "w") as archive:
            archive.writestr("[Content_Types].xml", "<broken")
        return b64encode(content.getvalue())

    def _ask(self, **values):
        ask = self.env["credit.cash.plan.month"].with_user(self.manager)
        return ask.create({"company_id": self.company.id, "month": "2026-11-10", **values})

    def test_month_at_once_from_a_workbook(self):
        file = self._workbook(
            ("Log-in", "Sales plan", "Deferral", "Prepaid"),
            ("figures_ivanov", 3_000_000, 20, 200_000),
            (None, None, None, None),
            ("Semenov", "1 500,5", 10.5, None),
        )
        plans = self.env["credit.cash.plan"].search(self._ask(file=file).action_apply()["domain"])
        found = {
            plan.user_id: (plan.sales_plan, plan.deferral_days, plan.prepaid) for plan in plans
        }
        self.assertEqual(found[self.ivanov], (3_000_000, 20, 200_000))
        self.assertEqual(found[self.semenov], (1500.5, 10.5, 0))

    def test_month_at_once_asks_once_for_all(self):
        def count():
            ask = self._ask()
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            ask.action_apply()
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        before = count()
        self.env["credit.cash.plan"].search([("month", "=", "2026-11-01")]).unlink()
        for number in range(5):
            self._seller(f"extra{number}")
        self.assertLessEqual(count(), before)

    def test_wrong_workbook_changes_nothing(self):
        wrong = (
            (b64encode(b"no workbook"), "no XLSX workbook"),
            (self._broken_workbook(), "no XLSX workbook"),
            (self._workbook(("Ivanov", 1, 2, 3), ("Nobody", 1, 2, 3)), "Line 2"),
            (self._workbook(("Ivanov", 1, 2, 3), ("Semenov", "much", 2, 3)), "no number"),
        )
        for file, message in wrong:
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                with self.env.cr.savepoint():
                    self._ask(file=file).action_apply()
        self.assertFalse(self.env["credit.cash.plan"].search([("month", "=", "2026-11-01")]))

    def test_bad_input_is_refused(self):
        plan = self.env["credit.cash.plan"].search([("user_id", "=", self.ivanov.id)])
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            plan.deferral_days = -1
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            plan.copy()


@freeze_time("2026-11-05")
class TestSnapshot(SheetCase):
    def test_snapshot_is_the_past_day(self):
        Snapshot = self.env["credit.snapshot"]
        day = date(2026, 10, 31)
        Snapshot._take(self.company, day)
        rows = Snapshot.search([("company_id", "=", self.company.id)])
        self.assertEqual(sum(rows.mapped("receivable")), 5_100_000)
        self.assertEqual(sum(rows.mapped("overdue")), 1_350_000)
        own = rows.filtered(lambda row: row.user_id == self.ivanov)
        self.assertEqual((own.partner_id, own.weighted), (self.customer, 4_150_000))
        self.assertEqual(own.account_id.partner_id, self.customer)
        Snapshot._take(self.company, day)
        self.assertEqual(
            Snapshot.search_count([("company_id", "=", self.company.id)]), len(rows)
        )

    def test_sundays_and_month_ends_are_taken_once(self):
        Snapshot = self.env["credit.snapshot"]
        days = Snapshot._missing_days(self.company, date(2026, 11, 5))
        self.assertEqual(
            days, [date(2026, 10, d) for d in (11, 18, 25, 31)] + [date(2026, 11, 1)]
        )
        for day in days:
            Snapshot._take(self.company, day)
        self.assertEqual(Snapshot._missing_days(self.company, date(2026, 11, 5)), [])

    def test_rebuild_with_progress(self):
        rebuild = self.env["credit.snapshot.rebuild"].with_user(self.manager).create(
            {"company_id": self.company.id, "date_from": "2026-10-01", "date_to": "2026-10-31"}
        )
        rebuild.action_start()
        job = rebuild.sudo()
        self.assertEqual((job._step(), job.progress), (4, 20))
        while job.state == "running":
            job._step()
        self.assertEqual(job.progress, 100)
        found = self.env["credit.snapshot"]._read_group(
            [("company_id", "=", self.company.id)], ["date:day"]
        )
        self.assertEqual(len(found), 5)
        with self.assertRaises(UserError):
            rebuild.action_start()
            rebuild.action_start()

    def test_dressed_up_closing_shows(self):
        late = self._invoice(400_000, "2026-09-01", "2026-09-20")
        self._pay(late, "2026-10-31")
        for number in range(4):
            self.env["credit.snapshot"]._take(
                self.company, date(2026, 10, 4) + timedelta(days=7 * number)
            )
        self.sheet.action_compute()
        line = self._line(self.ivanov)
        self.assertGreater(line.average_overdue_share, line.overdue_share)
        self.assertLess(line.closing_ratio, 1)
        self.assertIn("late_deliveries_share", line.undefined)
