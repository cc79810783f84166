"""The month's figures in a browser: the finance director and a salesperson."""

from base64 import b64decode
from datetime import timedelta
from io import BytesIO
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged
from openpyxl import load_workbook

from ..common import CreditCase


@tagged("post_install", "-at_install")
class TestFiguresTours(CreditCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._user("steve", "sales_team.group_sale_salesman", name="Steve")
        cls.other = cls._user("otto", "sales_team.group_sale_salesman", name="Other")
        today = fields.Date.today()
        last = today.replace(day=1) - timedelta(days=1)
        for seller, name, amount, late in (
            (cls.seller, "Deco Ltd", 1000.0, 200),
            (cls.seller, "Deco Ltd", 234.0, 160),
            (cls.other, "Far Ltd", 777.0, 50),
        ):
            partner = cls.customer if name == "Deco Ltd" else cls._customer(name)
            day = today - timedelta(days=late)
            cls._invoice(amount, partner, date=day, due=day, invoice_user_id=seller.id)
        cls.sheet = cls.env["credit.kpi.sheet"].create(
            {"company_id": cls.company.id, "date_from": last.replace(day=1), "date_to": last}
        )
        cls.sheet.action_compute()

    def _totals(self, book):
        return {
            sheet.title: list(sheet.iter_rows(values_only=True))[-1] for sheet in book.worksheets
        }

    def test_director_drills_exports_and_closes(self):
        Workbook = type(self.env["credit.aging.xlsx"])
        build, sent = Workbook._build, []

        def keep(workbook, *args):
            sent.append(build(workbook, *args))
            return sent[-1]

        with patch.object(Workbook, "_build", keep):
            self.start_tour(
                "/odoo/credit-dashboard", "credit_director_closes_the_month", login="mona"
            )
        self.assertEqual(len(sent), 1)
        book = load_workbook(BytesIO(sent[0]), data_only=True)
        customers = {row[0]: row for row in book["Customer"].iter_rows(values_only=True)}
        ages = next(row for row in customers.values() if "Over 90" in row)
        self.assertEqual(customers["Deco Ltd"][ages.index("Over 90")], 1234.0)
        self.assertEqual(customers["Total"][ages.index("Over 90")], 1234.0)
        everything = self.env["credit.aging"].search([("company_id", "=", self.company.id)])
        self.assertEqual(customers["Total"][ages.index("Total")], sum(everything.mapped("amount")))
        self.assertEqual(len(list(book["Items"].iter_rows())), 4 + len(everything) + 1)
        self.assertEqual(self.sheet.state, "closed")
        self.assertEqual(self.sheet.closed_by_id, self.manager)
        evidence = load_workbook(BytesIO(b64decode(self.sheet.evidence)), data_only=True)
        self.assertEqual(self._totals(evidence)["Receivables"][-1], self.sheet.receivable)

    def test_salesperson_sees_nobody_elses(self):
        self.start_tour(
            "/odoo/credit-my-figures", "credit_salesperson_sees_own_figures", login="steve"
        )
