"""A customer of each language gets the letters, the statement and the agreement in it."""

import io
import os
import re
import shutil
import subprocess
from pathlib import Path

import polib
import pypdf
from freezegun import freeze_time
from lxml import html
from odoo.modules.module import get_module_path
from odoo.tests import tagged

from ..common import speak
from ..followup.common import TODAY, FollowupCase

LANGUAGES = {"de_DE": "de", "pl_PL": "pl", "ru_RU": "ru", "zh_CN": "zh_CN"}
LETTERS = "mail_template_followup_"


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestPrintedLanguages(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        speak(cls.env, LANGUAGES)
        cls.invoice = cls._late(1234.5, days=40)

    def _texts(self, code):
        """The sentences of the add-on that are other words in a language."""
        path = Path(get_module_path("credit_collection"), "i18n", f"{LANGUAGES[code]}.po")
        return {
            entry.msgid: entry.msgstr
            for entry in polib.pofile(str(path))
            if entry.msgid != entry.msgstr and "%" not in entry.msgid and "<" not in entry.msgid
        }

    def _check(self, what, code, shown):
        """No sentence stayed English; money and days are in the format of the language."""
        text = " ".join(html.fromstring(shown).text_content().split())
        texts = self._texts(code)
        left = [source for source in texts if len(source) > 14 and source in text]
        self.assertFalse(left, f"{what} in {code}")
        if code != "zh_CN":
            self.assertRegex(text, r"1[ .\u202f\xa0]?234,50", f"{what} in {code}")
        return text

    def _keep(self, name, report, records):
        """Print for looking at, where a folder is given."""
        if folder := os.environ.get("CREDIT_COLLECTION_LOOK"):
            pdf, _kind = (
                self.env["ir.actions.report"]
                .with_context(force_report_rendering=True)
                ._render_qweb_pdf(f"credit_collection.{report}", records.ids)
            )
            Path(folder, f"{name}.pdf").write_bytes(pdf)

    def _letters(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", "credit_collection"), ("name", "=like", f"{LETTERS}%")]
        )
        return {row.name.removeprefix(LETTERS): row.res_id for row in data}

    def test_each_letter(self):
        letters = self._letters()
        self.assertGreaterEqual(len(letters), 3)
        self.policy.followup_level_ids.unlink()
        level = self._level("Letter", 1, "reminder", print_letter=True, automatic=False)
        [letter] = self._plan()
        for code in LANGUAGES:
            letter.sudo().lang = code
            for name, template in letters.items():
                with self.subTest(letter=name, lang=code):
                    level.mail_template_id = template
                    self._check(name, code, letter._preview()[1])
                    self._keep(f"letter-{name}-{code}", "credit_followup_report", letter)

    def test_the_statement(self):
        for code in LANGUAGES:
            with self.subTest(lang=code):
                self.customer.lang = code
                shown, _kind = self.env["ir.actions.report"]._render_qweb_html(
                    "credit_collection.credit_statement_report", self.file.ids
                )
                self._check("statement", code, shown)
                self._keep(f"statement-{code}", "credit_statement_report", self.file)

    def test_the_agreement(self):
        promise = self.env["credit.promise"].create(
            {
                "account_id": self.file.id,
                "move_line_ids": self._item(self.invoice).ids,
                "date": "2026-03-25",
                "amount": 1234.5,
            }
        )
        for code in LANGUAGES:
            with self.subTest(lang=code):
                self.customer.lang = code
                shown, _kind = self.env["ir.actions.report"]._render_qweb_html(
                    "credit_collection.credit_promise_report", promise.ids
                )
                text = self._check("agreement", code, shown)
                self.assertIn(self.customer.name, text)
                self._keep(f"agreement-{code}", "credit_promise_report", promise)

    def test_chinese_characters_are_in_the_pdf(self):
        """Where no font has them boxes are printed, and nothing can be read out of the file."""
        finder = shutil.which("fc-list")
        fonts = finder and subprocess.check_output([finder, ":lang=zh", "family"], text=True)
        if not fonts:
            self.skipTest("no font with Chinese characters: apt install fonts-wqy-zenhei")
        self.customer.lang = "zh_CN"
        pdf, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("credit_collection.credit_statement_report", self.file.ids)
        )
        self.assertEqual(kind, "pdf")
        pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
        read = "".join(page.extract_text() for page in pages)
        self.assertGreater(len(re.findall("[\u4e00-\u9fff]", read)), 20, read)
