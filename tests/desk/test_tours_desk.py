"""The accountant's day at the collections desk, in a browser."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, freeze_time, tagged

from ..followup.common import FollowupCase

NUMBERS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@tagged("post_install", "-at_install")
class TestDeskTours(FollowupCase, HttpCase):
    def _debtor(self, name, amount, days=20):
        """A customer of the accountant, ``days`` late."""
        partner = self._customer(name)
        due = fields.Date.subtract(fields.Date.today(), days=days)
        self._invoice(amount, partner=partner, date=due, due=due)
        file = self._account(partner)
        file.collector_id = self.accountant
        return file

    def _to_do(self):
        self.env.flush_all()
        self.env["credit.worklist"].invalidate_model()
        mine = [("to_do", "=", True), ("collector_id", "=", self.accountant.id)]
        return self.env["credit.worklist"].search(mine).account_id

    def test_accountant_works_three_customers_and_sees_tomorrows_list(self):
        alder = self._debtor("Alder Ltd", 9000.0)
        birch = self._debtor("Birch Ltd", 6000.0)
        cedar = self._debtor("Cedar Ltd", 3000.0)
        self.assertEqual(list(self._to_do()), [alder, birch, cedar])
        with self._mail_server():
            self.start_tour(
                "/odoo/credit-to-do", "credit_accountant_works_three_customers", login="anna"
            )
        letters = [mail for mail in self.outbox if "accounts@example.com" in mail["To"]]
        self.assertEqual(len(letters), 1)
        self.assertRecordValues(
            alder.followup_ids, [{"state": "sent", "level_id": self.first.id, "amount": 9000.0}]
        )
        self.assertRecordValues(
            birch.promise_ids, [{"amount": 6000.0, "note": "Transfer on Friday", "state": "open"}]
        )
        self.assertRecordValues(cedar.dispute_ids, [{"amount": 3000.0, "state": "open"}])
        self.assertFalse(self._to_do())
        with freeze_time(fields.Datetime.now() + timedelta(days=1), tick=True):
            self.assertEqual(self._to_do(), alder)
            self.start_tour(
                "/odoo/credit-to-do", "credit_accountant_sees_tomorrows_list", login="anna"
            )

    def test_collector_clears_ten_customers_by_keyboard(self):
        files = [
            self._debtor(f"Number {number}", 1000.0 * (10 - index))
            for index, number in enumerate(NUMBERS)
        ]
        self.start_tour(
            "/odoo/credit-to-do", "credit_collector_clears_ten_by_keyboard", login="anna"
        )
        for file in files:
            self.assertRecordValues(
                file.contact_ids, [{"outcome": "refuses", "user_id": self.accountant.id}]
            )
        self.assertFalse(self._to_do())

    def test_new_collector_does_a_first_call_by_the_playbook_alone(self):
        alder = self._debtor("Alder Ltd", 9000.0, days=3)
        excuse = self.env.ref("credit_collection.credit_excuse_next_run")
        self.start_tour(
            "/odoo/credit-to-do", "credit_new_collector_calls_by_the_playbook", login="anna"
        )
        self.assertRecordValues(
            alder.contact_ids,
            [{"outcome": "promised", "excuse_id": excuse.id, "user_id": self.accountant.id}],
        )
        self.assertRecordValues(alder.promise_ids, [{"amount": 9000.0, "state": "open"}])
        self.assertFalse(self._to_do())
        self.assertEqual((excuse.contact_count, excuse.promise_count), (1, 1))
