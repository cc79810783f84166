"""The year of the demo company as an auditor gets it: opened, and read."""

import hashlib
import io
import zipfile

import openpyxl
from odoo import fields
from odoo.tests import tagged

from .test_demo_company import DemoCase


@tagged("post_install", "-at_install")
class TestYearExport(DemoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        director = cls.env.ref("credit_collection.demo_user_director")
        cls.year = fields.Date.today().year
        export = (
            cls.env["credit.audit.export"]
            .with_user(director)
            .sudo()
            .create({"company_id": cls.company.id, "year": cls.year})
        )
        export.state = "building"
        while export.state == "building":
            export._step_safely()
        assert export.state == "done", export.failure
        cls.archive = zipfile.ZipFile(io.BytesIO(export.attachment_id.raw))

    def _table(self, book, sheet):
        """The rows of a sheet as dicts by their headings."""
        content = io.BytesIO(self.archive.read(f"{book}.xlsx"))
        rows = list(openpyxl.load_workbook(content)[sheet].values)
        return [dict(zip(rows[3], row, strict=True)) for row in rows[4:]]

    def _of_company(self, model, *domain):
        first, last = f"{self.year}-01-01", f"{self.year}-12-31 23:59:59"
        year = [("create_date", ">=", first), ("create_date", "<=", last)]
        return super()._of_company(model, *domain, *year)

    def test_the_chain_of_the_demo_is_whole(self):
        summary = {row["What"]: row["Value"] for row in self._table("index", "Summary")}
        self.assertEqual(summary["Verification"], "Nothing was changed.")
        self.assertEqual(summary["Currency"], "USD")
        self.assertEqual(len(summary["Last seal"]), 64)

    def test_the_index_names_every_file_with_its_digest(self):
        listed = {row["File"]: row for row in self._table("index", "Files")}
        self.assertEqual(listed.keys(), set(self.archive.namelist()) - {"index.xlsx"})
        for name, row in listed.items():
            content = self.archive.read(name)
            self.assertEqual(row["SHA-256"], hashlib.sha256(content).hexdigest())
            self.assertEqual(row["Bytes"], len(content))

    def test_every_decision_has_its_figures_and_who(self):
        rows = {row["Name"]: row for row in self._table("decisions", "Holds")}
        holds = self._of_company("credit.hold")
        self.assertEqual(rows.keys(), set(holds.mapped("name")))
        for hold in holds:
            row = rows[hold.name]
            self.assertEqual(row["Exposure With Document"], hold.exposure_after)
            self.assertTrue(row["Why"])
            if hold.state in ("released", "refused"):
                self.assertTrue(row["Decided By"] and row["Decided On"] and row["Decision Reason"])
        given = self._table("decisions", "Releases")
        self.assertEqual(len(given), len(holds.filtered(lambda one: one.state == "released")))
        self.assertEqual({row["Decided By"] for row in given}, {"Sofia Sokolova"})
        held = {row["Customer"] for row in self._table("decisions", "Held by Hand")}
        by_hand = self._of_company("credit.account", ("manual_hold", "=", True))
        self.assertLessEqual(set(by_hand.mapped("display_name")), held)
        self.assertTrue(held)
        limits = self._table("decisions", "Limits")
        self.assertEqual(len(limits), len(self._of_company("credit.limit")))

    def test_messages_promises_and_what_else_was_decided(self):
        self.assertEqual(
            len(self._table("messages", "Messages")), len(self._of_company("credit.followup"))
        )
        self.assertEqual(
            len(self._table("promises", "Promises")), len(self._of_company("credit.promise"))
        )
        waived = self._table("others", "Interest Waiver")
        self.assertEqual([row["Amount"] for row in waived], [5.0])
        for model, sheet in (("credit.write.off", "Write-off"), ("credit.plan", "Payment Plan")):
            self.assertEqual(len(self._table("others", sheet)), len(self._of_company(model)))

    def test_policies_and_their_changes_are_words(self):
        changes = self._table("policies", "Changes")
        self.assertIn("Hold", {row["After"] for row in changes if row["Field"] == "Consequence"})
        self.assertFalse([row for row in changes if row["Before"] == row["After"]])
        people = {row["Login"]: row for row in self._table("policies", "People")}
        self.assertEqual(people["sokolova"]["Credit Authority"], 25_000)
        self.assertEqual(people["sokolova"]["Role"], "Credit officer")
