"""Doing what the hold says would lift it lifts it; a cent less does not."""

from freezegun import freeze_time
from odoo.fields import Command
from odoo.tests import tagged

from ..common import CreditCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10")
class TestRemedyInLife(CreditCase):
    """Limit 1,000; 300 overdue since 45 days, 500 due later; an order of 400."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._limit(1000.0)
        cls.old = cls._invoice(300.0, date="2026-01-01", due="2026-01-24")
        cls.new = cls._invoice(500.0, date="2026-03-01", due="2026-04-01")
        cls.order = cls._order(100.0, quantity=4)
        cls.order.action_confirm()
        cls.hold = cls.order.credit_hold_ids

    def _amount(self, kind):
        found = [each for each in self.hold.remedies if each["kind"] == kind]
        return float(found[0]["amount"]) if found else None

    def _state_after(self, action):
        """The hold's state when it is looked at again after ``action``; then all is undone."""
        savepoint = self.cr.savepoint()
        action()
        self.env.flush_all()
        self.hold.action_reevaluate()
        state = self.hold.state
        savepoint.rollback()
        savepoint.close()
        self.env.invalidate_all()
        return state

    def test_payment_of_the_oldest(self):
        # The overdue item may keep the 50 that the rule overlooks, the limit asks for 200.
        amount = self._amount("pay")
        self.assertEqual(amount, 250.0)
        self.assertEqual(self._state_after(lambda: self._pay(self.old, amount)), "cleared")
        self.assertEqual(self._state_after(lambda: self._pay(self.old, amount - 0.01)), "held")

    def test_prepayment_covers_the_whole_order(self):
        # While something is too late, only an order paid in full may go.
        amount = self._amount("prepay")
        self.assertEqual(amount, 400.0)
        self.assertEqual(self._state_after(lambda: self._capture(amount)), "cleared")
        self.assertEqual(self._state_after(lambda: self._capture(amount - 0.01)), "held")

    def _capture(self, amount):
        method = self.env["payment.method"].create({"name": "Card", "code": "card_of_test"})
        self.env["payment.transaction"].create(
            {
                "provider_id": self.env["payment.provider"].search([], limit=1).id,
                "payment_method_id": method.id,
                "partner_id": self.customer.id,
                "amount": amount,
                "currency_id": self.currency.id,
                "state": "done",
                "reference": "online",
                "sale_order_ids": [Command.set(self.order.ids)],
            }
        )

    def test_once_the_old_is_paid_limit_and_part(self):
        self._pay(self.old, 260.0)
        self._invoice(160.0, date="2026-03-01", due="2026-04-01")
        self.order.action_confirm()
        self.hold = self.order.credit_hold_ids.filtered(lambda hold: hold.state == "held")
        limit, part = self._amount("limit"), self._amount("fit")
        self.assertEqual((limit, part), (1100.0, 300.0))
        self.assertEqual(self._state_after(lambda: self._limit(limit)), "cleared")
        self.assertEqual(self._state_after(lambda: self._limit(limit - 0.01)), "held")
        line = self.order.order_line
        for quantity, price, state in ((3, 100.0, "cleared"), (1, 300.01, "held")):
            values = {"product_uom_qty": quantity, "price_unit": price}
            self.assertEqual(self._state_after(lambda v=values: line.write(v)), state)
