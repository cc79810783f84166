"""The main job of people in each language that is shipped, in a browser."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import COLLECTOR, CreditCase, speak
from ..settlement.common import LossCase

LANGUAGES = ("de_DE", "pl_PL", "ru_RU", "zh_CN")


class InLanguages(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        speak(cls.env, LANGUAGES)

    def _in_each(self, user):
        """The languages, one after the other; what was done in one is undone for the next."""
        for code in LANGUAGES:
            self.env.flush_all()
            savepoint = self.env.cr.savepoint()
            user.lang = code
            yield code
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all(flush=False)


@tagged("post_install", "-at_install")
class TestToursInLanguages(InLanguages, CreditCase):
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

    def test_officer_releases(self):
        self._limit(1000.0)
        order = self._order(1500.0)
        order.with_user(self.salesperson).action_confirm()
        hold = order.credit_hold_ids
        for _code in self._in_each(self.officer):
            self.start_tour("/odoo/credit-holds", "credit_officer_in_any_language", login="olaf")
            self.assertEqual((hold.state, hold.decision_note), ("released", "4711"))

    def test_clerk_meets_a_held_delivery(self):
        order = self._order(100.0, product=self.goods)
        order.action_confirm()
        late = fields.Date.subtract(fields.Date.today(), days=60)
        self._invoice(500.0, date=late, due=late)
        picking = order.picking_ids
        for _code in self._in_each(self.env["res.users"].search([("login", "=", "walter")])):
            self.start_tour(
                f"/odoo/deliveries/{picking.id}", "credit_clerk_in_any_language", login="walter"
            )
            self.assertNotEqual(picking.state, "done")

    def test_collector_calls(self):
        due = fields.Date.today() - timedelta(days=40)
        self._invoice(1500.0, date=due, due=due)
        carla = self._user("carla", COLLECTOR)
        file = self._account()
        file.collector_id = carla
        for _code in self._in_each(carla):
            self.start_tour("/odoo/credit-to-do", "credit_collector_in_any_language", login="carla")
            self.assertEqual(file.contact_ids.outcome, "no_answer")


@tagged("post_install", "-at_install")
class TestAccountantInLanguages(InLanguages, LossCase):
    def test_accountant_closes_the_month(self):
        day = fields.Date.today() - timedelta(days=200)
        self._invoice(1_000.0, date=day, due=day)
        berta = self.env["res.users"].search([("login", "=", "berta")])
        for _code in self._in_each(berta):
            self.start_tour(
                "/odoo/credit-allowances", "credit_accountant_in_any_language", login="berta"
            )
            paper = self.env["credit.allowance"].search([("company_id", "=", self.company.id)])
            self.assertEqual(paper.state, "booked")
