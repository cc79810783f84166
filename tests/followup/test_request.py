"""What a collector may not decide is asked of somebody who may: with a day, in one click."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import MANAGER
from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestRequest(FollowupCase):
    def setUp(self):
        super().setUp()
        self.policy.write(
            {
                "promise_max_days": 7,
                "promise_officer_days": 30,
                "responsible_id": self.officer.id,
                "answer_hours": 8,
            }
        )
        self.invoice = self._late(1000.0)

    def _log(self, days, **values):
        return (
            self.env["credit.contact.log"]
            .with_user(self.collector)
            .create(
                {
                    "account_id": self.file.id,
                    "outcome": "promised",
                    "promise_date": TODAY + timedelta(days=days),
                    "promise_amount": 600.0,
                    "item_ids": [fields.Command.set(self._item(self.invoice).ids)],
                    "note": "The season begins in April",
                    **values,
                }
            )
        )

    def _request(self):
        return self.env["credit.request"].search([("account_id", "=", self.file.id)])

    def test_a_promise_within_my_days_is_noted(self):
        self._log(7).action_log()
        self.assertFalse(self._request())
        self.assertEqual(self.file.promise_ids.amount, 600.0)

    def test_a_longer_promise_waits_for_the_officer(self):
        told = self._log(20).action_log()
        request = self._request()
        self.assertFalse(self.file.promise_ids)
        self.assertEqual(request.state, "waiting")
        self.assertEqual(request.responsible_id, self.officer)
        self.assertEqual(
            told["params"]["next"]["params"]["title"], f"Waits for {self.officer.name}"
        )
        self.assertEqual(request.contact_id.note, "The season begins in April")
        activity = request.activity_ids
        self.assertEqual(activity.user_id, self.officer)
        self.assertEqual(activity.date_deadline, self.company._credit_day(request.deadline))
        with self.assertRaisesRegex(AccessError, "above your authority"):
            request.with_user(self.collector).action_approve()
        request.with_user(self.officer).action_approve()
        promise = self.file.promise_ids
        self.assertEqual((promise.amount, promise.user_id), (600.0, self.officer))
        self.assertEqual(promise.date, TODAY + timedelta(days=20))
        self.assertEqual(request.contact_id.promise_id, promise)
        self.assertEqual((request.state, request.activity_ids.ids), ("approved", []))
        with self.assertRaises(UserError):
            request.with_user(self.officer).action_refuse()

    def test_beyond_the_officer_s_days_a_manager_decides(self):
        self._log(40).action_log()
        request = self._request()
        self.assertTrue(request.responsible_id.has_group(MANAGER))
        self.assertFalse(request.with_user(self.officer).may_decide)
        self.assertTrue(request.with_user(self.manager).may_decide)

    def test_a_manager_is_asked_before_the_administrator(self):
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        self.assertTrue(admin.has_group(MANAGER) and admin.has_group("base.group_system"))
        self.assertLess(admin.id, self.manager.id)
        self._log(40).action_log()
        asked = self._request().responsible_id
        self.assertTrue(asked.has_group(MANAGER))
        self.assertFalse(asked.has_group("base.group_system"))
        self.assertIn(admin, self.file._approvers(0))

    def test_instalments_count_by_the_last(self):
        log = self._log(5, in_instalments=True, instalment_count=3, instalment_days=7)
        self.assertEqual(log.instalment_ids.mapped("amount"), [200.0] * 3)
        log.action_log()
        request = self._request()
        self.assertEqual(request.until, TODAY + timedelta(days=19))
        request.with_user(self.officer).action_approve()
        self.assertEqual(len(self.file.promise_ids.line_ids), 3)

    def test_what_nobody_could_accept_is_refused_at_once(self):
        with self.assertRaisesRegex(UserError, "more than"):
            self._log(20, promise_amount=5_000.0).action_log()
        self.assertFalse(self._request())
        self.assertFalse(self.file.promise_ids)

    def test_refused_and_told(self):
        self._log(20).action_log()
        request = self._request().with_user(self.officer)
        request.decision_note = "Ten days at most"
        request.action_refuse()
        self.assertFalse(self.file.promise_ids)
        said = request.message_ids.filtered(
            lambda message: "Ten days at most" in (message.body or "")
        )
        self.assertIn(self.collector.partner_id, said.partner_ids)

    def test_whoever_asked_does_not_write_the_answer(self):
        self._log(20).action_log()
        request = self._request()
        with self.assertRaises(AccessError):
            request.with_user(self.collector).decision_note = "All later ones are fine, too"
        request.with_user(self.officer).action_refuse()
        with self.assertRaises(AccessError):
            request.with_user(self.officer).decision_note = "Written afterwards"

    def test_a_letter_that_needs_approval(self):
        self.first.automatic = False
        letter = self._plan()
        self.assertEqual(letter.state, "draft")
        mine = letter.with_user(self.collector)
        self.assertTrue(mine.needs_approval)
        self.assertFalse(letter.with_user(self.manager).needs_approval)
        self.file.with_user(self.collector).action_send_letter()
        request = self._request()
        self.assertEqual(request.kind, "letter")
        self.assertTrue(request.responsible_id.has_group(MANAGER))
        self.file.with_user(self.collector).action_send_letter()
        self.assertEqual(len(self._request()), 1, "asked once")
        with self._mail_server():
            request.with_user(self.manager).action_approve()
        self.assertNotEqual(letter.state, "draft")

    def test_a_plan_above_the_authority(self):
        plan = (
            self.env["credit.plan"]
            .with_user(self.collector)
            .create({"account_id": self.file.id, "instalment_count": 2})
        )
        plan.action_generate()
        self.assertFalse(plan.may_accept)
        plan.action_ask()
        request = self._request()
        self.assertEqual((request.kind, request.amount), ("plan", 1000.0))
        self.assertEqual(request.responsible_id, self.officer)
        request.with_user(self.officer).action_approve()
        self.assertEqual((plan.state, plan.accepted_by_id), ("accepted", self.officer))

    def test_a_plan_that_changed_meanwhile_is_asked_for_again(self):
        plan = (
            self.env["credit.plan"]
            .with_user(self.collector)
            .create({"account_id": self.file.id, "instalment_count": 2})
        )
        plan.action_generate()
        plan.action_ask()
        request = self._request()
        with self.assertRaisesRegex(UserError, "take the request back"):
            plan.with_user(self.collector).write({"instalment_count": 12})
        request.sudo().amount = 900.0
        with self.assertRaisesRegex(UserError, "ask again"):
            request.sudo()._carry_out()
        self.assertEqual(plan.state, "draft")

    def test_what_waits_stands_above_the_list(self):
        Desk = self.env["credit.worklist"].with_user(self.collector)
        before = {entry["action"]: entry["count"] for entry in Desk.desk_counts()}
        self._log(20).action_log()
        self.first.automatic = False
        self._plan()
        after = {entry["action"]: entry["count"] for entry in Desk.desk_counts()}
        for name in ("credit_request_action", "credit_followup_approve_action"):
            key = f"credit_collection.{name}"
            self.assertEqual(after[key], before.get(key, 0) + 1)

    def test_requests_are_not_made_or_changed_by_hand(self):
        self._log(20).action_log()
        request = self._request().with_user(self.collector)
        with self.assertRaises(AccessError):
            request.write({"state": "approved"})
        with self.assertRaises(AccessError):
            request.create({"kind": "promise", "account_id": self.file.id})
        with self.assertRaises(AccessError):
            request.with_user(self.salesperson).action_cancel()
        request.action_cancel()
        self.assertEqual(request.state, "cancelled")
