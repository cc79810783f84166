"""The main job of people in each language that is shipped, in a browser."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import CreditCase

LANGUAGES = ("de_DE", "pl_PL", "ru_RU", "zh_CN")


@tagged("post_install", "-at_install")
class TestToursInLanguages(CreditCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in LANGUAGES:
            cls.env["res.lang"]._activate_lang(code)
        cls.env.ref("base.module_credit_collection")._update_translations(list(LANGUAGES))

    def test_salesperson_asks_for_a_release(self):
        self._limit(1000.0)
        for code in LANGUAGES:
            with self.subTest(lang=code):
                self.salesperson.lang = code
                order = self._order(1500.0)
                self.start_tour(
                    f"/odoo/sales/{order.id}", "credit_salesperson_in_any_language", login="sally"
                )
                self.assertEqual(order.credit_hold_ids.request_note, "4711")

    def test_director_reads_the_dashboard(self):
        due = fields.Date.today() - timedelta(days=40)
        self._invoice(1500.0, date=due, due=due)
        for code in LANGUAGES:
            with self.subTest(lang=code):
                self.manager.lang = code
                self.start_tour(
                    "/odoo/credit-dashboard", "credit_director_in_any_language", login="mona"
                )
