import os
from pathlib import Path

from odoo.addons.credit_collection.core import bonus
from odoo.addons.credit_collection.models.bonus.credit_formula_list import FORMULAS
from odoo.addons.credit_collection.models.bonus.credit_kpi_sheet_line import AMOUNTS, MEASURES
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

PAGE = Path(__file__).parents[2] / "docs" / "formulas.md"


@tagged("post_install", "-at_install")
class TestFormulas(TransactionCase):
    def test_no_figure_without_a_formula(self):
        keys = [entry.key for entry in FORMULAS]
        self.assertEqual(len(set(keys)), len(keys))
        self.assertFalse({*MEASURES, *AMOUNTS, *bonus.FIGURES} - set(keys))
        for entry in FORMULAS:
            if entry.title is None:
                self.assertIn(entry.key, self.env["credit.kpi.sheet.line"]._fields)

    def test_the_page_shows_the_list_in_order(self):
        rows = self.env["credit.formula"].search([])
        self.assertEqual(rows.mapped("key"), [entry.key for entry in FORMULAS])
        share = rows.filtered(lambda row: row.key == "overdue_share")
        self.assertEqual((share.name, share.formula), ("%PDZ", "%PDZ = PDZ ÷ DZ"))
        self.assertTrue(all(row.unit and row.source and row.edges for row in rows))

    def test_columns_of_a_sheet_explain_themselves(self):
        described = self.env["credit.kpi.sheet.line"].fields_get(["dso", "overdue"])
        self.assertEqual(described["dso"]["help"], "DSO = DZ ÷ T × days of the period")

    def test_copy_in_docs_is_up_to_date(self):
        """WRITE_DOCS=1 writes it again."""
        page = self.env["credit.formula"]._markdown()
        if os.environ.get("WRITE_DOCS"):
            PAGE.write_text(page)
        self.assertEqual(PAGE.read_text(), page)

    def test_salespeople_read_it_and_others_do_not(self):
        seller = new_test_user(self.env, "formula_seller", "sales_team.group_sale_salesman")
        self.assertTrue(self.env["credit.formula"].with_user(seller).search([]))
        clerk = new_test_user(self.env, "formula_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["credit.formula"].with_user(clerk).search([])
