"""The accountant and the director at the price of time, in a browser."""

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import InterestCase


@tagged("post_install", "-at_install")
class TestMoneyTours(InterestCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for room in ("interest", "plans", "netting"):
            cls.env.ref("base.group_user").implied_ids += cls.env.ref(
                f"credit_collection.credit_room_{room}"
            )
        # Who sees journal items on an entry.
        cls.bookkeeper = cls._user("berta", "account.group_account_user")
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

    def test_director_accepts_a_plan_with_a_fee_and_sees_what_plans_bring(self):
        self.manager.group_ids += self.env.ref("account.group_account_invoice")
        plan = (
            self.env["credit.plan"]
            .with_user(self.collector)
            .create({"account_id": self._account().id, "fee": 50.0})
        )
        plan.action_generate()
        self.start_tour(
            "/odoo/credit-plans", "credit_director_accepts_a_plan_with_a_fee", login="mona"
        )
        self.assertEqual((plan.state, plan.promise_id.amount), ("accepted", 1050.0))
        self.assertEqual(plan.sudo().fee_move_id.amount_total, 50.0)
        self.assertEqual(plan.line_ids.mapped("amount"), [350.0, 350.0, 350.0])

    def test_accountant_nets_and_undoes(self):
        bill = self._bill(
            400.0,
            ref="RENT-77",
            date=fields.Date.today(),
            invoice_date=fields.Date.today(),
            due=fields.Date.today(),
        )
        self.start_tour("/odoo/credit-netting", "credit_accountant_nets_and_undoes", login="berta")
        netting = self.env["credit.netting"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((netting.state, netting.posted_by_id), ("undone", self.bookkeeper))
        booked = netting.move_id.line_ids
        self.assertEqual(sorted(booked.mapped("balance")), [-400.0, 400.0])
        self.assertEqual((self.late.amount_residual, bill.amount_residual), (1000.0, 400.0))

    def test_accountant_assigns_invoices_to_a_factor(self):
        self.env["res.partner"].create({"name": "Harbour Factors", "is_company": True})
        other = self._invoice(600.0)
        self.start_tour(
            "/odoo/credit-assignments", "credit_accountant_assigns_to_a_factor", login="berta"
        )
        assignment = self.env["credit.assignment"].search([])
        self.assertEqual(assignment.line_ids.move_line_id.move_id, self.late | other)
        lines = assignment.move_id.line_ids
        self.assertEqual(sorted(lines.mapped("balance")), [-1000.0, -600.0, 48.0, 80.0, 1472.0])
        self.assertEqual((self.late.amount_residual, other.amount_residual), (0.0, 0.0))
