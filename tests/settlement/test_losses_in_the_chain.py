"""Securities, cheques, write-offs, allowances and confirmations stand in the audit chain: each step
is sealed, and who changes one past the application is found."""

from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time
from odoo.tools import SQL

from .common import TODAY, LossCase, day


@freeze_time(TODAY)
class TestLossesInTheChain(LossCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Entry = cls.env["credit.audit.entry"]
        cls.invoice = cls._late(1_000.0)
        cls.Entry._take_over()

    def _events(self, record):
        entries = self.Entry.search(
            [("model", "=", record._name), ("res_id", "=", record.id)], order="id"
        )
        return entries.mapped("event")

    def _check_tampering(self, record, column, value):
        """What was sealed fits; after a change by SQL it says what was changed."""
        while self.Entry._seal():
            pass
        self.env.flush_all()
        self.assertFalse(self.Entry._difference_of(record))
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL.identifier(column),
                value,
                record.id,
            )
        )
        self.env.invalidate_all()
        why = self.Entry._difference_of(record)
        self.assertIn(record._fields[column].string, why)
        self.assertIn("when it was sealed", why)

    def test_a_security_from_its_acceptance_to_the_call(self):
        guarantee = self._collateral(accept=False, kind="guarantee")
        self.assertEqual(self._events(guarantee), [], "an offer is no evidence yet")
        guarantee.action_accept()
        guarantee.amount_to_call = 1_000.0
        guarantee.action_call()
        self.assertEqual(self._events(guarantee), ["in_force", "called"])
        self._check_tampering(guarantee, "value", 5_000.0)

    def test_a_cheque_from_receipt_to_its_return(self):
        cheque = self._instrument(self.invoice, due=TODAY)
        cheque.action_deposit()
        cheque.action_return()
        events = self._events(cheque)
        self.assertEqual((events[0], events[-1]), ("made", "returned"))
        self.assertIn("deposited", events)
        self._check_tampering(cheque, "amount", 10.0)

    def test_a_write_off_from_its_draft_to_the_entry(self):
        write_off = (
            self.env["credit.write.off"]
            .with_user(self.collector)
            .create(
                {
                    "account_id": self.account.id,
                    "reason_id": self.env.ref(
                        "credit_collection.credit_write_off_reason_trifle"
                    ).id,
                    "line_ids": [Command.create({"move_line_id": self._item(self.invoice).id})],
                }
            )
        )
        write_off.sudo().document_ids.attachment_ids = self.env["ir.attachment"].create(
            {"name": "note.txt", "raw": b"tried"}
        )
        write_off.action_ask()
        write_off.with_user(self.officer).action_approve()
        write_off.with_user(self.bookkeeper).action_post()
        events = [event for event in self._events(write_off) if event != "changed"]
        self.assertEqual(events, ["made", "asked", "approved", "posted"])
        self._check_tampering(write_off, "approved_by_id", self.collector.id)

    def test_an_allowance_from_its_entry_on(self):
        allowance = (
            self.env["credit.allowance"]
            .with_user(self.bookkeeper)
            .create({"date": TODAY, "company_id": self.company.id})
        )
        allowance.action_compute()
        self.assertEqual(self._events(allowance), [], "a computation is no evidence yet")
        allowance.action_book()
        self.assertIn("booked", self._events(allowance))
        self._check_tampering(allowance, "target", 1.0)

    def test_a_confirmation_from_sending_to_the_signature(self):
        first, last = date(2026, 1, 1), date(2026, 2, 28)
        document = (
            self.env["credit.balance.confirmation"]
            .with_user(self.collector)
            ._generate(self.company, first, last, self.account, day("2026-04-16"))
        )
        document.action_send()
        copy = (
            self.env["ir.attachment"]
            .with_user(self.collector)
            .create({"name": "signed.pdf", "raw": b"%PDF"})
        )
        document.write(
            {
                "confirmed_by": "Anna Deco",
                "confirmed_position": "Director",
                "confirmed_authority": "Register of companies",
                "signed_copy_ids": [Command.set(copy.ids)],
            }
        )
        document.action_confirm()
        events = self._events(document)
        self.assertLess(events.index("made"), events.index("confirmed"))
        self._check_tampering(document, "closing", 1.0)
