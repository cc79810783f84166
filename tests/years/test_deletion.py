"""What evidence speaks of stays; a sentence says what to do instead."""

import psycopg2
from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import MANAGER, CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestDeletion(CreditCase):
    def test_who_decided_stays(self):
        someone = new_test_user(self.env, "someone", f"base.group_user,{MANAGER}")
        limit = self.env["credit.limit"].create(
            {"account_id": self._account().id, "amount": 100.0, "reason": "Agreed"}
        )
        limit.with_user(someone).action_approve()
        with self.assertRaisesRegex(UserError, "someone.*Archive the user"):
            someone.unlink()
        someone.active = False
        self.assertEqual(limit.decided_by_id, someone)

    def test_who_decided_nothing_can_go(self):
        someone = new_test_user(self.env, "nobody", "base.group_user")
        someone.unlink()
        self.assertFalse(someone.exists())

    def test_a_customer_with_a_history_stays(self):
        self._limit(100.0)
        with self.assertRaisesRegex(UserError, "Deco Ltd has a credit history.*Archive"):
            self.customer.unlink()

    def test_a_customer_without_a_history_can_go(self):
        customer = self._customer("Gone Ltd")
        file = self._account(customer)
        customer.unlink()
        self.assertFalse(file.exists())

    def _term(self, *days):
        return self.env["account.payment.term"].create(
            {
                "name": f"{len(days)} parts",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100 / len(days), "nb_days": day}
                    )
                    for day in days
                ],
            }
        )

    def test_a_term_changed_twice_in_draft_keeps_dispute_and_promise(self):
        invoice = self._invoice(1000.0, date="2026-02-01")
        item = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        dispute = self.env["credit.dispute"].create(
            {
                "account_id": self._account().id,
                "move_line_id": item.id,
                "amount": 300.0,
                "reason_id": self.env.ref("credit_collection.credit_dispute_reason_price").id,
            }
        )
        promise = self.env["credit.promise"].create(
            {
                "account_id": self._account().id,
                "date": "2026-03-12",
                "amount": 700.0,
                "move_line_ids": [Command.set(item.ids)],
            }
        )
        invoice.button_draft()
        for term in (self._term(10, 30), self._term(10, 20, 30, 40), self._term(20, 50)):
            invoice.invoice_payment_term_id = term
        self.assertFalse(item.exists())
        self.assertEqual((dispute.state, dispute.move_id), ("open", invoice))
        promise.sudo()._judge(promise.date.replace(day=11))
        self.assertEqual(promise.state, "open")
        invoice.action_post()
        items = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertEqual(len(items), 2)
        self.assertEqual(dispute.move_line_id, items.sorted("date_maturity")[0])
        self.assertEqual(promise.move_line_ids, items)
        self.assertFalse(promise.lost_move_ids)

    def test_a_promise_goes_on_when_its_draft_is_cancelled(self):
        first = self._invoice(1000.0, date="2026-02-01", due="2026-02-20")
        second = self._invoice(500.0, date="2026-02-01", due="2026-02-20")
        items = (first | second).line_ids.filtered(lambda line: line.display_type == "payment_term")
        promise = self.env["credit.promise"].create(
            {
                "account_id": self._account().id,
                "date": "2026-03-12",
                "amount": 1500.0,
                "move_line_ids": [Command.set(items.ids)],
            }
        )
        first.button_draft()
        first.invoice_payment_term_id = self._term(20, 50)
        first.button_cancel()
        promise.sudo()._judge(promise.date.replace(month=5))
        self.assertEqual(promise.state, "broken")

    def test_who_promised_stays(self):
        self._invoice(1000.0, date="2026-02-01")
        person = self.env["res.partner"].create({"name": "Pat", "parent_id": self.customer.id})
        promise = self.env["credit.promise"].create(
            {
                "account_id": self._account().id,
                "date": "2026-03-12",
                "amount": 700.0,
                "contact_partner_id": person.id,
            }
        )
        with self.assertRaisesRegex(UserError, "Pat has a credit history.*Archive"):
            person.unlink()
        self.assertEqual(promise.contact_partner_id, person)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_too(self):
        self._limit(100.0)
        self.env.flush_all()
        with self.assertRaises(psycopg2.errors.IntegrityError), self.cr.savepoint(flush=False):
            self.env.cr.execute("DELETE FROM credit_account WHERE id = %s", (self._account().id,))

    def test_a_policy_that_held_is_archived(self):
        self._limit(10.0)
        order = self._order(90.0)
        order.action_confirm()
        self.assertEqual(order.credit_hold_ids.state, "held")
        policy = self.env["credit.policy"].create({"name": "Other"})
        self.company.credit_default_policy_id = policy
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.IntegrityError),
            self.cr.savepoint(),
        ):
            order.credit_hold_ids.policy_id.unlink()
