"""Reasons are kept as codes and said by who reads them; workbooks have days of the reader."""

import io
import json

from freezegun import freeze_time
from odoo.addons.credit_collection.tools import reasons
from odoo.tests import tagged
from odoo.tools import SQL
from openpyxl import load_workbook

from ..common import speak
from ..followup.common import TODAY, FollowupCase

LANGUAGES = ("de_DE", "zh_CN")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestReasons(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        speak(cls.env, LANGUAGES)
        cls.invoice = cls._late(1234.5, days=40)

    def _kept(self, record, name):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT %s FROM %s WHERE id = %s",
                SQL.identifier(name),
                SQL.identifier(record._table),
                record.id,
            )
        )
        return self.env.cr.fetchone()[0]

    def test_a_code_is_kept_and_each_reader_gets_the_own_words(self):
        [letter] = self._plan()
        letter.sudo()._move(
            "cancel",
            {
                "cancel_reason": reasons.reason(
                    "again_from", why=reasons.reason("promised"), on=letter.date
                )
            },
        )
        code, values = json.loads(self._kept(letter, "cancel_reason").removeprefix(reasons.MARK))
        self.assertEqual(code, "again_from")
        self.assertEqual(values["on"], "2026-03-16")
        self.assertEqual(
            letter.cancel_reason, "The customer promised to pay. Again from 03/16/2026."
        )
        german = letter.with_context(lang="de_DE")
        self.assertIn("16.03.2026", german.cancel_reason)
        self.assertNotIn("promised", german.cancel_reason)
        self.assertEqual(german.read(["cancel_reason"])[0]["cancel_reason"], german.cancel_reason)

    def test_why_somebody_gets_it_follows_the_reader(self):
        [letter] = self._plan()
        english = letter.recipient_reason
        german = letter.with_context(lang="de_DE").recipient_reason
        self.assertTrue(self._kept(letter, "recipient_reason").startswith(reasons.MARK))
        self.assertNotEqual(english, german)
        copied = {"recipient_reason": letter.with_context(lang="de_DE").recipient_reason}
        letter.sudo().write(copied)
        self.assertEqual(letter.recipient_reason, english)

    def test_who_searches_finds_the_words_that_are_shown(self):
        [letter] = self._plan()
        letter.sudo()._move("cancel", {"cancel_reason": reasons.reason("promised")})
        typed = letter.sudo().copy({"state": "cancelled", "cancel_reason": "Paid by phone"})
        both, Letter = letter | typed, self.env["credit.followup"]

        def found(operator, value, lang="en_US"):
            domain = [("id", "in", both.ids), ("cancel_reason", operator, value)]
            return Letter.with_context(lang=lang).search(domain)

        sentence = letter.with_context(lang="de_DE").cancel_reason
        for operator, value, lang, expected in (
            ("ilike", "PROMISED to pay", "en_US", letter),
            ("ilike", "phone", "en_US", typed),
            ("ilike", sentence[4:15], "de_DE", letter),
            ("ilike", "promised", "de_DE", Letter),  # the code has the word, the sentence not
            ("ilike", reasons.MARK, "en_US", Letter),
            ("not ilike", "promised to", "en_US", typed),
            ("like", "promised%", "en_US", letter),
            ("=ilike", "the customer promised%", "en_US", letter),
            ("=", "The customer promised to pay.", "en_US", letter),
            ("=", sentence, "de_DE", letter),
            ("!=", sentence, "de_DE", typed),
            ("in", ["Paid by phone", sentence], "de_DE", both),
            ("!=", False, "en_US", both),
            ("=", False, "en_US", Letter),
        ):
            with self.subTest(operator=operator, value=value, lang=lang):
                self.assertEqual(found(operator, value, lang), expected)
        self.assertEqual(both.filtered_domain([("cancel_reason", "ilike", "promised to")]), letter)

    def test_nobody_groups_by_codes(self):
        self.assertFalse(
            self.env["credit.followup"].fields_get(["cancel_reason"])["cancel_reason"]["groupable"]
        )

    def test_what_was_kept_in_words_stays_in_them(self):
        [letter] = self._plan()
        letter.sudo()._move("cancel", {"cancel_reason": "Paid by phone"})
        for code in ("en_US", *LANGUAGES):
            self.assertEqual(letter.with_context(lang=code).cancel_reason, "Paid by phone")

    def test_what_only_looks_like_a_code_is_shown_as_it_is(self):
        for kept in ("reason: he called", 'reason:["unheard", {}]', "reason:7", "reason:"):
            self.assertEqual(reasons.say(self.env, kept), kept)

    def test_nobody_types_a_code(self):
        [letter] = self._plan()
        letter.with_user(self.manager).action_cancel(reasons.reason("merged"))
        self.assertFalse(self._kept(letter, "cancel_reason").startswith(reasons.MARK))

    def test_the_seal_is_of_what_is_kept(self):
        [letter] = self._plan()
        letter.sudo()._move("cancel", {"cancel_reason": reasons.reason("merged")})
        Entry = self.env["credit.audit.entry"]
        for code in ("en_US", *LANGUAGES):
            record = letter.sudo().with_context(lang=code)
            self.assertEqual(
                record._audit_values()["recipient_reason"], self._kept(letter, "recipient_reason")
            )
        self.assertFalse(Entry._difference_of(letter))

    def test_a_level_that_steps_down_says_why_to_each(self):
        [letter] = self._plan()
        letter.sudo()._move("deliver")
        line = letter.line_ids[:1]
        line.with_user(self.manager).action_step_down()
        self.assertEqual(line.step_down_reason, f"taken back by {self.manager.name}")
        self.assertNotIn("taken back", line.with_context(lang="de_DE").step_down_reason)

    def test_every_sentence_is_said_in_each_language(self):
        values = {
            "why": reasons.reason("promised"), "on": TODAY, "contact": "Anna", "before": "Bert",
            "user": "Carl", "who": "Carl", "policy": "Standard", "days": 5,
            "notices": [["a@example.com", "mail_email_invalid", "User unknown"]],
            "reasons": [reasons.reason("no_statement", policy="Standard")],
        }  # fmt: skip
        for code, sentence in reasons.SENTENCES.items():
            holes = sentence.__code__.co_varnames[1 : sentence.__code__.co_argcount]
            kept = reasons.reason(code, **{name: values[name] for name in holes})
            with self.subTest(code=code):
                english = reasons.say(self.env, kept)
                self.assertTrue(english)
                german = reasons.say(self.env(context={"lang": "de_DE"}), kept)
                if code != "not_reached":  # Odoo's words for a failure and the server's own
                    self.assertNotEqual(german, english)

    # ------------------------------------------------------------------
    # Workbooks
    # ------------------------------------------------------------------

    def test_days_in_a_workbook_are_days_in_the_format_of_the_reader(self):
        for code, shown in {
            "en_US": "mm/dd/yyyy",
            "de_DE": "dd.mm.yyyy",
            "zh_CN": "yyyy/mm/dd",
        }.items():
            xlsx = self.env["credit.aging.xlsx"].with_context(lang=code)
            book = load_workbook(
                io.BytesIO(xlsx._build(self.company, self.file.company_id._credit_today()))
            )
            days = [
                cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.is_date
            ]
            self.assertTrue(days)
            self.assertEqual({cell.number_format for cell in days}, {shown})
            texts = " ".join(
                cell.value
                for sheet in book
                for row in sheet.iter_rows()
                for cell in row
                if isinstance(cell.value, str)
            )
            self.assertNotRegex(texts, r"\d{4}-\d\d-\d\d")
