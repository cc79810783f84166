"""The accountant and the director at the price of time, in a browser."""

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import InterestCase


@tagged("post_install", "-at_install")
class TestMoneyTours(InterestCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for room in ("interest", "plans"):
            cls.env.ref("base.group_user").implied_ids += cls.env.ref(
                f"credit_collection.credit_room_{room}"
            )
        due = fields.Date.subtract(fields.Date.today(), days=30)
        cls.late = cls._invoice(1000.0, date=due, due=due)

    def test_accountant_bills_interest(self):
        account = self._account()
        self.start_tour(
            f"/odoo/credit-files/{account.id}", "credit_accountant_bills_interest", login="anna"
        )
        claim = self.env["credit.interest.claim"].search([("account_id", "=", account.id)])
        self.assertEqual((claim.state, claim.bill_move_id.amount_total), ("billed", 30.0))

    def test_director_accepts_a_plan(self):
        plan = (
            self.env["credit.plan"]
            .with_user(self.collector)
            .create({"account_id": self._account().id})
        )
        plan.action_generate()
        plan._move("offer")
        self.start_tour("/odoo/credit-plans", "credit_director_accepts_a_plan", login="mona")
        self.assertEqual((plan.state, plan.promise_id.state), ("accepted", "open"))
