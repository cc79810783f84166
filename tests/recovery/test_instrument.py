from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time

from .common import TODAY, RecoveryCase, day


@freeze_time(TODAY)
class TestInstrument(RecoveryCase):
    def test_its_item_is_protected_from_letters(self):
        invoice = self._late()
        self.assertEqual(self._position().to_chase, 1_000.0)
        self._instrument(invoice)
        self.assertTrue(self._open_item(invoice).in_payment)
        position = self._position()
        self.assertEqual((position.to_chase, position.exposure), (0.0, 1_000.0))

    def test_booked_it_stays_in_the_exposure_until_it_clears(self):
        invoice = self._late()
        instrument = self._instrument(invoice)
        instrument.action_book()
        self.assertTrue(self._item(invoice).reconciled)
        position = self._position()
        self.assertEqual(
            (position.receivable, position.uncleared, position.exposure), (0.0, 1_000.0, 1_000.0)
        )
        item = self.env["credit.open.item"].search(
            [("kind", "=", "uncleared"), ("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(item.amount, 1_000.0)
        with freeze_time("2026-04-10"):
            instrument.action_deposit()
            self.assertEqual(self._position().exposure, 1_000.0)
            instrument.action_clear()
            self.assertEqual(self._position().exposure, 0.0)

    def test_it_counts_against_the_limit(self):
        self._limit(1_500.0)
        instrument = self._instrument(self._invoice(1_000.0, date=TODAY, due="2026-05-01"))
        instrument.action_book()
        order = self._order(600.0)
        order.action_confirm()
        self.assertEqual(order.credit_state, "held")
        instrument.action_clear()
        order = self._order(600.0)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_returned_it_reopens_what_it_paid_with_its_fee(self):
        invoice = self._late()
        instrument = self._instrument(invoice, fee=25.0)
        instrument.action_book()
        instrument.action_return()
        self.assertFalse(self._item(invoice).reconciled)
        self.assertEqual(invoice.amount_residual, 1_000.0)
        self.assertEqual(instrument.fee_move_id.amount_untaxed, 25.0)
        self.assertEqual(instrument.fee_move_id.state, "draft")
        self.assertEqual(self._position().exposure, 1_025.0)
        self.assertEqual(instrument.activity_ids.date_deadline, day(TODAY))

    def test_where_the_policy_says_so_it_counts_on_receipt(self):
        self.policy.instruments_on_receipt = True
        instrument = self._instrument(self._late())
        self.assertEqual(self._position().exposure, 1_000.0)
        instrument.action_book()
        self.assertEqual(self._position().exposure, 0.0)
        # What was said when it was received stays, and one that comes back is owed again.
        self.policy.instruments_on_receipt = False
        self.assertEqual(self._position().exposure, 0.0)
        with self.assertRaises(AccessError):
            instrument.with_user(self.manager).counts_on_receipt = False
        instrument.action_return()
        self.assertEqual(self._position().exposure, 1_000.0)

    def test_a_returned_one_is_a_signal_at_once_and_stays_one(self):
        kind = self.env.ref("credit_collection.credit_signal_kind_returned_payment")
        kind.threshold = 1
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "credit_collection.credit_room_signals"
        )
        for number in (1, 2):
            self._instrument(self._late(), number=str(number)).action_return()
            signal = self.account.signal_ids.filtered(lambda signal: signal.kind_id == kind)
            self.assertEqual((signal.measured, signal.state), (number, "open"))
        self._run_cron("credit_signal_cron")
        self.assertEqual((signal.measured, signal.state), (2.0, "open"))
        with freeze_time("2027-03-10"):
            self._run_cron("credit_signal_cron")
        self.assertEqual(signal.state, "over")

    def test_returned_ones_count_in_rules(self):
        self.policy.rule_ids.unlink()
        self.policy.rule_ids.create(
            {
                "policy_id": self.policy.id,
                "name": "Returned",
                "kind": "returned_instrument",
                "count": 1,
                "period_days": 30,
            }
        )
        instrument = self._instrument(self._late())
        passing = self._order(10.0)
        passing.action_confirm()
        self.assertEqual(passing.state, "sale")
        instrument.action_return()
        held = self._order(10.0)
        held.action_confirm()
        self.assertEqual(held.credit_state, "held")
        with freeze_time("2026-04-10"):
            later = self._order(10.0)
            later.action_confirm()
        self.assertEqual(later.state, "sale")

    def test_a_post_dated_cheque_waits_for_its_day(self):
        instrument = self._instrument(self._late())
        with self.assertRaisesRegex(UserError, "post-dated"):
            instrument.action_deposit()
        with freeze_time("2026-04-10"):
            instrument.action_deposit()
        self.assertEqual(instrument.state, "deposited")

    def test_rights_and_bounds(self):
        invoice = self._late()
        instrument = self._instrument(invoice)
        with self.assertRaises(AccessError):
            instrument.with_user(self.collector).action_book()
        with self.assertRaisesRegex(AccessError, "Use the buttons"):
            instrument.write({"state": "cleared"})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._instrument(invoice, amount=1e16)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._instrument(self._late(partner=self._customer("Other")))
        with self.assertRaisesRegex(UserError, "to whom"):
            instrument.action_endorse()
