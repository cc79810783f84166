"""A company that invoices without orders: the check asks when an invoice is posted."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..common import CreditCase

TODAY = "2026-03-10"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestInvoiceHold(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.policy.rule_ids.filtered(
            lambda rule: rule.kind == "limit" and rule.consequence == "hold"
        )[:1]
        cls.rule.on_invoice = True
        cls.policy.observe_only = False
        cls._limit(1000.0)

    def _draft(self, amount, **values):
        return self._invoice(amount, date=TODAY, due="2026-04-10", post=False, **values)

    def _confirm(self, moves, user=None):
        return moves.with_user(user or self.accountant).action_post()

    def test_within_the_limit_it_is_posted(self):
        invoice = self._draft(1000.0)
        self._confirm(invoice)
        self.assertRecordValues(invoice, [{"state": "posted", "credit_state": "none"}])

    def test_above_the_limit_it_is_held_and_released(self):
        invoice = self._draft(1000.01)
        action = self._confirm(invoice)
        self.assertEqual(action["tag"], "display_notification")
        self.assertRecordValues(invoice, [{"state": "draft", "credit_state": "held"}])
        hold = invoice.credit_hold_ids
        self.assertRecordValues(
            hold,
            [
                {
                    "checkpoint": "invoice",
                    "requested_amount": 1000.01,
                    "draft": 0.0,
                    "exposure_after": 1000.01,
                    "account_id": self._account().id,
                    "salesperson_id": self.salesperson.id,
                }
            ],
        )
        hold.with_user(self.officer).action_release(note="Known")
        self._confirm(invoice)
        self.assertRecordValues(invoice, [{"state": "posted", "credit_state": "released"}])
        with self.assertRaises(UserError):
            hold.with_user(self.officer).action_withdraw()

    def test_what_would_lift_it_speaks_of_the_invoice(self):
        invoice = self._draft(1500.0)
        self._confirm(invoice)
        self.assertEqual(
            invoice.credit_hold_ids.with_user(self.officer).remedy.split("\n")[:3],
            [
                "A prepayment of $\xa0500.00.",
                "Reducing the invoice to $\xa01,000.00.",
                "A credit limit of $\xa01,500.00.",
            ],
        )

    def test_release_posts_at_once_when_asked(self):
        invoice = self._draft(1200.0)
        self._confirm(invoice)
        invoice.credit_hold_ids.with_user(self.officer).action_release(confirm=True)
        self.assertEqual(invoice.state, "posted")

    def test_in_a_batch_the_good_ones_go_through_and_each_sees_those_before(self):
        small, large, last = self._draft(600.0), self._draft(900.0), self._draft(400.0)
        # drafts are part of the exposure: 600 + 900 + 400 are there already
        self._confirm(small | large | last)
        self.assertEqual((small | large | last).mapped("state"), ["draft", "draft", "draft"])
        large.button_cancel()
        self.assertEqual(large.credit_hold_ids.state, "cancelled")
        self._confirm(small | last)
        self.assertEqual((small | last).mapped("state"), ["posted", "posted"])
        self.assertEqual(small.credit_hold_ids.state, "cleared")

    def test_whoever_posts_and_however(self):
        invoice = self._draft(2000.0)
        for user in (self.accountant, self.env.user):
            with self.assertRaisesRegex(UserError, "cannot be posted"):
                invoice.with_user(user).sudo()._post()
        self.assertEqual(invoice.state, "draft")

    def test_what_is_never_asked(self):
        order = self._order(5000.0)
        self._limit(9999.0)
        order.action_confirm()
        self._limit(100.0)
        from_order = order._create_invoices()
        self._confirm(from_order)
        refund = self._draft(3000.0, move_type="out_refund")
        self._confirm(refund)
        bill = self._draft(3000.0, move_type="in_invoice")
        bill.action_post()
        recurring = self._draft(3000.0)
        recurring.auto_post = "monthly"
        recurring._post()
        self.assertEqual((from_order | refund | bill | recurring).mapped("state"), ["posted"] * 4)

    def test_only_what_the_order_did_not_bring_is_asked(self):
        self._limit(9999.0)
        order = self._order(900.0)
        order.action_confirm()
        invoice = order._create_invoices()
        self._limit(1000.0)
        line = {"name": "Extra", "quantity": 1, "tax_ids": [Command.clear()]}
        invoice.invoice_line_ids = [Command.create({**line, "price_unit": 100.0})]
        self._confirm(invoice)
        self.assertEqual(invoice.state, "posted")

    def test_payment_clears_the_hold(self):
        old = self._draft(800.0)
        self._confirm(old)
        invoice = self._draft(300.0)
        self._confirm(invoice)
        self.assertEqual(invoice.credit_state, "held")
        self._pay(old)
        invoice.credit_hold_ids.action_reevaluate()
        self.assertEqual(invoice.credit_hold_ids.state, "cleared")

    def test_warning_only_warns_and_without_a_rule_nothing_is_asked(self):
        self.rule.consequence = "warn"
        invoice = self._draft(2000.0)
        self._confirm(invoice)
        self.assertEqual(invoice.state, "posted")
        self.rule.write({"consequence": "hold", "on_invoice": False})
        invoice = self._draft(2000.0)
        self._confirm(invoice)
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(invoice.credit_hold_ids)

    def test_observed_only_is_recorded(self):
        self.policy.observe_only = True
        invoice = self._draft(2000.0)
        self._confirm(invoice)
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.credit_hold_ids.state, "observed")

    def test_asked_for_and_kept(self):
        invoice = self._draft(2000.0)
        self._confirm(invoice)
        ask = (
            self.env["credit.hold.ask"]
            .with_user(self.accountant)
            .create({"move_id": invoice.id, "note": "The usual customer"})
        )
        self.assertEqual(ask.hold_id, invoice.credit_hold_ids)
        ask.action_ask()
        self.assertEqual(invoice.credit_hold_ids.request_note, "The usual customer")
        with self.assertRaises(UserError):
            invoice.unlink()
        with self.assertRaises(AccessError):
            invoice.with_user(self.clerk).read(["credit_hold_reason"])

    def test_odoos_own_warning_stands_where_ours_does_not(self):
        self.company.account_use_credit_limit = True
        self.customer.with_company(self.company).write(
            {"use_partner_credit_limit": True, "credit_limit": 10.0}
        )
        invoice = self._draft(500.0)
        self.assertIn("500.00", invoice.partner_credit_warning)
