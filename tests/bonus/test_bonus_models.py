from io import BytesIO

from freezegun import freeze_time
from odoo import Command
from odoo.addons.credit_collection.core import bonus
from odoo.exceptions import AccessError, ValidationError
from openpyxl import load_workbook

from ..figures.xlsx_sums import totals
from .test_sheet import SheetCase


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
                self._criterion("overdue_to_turnover", "at_most", 0.15, 1, (1, 1), seasonal=True)
            ],
        )
        self.sheet.action_compute()
        line = self._line(self.ivanov)
        self.assertEqual(line.statement[0]["norm"], "0.3000")
        self.assertEqual((line.bonus_base, line.bonus), (7000, 7000))

    def _settled_at_the_bank(self, money, given_away, account):
        """An invoice over both, settled by one entry: the money, and the rest on ``account``."""
        invoice = self._invoice(money + given_away, "2026-10-05")
        entry = self.env["account.move"].create(
            {
                "journal_id": self.bank.id,
                "date": "2026-10-20",
                "line_ids": [
                    Command.create({"account_id": self.bank_account.id, "balance": money}),
                    Command.create({"account_id": account.id, "balance": given_away}),
                    Command.create(
                        {
                            "account_id": self.receivable.id,
                            "partner_id": self.customer.id,
                            "balance": -money - given_away,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        self._match(invoice, entry)

    def test_share_of_cash_pays_nothing_for_what_was_given_away(self):
        """999 of 1,000 written off and 20 of 1,000 as discount: 1 and 980 are money."""
        self._scheme(
            base_method="cash",
            base_share=0.01,
            criterion_ids=[self._criterion("overdue_share", "at_most", 0.9, 1, (1, 1))],
        )
        self.company.account_journal_early_pay_discount_loss_account_id = self.exchange
        self.sheet.action_compute()
        self.assertEqual(self._line(self.ivanov).bonus_base, 35_000)
        self._settled_at_the_bank(1.0, 999.0, self.expense)
        self._settled_at_the_bank(980.0, 20.0, self.exchange)
        self.sheet.action_compute()
        line = self._line(self.ivanov)
        self.assertEqual(line.received, 3_500_981)
        self.assertEqual((line.bonus_base, line.bonus), (35_009.81, 35_009.81))

    def test_named_people_come_before_everybody(self):
        criteria = [self._criterion("overdue_share", "at_most", 0.5, 1, (1, 1))]
        everybody = self._scheme(criterion_ids=criteria)
        named = self._scheme(
            name="Named",
            sequence=99,
            user_ids=[Command.set(self.ivanov.ids)],
            criterion_ids=criteria,
        )
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
            "Receivable (DZ)": 5_100_000,
            "Overdue (PDZ)": 1_350_000,
            "Sales (T)": 3_750_000,
            "Cash (F)": 3_500_000,
            "Cash Plan (P)": 4_300_000,
        }
        amounts = {name: found["Salespeople"][name] for name in people}
        self.assertEqual(amounts, people)
        self.assertEqual({name: found["Team Leaders"][name] for name in people}, people)
        # Shares of all together, not their sum: 3.5 of 4.3 million, 1.35 of 5.1, 1.35 of 3.75.
        shares = {name: value for name, value in found["Salespeople"].items() if name not in people}
        self.assertEqual(
            {round(value, 4) for name, value in shares.items() if "%" in name or "/" in name},
            {0.8140, 0.2647, 0.3600},
        )
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
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html(
                "credit_collection.credit_bonus_statement_report", self._line(self.ivanov).ids
            )[0]
            .decode()
        )
        for text in ("2,040,000.00", "390,000.00", "0.1912"):  # 390,000 / 2,040,000
            self.assertIn(text, html)
