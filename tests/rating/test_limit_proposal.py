"""How much credit: methods together, caps, market, and a request with its calculation."""

from base64 import b64encode
from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import RatingCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestLimitProposal(RatingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Method = cls.env["credit.limit.method"]
        Method.search([]).active = False
        cls.method = Method.create(
            {
                "name": "B1",
                "cap_sales": 0,
                "use_grade": False,
                "line_ids": [
                    Command.create({"method": "agency"}),
                    Command.create({"method": "share_of_net_assets", "share": 35}),
                    Command.create({"method": "share_of_turnover", "share": 5}),
                ],
            }
        )
        cls.agency = cls.env["credit.agency"].create(
            {
                "name": "House of Facts",
                "scale_ids": cls._bands((90, 200), (50, 300), (0, None)),
            }
        )

    def _accounts_of(self, **lines):
        return self.env["credit.financials"].create(
            {
                "account_id": self.account.id,
                "date": "2025-12-31",
                "line_ids": [
                    Command.create({"code": code, "amount": amount})
                    for code, amount in lines.items()
                ],
            }
        )

    def test_no_more_than_is_covered(self):
        self._b1()
        self.method.cap_cover = True
        proposals = self.method._propose(self.account)
        self.assertEqual(float(proposals[self.account.id].amount), 0.0)
        self.env["credit.collateral"].create(
            {"account_id": self.account.id, "value": 20_000.0, "covers_percent": 75.0}
        ).with_user(self.officer).action_accept()
        proposal = self.method._propose(self.account)[self.account.id]
        self.assertEqual(float(proposal.amount), 15_000.0)
        page = self.method._calculation(proposal, self.company.currency_id)
        self.assertIn("No more than is covered", page)

    def _b1(self):
        """Need 50,000 (as recommended), net worth 80,000, turnover 700,000."""
        self._accounts_of(assets=200_000, liabilities=120_000, sales=700_000)
        self.env["credit.agency.report"].create(
            {
                "account_id": self.account.id,
                "agency_id": self.agency.id,
                "date": "2026-03-01",
                "score": 250,
                "has_recommendation": True,
                "recommended_limit": 50_000,
            }
        )

    def _proposal(self):
        return self.env["credit.limit.method"]._propose(self.account)[self.account.id]

    def test_the_smallest_of_three_is_28_000(self):
        self._b1()
        self.assertEqual(self._proposal().amount, 28_000)

    def test_grade_market_and_caps_act_in_this_order_and_are_said(self):
        self._b1()
        self.method.write({"use_grade": True, "cap_amount": 20_000})
        self._rate(answer="Bad").action_approve()  # grade C: times 0.5
        self.assertEqual(self._proposal().amount, 14_000)
        self.env["credit.market.factor"].create(
            {"reason": "Demand fell by 30 %", "factor": 0.7, "date_from": "2026-01-01"}
        )
        proposal = self._proposal()
        self.assertEqual(proposal.amount, 9_800)
        self.method.cap_amount = 5_050
        proposal = self._proposal()
        self.assertEqual(proposal.amount, 5_000)
        page = str(self.method._calculation(proposal, self.currency))
        for word in ("for the grade", "for the market", "No more than the cap", "Rounded down"):
            self.assertIn(word, page)

    def test_no_customer_above_a_share_of_our_own_sales(self):
        self._paid(100_000.0, 0, partner=self._customer("Big"))
        self._b1()
        self.method.cap_sales = 10
        self.assertEqual(self._proposal().amount, 10_000)

    def test_the_need_follows_from_sales_term_and_delay(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})
                ],
            }
        )
        self.customer.property_payment_term_id = term
        for days_ago in (330, 200, 100, 45):
            self._paid(90_000.0, 15, days_ago=days_ago)
        self.method.line_ids = [Command.clear(), Command.create({"method": "need_from_sales"})]
        # 360,000 in twelve months: 30,000 × (30 + 15) ÷ 30
        self.assertEqual(self._proposal().amount, 45_000)

    def test_a_proposal_becomes_a_request_with_its_calculation_frozen(self):
        self._b1()
        rating = self._rate(answer="Good")
        rating.action_approve()
        self.assertEqual(rating.proposed_limit, 28_000.0)
        action = rating.action_propose_limit()
        limit = self.env["credit.limit"].browse(action["res_id"])
        self.assertRecordValues(
            limit, [{"state": "requested", "amount": 28_000.0, "requested_by_id": self.officer.id}]
        )
        self.env["credit.financials"].search([]).line_ids.write({"amount": 1})
        self.assertIn("28,000", limit.calculation)
        self.assertIn("The smallest", limit.calculation)
        with self.assertRaises(AccessError):
            limit.with_user(self.officer).calculation_data = []
        with self.assertRaises(AccessError):
            limit.with_user(self.officer).action_approve()  # authority 10,000
        limit.with_user(self.manager).action_approve()
        self.assertEqual(self._position().credit_limit, 28_000.0)

    def test_without_anything_known_there_is_no_limit(self):
        with self.assertRaisesRegex(UserError, "Nothing is known"):
            self.env["credit.limit.method"].with_user(self.officer)._request(self.account)

    def test_many_at_once_within_the_authority(self):
        self._b1()
        small = self._account(self._customer("Small"))
        self.env["credit.agency.report"].create(
            {
                "account_id": small.id,
                "agency_id": self.agency.id,
                "date": "2026-03-01",
                "score": 100,
                "has_recommendation": True,
                "recommended_limit": 4_000,
            }
        )
        nobody = self._account(self._customer("Nobody"))
        accounts = self.account | small | nobody
        wizard = (
            self.env["credit.limit.propose"]
            .with_user(self.officer)
            .with_context(active_model="credit.account", active_ids=accounts.ids)
            .create({})
        )
        wizard.action_propose()
        self.assertEqual((wizard.total, wizard.without), (2, "Nobody"))
        with self.assertRaises(AccessError):
            wizard.line_ids[0].proposed = 999
        wizard.action_approve()
        outcome = {line.account_id: line.outcome for line in wizard.line_ids}
        self.assertEqual(outcome, {self.account: "above", small: "approved"})
        self.assertEqual((wizard.done, wizard.progress, wizard.state), (2, 100.0, "done"))
        self.assertEqual(small._position().credit_limit, 4_000.0)
        self.assertTrue(self._position().unlimited)
        with self.assertRaises(AccessError):
            self.env["credit.limit.propose"].with_user(self.salesperson).create({})

    def test_a_table_of_points_with_a_hole_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "no band covers"):
            self.method.line_ids = [
                Command.create(
                    {
                        "method": "by_points",
                        "band_ids": [
                            Command.create({"from_any": True, "high": 7, "amount": 5_000}),
                            Command.create({"low": 8, "to_any": True, "amount": 9_000}),
                        ],
                    }
                )
            ]

    # ------------------------------------------------------------------
    # What proposals and ratings are made of
    # ------------------------------------------------------------------

    def test_missing_lines_of_the_accounts_are_said_not_guessed(self):
        record = self._accounts_of(assets=1000, liabilities=800, ebit=130)
        self.assertEqual(len(record.line_ids), 14)
        self.assertEqual((record.debt_ratio, record.debt_reading), (0.8, "dependent"))
        self.assertIn("Retained earnings", record.missing)
        self.assertFalse(record.altman_reading)
        ratios = {ratio.name: ratio for ratio in record.ratio_ids}
        self.assertEqual(ratios["Debt ratio (liabilities ÷ assets)"].value, "80.0 %")
        self.assertEqual(ratios["Current ratio"].missing, "Current assets, Current liabilities")
        record.line_ids.filtered(lambda x: x.code == "interest").known = True
        self.assertEqual(record._statement()["interest"], 0.0)

    def test_an_agencys_scale_reads_on_ours(self):
        self._b1()
        report = self.env["credit.agency.report"].search([])
        self.assertEqual((report.points, str(report.valid_until)), (50.0, "2027-03-01"))
        with self.assertRaisesRegex(ValidationError, "nothing covers"):
            self.agency.scale_ids.sorted("low")[-1:].unlink()
            self.agency._check_scale()

    def test_reports_are_taken_over_after_a_look(self):
        other = self._customer("Twice")
        self._customer("Twice")
        text = (
            "customer;date;score;recommended_limit;default_probability\n"
            "Deco Ltd;2026-02-01;150;12000;0.02\nUnknown;2026-02-01;1;;\n"
            f"{other.name};2026-02-01;1;;\nDeco Ltd;soon;1;;\nDeco Ltd;2026-02-03;high;;\n"
        )
        wizard = (
            self.env["credit.rating.import"]
            .with_user(self.officer)
            .create(
                {
                    "agency_id": self.agency.id,
                    "filename": "reports.csv",
                    "file": b64encode(text.encode()),
                }
            )
        )
        wizard.action_preview()
        self.assertEqual((wizard.matched, wizard.unmatched), (1, 4))
        wizard.action_import()
        report = self.env["credit.agency.report"].search([])
        self.assertRecordValues(
            report,
            [
                {
                    "account_id": self.account.id,
                    "score": 150.0,
                    "points": 90.0,
                    "recommended_limit": 12_000.0,
                    "default_probability": 0.02,
                }
            ],
        )

    def _import(self, text, **values):
        return (
            self.env["credit.rating.import"]
            .with_user(self.officer)
            .create({"filename": "rows.csv", "file": b64encode(text.encode()), **values})
        )

    def test_what_is_wrong_is_said_before_anything_is_taken_over(self):
        tomorrow = self.company._credit_today() + timedelta(1)
        wizard = self._import(
            "customer;date;score;recommended_limit;default_probability\n"
            "Deco Ltd;01.02.2026;150,5;;0,02\n"
            "Deco Ltd;2026-02-02;1;-5;\n"
            "Deco Ltd;2026-02-02;1;;1.2\n"
            "Deco Ltd;2026-02-02;12,500;;\n"
            "Deco Ltd;2026-02-02;nan;;\n"
            f"Deco Ltd;{tomorrow};1;;\n",
            agency_id=self.agency.id,
        )
        wizard.action_preview()
        good, *bad = wizard.line_ids.sorted("row")
        self.assertEqual((str(good.date), good.problem), ("2026-02-01", False))
        self.assertEqual(good.numbers, {"score": 150.5, "default_probability": 0.02})
        for line, words in zip(
            bad, ("from 0", "from 0 to 1", "No number", "No number", "still to come"), strict=True
        ):
            self.assertIn(words, line.problem)
        wizard.action_import()
        self.assertEqual(self.env["credit.agency.report"].search([]).score, 150.5)

    def test_a_stop_list_is_taken_over_after_a_look(self):
        wizard = self._import(
            "customer,date,until,kind,reason,source\n"
            "Deco Ltd,2026-02-01,2027-02-01,Sanctions,Named in the list,Ministry\n"
            "Deco Ltd,2026-02-01,,fraud,Twice in the file,\n"
            "Second,2026-02-01,,gossip,Heard it,\n"
            "Second,2026-02-01,2026-01-01,fraud,Ends too early,\n"
            "Second,2026-02-01,,,,\n"
            "Second,2026-02-01,soon,fraud,When,\n"
            "Nobody,2026-02-01,,fraud,Who,\n",
            what="stops",
        )
        self._customer("Second")
        wizard.action_preview()
        self.assertEqual((wizard.matched, wizard.unmatched), (1, 6))
        problems = wizard.line_ids.sorted("row").mapped("problem")
        for problem, words in zip(
            problems[1:],
            (
                "already",
                "Unknown kind",
                "before it begins",
                "reason is missing",
                "no day",
                "Nobody",
            ),
            strict=True,
        ):
            self.assertIn(words, problem)
        wizard.action_import()
        stop = self.env["credit.stop"].search([("account_id", "=", self.account.id)])
        self.assertRecordValues(
            stop,
            [{"kind": "sanctions", "reason": "Named in the list", "source": "Ministry",
              "user_id": self.officer.id, "state": "active"}],
        )  # fmt: skip
        self.assertEqual(str(stop.date_to), "2027-02-01")
        self.assertTrue(self.account.manual_hold)
        self.assertIn(self.account.partner_id.name, str(list(wizard._export_rows())))
        again = self._import("customer,date,reason\nDeco Ltd,2026-02-01,Once more\n", what="stops")
        again.action_preview()
        self.assertIn("already", again.line_ids.problem)
        with self.assertRaises(AccessError):
            wizard.with_user(self.accountant).action_preview()

    def test_accounts_go_out_and_come_in_by_xlsx(self):
        self._accounts_of(assets=1000, liabilities=800, interest=0)
        Import = self.env["credit.rating.import"].with_user(self.officer)
        wizard = Import.create({"what": "financials"})
        url = wizard.action_export()["url"]
        attachment = self.env["ir.attachment"].browse(int(url.split("/")[3].split("?")[0]))
        self.env["credit.financials"].search([]).unlink()
        again = Import.create(
            {"what": "financials", "filename": "f.xlsx", "file": attachment.datas}
        )
        again.action_preview()
        self.assertEqual((again.matched, again.unmatched), (1, 0))
        again.action_import()
        record = self.env["credit.financials"].search([])
        self.assertEqual(record._statement(), {"assets": 1000.0, "liabilities": 800.0})

    def test_the_form_of_the_accounts_opens_for_an_officer(self):
        record = self._accounts_of(assets=1000)
        with Form(record.with_user(self.officer)) as form:
            form.audited = True
        self.assertTrue(record.audited)
