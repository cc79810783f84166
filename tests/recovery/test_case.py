import io
import zipfile
from base64 import b64encode
from unittest.mock import patch

import openpyxl
from lxml import html
from odoo.addons.credit_collection.models.recovery import credit_case_worth
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time

from .common import TODAY, RecoveryCase, day


@freeze_time(TODAY)
class TestCase(RecoveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._late(1_000.0)

    def _case(self, opened=True, **values):
        case = (
            self.env["credit.case"]
            .with_user(self.officer)
            .create(
                {
                    "account_id": self.account.id,
                    "move_line_ids": [Command.set(self._item(self.invoice).ids)],
                    "check_legality": "Due, undisputed",
                    "check_evidence": "Contract, invoice",
                    "check_assets": "A warehouse",
                    "check_authority": "Until December",
                    **values,
                }
            )
        )
        if opened:
            case.action_open()
        return case

    def _agency(self):
        return self.env["credit.collection.agency"].create(
            {
                "partner_id": self._customer("Collect GmbH").id,
                "fee_ids": [
                    Command.create({"after_days": 0, "from_amount": 0.0, "percent": 25.0}),
                    Command.create({"after_days": 181, "from_amount": 0.0, "percent": 35.0}),
                ],
            }
        )

    def test_hand_over_in_one_click(self):
        action = self.account.with_user(self.collector).action_hand_over()
        case = self.env["credit.case"].browse(action["res_id"])
        self.assertEqual(case.move_line_ids, self._item(self.invoice))
        again = self.account.with_user(self.collector).action_hand_over()
        self.assertEqual(again["res_id"], case.id)

    def test_closed_cases_say_the_chance_of_the_next(self):
        case = self._case(opened=False)
        self.assertEqual((case.probability, case.probability_basis[:9]), (0.899, "the publi"))
        for recovered in (500.0, 1_200.0, 0.0):
            closed = self._case()
            closed.recovery_ids.create({"case_id": closed.id, "amount": recovered})
            closed.outcome = "lost" if not recovered else "settled"
            closed.action_close()
        with patch.object(credit_case_worth, "CLOSED_CASES", 3):
            # 500 of 1,000, the whole of 1,000 (the rest is interest), nothing of 1,000.
            following = self._case(opened=False)
            self.assertEqual(following.probability, 0.5)
            self.assertEqual(following.probability_basis, "what closed cases brought")
            following.probability = 0.7
            self.assertEqual(following.probability_basis, "entered by hand")

    def test_nothing_opens_before_it_was_looked_at(self):
        case = self._case(opened=False, check_evidence=False)
        with self.assertRaisesRegex(UserError, "Look at these first: Evidence"):
            case.action_open()
        with self.assertRaises(AccessError):
            case.with_user(self.collector).action_open()
        with self.assertRaises(AccessError):
            case.write({"state": "open"})

    def test_stages_have_days_and_the_responsible_an_activity(self):
        case = self._case()
        self.assertEqual(
            case.step_ids.mapped("name"),
            ["Claim letter", "Pre-trial", "Filed", "Judgment", "Enforcement"],
        )
        self.assertEqual((case.step_id.name, case.deadline), ("Claim letter", day("2026-03-24")))
        self.assertEqual(case.activity_ids.user_id, self.officer)
        case.action_done()
        self.assertEqual((case.step_id.name, case.deadline), ("Pre-trial", day("2026-04-23")))
        self.assertEqual(case.step_ids[0].done_by_id, self.officer)

    def test_filing_stops_the_clock(self):
        self.account.limitation_law_id = self.env.ref("credit_collection.credit_limitation_law_de")
        self.env["credit.limitation"]._refresh(self.account)
        self.assertEqual(self._limitation(self.invoice).last_day, day("2029-12-31"))
        case = self._case()
        for _step in range(3):
            case.action_done()
        self.assertFalse(self._limitation(self.invoice).last_day)
        self.assertIn("stands still", self._limitation(self.invoice).because)

    def test_letters_stop_while_it_is_open(self):
        Followup = self.env["credit.followup"]
        before = self.account._followup_explanation(day(TODAY))
        self.assertTrue(before.step)
        case = self._case()
        after = self.account._followup_explanation(day(TODAY))
        self.assertFalse(after.step)
        self.assertEqual(after.reason, "in_case")
        self.assertIn("case", Followup._reason(after))
        self.assertFalse(Followup._plan(self.company, day(TODAY), self.account))
        case.outcome = "withdrawn"
        case.action_close()
        self.assertTrue(self.account._followup_explanation(day(TODAY)).step)

    def test_its_items_are_legal_in_the_aging(self):
        self._case()
        self.env.flush_all()
        rows = self.env["credit.aging"].search([("move_id", "=", self.invoice.id)])
        self.assertTrue(rows.legal)
        self.assertGreater(rows.days_overdue, 0)

    def test_a_rule_holds_while_a_case_is_open(self):
        self.policy.rule_ids.unlink()
        self.policy.rule_ids.create(
            {"policy_id": self.policy.id, "name": "Case", "kind": "case_open"}
        )
        passing = self._order(10.0)
        passing.action_confirm()
        self.assertEqual(passing.state, "sale")
        self._case()
        held = self._order(10.0)
        held.action_confirm()
        self.assertEqual(held.credit_state, "held")

    def test_is_it_worth_it(self):
        case = self._case(opened=False, probability=0.2, fee_percent=25.0, expected_costs=149.99)
        self.assertTrue(case.is_worth_it)
        case.expected_costs = 150.0
        self.assertFalse(case.is_worth_it)
        self.assertEqual(case.worth, 0.0)

    def test_the_chance_follows_the_age(self):
        # 30 days late by the published curve.
        self.assertAlmostEqual(self._case(opened=False).probability, 0.899)

    def test_what_is_paid_is_recovered_and_earns_the_fee_after_the_hand_over(self):
        case = self._case(road="agency", agency_id=self._agency().id)
        self._pay(self.invoice, 100.0, date=TODAY)
        case.action_record_recoveries()
        self.assertEqual((case.recovered, case.recovery_ids.fee), (100.0, 0.0))
        with freeze_time("2026-03-12"):
            case.action_hand_to_agency()
            self._pay(self.invoice, 200.0, date="2026-03-12")
            case.action_record_recoveries()
            case.action_record_recoveries()
        self.assertEqual(case.recovered, 300.0)
        self.assertEqual(sum(case.recovery_ids.mapped("fee")), 50.0)
        row = self.env["credit.collection.agency.cohort"].search(
            [("agency_id", "=", case.agency_id.id)]
        )
        self.assertEqual(
            (row.month, row.cases, row.handed, row.recovered, row.fees, row.net),
            (day("2026-03-01"), 1, 1_000.0, 200.0, 50.0, 150.0),
        )
        with freeze_time("2026-03-20"):
            case.action_recall()
            with self.assertRaisesRegex(UserError, "with no agency"):
                case.action_recall()

    def test_the_hand_over_file_has_the_agencys_columns(self):
        agency = self._agency()
        agency.columns = "case, debtor, invoice, open"
        case = self._case(road="agency", agency_id=agency.id)
        case.action_hand_to_agency()
        book = openpyxl.load_workbook(io.BytesIO(agency._hand_over_xlsx()))
        about = dict(book["About This Workbook"].iter_rows(min_row=3, values_only=True))
        self.assertEqual(about["Company"], self.company.name)
        self.assertIn("in its own currency", about["Open"])
        self.assertNotIn("Lapses", about)
        sheet = book["Hand-over"]
        self.assertEqual([cell.value for cell in sheet[4]], ["Case", "Debtor", "Invoice", "Open"])
        self.assertEqual(
            [cell.value for cell in sheet[5]],
            [case.name, "Deco Ltd", self.invoice.name, 1_000.0],
        )
        with self.assertRaisesRegex(UserError, "Unknown columns: mood"), self.cr.savepoint():
            agency.columns = "mood"

    def test_the_monthly_statement_is_reconciled(self):
        agency = self._agency()
        case = self._case(road="agency", agency_id=agency.id)
        case.action_hand_to_agency()
        self._pay(self.invoice, 200.0, date=TODAY)
        case.action_record_recoveries()
        book = openpyxl.Workbook()
        for row in (
            ("Case", "Day", "Amount", "Fee"),
            (case.name, day(TODAY), 200.0, 60.0),
            (case.name, day(TODAY), 80.0, 20.0),
            ("CASE/9", day(TODAY), 5.0, 1.0),
        ):
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        wizard = (
            self.env["credit.collection.agency.statement"]
            .with_user(self.collector)
            .create({"agency_id": agency.id, "file": b64encode(stream.getvalue())})
        )
        wizard.action_import()
        first, second, third = wizard.result.split("\n")
        self.assertIn("60.00", first)
        self.assertIn("50.00", first)
        self.assertIn("new", second)
        self.assertIn("no such case", third)
        self.assertEqual(case.recovered, 280.0)
        wizard.file = b64encode(b"no workbook")
        with self.assertRaisesRegex(UserError, "cannot be read"):
            wizard.action_import()

    def test_a_settlement_takes_authority(self):
        case = self._case(interest=50.0)
        case.cost_ids = [Command.create({"amount": 30.0, "name": "Court fee"})]
        self.assertEqual((case.costs, case.asked), (30.0, 1_080.0))
        offer = (
            self.env["credit.case.offer"]
            .with_user(self.officer)
            .create({"case_id": case.id, "amount": 700.0})
        )
        self.assertEqual(offer.given_up, 380.0)
        self.officer.credit_authority = 379.99
        with self.assertRaisesRegex(AccessError, "beyond your authority"):
            offer.action_accept()
        with self.assertRaises(AccessError):
            offer.with_user(self.collector).action_accept()
        self.officer.credit_authority = 380.0
        offer.action_accept()
        self.assertEqual((offer.state, offer.decided_by_id), ("accepted", self.officer))
        with self.assertRaises(UserError):
            offer.amount = 1.0

    def _letter(self, case):
        report = self.env["ir.actions.report"].with_user(self.collector)
        content, _kind = report._render_qweb_html("credit_collection.credit_case_letters", case.ids)
        page = html.fromstring(content)
        [article] = page.xpath("//div[@data-oe-model='credit.case']")
        self.assertEqual(article.get("data-oe-id"), str(case.id), "it is kept with the case")
        return " ".join(" ".join(page.itertext()).split()).replace("\xa0", " ")

    def test_the_letter_of_a_case_follows_its_road(self):
        agency = self._agency()
        case = self._case(interest=50.0, compensation=40.0)
        case.cost_ids = [
            Command.create({"amount": 30.0, "name": "Court fee"}),
            Command.create({"amount": 7.0, "name": "Ours", "charged": False}),
        ]
        claim = self._letter(case)
        for words in (
            "Claim letter", case.name, self.invoice.name, "1,000.00", "50.00", "40.00", "30.00",
            "We demand", "1,120.00", "03/24/2026", "we will go to court",
        ):  # fmt: skip
            self.assertIn(words, claim)
        self.assertNotIn("7.00 ", claim)
        case.outcome = "withdrawn"
        case.action_close()
        second = self._case(road="agency", agency_id=agency.id)
        second.action_hand_to_agency()
        notice = self._letter(second)
        for words in ("Notice of hand-over", "03/10/2026", "Collect GmbH", "ends the matter"):
            self.assertIn(words, notice)
        second.outcome = "withdrawn"
        second.action_close()
        self._collateral(5_000.0, number="G-1")
        third = self._case(
            road="insolvency", court="County Court", court_number="INS 7", claim_class="Third"
        )
        registered = self._letter(third)
        for words in ("Registration of a claim", "County Court", "INS 7", "Third", "G-1"):
            self.assertIn(words, registered)
        with self.assertRaises(AccessError):
            self.env["ir.actions.report"].with_user(self.salesperson)._render_qweb_html(
                "credit_collection.credit_case_letters", case.ids
            )

    def test_what_is_attached_to_a_case_is_in_its_dossier(self):
        case = self._case()
        self.env["ir.attachment"].create(
            {"name": "Claim letter.pdf", "raw": b"%PDF", "res_model": case._name, "res_id": case.id}
        )
        case.action_build_dossier()
        steps = case.dossier_ids.paper_ids.filtered(lambda paper: paper.section == "steps")
        self.assertEqual(steps.mapped("name"), ["Claim letter.pdf"])

    def test_the_dossier_names_what_is_missing(self):
        case = self._case()
        self.assertIn("Letters demanding payment", case.missing_papers)
        case.action_build_dossier()
        dossier = case.dossier_ids
        self.assertEqual(dossier.state, "building")
        self.assertIn("Contract with the customer", dossier.missing)
        self.assertIn("Letters demanding payment", dossier.missing)
        self._run_cron("credit_case_dossier_cron")
        dossier.invalidate_recordset()
        self.assertEqual((dossier.state, dossier.progress), ("done", 100.0))
        names = zipfile.ZipFile(io.BytesIO(dossier.sudo().attachment_id.raw)).namelist()
        self.assertEqual(names[0], "000-index.pdf")
        self.assertTrue([name for name in names if name.startswith("invoices/")])
        self.assertTrue([name for name in names if name.startswith("statement/")])

    def _audited(self, record):
        entries = self.env["credit.audit.entry"].search(
            [("model", "=", record._name), ("res_id", "=", record.id)]
        )
        return entries.sorted("id").mapped("event")

    def test_the_dossier_has_interest_plans_and_papers_of_checks(self):
        self.company.credit_interest_rule_id = self.env["credit.interest.rule"].create(
            {"name": "Contract", "kind": "yearly", "rate": 36.5}
        )
        checklist = self.env["credit.checklist"].create(
            {
                "name": "Contract's checks",
                "kind": "contract",
                "line_ids": [Command.create({"name": "Limit"})],
            }
        )
        filled = checklist._start(self.account)
        filled.sudo().line_ids.attachment_id = self.env["ir.attachment"].create(
            {"name": "contract.txt", "raw": b"signed"}
        )
        case = self._case()
        # 36.5 % a year on 1,000 is 1 a day; due on 8 February, today is 10 March.
        [row] = case._interest_rows()
        self.assertEqual((row["days"], row["amount"], row["claim"]), (30, 30.0, False))
        self.assertEqual(case._interest_totals([row])[0][1], 30.0)
        plan = self.env["credit.plan"].create({"account_id": self.account.id})
        plan.sudo().accepted_on = TODAY
        case.action_build_dossier()
        papers = {paper.section: paper for paper in case.dossier_ids.paper_ids}
        self.assertEqual(papers["interest"].name, "Interest sheet")
        self.assertEqual(papers["plans"].res_model, "credit.plan")
        self.assertEqual(papers["checklists"].name, "Contract's checks: Limit")
        self._run_cron("credit_case_dossier_cron")
        names = zipfile.ZipFile(io.BytesIO(case.dossier_ids.sudo().attachment_id.raw)).namelist()
        for section in ("interest/", "plans/", "checklists/"):
            self.assertTrue([name for name in names if name.startswith(section)], section)

    def test_what_is_with_the_lawyers(self):
        other = self._late(300.0)
        self.assertEqual(self.account._with_lawyers(), {})
        case = self._case()
        item = self._item(self.invoice).id
        self.assertEqual(self.account._with_lawyers(), {item: case.sudo()})
        self.assertNotIn(self._item(other).id, self.account._with_lawyers())
        case.outcome = "paid"
        case.action_close()
        self.assertEqual(self.account._with_lawyers(), {})

    def test_a_level_prepares_the_case(self):
        level = self.policy.followup_level_ids.sorted("delay")[-1:]
        level.opens_case = True
        self.policy.followup_legal_user_id = self.officer
        Case = self.env["credit.case"]
        Case._prepare_after_level(self.account)
        case = Case.search([("account_id", "=", self.account.id)])
        self.assertEqual((case.state, case.responsible_id), ("draft", self.officer))
        self.assertEqual(case.move_line_ids, self._item(self.invoice))
        self.assertEqual(case.activity_ids.user_id, self.officer)
        Case._prepare_after_level(self.account)
        self.assertEqual(Case.search_count([("account_id", "=", self.account.id)]), 1)

    def test_its_steps_stand_in_the_audit_chain(self):
        case = self._case(opened=False)
        self.assertEqual(self._audited(case), [])
        case.action_open()
        self.assertEqual(self._audited(case), ["open"])
        offer = case.offer_ids.create({"case_id": case.id, "amount": 900.0})
        self.assertEqual(self._audited(offer), [])
        offer.with_user(self.manager).action_accept()
        self.assertEqual(self._audited(offer), ["accepted"])
        case.outcome = "settled"
        case.action_close()
        self.assertEqual(self._audited(case), ["open", "changed", "closed"])

    def test_closing_says_the_outcome(self):
        case = self._case()
        with self.assertRaisesRegex(UserError, "what came of it"):
            case.action_close()
        with self.assertRaises(ValidationError):
            case.move_line_ids = self._item(self._late(partner=self._customer("Other")))
