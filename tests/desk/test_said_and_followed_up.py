"""What customers say decides about the next letter: promises, disputes, talks."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tests import freeze_time

from ..followup.common import TODAY, FollowupCase


@freeze_time(TODAY)
class TestSaidAndFollowedUp(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"promise_max_days": 7, "promise_tolerance_days": 2})

    def _promise(self, invoice, amount, days):
        return (
            self.env["credit.promise"]
            .with_user(self.collector)
            .create(
                {
                    "account_id": self.file.id,
                    "move_line_ids": [Command.set(self._item(invoice).ids)],
                    "amount": amount,
                    "date": TODAY + timedelta(days),
                }
            )
        )

    def _dispute(self, invoice, amount):
        return (
            self.env["credit.dispute"]
            .with_user(self.collector)
            .create(
                {
                    "account_id": self.file.id,
                    "move_line_id": self._item(invoice).id,
                    "amount": amount,
                    "reason_id": self.env.ref("credit_collection.credit_dispute_reason_price").id,
                }
            )
        )

    def _plan_on(self, days):
        """What is planned some days later, after the promises were judged."""
        day = TODAY + timedelta(days)
        with freeze_time(day):
            self.env["credit.promise"]._judge(day)
            return self._plan(day)

    def test_promised_item_is_left_alone_until_date_and_tolerance(self):
        self._promise(self._late(days=9), 1000.0, days=3)
        self.assertFalse(self._plan_on(5))
        letter = self._plan_on(6)
        self.assertEqual(letter.level_id, self.first)

    def test_broken_promise_brings_the_next_level_forward(self):
        """The second reminder is due on the tenth day late; the promise breaks on the ninth."""
        invoice = self._late(days=3)
        self.assertEqual(self._sent().level_id, self.first)
        self._promise(invoice, 1000.0, days=3)
        self.assertEqual(self._plan_on(6).level_id, self.second)

    def test_without_the_promise_the_level_waits_for_its_day(self):
        self._late(days=3)
        self._sent()
        self.assertFalse(self._plan_on(6))
        self.assertEqual(self._plan_on(7).level_id, self.second)

    def test_missed_instalment_breaks_the_rest(self):
        invoice = self._late(days=3)
        self.env["credit.promise"].with_user(self.collector).create(
            {
                "account_id": self.file.id,
                "move_line_ids": [Command.set(self._item(invoice).ids)],
                "line_ids": [
                    Command.create({"date": TODAY + timedelta(2), "amount": 400.0}),
                    Command.create({"date": TODAY + timedelta(6), "amount": 600.0}),
                ],
            }
        )
        self.assertFalse(self._plan_on(4))
        letter = self._plan_on(5)
        self.assertEqual((letter.level_id, letter.amount), (self.first, 1000.0))

    def test_the_rest_of_a_disputed_item_is_chased(self):
        dispute = self._dispute(self._late(days=3), 200.0)
        letter = self._plan()
        self.assertEqual(letter.amount, 800.0)
        self.assertIn("800.00", letter._preview()[1])
        letter.action_cancel("Wait for the price list")
        dispute.action_reject()
        self.assertEqual(self._plan_on(1).amount, 1000.0)

    def test_item_disputed_in_full_gets_no_letter(self):
        self._dispute(self._late(days=3), 1000.0)
        self.assertFalse(self._plan())
