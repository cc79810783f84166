from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestFollowupGuard(FollowupCase):
    """Between planning and sending things change: what goes out is true at that moment."""

    def _dispute(self, invoice, **values):
        reason = self.env.ref("credit_collection.credit_dispute_reason_price")
        return self.env["credit.dispute"].create(
            {
                "account_id": self.file.id,
                "move_line_id": self._item(invoice).id,
                "reason_id": reason.id,
                **values,
            }
        )

    def test_disputed_meanwhile(self):
        invoice = self._late(100.0)
        followup = self._plan()
        self._dispute(invoice)
        self._send(followup)
        self.assertRecordValues(
            followup,
            [{"state": "cancelled", "cancel_reason": "The customer disputes what is open."}],
        )
        self.assertFalse(self.outbox)

    def test_disputed_in_part_is_asked_for_the_rest(self):
        invoice = self._late(100.0)
        followup = self._plan()
        self._dispute(invoice, amount=30.0)
        self._send(followup)
        self.assertRecordValues(followup, [{"state": "sent", "amount": 70.0}])
        self.assertIn("70.00", followup.mail_message_id.body)
        self.assertEqual(self._to_pay(followup), "70.00")

    def test_promised_meanwhile(self):
        invoice = self._late(100.0)
        followup = self._plan()
        self.policy.promise_tolerance_days = 1
        self.env["credit.promise"].create(
            {
                "account_id": self.file.id,
                "date": TODAY + timedelta(4),
                "amount": 100.0,
                "move_line_ids": self._item(invoice).ids,
            }
        )
        self._send(followup)
        self.assertRecordValues(
            followup,
            [
                {
                    "state": "cancelled",
                    "cancel_reason": "The customer promised to pay. Again from 03/22/2026.",
                }
            ],
        )
        self.assertFalse(self.outbox)

    def test_promised_item_drops_out_and_the_rest_goes(self):
        promised, other = self._late(100.0), self._late(70.0)
        followup = self._plan()
        self.env["credit.promise"].create(
            {
                "account_id": self.file.id,
                "date": TODAY + timedelta(4),
                "amount": 100.0,
                "move_line_ids": self._item(promised).ids,
            }
        )
        self._send(followup)
        self.assertEqual((followup.state, followup.amount), ("sent", 70.0))
        self.assertEqual(followup.line_ids.move_id, other)

    def test_in_payment_meanwhile(self):
        invoice = self._late(100.0)
        followup = self._plan()
        # With Odoo's accounting app a payment of such a journal makes no entry.
        self.patch(type(invoice), "_get_invoice_in_payment_state", lambda _: "in_payment")
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        journal.inbound_payment_method_line_ids.payment_account_id = False
        self._pay(invoice)
        self.assertEqual(self._item(invoice).amount_residual, 100.0)
        self._send(followup)
        self.assertRecordValues(
            followup, [{"state": "cancelled", "cancel_reason": "A payment is on its way."}]
        )
        self.assertFalse(self.outbox)

    def test_paid_meanwhile_cancels_the_message(self):
        invoice = self._late()
        followup = self._plan()
        self._pay(invoice)
        self._send(followup)
        self.assertEqual(followup.state, "cancelled")
        self.assertTrue(followup.cancel_reason)
        self.assertFalse(self.outbox)

    def test_paid_item_drops_out_and_the_rest_goes(self):
        paid, unpaid = self._late(100.0), self._late(70.0)
        followup = self._plan()
        self._pay(paid)
        self._send(followup)
        self.assertEqual(followup.state, "sent")
        self.assertEqual(followup.line_ids.move_id, unpaid)
        self.assertEqual(followup.amount, 70.0)

    def test_partly_paid_is_asked_for_the_rest(self):
        invoice = self._late(100.0)
        followup = self._plan()
        self._pay(invoice, 60.0)
        self._send(followup)
        self.assertEqual(followup.line_ids.amount, 40.0)
        self.assertIn("40.00", followup.mail_message_id.body)
        self.assertEqual(self._to_pay(followup), "40.00")

    def test_muted_meanwhile(self):
        invoice = self._late()
        followup = self._plan()
        self._item(invoice).no_followup = True
        self._send(followup)
        self.assertRecordValues(
            followup,
            [{"state": "cancelled", "cancel_reason": "What is open is marked 'no follow-up'."}],
        )

    def test_paused_meanwhile(self):
        self._late()
        followup = self._plan()
        self.file.followup_paused_until = TODAY + timedelta(5)
        self._send(followup)
        self.assertEqual(followup.state, "cancelled")
        self.assertIn("03/22/2026", followup.cancel_reason)

    def test_credit_note_meanwhile_covers_the_debt(self):
        self._late(100.0)
        followup = self._plan()
        self._credit_note(100.0)
        self._send(followup)
        self.assertEqual(followup.state, "cancelled")

    def test_unapplied_credit_is_shown_and_deducted(self):
        self._late(100.0)
        followup = self._plan()
        note = self._credit_note(30.0)
        self._send(followup)
        self.assertIn(note.name, followup.mail_message_id.body)
        self.assertIn("70.00", followup.mail_message_id.body)

    def test_item_is_asked_for_a_lower_level_when_the_higher_one_is_gone(self):
        old, new = self._late(100.0, days=9), None
        self._sent()
        new = self._late(50.0, days=3)
        followup = self._plan(TODAY + timedelta(1))
        self.assertEqual(followup.level_id, self.second)
        self._pay(old)
        with freeze_time(TODAY + timedelta(1)):
            self._send(followup)
        self.assertEqual((followup.state, followup.level_id), ("sent", self.first))
        self.assertEqual(followup.line_ids.move_id, new)

    def test_address_removed_after_planning(self):
        self._late()
        followup = self._plan()
        self.customer.email = False
        self._send(followup)
        self.assertEqual((followup.state, followup.failure_type), ("failed", "address"))
        self.assertFalse(self._plan(), "not twice a day at the same address")
        self.customer.email = "new@example.com"
        again = self._plan()
        self.assertEqual(again.state, "queued")
        self._send(again)
        self.assertEqual(again.email_to, "new@example.com")

    def test_letter_of_a_paid_invoice_is_not_printed(self):
        self.first.write({"send_email": False, "print_letter": True})
        invoice = self._late(100.0)
        followup = self._plan()
        self._send(followup)
        self._pay(invoice)
        with self.assertRaises(UserError):
            followup.with_user(self.collector).action_print()

    def test_merged_customers_get_one_message_and_keep_their_history(self):
        twin = self._customer("Deco Limited", email="accounts@example.com")
        self._late(100.0, days=9, partner=twin)
        self._sent()
        self._late(50.0)
        followup = self._plan(TODAY + timedelta(1))
        waiting = followup.filtered(lambda f: f.partner_id == self.customer)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (twin | self.customer).ids, self.customer
        )
        self.assertFalse(twin.exists())
        self.assertEqual(
            self.file.followup_ids.filtered(lambda f: f.state == "sent").line_ids.amount, 100.0
        )
        with freeze_time(TODAY + timedelta(1)):
            self._send(waiting)
        self.assertEqual(waiting.state, "sent")
        self.assertEqual(sorted(waiting.line_ids.mapped("amount")), [50.0, 100.0])

    def test_bank_data_grew_old_meanwhile(self):
        self._late(100.0)
        followup = self._plan().with_user(self.collector)
        self.policy.bank_data_max_days = 3
        for name in ("action_send", "action_print", "send_slice", "print_slice"):
            with self.subTest(name), self.assertRaisesRegex(UserError, "no bank statement"):
                getattr(followup, name)()
        self.assertEqual(followup.state, "queued")

    def _replace_first(self, **values):
        self.first.active = False
        return self._level("New first reminder", 1, "reminder", **values)

    def test_level_replaced_while_a_message_waits(self):
        self._late(1000.0)
        followup = self._plan()
        new = self._replace_first()
        self._send(followup)
        self.assertEqual((followup.state, followup.level_id), ("sent", new))
        self.assertEqual(followup.line_ids.level_id, new)
        self.assertFalse(self._plan(TODAY + timedelta(1)), "the same rung comes once")

    def test_replaced_by_a_level_for_managers_it_waits_for_one(self):
        self._late(1000.0)
        followup = self._plan()
        self.assertEqual(followup.state, "queued")
        new = self._replace_first(automatic=False)
        self._send(followup)
        self.assertEqual((followup.state, followup.level_id), ("draft", new))
        with self.assertRaises(AccessError):
            followup.with_user(self.collector).action_send()
        with self._mail_server():
            followup.with_user(self.manager).action_send()
        self.assertEqual(followup.state, "sent")

    def test_replaced_by_levels_that_have_not_come_it_is_cancelled(self):
        self._late(1000.0)
        followup = self._plan()
        self.first.active = False
        self._level("Later reminder", 5, "reminder")
        self._send(followup)
        self.assertEqual(followup.state, "cancelled")
        self.assertIn("come to its next level", followup.cancel_reason)
