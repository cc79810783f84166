"""Every print, mail and page for customers of the demo company, in each language.

What there is is found by introspection.  In the pseudo language every string is wrapped: what
stays plain is not translatable, what is glued shows its seams.
"""

import os
from pathlib import Path

import polib
from lxml import html
from odoo import fields
from odoo.modules.module import get_module_path
from odoo.tests import HttpCase, tagged

from ..common import speak
from ..readers.pseudo import LANG, MODULE, PseudoLanguage
from .test_demo_company import DemoCase

LANGUAGES = {"de_DE": "de", "pl_PL": "pl", "ru_RU": "ru", "zh_CN": "zh_CN"}
# Printed for days that are chosen on the customer's page.
DAYS = {"credit_collection.credit_period_statements": ("2026-01-01", "2026-03-31")}
# What the demo's people typed, or a closed sheet keeps as it was called.
TYPED = {"Power of attorney", "Salespeople: overdue to turnover", "PDF"}


@tagged("post_install", "-at_install")
class TestPrintsInLanguages(PseudoLanguage, DemoCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company |= cls.env.ref("credit_collection.demo_wholesale_company")
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        speak(cls.env, LANGUAGES)
        cls._load_pseudo()

    def _english(self, shown, code):
        """Our own English sentences in a page of a language."""
        if code == LANG:
            return [one for one in self._plain(shown) if one not in TYPED]
        if code not in self._texts:
            path = Path(get_module_path(MODULE), "i18n", f"{LANGUAGES[code]}.po")
            self._texts[code] = [
                entry.msgid
                for entry in polib.pofile(str(path))
                if entry.msgid != entry.msgstr
                and entry.msgstr
                and len(entry.msgid) > 14
                and " " in entry.msgid
                and "%" not in entry.msgid
                and "<" not in entry.msgid
            ]
        text = " ".join(html.fromstring(shown).text_content().split())
        return [one for one in self._texts[code] if one in text and one not in TYPED]

    _texts = {}

    def _speak(self, code):
        self.env["res.partner"].search([]).write({"lang": code})
        # What went out stays as it went; what waits is in the language of who gets it.
        self.env["credit.followup"].sudo().search([("state", "=", "draft")]).lang = code
        self.env.flush_all()
        self.env.invalidate_all()

    def _reports(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "ir.actions.report")]
        )
        return self.env["ir.actions.report"].browse(data.mapped("res_id"))

    def _records(self, model):
        Model = self.env[model].sudo()
        if model == "credit.case.dossier":
            case = self.env["credit.case"].sudo().search([], limit=1)
            return Model.search([], limit=1) or Model.create({"case_id": case.id})
        if model == "credit.kpi.sheet.line":
            return Model.search([("kind", "=", "salesperson"), ("bonus", ">", 0)], limit=1)
        if model == "credit.followup":
            return Model.search([("state", "=", "draft")], limit=1)
        return Model.search([], limit=1, order="id desc")

    def _shown(self, report, records, code):
        report = report.with_context(lang=code)
        name = report.report_name
        return report._render_qweb_html(name, records.ids, data=self._days(name))[0].decode()

    def _days(self, name):
        days = map(fields.Date.to_date, DAYS.get(name, ()))
        return dict(zip(("date_from", "date_to"), days, strict=False)) or None

    def test_every_print(self):
        for code in (*LANGUAGES, LANG):
            self._speak(code)
            for report in self._reports():
                records = self._records(report.model)
                self.assertTrue(records, report.model)
                with self.subTest(report=report.report_name, lang=code):
                    shown = self._shown(report, records, code)
                    self.assertFalse(self._english(shown, code))
                    if code == LANG:
                        self.assertIn("⟦", shown)
                        self.assertFalse(self._glued(shown))
                    self._keep(report, records, code)

    def _keep(self, report, records, code):
        """Print for looking at, where a folder is given."""
        folder = os.environ.get("CREDIT_COLLECTION_LOOK")
        if folder and code != LANG:
            rendering = report.with_context(force_report_rendering=True, lang=code)
            pdf, _kind = rendering._render_qweb_pdf(
                report.report_name, records.ids, data=self._days(report.report_name)
            )
            name = report.report_name.rpartition(".")[2]
            Path(folder, f"{name}-{code}.pdf").write_bytes(pdf)

    def test_every_mail(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "mail.template")]
        )
        for template in self.env["mail.template"].sudo().browse(data.mapped("res_id")):
            record = self._records(template.model)
            for code in (*LANGUAGES, LANG):
                with self.subTest(template=template.name, lang=code):
                    own = template.with_context(lang=code)
                    body = own._render_field("body_html", record.ids)[record.id]
                    subject = own._render_field("subject", record.ids)[record.id]
                    shown = f"<div><p>{subject}</p>{body}</div>"
                    self.assertFalse(self._english(shown, code))
                    if code == LANG:
                        self.assertFalse(self._glued(shown))

    def test_every_page_of_a_customer(self):
        for code in (*LANGUAGES, LANG):
            self._speak(code)
            self.authenticate("customer", "customer")
            waiting, seen = ["/my/credit"], set()
            while waiting and len(seen) < 12:
                path = waiting.pop(0)
                seen.add(path)
                answer = self.url_open(path)
                if "text/html" not in answer.headers["Content-Type"]:
                    continue
                with self.subTest(page=path, lang=code):
                    self.assertEqual(answer.status_code, 200)
                    page = html.fromstring(answer.text)
                    [ours] = page.xpath("//div[@id='wrap']")
                    shown = html.tostring(ours, encoding="unicode")
                    self.assertFalse(self._english(shown, code))
                    if code == LANG:
                        self.assertFalse(self._glued(shown))
                links = [link.partition("#")[0] for link in page.xpath("//main//a/@href")]
                waiting += [
                    link
                    for link in dict.fromkeys(links)
                    if link.startswith("/my/credit") and link not in seen and link not in waiting
                ]
            self.assertGreater(len(seen), 1)
