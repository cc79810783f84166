"""The attacker's context: no key of it changes a decision or a stored figure."""

from datetime import timedelta

from odoo import fields
from odoo.tests import JsonRpcException, freeze_time, tagged
from odoo.tools import mute_logger

from ..common import CreditCase
from ..rpc_case import RpcCase

YEARS_AGO, YEARS_AHEAD = "2000-01-01", "2099-12-31"


@tagged("post_install", "-at_install")
class TestContextOverRpc(RpcCase):
    """A limit of 1,000, an invoice of 900 and an order of 500; a limit of 9,000 begins later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.today()
        cls._limit(1000.0)
        cls._limit(9000.0, date_from=today + timedelta(days=30))
        cls._invoice(900.0, due=today + timedelta(days=60))
        cls.order = cls._order(500.0)
        cls.contexts = [
            {"as_of": YEARS_AGO},
            {"as_of": YEARS_AHEAD},
            {"as_of": "tomorrow, perhaps"},
            {"as_of": 7},
            {"active_test": False, "credit_all_files": True},
            {"tz": "Pacific/Kiritimati", "lang": "en_US"},
            {"allowed_company_ids": [cls.company.id], "default_unlimited": True},
            {"default_credit_checked_amount": 10**9, "default_state": "released"},
        ]

    def test_confirmation_is_held(self):
        for context in self.contexts:
            with self.subTest(context=context):
                order = self._order(500.0)
                self._call("sale.order", "action_confirm", [order.id], context=context)
                self.assertEqual((order.state, order.credit_state), ("draft", "held"))
                hold = order.credit_hold_ids
                self.assertEqual((hold.receivable, hold.credit_limit), (900.0, 1000.0))
                self.assertTrue(hold.activity_ids.filtered("user_id"))

    def test_writing_the_state_is_refused(self):
        for context in self.contexts:
            with self.subTest(context=context):
                self._refused(
                    "sale.order", "write", [self.order.id], {"state": "sale"}, context=context
                )
                self.order.invalidate_recordset()
                self.assertEqual(self.order.state, "draft")

    def test_looking_again_clears_nothing(self):
        self.order.action_confirm()
        hold = self.order.credit_hold_ids
        for context in self.contexts:
            with self.subTest(context=context):
                self._call("credit.hold", "action_reevaluate", [hold.id], context=context)
                self.assertEqual(hold.state, "held")

    def test_splitting_keeps_what_really_fits(self):
        for context in self.contexts[:-1]:  # the last one forges and is refused
            with self.subTest(context=context):
                order = self._order(50.0, quantity=10)
                self._call("sale.order", "action_credit_split", [order.id], context=context)
                self.assertEqual(order.amount_total, 100.0)

    def test_delivery_is_held(self):
        today = fields.Date.today()
        self._invoice(100.0, date=today - timedelta(days=90), due=today - timedelta(days=60))
        self._limit(50_000.0)
        order = self._order(500.0, product=self.goods)
        order.payment_term_id = self.env["account.payment.term"].create(
            {"name": "Before delivery", "credit_prepayment": True}
        )
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.quantity = 1
        self.authenticate("walter", "walter")
        for context in self.contexts:
            with self.subTest(context=context):
                self._call("stock.picking", "button_validate", [picking.id], context=context)
                self.assertNotEqual(picking.state, "done")
                self.assertEqual(picking.credit_state, "held")

    def test_approval_keeps_to_the_authority(self):
        self.authenticate("olaf", "olaf")
        self._limit(9_900.0)
        extra = self.env["credit.limit"].create(
            {
                "account_id": self._account().id,
                "amount": 200.0,
                "kind": "temporary",
                "date_to": fields.Date.today() + timedelta(days=3),
                "reason": "Fair",
            }
        )
        for context in self.contexts:
            with self.subTest(context=context):
                self._refused("credit.limit", "action_approve", [extra.id], context=context)
                self.assertEqual(extra.state, "requested")

    def test_native_limit_follows_the_limit_of_today(self):
        for context in self.contexts:
            self._account().with_context(**context)._sync_native_limit()
            self.assertEqual(self.customer.credit_limit, 1000.0, context)

    def test_rules_kept_for_everybody_leave_out_the_archived(self):
        self.policy.rule_ids.filtered(lambda rule: rule.kind == "limit").active = False
        self._call("sale.order", "action_confirm", [self.order.id], context={"active_test": False})
        self.assertEqual(self.order.state, "sale")

    def test_day_that_is_none_is_explained(self):
        self.authenticate("anna", "anna")
        for model in ("credit.open.item", "credit.position"):
            with mute_logger("odoo.http"), self.assertRaisesRegex(JsonRpcException, "UserError"):
                self._call(model, "search_read", [], ["amount"], context={"as_of": "soon"})


@tagged("post_install", "-at_install")
class TestDayOfTheCompany(CreditCase):
    """Decisions go by the company's day, not by that of whoever asks."""

    def test_overdue_counts_from_the_company_s_day(self):
        # 05:00 in UTC: 17 March in the far west, 18 March in the company's zone.
        self.company.resource_calendar_id.tz = "Europe/Brussels"
        with freeze_time("2026-03-18 05:00:00"):
            self._invoice(900.0, date="2026-02-01", due="2026-02-15")
            order = self._order(100.0).with_user(self.salesperson).with_context(tz="Etc/GMT+12")
            order.action_confirm()
            self.assertEqual(order.credit_state, "held")
            self.assertIn("31 days late", order.credit_hold_ids.reason)

    def test_release_ends_with_the_company_s_day(self):
        self.company.resource_calendar_id.tz = "Pacific/Honolulu"
        with freeze_time("2026-03-18 20:00:00"):
            self._limit(0.0)
            order = self._order(100.0)
            order.action_confirm()
            hold = order.credit_hold_ids.with_user(self.officer)
            hold.action_release(valid_until="2026-03-18")
        with freeze_time("2026-03-19 05:00:00"):  # still the 18th in Honolulu
            order.action_confirm()
            self.assertEqual(order.state, "sale")
