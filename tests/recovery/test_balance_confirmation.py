import hashlib
from unittest.mock import patch

from odoo.addons.credit_collection.tools.amount_words import amount_words
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time
from odoo.tools import mute_logger

from .common import RecoveryCase, day

TODAY = "2026-04-02"
FIRST, LAST = day("2026-01-01"), day("2026-03-31")


@freeze_time(TODAY)
class TestBalanceConfirmation(RecoveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.law = cls.env.ref("credit_collection.credit_limitation_law_ru")
        cls.company.credit_limitation_law_id = cls.law
        cls.old = cls._invoice(1_000.0, date="2025-11-01", due="2025-12-01")
        cls.new = cls._invoice(500.0, date="2026-02-01", due="2026-03-01")
        cls._pay(cls.old, 200.0, date="2026-02-15")

    def _made(self, user=None, first=FIRST, last=LAST):
        Confirmation = self.env["credit.balance.confirmation"].with_user(user or self.collector)
        return Confirmation._generate(self.company, first, last, self.account, day("2026-04-16"))

    def _sent(self):
        made = self._made()
        made.action_send()
        return made

    def _signed(self, confirmation):
        copy = (
            self.env["ir.attachment"]
            .with_user(self.collector)
            .create({"name": "signed.pdf", "raw": b"%PDF"})
        )
        confirmation.write(
            {
                "confirmed_by": "Anna Deco",
                "confirmed_position": "Director",
                "confirmed_authority": "Register of companies",
                "signed_copy_ids": [Command.set(copy.ids)],
            }
        )
        confirmation.action_confirm()
        return confirmation

    def test_opening_documents_closing(self):
        made = self._made()
        self.assertEqual(
            (made.opening, made.debit, made.credit, made.closing), (1_000.0, 500.0, 200.0, 1_300.0)
        )
        self.assertEqual(made.line_ids.mapped("debit"), [500.0, 0.0])
        self.assertEqual(made.date_from, FIRST)

    def test_asking_twice_makes_nothing_twice(self):
        self._made()
        self.assertFalse(self._made())

    def test_one_for_each_currency(self):
        other = self.env.ref("base.EUR")
        if other == self.currency:
            other = self.env.ref("base.USD")
        other.active = True
        self._invoice(70.0, date="2026-02-01", due="2026-03-01", currency_id=other.id)
        made = self._made()
        closing = {doc.currency_id: doc.closing for doc in made}
        self.assertEqual(closing, {self.currency: 1_300.0, other: 70.0})

    def test_amounts_in_words_in_the_customers_language(self):
        made = self._made()
        self.customer.lang = "en_US"
        made.invalidate_recordset(["closing_words"])
        self.assertIn("one thousand, three hundred", made.closing_words)
        self.assertIn("тысяч", amount_words(5_000.0, "RUB", "ru_RU"))
        self.assertEqual(amount_words(12.5, "XAF", "de_DE"), "zwölf XAF 50/100")

    def test_chinese_amounts_as_the_central_bank_writes_them(self):
        """The examples of its rules for filling in bills and vouchers."""
        for amount, words in {
            1_409.50: "人民币壹仟肆佰零玖元伍角",
            6_007.14: "人民币陆仟零柒元壹角肆分",
            1_680.32: "人民币壹仟陆佰捌拾元叁角贰分",
            107_000.53: "人民币壹拾万柒仟元伍角叁分",
            16_409.02: "人民币壹万陆仟肆佰零玖元零贰分",
            325.04: "人民币叁佰贰拾伍元零肆分",
            5_950.0: "人民币伍仟玖佰伍拾元整",
            100_000_001.0: "人民币壹亿零壹元整",
            100_005_000.0: "人民币壹亿零伍仟元整",
            1_000_000_000_000.0: "人民币壹万亿元整",
            1_234_500_060_000.0: "人民币壹万贰仟叁佰肆拾伍亿零陆万元整",
            20_000_000_000_000_000.0: "人民币贰亿亿元整",
            0.05: "人民币伍分",
            0.0: "人民币零元整",
        }.items():
            self.assertEqual(amount_words(amount, "CNY", "zh_CN"), words)
        self.assertEqual(amount_words(5_950.0, "USD", "zh_CN"), "美元伍仟玖佰伍拾元整")

    def test_sent_it_is_frozen_with_its_hash(self):
        sent = self._sent()
        self.assertEqual(sent.state, "sent")
        content = sent.sudo().pdf_id.raw
        self.assertEqual(sent.pdf_hash, hashlib.sha256(content).hexdigest())
        self.assertTrue(sent._is_intact())
        mail = self.env["mail.mail"].search([("res_id", "=", sent.id), ("model", "=", sent._name)])
        self.assertIn(sent.sudo().pdf_id, mail.attachment_ids)
        with self.assertRaises(AccessError):
            sent.closing = 5.0
        with self.assertRaises(UserError):
            sent.line_ids[0].debit = 5.0
        with self.assertRaises(UserError):
            sent.line_ids[0].unlink()
        self.env.cr.execute(
            "UPDATE credit_balance_confirmation_line SET debit = 1 WHERE id = %s",
            [sent.line_ids[0].id],
        )
        sent.line_ids.invalidate_recordset()
        self.assertFalse(sent._is_intact())

    def test_many_are_sent_in_the_background(self):
        other = self._customer("Other")
        self._invoice(100.0, partner=other, date="2026-02-01", due="2026-03-01")
        accounts = self.account | self._account(other)
        made = (
            self.env["credit.balance.confirmation"]
            .with_user(self.collector)
            ._generate(self.company, FIRST, LAST, accounts, day("2026-04-16"))
        )
        made.action_send()
        self.assertEqual(set(made.mapped("state")), {"queued"})
        self._run_cron("credit_balance_confirmation_cron")
        self.assertEqual(set(made.mapped("state")), {"sent"})

    def test_one_that_cannot_be_sent_does_not_stop_the_others(self):
        other = self._customer("Other")
        self._invoice(100.0, partner=other, date="2026-02-01", due="2026-03-01")
        accounts = self.account | self._account(other)
        made = (
            self.env["credit.balance.confirmation"]
            .with_user(self.collector)
            ._generate(self.company, FIRST, LAST, accounts, day("2026-04-16"))
        )
        made.action_send()
        first, second = made.sorted("id")
        Confirmation = self.registry["credit.balance.confirmation"]
        send = Confirmation._send

        def fail_first(confirmations):
            if confirmations.ids == first.ids:
                raise ValueError("no paper")
            return send(confirmations)

        with (
            patch.object(Confirmation, "_send", fail_first),
            mute_logger("odoo.addons.credit_collection.tools.jobs"),
        ):
            self._run_cron("credit_balance_confirmation_cron")
        self.assertEqual((first.state, second.state), ("queued", "sent"))

    def test_who_signed_and_by_which_authority(self):
        sent = self._sent()
        with self.assertRaisesRegex(UserError, "signed copy"):
            sent.action_confirm()
        with self.assertRaisesRegex(UserError, "who signed"):
            sent.sudo()._confirm({})
        with self.assertRaisesRegex(UserError, "authority"):
            sent.sudo()._confirm({"confirmed_by": "Anna"})
        self._signed(sent)
        self.assertEqual((sent.state, sent.confirmed_on), ("confirmed", day(TODAY)))
        with self.assertRaises(UserError):
            sent.action_cancel()

    def test_signed_it_restarts_the_clock_where_the_law_says_so(self):
        self.env["credit.limitation"]._refresh(self.account)
        self.assertEqual(self._limitation(self.old).last_day, day("2028-12-01"))
        self._signed(self._sent())
        self.assertEqual(self._limitation(self.old).last_day, day("2029-04-02"))
        self.account.limitation_law_id = self.env.ref(
            "credit_collection.credit_limitation_law_other"
        )
        self.env["credit.limitation"]._refresh(self.account)
        self.assertEqual(self._limitation(self.old).last_day, day("2028-12-01"))

    def test_contested_rows_become_disputes_and_the_difference_is_explained(self):
        sent = self._sent()
        row = sent.line_ids.filtered(lambda line: line.debit == 500.0)
        row.write({"contested": True, "their_amount": 450.0, "note": "Price"})
        sent.line_ids = [
            Command.create({"date": "2026-03-30", "name": "Our payment 77", "credit": 100.0})
        ]
        sent.their_closing = 1_150.0
        self.assertEqual((sent.difference, sent.explained, sent.unexplained), (150.0, 150.0, 0.0))
        sent.action_contest()
        self.assertEqual(sent.state, "contested")
        self.assertEqual((row.dispute_id.amount, row.dispute_id.note), (50.0, "Price"))

    def test_nothing_contested_is_no_contest(self):
        with self.assertRaisesRegex(UserError, "Mark what they contest"):
            self._sent().action_contest()

    def test_the_next_opens_with_the_last_confirmed(self):
        self._signed(self._sent())
        # Recorded later into the period that was confirmed: shown as a correction.
        late = self._invoice(40.0, date="2026-03-20", due="2026-04-20")
        self._invoice(60.0, date="2026-04-01", due="2026-05-01")
        following = self._made(first=FIRST, last=day("2026-04-02"))
        self.assertEqual(following.date_from, day("2026-04-01"))
        self.assertEqual((following.opening, following.closing), (1_300.0, 1_400.0))
        correction = following.line_ids.filtered(lambda line: line.kind == "correction")
        self.assertEqual(correction.debit, late.amount_total)
        self.assertEqual(following.previous_id.state, "confirmed")

    def test_no_answer_is_told(self):
        sent = self._sent()
        with freeze_time("2026-04-17"):
            self._run_cron("credit_balance_confirmation_cron")
        self.assertEqual(sent.state, "no_answer")
        told = self.account.activity_ids.filtered(lambda a: sent.name in (a.summary or ""))
        self.assertTrue(told)

    def test_the_run_proposes_the_last_quarter(self):
        with Form(self.env["credit.balance.confirmation.run"].with_user(self.collector)) as form:
            self.assertEqual((form.date_from, form.date_to), (FIRST, LAST))
            form.account_ids.add(self.account)
        action = form.save().action_make()
        made = self.env["credit.balance.confirmation"].search(action["domain"])
        self.assertEqual(made.closing, 1_300.0)
        with self.assertRaises(AccessError):
            self.env["credit.balance.confirmation.run"].with_user(self.salesperson).create({})
