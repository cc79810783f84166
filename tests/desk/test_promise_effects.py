from odoo.fields import Command, Date
from odoo.tests import freeze_time

from .common import TODAY, DeskCase


@freeze_time(TODAY)
class TestPromiseEffects(DeskCase):
    """What follows from a promise, and from a broken one."""

    def test_item_is_promised_while_the_promise_is_open(self):
        invoice = self._late()
        promise = self._promise(invoice)
        self.assertEqual(self._open_item(invoice).promised_until, Date.to_date("2026-03-15"))
        promise.action_cancel()
        self.assertFalse(self._open_item(invoice).promised_until)

    def test_past_day_shows_the_promise_of_that_day(self):
        invoice = self._late()
        self._promise(invoice)
        item = self.env["credit.open.item"]
        with freeze_time("2026-03-20"):
            self.env["credit.promise"]._judge()
            self.env.flush_all()
            then = item.with_context(as_of="2026-03-12").search([("move_id", "=", invoice.id)])
            self.assertEqual(then.promised_until, Date.to_date("2026-03-15"))
            item.invalidate_model()
            before = item.with_context(as_of="2026-03-09").search([("move_id", "=", invoice.id)])
            self.assertFalse(before.promised_until)

    def test_broken_promise_is_known_to_followup_and_rules(self):
        invoice = self._late()
        promise = self._promise(invoice)
        promise._judge(Date.to_date("2026-03-18"))
        broken = Date.to_date("2026-03-18")
        line = self._item(invoice)
        self.assertEqual(self.env["credit.promise"]._broken_on(line.ids), {line.id: broken})
        self.assertEqual(self._account()._broken_promises(), (broken,))

    def test_broken_promise_holds_the_next_order(self):
        self.policy.rule_ids.unlink()
        self.policy.rule_ids = [
            Command.create(
                {
                    "name": "Broken",
                    "kind": "broken_promise",
                    "count": 1,
                    "period_days": 90,
                    "on_confirmation": True,
                    "consequence": "hold",
                }
            )
        ]
        promise = self._promise(self._late())
        promise._judge(Date.to_date("2026-03-18"))
        order = self._order()
        with freeze_time("2026-03-18"):
            order.action_confirm()
        self.assertEqual(order.credit_state, "held")

    def test_broken_promise_calls_the_collector(self):
        account = self._account()
        account.collector_id = self.collector
        promise = self._promise(self._late())
        promise._judge(Date.to_date("2026-03-18"))
        self.assertEqual(promise.activity_ids.user_id, self.collector)

    def test_kept_share_on_the_file(self):
        kept, broken = self._late(100.0), self._late(200.0)
        self._promise(kept, 100.0)
        self._promise(broken, 200.0)
        self._pay(kept, date="2026-03-10")
        self.env["credit.promise"]._judge(Date.to_date("2026-03-18"))
        account = self._account()
        account.invalidate_recordset()
        self.assertEqual(account.promise_kept_share, 0.5)
        self.assertEqual(account.promise_judged, 2)
