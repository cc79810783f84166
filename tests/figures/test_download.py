from datetime import date
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

from odoo.tests import HttpCase, new_test_user, tagged
from openpyxl import load_workbook

from .common import FiguresCase

GROUPS = "account.group_account_invoice,credit_collection.credit_collection_group_manager"


@tagged("post_install", "-at_install")
class TestDownload(HttpCase, FiguresCase):
    """A workbook is the one of the dialog, whatever company the user starts in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.home = cls.env.ref("base.main_company")
        cls.reader = new_test_user(
            cls.env,
            "figures_reader",
            GROUPS,
            company_id=cls.home.id,
            company_ids=[(6, 0, (cls.home | cls.company).ids)],
        )
        cls._invoice(7_100_000, date.today().replace(day=1))

    def _url(self):
        dialog = self.env["credit.aging.ask"].with_user(self.reader)
        dialog = dialog.with_context(allowed_company_ids=(self.company | self.home).ids)
        dialog = dialog.create({})
        self.assertEqual((dialog.company_id, dialog.items), (self.company, 7_100_000))
        return dialog.action_export()["url"]

    def test_workbook_of_the_company_of_the_dialog(self):
        url = self._url()
        self.authenticate("figures_reader", "figures_reader")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        book = load_workbook(BytesIO(response.content))
        cells = [cell.value for row in book["Summary"].iter_rows() for cell in row]
        self.assertIn(7_100_000, cells)
        self.assertTrue(any("Figures Ltd" in str(cell) for cell in cells))

    def test_company_of_others_is_not_found(self):
        asked = parse_qs(urlsplit(self._url()).query)
        self.assertEqual(asked["company"], [str(self.company.id)])
        new_test_user(self.env, "figures_stranger", GROUPS, company_id=self.home.id)
        self.authenticate("figures_stranger", "figures_stranger")
        response = self.url_open(f"/credit_collection/aging.xlsx?company={self.company.id}")
        self.assertEqual(response.status_code, 404)
