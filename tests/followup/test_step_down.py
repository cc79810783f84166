from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
class TestStepDown(FollowupCase):
    """A level counts as long as its item is late; re-split invoices keep theirs."""

    def _stopped(self):
        """An invoice that has had all three levels, the last of which stops sales."""
        invoice = self._late(1000.0, 40)
        with freeze_time(TODAY):
            for level in (self.first, self.second, self.last):
                self._level_sent(invoice, level)
        self.assertTrue(self.file._followup_stops()[1])
        return invoice

    def _level_sent(self, invoice, level):
        item = self._item(invoice)
        self.env["credit.followup"].sudo().create(
            {
                "account_id": self.file.id,
                "level_id": level.id,
                "date": TODAY - timedelta(40 - level.delay),
                "state": "sent",
                "line_ids": [
                    Command.create(
                        {
                            "move_line_id": item.id,
                            "move_id": invoice.id,
                            "name": invoice.name,
                            "level_id": level.id,
                            "date_due": item.date_maturity,
                            "amount": 1000,
                            "amount_currency": 1000,
                            "currency_id": item.currency_id.id,
                        }
                    )
                ],
            }
        )

    @freeze_time(TODAY)
    def test_extension_lifts_the_stop_and_letters_come_again(self):
        invoice = self._stopped()
        later = TODAY + timedelta(10)
        self._item(invoice).date_maturity = later
        self.assertFalse(self.file._followup_stops()[1])
        lines = self.env["credit.followup.line"].search([("account_id", "=", self.file.id)])
        self.assertTrue(all(lines.mapped("stepped_down")))
        self.assertIn("steps down", self.file.message_ids[0].body)
        with freeze_time(later + timedelta(1)):
            self.assertEqual(self._plan(later + timedelta(1)).level_id, self.first)

    @freeze_time(TODAY)
    def test_extension_that_leaves_it_late_changes_nothing(self):
        invoice = self._stopped()
        self._item(invoice).date_maturity = TODAY - timedelta(5)
        self.assertTrue(self.file._followup_stops()[1])

    @freeze_time(TODAY)
    def test_manager_takes_a_level_back(self):
        self._stopped()
        lines = self.env["credit.followup.line"].search([("level_id", "=", self.last.id)])
        with self.assertRaises(AccessError):
            lines.with_user(self.collector).action_step_down()
        lines.with_user(self.manager).action_step_down()
        self.assertIn(self.manager.name, lines.step_down_reason)
        self.assertFalse(self.file._followup_stops()[1])
        self.assertEqual(self._plan().level_id, self.last)

    @freeze_time(TODAY)
    def test_invoice_split_anew_keeps_its_levels_for_all_parts(self):
        invoice = self._late(1000.0, 5)
        self._level_sent(invoice, self.first)
        term = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (2, 25)
                ],
            }
        )
        invoice.button_draft()
        invoice.write({"invoice_payment_term_id": term.id, "invoice_date_due": False})
        invoice.action_post()
        items = self._item(invoice)
        self.assertEqual(len(items), 2)
        delivered = self.env["credit.followup.line"]._delivered(items.ids)
        self.assertEqual({levels for levels, _day in delivered.values()}, {(self.first.id,)})
        self.assertEqual(len(delivered), 2)
