"""The wizards, as the people who use them and as those who must not."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from ..common import CreditCase


class TestHoldWizards(CreditCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1000.0)
        cls.order = cls._order(1500.0)
        cls.order.with_user(cls.salesperson).action_confirm()
        cls.hold = cls.order.credit_hold_ids
        cls.release_reason = cls.env.ref("credit_collection.credit_hold_reason_paid")
        cls.refuse_reason = cls.env.ref("credit_collection.credit_hold_reason_risk")

    def _wizard(self, model, user, holds=None):
        holds = holds or self.hold
        return (
            self.env[model]
            .with_user(user)
            .with_context(active_model="credit.hold", active_ids=holds.ids)
        )

    def test_salesperson_asks_with_a_note(self):
        action = self.order.with_user(self.salesperson).action_ask_credit_release()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.salesperson)
            .with_context(**action["context"])
        )
        form = Form(wizard)
        self.assertEqual(form.reason, self.hold.reason)
        form.note = "Paid this morning"
        form.save().action_ask()
        self.assertEqual(self.hold.request_note, "Paid this morning")
        self.assertEqual(self.hold.requester_id, self.salesperson)

    def test_asking_for_a_free_order_says_so(self):
        free = self._order(10.0)
        wizard = self.env["credit.hold.ask"].with_user(self.salesperson)
        with self.assertRaisesRegex(UserError, "not on credit hold"):
            wizard.create({"order_id": free.id, "note": "Please"}).action_ask()

    def test_stranger_cannot_ask_for_an_order_they_may_not_change(self):
        stranger = self._user("steve", "base.group_user")
        wizard = self.env["credit.hold.ask"].with_user(stranger)
        with self.assertRaises(AccessError):
            wizard.create({"order_id": self.order.id, "note": "Please"}).action_ask()

    def test_officer_releases_and_the_order_is_confirmed(self):
        form = Form(self._wizard("credit.hold.release", self.officer))
        self.assertEqual(form.max_amount, 1500.0)
        form.reason_id = self.release_reason
        form.note = "Seen the proof"
        form.save().action_release()
        self.assertEqual((self.hold.state, self.order.state), ("released", "sale"))
        self.assertEqual(self.hold.reason_id, self.release_reason)

    def test_release_button_on_the_order_opens_its_hold(self):
        action = self.order.with_user(self.officer).action_release_credit_hold()
        wizard = self.env[action["res_model"]].with_user(self.officer)
        form = Form(wizard.with_context(**action["context"]))
        form.reason_id = self.release_reason
        form.confirm = False
        form.save().action_release()
        self.assertEqual((self.hold.state, self.order.state), ("released", "draft"))

    def test_several_are_released_each_at_its_own_amount(self):
        other = self._order(2000.0)
        other.with_user(self.salesperson).action_confirm()
        holds = self.hold | other.credit_hold_ids
        form = Form(self._wizard("credit.hold.release", self.officer, holds))
        form.reason_id = self.release_reason
        form.confirm = False
        form.save().action_release()
        self.assertEqual(holds.mapped("max_amount"), [1500.0, 2000.0])

    def test_release_ends_on_a_day_to_come(self):
        form = Form(self._wizard("credit.hold.release", self.officer))
        form.reason_id = self.release_reason
        form.valid_until = fields.Date.today() - timedelta(days=1)
        with self.assertRaises(UserError):
            form.save().action_release()
        self.assertEqual(self.hold.state, "held")

    def test_officer_refuses_with_a_reason(self):
        form = Form(self._wizard("credit.hold.refuse", self.officer))
        form.reason_id = self.refuse_reason
        form.note = "Pay first"
        said = form.save().action_refuse()
        self.assertEqual(said["params"]["title"], "Refused")
        self.assertEqual((self.hold.state, self.hold.decision_note), ("refused", "Pay first"))
        self.assertIn("Pay first", self.order.credit_banner["decides"])

    def test_decided_holds_are_not_offered_again(self):
        self.hold.with_user(self.officer).action_refuse()
        form = Form(self._wizard("credit.hold.release", self.officer))
        form.reason_id = self.release_reason
        with self.assertRaises(UserError):
            form.save().action_release()

    def test_salesperson_and_accountant_cannot_use_the_officers_wizards(self):
        for user in (self.salesperson, self.accountant, self.clerk):
            for model in ("credit.hold.release", "credit.hold.refuse"):
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).create(
                        {"hold_ids": self.hold.ids, "reason_id": self.release_reason.id}
                    )

    def test_wizard_made_by_an_officer_does_not_serve_a_salesperson(self):
        wizard = self._wizard("credit.hold.release", self.officer).create(
            {"reason_id": self.release_reason.id}
        )
        with self.assertRaises(AccessError):
            wizard.with_user(self.salesperson).action_release()
        self.assertEqual(self.hold.state, "held")

    def test_officer_above_authority_cannot_release(self):
        self.officer.credit_authority = 1499.0
        wizard = self._wizard("credit.hold.release", self.officer).create(
            {"reason_id": self.release_reason.id}
        )
        with self.assertRaises(AccessError):
            wizard.action_release()

    def test_higher_amount_needs_more_authority(self):
        self.officer.credit_authority = 1600.0
        wizard = self._wizard("credit.hold.release", self.officer).create(
            {"reason_id": self.release_reason.id, "max_amount": 1700.0}
        )
        with self.assertRaises(AccessError):
            wizard.action_release()


class TestFileWizards(CreditCase):
    def _request(self, user, **values):
        return (
            self.env["credit.limit.request"]
            .with_user(user)
            .create({"partner_id": self.customer.id, "reason": "Good payer", **values})
        )

    def test_salesperson_asks_for_a_limit_and_an_approver_gets_it(self):
        action = self._request(self.salesperson, amount=5000.0).action_request()
        limit = self.env["credit.limit"].browse(action["res_id"])
        self.assertRecordValues(
            limit,
            [
                {
                    "account_id": self._account().id,
                    "amount": 5000.0,
                    "state": "requested",
                    "requested_by_id": self.salesperson.id,
                }
            ],
        )
        self.assertEqual(limit.activity_ids.user_id, self.officer)

    def test_request_above_the_officers_authority_goes_to_a_manager(self):
        action = self._request(self.salesperson, amount=50_000.0).action_request()
        approver = self.env["credit.limit"].browse(action["res_id"]).activity_ids.user_id
        self.assertTrue(approver.has_group("credit_collection.credit_collection_group_manager"))

    def test_unlimited_is_for_managers(self):
        action = self._request(self.salesperson, unlimited=True, amount=7.0).action_request()
        limit = self.env["credit.limit"].browse(action["res_id"])
        self.assertEqual((limit.amount, limit.amount_label), (0.0, "Unlimited"))
        self.assertTrue(
            limit.activity_ids.user_id.has_group(
                "credit_collection.credit_collection_group_manager"
            )
        )

    def test_nobody_is_asked_to_approve_their_own_request_if_others_can(self):
        action = self._request(self.officer, amount=100.0).action_request()
        approver = self.env["credit.limit"].browse(action["res_id"]).activity_ids.user_id
        self.assertTrue(approver)
        self.assertNotEqual(approver, self.officer)

    def test_bad_requests_change_nothing(self):
        before = self.env["credit.limit"].search_count([])
        today = fields.Date.today()
        for values in (
            {"amount": -1.0},
            {"reason": "  "},
            {"kind": "temporary", "amount": 10.0},
            {"amount": 10.0, "date_to": today - timedelta(days=1)},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._request(self.salesperson, **values).action_request()
        self.assertEqual(self.env["credit.limit"].search_count([]), before)

    def test_salesperson_cannot_ask_for_a_colleagues_customer(self):
        colleague = self._user("carl", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self._request(colleague, amount=10.0).action_request()

    def test_officer_refuses_a_request_with_a_reason(self):
        action = self._request(self.salesperson, amount=5000.0).action_request()
        limit = self.env["credit.limit"].browse(action["res_id"])
        wizard = (
            self.env["credit.limit.refuse"]
            .with_user(self.officer)
            .with_context(active_model="credit.limit", active_ids=limit.ids)
            .create({"reason": "Too young"})
        )
        wizard.action_refuse()
        self.assertEqual((limit.state, limit.refusal_reason), ("refused", "Too young"))
        self.assertFalse(limit.activity_ids)
        self.assertIn(self.salesperson.partner_id, limit.message_ids.partner_ids)

    def test_salesperson_cannot_refuse_or_hold(self):
        with self.assertRaises(AccessError):
            self.env["credit.limit.refuse"].with_user(self.salesperson).create({"reason": "x"})
        for user in (self.salesperson, self.accountant):
            with self.assertRaises(AccessError):
                self.env["credit.account.hold"].with_user(user).create(
                    {"account_id": self._account().id, "reason": "x"}
                )

    def test_officer_holds_a_customer_and_lifts_the_hold(self):
        account = self._account()
        self.env["credit.account.hold"].with_user(self.officer).create(
            {"account_id": account.id, "reason": "Insolvent"}
        ).action_hold()
        self.assertEqual(account.manual_hold_reason, "Insolvent")
        account.with_user(self.officer).action_lift_manual_hold()
        self.assertFalse(account.manual_hold)
