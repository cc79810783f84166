from lxml import html
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time

from .common import TODAY, LossCase, day


@freeze_time(TODAY)
class TestWriteOff(LossCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trifle = cls.env.ref("credit_collection.credit_write_off_reason_trifle")
        cls.invoice = cls._late(1_000.0)

    def _write_off(self, user=None, invoice=None, amount=None, reason=None, papers=True, **values):
        line = {"move_line_id": self._item(invoice or self.invoice).id}
        if amount is not None:
            line["amount"] = amount
        write_off = (
            self.env["credit.write.off"]
            .with_user(user or self.collector)
            .create(
                {
                    "account_id": self.account.id,
                    "reason_id": (reason or self.trifle).id,
                    "date": TODAY,
                    "line_ids": [Command.create(line)],
                    **values,
                }
            )
        )
        if papers:
            paper = self.env["ir.attachment"].create({"name": "paper.txt", "raw": b"signed"})
            write_off.sudo().document_ids.attachment_ids = paper
        return write_off

    def _decided(self, **values):
        write_off = self._write_off(**values)
        write_off.action_ask()
        write_off.with_user(self.officer).action_approve()
        return write_off

    def test_documents_are_demanded_by_the_reason(self):
        write_off = self._write_off(papers=False)
        self.assertEqual(write_off.missing_documents, "Note of what was tried")
        with self.assertRaisesRegex(UserError, "documents are missing: Note of what was tried"):
            write_off.action_ask()
        liquidation = self.env.ref("credit_collection.credit_write_off_reason_liquidation")
        write_off.reason_id = liquidation
        # What only the reason before demanded, and nobody has given, is demanded no more.
        self.assertEqual(
            write_off.document_ids.mapped("name"), liquidation.document_ids.mapped("name")
        )

    def test_papers_are_read_by_whoever_decides(self):
        write_off = self._write_off(papers=False)
        Attachment = self.env["ir.attachment"].with_user(self.collector)
        write_off.document_ids.attachment_ids = Attachment.create({"name": "note", "raw": b"x"})
        self.env.invalidate_all()
        decides = write_off.with_user(self.officer)
        self.assertFalse(decides.missing_documents)
        self.assertEqual(decides.document_ids.attachment_ids.raw, b"x")

    def test_only_own_papers_are_given_away(self):
        write_off = self._write_off(papers=False)
        foreign = self.env["ir.attachment"].create({"name": "theirs", "raw": b"x"})
        try:
            write_off.document_ids.attachment_ids = foreign
        except AccessError:
            pass
        self.assertFalse(foreign.res_id)

    def test_against_the_allowance_first_then_expense(self):
        self._entry(300.0)
        write_off = self._decided()
        write_off.with_user(self.bookkeeper).action_post()
        self.assertTrue(self._item(self.invoice).reconciled)
        self.assertEqual(self._balance(self.allowance_account), 0.0)
        # 300 were the expense of the allowance, 700 are beyond it.
        self.assertEqual(self._balance(self.loss_account), 1_000.0)
        self.assertEqual(write_off.sudo().move_id.credit_settlement, "write_off")
        self.assertEqual(write_off.watch_until, day("2031-03-10"))
        self.assertEqual(self._position().exposure, 0.0)

    def test_it_is_no_cash(self):
        promise = self._promise(self.invoice, date="2026-03-12")
        self._decided().with_user(self.bookkeeper).action_post()
        partial = self._item(self.invoice).matched_credit_ids
        natures = partial._credit_settlement_nature()[partial.id]
        self.assertEqual(natures, {"write_off": 1_000.0})
        promise._judge(day("2026-03-20"))
        self.assertNotEqual(promise.state, "kept")

    def test_a_part_leaves_the_rest_open(self):
        write_off = self._decided(amount=400.0)
        write_off.with_user(self.bookkeeper).action_post()
        self.assertEqual(self.invoice.amount_residual, 600.0)

    def test_in_a_foreign_currency(self):
        euro = self.env.ref("base.EUR")
        if euro == self.currency:
            euro = self.env.ref("base.USD")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "name": "2026-01-01",
                "rate": 0.5,
                "company_id": self.company.id,
            }
        )
        invoice = self._late(1_000.0, currency_id=euro.id)
        write_off = self._decided(invoice=invoice)
        self.assertEqual(write_off.amount, 2_000.0)
        write_off.with_user(self.bookkeeper).action_post()
        self.assertTrue(self._item(invoice).reconciled)

    def test_authority_in_steps(self):
        big = self._late(20_000.0)
        write_off = self._write_off(invoice=big)
        write_off.action_ask()
        with self.assertRaisesRegex(AccessError, "beyond your authority"):
            write_off.with_user(self.officer).action_approve()
        self.company.credit_write_off_second_amount = 15_000.0
        write_off.with_user(self.manager).action_approve()
        self.assertEqual(write_off.state, "asked")
        with self.assertRaisesRegex(AccessError, "second person"):
            write_off.with_user(self.manager).action_approve()
        write_off.with_user(self.bookkeeper).action_approve()
        self.assertEqual(write_off.state, "approved")
        self.assertEqual(write_off.second_approved_by_id, self.bookkeeper)

    def test_nobody_approves_their_own(self):
        write_off = self._write_off(user=self.officer)
        write_off.action_ask()
        with self.assertRaisesRegex(AccessError, "for themselves"):
            write_off.with_user(self.officer).action_approve()
        with self.assertRaises(AccessError):
            write_off.with_user(self.collector).action_approve()

    def test_what_was_decided_does_not_change(self):
        write_off = self._decided()
        with self.assertRaises(UserError):
            write_off.write({"line_ids": [Command.clear()]})
        with self.assertRaises(UserError):
            write_off.line_ids.unlink()
        with self.assertRaises(AccessError):
            write_off.write({"state": "posted"})
        with self.assertRaises(UserError):
            write_off.unlink()
        with self.assertRaises(UserError):
            write_off.line_ids.write({"amount": 1.0})

    def test_its_papers_are_printed(self):
        self.env["credit.limitation"]._refresh(self.account)
        write_off = self._write_off(note="Two letters, three calls.")
        write_off.action_ask()
        write_off.with_user(self.officer).action_approve()
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.collector)
            ._render_qweb_html("credit_collection.credit_write_off_papers", write_off.ids)
        )
        page = " ".join(" ".join(html.fromstring(content).itertext()).split())
        page = page.replace("\xa0", " ")
        for words in (
            "Inventory of receivables", write_off.name, self.invoice.name, "1,000.00",
            "one thousand", "Order to write off", "Two letters, three calls.", "paper.txt",
            "Not worth pursuing", self.officer.name, "03/10/2031",
        ):  # fmt: skip
            self.assertIn(words, page)

    def test_the_tax_note_is_that_of_the_country(self):
        reason = self.env.ref("credit_collection.credit_write_off_reason_liquidation")
        write_off = self._write_off(reason=reason, papers=False)
        self.company.country_id = self.env.ref("base.pl")
        write_off.invalidate_recordset()
        self.assertIn("90 days after the due date", write_off.tax_note)
        self.company.country_id = self.env.ref("base.cn")
        write_off.invalidate_recordset()
        self.assertEqual(write_off.tax_note, reason.tax_note)
        with self.assertRaises(AccessError):
            reason.tax_note_ids.with_user(self.collector).write({"note": "Mine"})

    def test_nothing_joins_what_was_decided(self):
        write_off = self._decided()
        other = self._late(700.0)
        for state in ("asked", "approved"):
            write_off.sudo().state = state
            with self.assertRaisesRegex(UserError, "those that were decided"), self.cr.savepoint():
                write_off.line_ids.create(
                    {"write_off_id": write_off.id, "move_line_id": self._item(other).id}
                )
        draft = self._write_off(invoice=other)
        with self.assertRaisesRegex(UserError, "those that were decided"), self.cr.savepoint():
            draft.line_ids.write({"write_off_id": write_off.id})
        self.assertEqual(write_off.amount, 1_000.0)

    def test_demanded_documents_are_not_talked_away(self):
        write_off = self._write_off(papers=False)
        document = write_off.document_ids
        for attack in (
            lambda: document.write({"required": False}),
            lambda: document.write({"name": "Something else"}),
            lambda: document.write({"demanded": False}),
            lambda: document.create(
                {"write_off_id": write_off.id, "name": "Mine", "demanded": True}
            ),
            lambda: document.unlink(),
            lambda: write_off.write({"document_ids": [Command.clear()]}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attack()
        self.assertTrue(write_off.missing_documents)
        own = document.create({"write_off_id": write_off.id, "name": "Mine", "required": False})
        own.unlink()

    def test_papers_of_a_decision_stay(self):
        write_off = self._decided()
        with self.assertRaisesRegex(UserError, "waits for a decision"), self.cr.savepoint():
            write_off.document_ids.attachment_ids = False
        write_off.with_user(self.bookkeeper).action_post()
        with self.assertRaisesRegex(UserError, "stay with it"), self.cr.savepoint():
            write_off.document_ids.write({"attachment_ids": [Command.clear()]})
        late = (
            self.env["ir.attachment"].with_user(self.collector).create({"name": "x", "raw": b"x"})
        )
        write_off.document_ids.write({"attachment_ids": [Command.link(late.id)]})
        self.assertEqual(len(write_off.document_ids.attachment_ids), 2)

    def test_limitation_is_a_reason_only_when_it_has_passed(self):
        self.env["credit.limitation"]._refresh(self.account)
        lapsed = self.env.ref("credit_collection.credit_write_off_reason_lapsed")
        write_off = self._write_off(reason=lapsed)
        with self.assertRaisesRegex(UserError, "Limitation has not passed"):
            write_off.action_ask()

    def test_others_debts_and_too_much_are_refused(self):
        strange = self._late(partner=self._customer("Other"))
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._write_off(invoice=strange)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._write_off(amount=1_000.01)

    def test_a_locked_period_is_refused(self):
        write_off = self._decided()
        self.company.fiscalyear_lock_date = TODAY
        with self.assertRaisesRegex(UserError, "locked period"):
            write_off.with_user(self.bookkeeper).action_post()

    def test_money_that_comes_later_is_income(self):
        write_off = self._decided()
        write_off.with_user(self.bookkeeper).action_post()
        write_off = write_off.with_user(self.bookkeeper)
        write_off.recovery_amount = 250.0
        with self.assertRaisesRegex(UserError, "Register the payment first"):
            write_off.action_recovered()
        with freeze_time("2026-04-01"):
            payment = self.env["account.payment"].create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": self.customer.id,
                    "amount": 250.0,
                    "date": "2026-04-01",
                }
            )
            payment.action_post()
            write_off.invalidate_recordset(["signs"])
            self.assertEqual(write_off.signs, "Payments since: 1")
            write_off.action_recovered()
        self.assertEqual(write_off.recovered, 250.0)
        self.assertEqual(self._balance(self.income_account), -250.0)
        self.assertEqual(self._position().exposure, 0.0)
        write_off.recovery_amount = 800.0
        with self.assertRaisesRegex(UserError, "More than"):
            write_off.action_recovered()

    def test_the_register_is_watched_to_its_end(self):
        write_off = self._decided()
        write_off.with_user(self.bookkeeper).action_post()
        with self.assertRaisesRegex(UserError, "watched until"):
            write_off.with_user(self.officer).action_close()
        with freeze_time("2031-03-11"):
            write_off.with_user(self.officer).action_close()
        self.assertEqual(write_off.state, "closed")
