"""Rules that ask what rating knows: signals, checklist, grade, group, and limits of parts."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import RatingCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestRatingRules(RatingCase):
    def _only(self, kind, **values):
        self.policy.observe_only = False
        self.policy.rule_ids = [
            Command.clear(),
            Command.create({"name": kind, "kind": kind, **values}),
        ]

    def _confirmed(self, amount=100.0, partner=None):
        order = self._order(amount, partner)
        order.action_confirm()
        return order

    def test_signals_hold_above_their_weight(self):
        self._only("signals", count=2)
        report = self.env["credit.signal"].with_user(self.officer)._report
        report(self.account, self.env.ref("credit_collection.credit_signal_kind_changes"), "Moved")
        self.assertEqual(self._confirmed().state, "sale")
        report(self.account, self.env.ref("credit_collection.credit_signal_kind_market"), "Down")
        order = self._confirmed()
        self.assertEqual(order.credit_state, "held")
        self.assertIn("weight 5 (allowed: 2)", order.credit_hold_ids.reason)

    def test_a_new_customer_waits_for_the_checklist(self):
        self._only("checklist")
        self.assertEqual(self._confirmed().credit_state, "held")
        template = self.env.ref("credit_collection.credit_checklist_new_customer")
        checklist = template.with_user(self.accountant)._start(self.account)
        checklist.line_ids.write({"answer": "yes"})
        self.assertEqual(self._confirmed().state, "sale")

    def test_a_paper_of_a_checklist_is_one_that_its_author_may_read(self):
        template = self.env.ref("credit_collection.credit_checklist_new_customer")
        lines = template.with_user(self.accountant)._start(self.account).line_ids
        strange = self.env["ir.attachment"].create(
            {"name": "payslip.pdf", "raw": b"%PDF", "res_model": "ir.rule", "res_id": 1}
        )
        own = strange.with_user(self.accountant).create({"name": "extract.pdf", "raw": b"%PDF"})
        with self.assertRaises(AccessError):
            lines[0].attachment_id = strange
        lines[0].attachment_id = own
        self.assertEqual(lines[0].attachment_id, own)

    def test_a_grade_without_credit(self):
        self._only("prepayment_grade")
        self.assertEqual(self._confirmed().state, "sale")
        self.grades["C"].prepayment_only = True
        self._rate(answer="Bad").action_approve()
        order = self._confirmed()
        self.assertEqual(order.credit_state, "held")
        self.assertIn("Grade C gets no credit", order.credit_hold_ids.reason)

    def test_limits_of_parts_of_the_exposure(self):
        self._only("ordered_amount", amount=150)
        self._invoice(1000.0)
        self.assertEqual(self._confirmed(150.0).state, "sale")
        self.assertEqual(self._confirmed(0.01).credit_state, "held")
        self._only("invoiced_amount", amount=1000)
        self.assertEqual(self._confirmed(5.0).state, "sale")
        self._invoice(0.01)
        self.assertEqual(self._confirmed(5.0).credit_state, "held")

    # ------------------------------------------------------------------
    # One owner, one limit
    # ------------------------------------------------------------------

    def _group(self, amount, *partners, **values):
        return self.env["credit.group"].create(
            {
                "name": "One owner",
                "amount": amount,
                "partner_ids": [Command.set([partner.id for partner in partners])],
                **values,
            }
        )

    def test_customers_of_one_owner_share_a_limit(self):
        self._only("group_limit")
        sister = self._customer("Sister Ltd")
        group = self._group(1000.0, self.customer, sister)
        self._invoice(600.0, sister)
        self.assertEqual((group.exposure, group.available), (600.0, 400.0))
        self.assertEqual(self._confirmed(400.0).state, "sale")
        held = self._confirmed(0.01)
        self.assertEqual(held.credit_state, "held")
        self.assertIn("group would owe", held.credit_hold_ids.reason)
        self.assertEqual(self._confirmed(5000.0, self._customer("Stranger")).state, "sale")

    def test_orders_confirmed_together_do_not_share_the_same_room(self):
        self._only("group_limit")
        sister = self._customer("Sister Ltd")
        self._group(1000.0, self.customer, sister)
        orders = self._order(600.0) | self._order(600.0, sister)
        orders.action_confirm()
        self.assertEqual(sorted(order.credit_state for order in orders), ["held", "none"])

    def test_only_one_decides_on_a_group_at_a_time(self):
        self._only("group_limit")
        group = self._group(1000.0, self.customer, self._customer("Sister Ltd"))
        before = group.check_count
        self._confirmed(10.0)
        group.invalidate_recordset(["check_count"])
        self.assertEqual(group.check_count, before + 1)

    def test_a_customer_has_one_group(self):
        self._group(1000.0, self.customer)
        with self.assertRaisesRegex(ValidationError, "belongs to the group"):
            self._group(1000.0, self.customer)

    def test_a_group_in_another_currency(self):
        self._only("group_limit")
        euro = self._euro(2.0)  # two euros for one of ours
        self._group(1000.0, self.customer, currency_id=euro.id)
        self.assertEqual(self._confirmed(500.0).state, "sale")
        self.assertEqual(self._confirmed(0.01).credit_state, "held")

    def _euro(self, rate):
        name = "EUR" if self.currency.name != "EUR" else "USD"
        euro = (
            self.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
        )
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "name": "2020-01-01",
                "rate": rate,
                "company_id": self.company.id,
            }
        )
        return euro
