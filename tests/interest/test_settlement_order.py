"""Which debts money pays first when it does not say what it is for."""

from freezegun import freeze_time
from odoo.tests import tagged

from .common import InterestCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestSettlementOrder(InterestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-03-10 12:00:00"):
            # Issued first and due last; due first; a bill of interest, due today.
            cls.oldest = cls._invoice(900.0, date="2026-01-01", due="2026-03-01")
            cls.first_due = cls._invoice(500.0, date="2026-01-08", due="2026-02-01")
            claim = cls.env["credit.interest.claim"]._make(cls._account())
            claim.action_bill()
            cls.interest = claim.bill_move_id

    def _order_of(self):
        lines = (self.oldest | self.first_due | self.interest).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        names = {self.oldest: "oldest", self.first_due: "due", self.interest: "interest"}
        return [names[line.move_id] for line in self._account()._in_settlement_order(lines)]

    def test_each_order(self):
        for order, names in (
            ("due", ["due", "oldest", "interest"]),
            ("document", ["oldest", "due", "interest"]),
            ("interest", ["interest", "due", "oldest"]),
            ("principal", ["due", "oldest", "interest"]),
        ):
            with self.subTest(order):
                self.company.credit_settlement_order = order
                self.assertEqual(self._order_of(), names)

    def test_the_policy_overrides_the_company(self):
        self.company.credit_settlement_order = "due"
        self.policy.settlement_order = "interest"
        self.assertEqual(self._order_of()[0], "interest")

    def test_money_on_account_is_proposed_for_the_first(self):
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 100.0,
                "payment_type": "inbound",
                "partner_type": "customer",
            }
        )
        payment.action_post()
        for order, move in (("due", self.first_due), ("interest", self.interest)):
            with self.subTest(order):
                self.company.credit_settlement_order = order
                self.env.invalidate_all()
                item = self.env["credit.open.item"].search(
                    [("partner_id", "=", self.customer.id), ("amount", "=", -100)]
                )
                self.assertEqual(item.proposal_line_id.move_id, move)
