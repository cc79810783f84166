import io
from datetime import timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext
from openpyxl import load_workbook

from ..figures.xlsx_sums import recomputed
from .common import TODAY, FollowupCase


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestFollowupText(FollowupCase):
    """What the customer reads."""

    def test_everything_is_in_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.first.mail_template_id
        template.with_context(lang="fr_FR").subject = "Rappel de paiement"
        self.customer.lang = "fr_FR"
        self._late(1234.5)
        followup = self._plan()
        self.assertEqual(followup.lang, "fr_FR")
        self.assertEqual(followup.preview_subject, "Rappel de paiement")
        text = html2plaintext(followup.preview).replace("\xa0", " ").replace("\u202f", " ")
        self.assertIn("1 234,50", text)
        self.assertIn("13/03/2026", text)

    def test_collector_is_told_where_a_text_is_missing_in_the_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.first.mail_template_id
        self.customer.lang = "fr_FR"
        self._late(1234.5)
        followup = self._plan()
        self.assertIn("in English only", followup.language_notice)
        self.assertEqual(
            self.file.with_user(self.collector).letter_language_notice, followup.language_notice
        )
        template.with_context(lang="fr_FR").body_html = "<p>Bonjour</p>"
        followup.invalidate_recordset(["language_notice"])
        self.assertFalse(followup.language_notice)

    def test_language_follows_the_recipient_at_the_moment_of_sending(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._late()
        followup = self._plan()
        self._contact("Carl", "collections", "carl@example.com", lang="fr_FR")
        self._send(followup)
        self.assertEqual(followup.lang, "fr_FR")
        self.assertIn("13/03/2026", followup.mail_message_id.body)

    def test_currencies_are_never_added_up(self):
        foreign = self.env["res.currency"].create(
            {
                "name": "XEU",
                "symbol": "X",
                "rate_ids": [Command.create({"name": TODAY - timedelta(90), "rate": 0.5})],
            }
        )
        self._late(100.0)
        self._late(300.0, currency_id=foreign.id)
        followup = self._plan()
        groups = {group["currency"].name: group["to_pay"] for group in followup._groups()}
        self.assertEqual(groups, {self.currency.name: 100.0, "XEU": 300.0})
        self.assertEqual(followup.amount, 700.0, "the company's currency, for the list only")
        self.assertNotIn("700.00", followup.preview)
        self.assertEqual(followup.preview.count("Total due now"), 2)

    def test_what_is_not_due_is_shown_apart(self):
        self._late(100.0)
        self._late(40.0, days=-20)
        (group,) = self._plan()._groups()
        self.assertEqual((group["total"], group["due_now"], group["to_pay"]), (140.0, 100.0, 100.0))

    def test_payment_reference_is_named(self):
        self._late(payment_reference="RF18 5390 0754")
        self.assertIn("RF18 5390 0754", self._plan().preview)

    def test_pay_online_link_when_a_provider_is_on(self):
        invoice = self._late()
        followup = self._plan()
        self.assertNotIn("Pay online", followup.preview)
        provider = self.env["payment.provider"].search([], limit=1)
        if not provider:
            self.skipTest("no payment provider installed")
        self.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "True")
        provider.copy({"state": "enabled", "company_id": self.company.id})
        followup.invalidate_recordset(["preview"])
        self.assertIn("Pay online", followup.preview)
        self.assertIn(f"/my/invoices/{invoice.id}?access_token=", followup.preview)

    def test_every_shipped_text_renders(self):
        self._late(100.0)
        followup = self._plan()
        levels = self.env["credit.followup.level"].search([("template_set", "!=", False)])
        self.assertEqual(len(levels), 10)
        for level in levels:
            followup.level_id = level
            text = html2plaintext(followup.preview)
            self.assertIn("Dear Deco Ltd", text)
            self.assertIn("100.00", text)
            self.assertIn(self.company.name, followup.preview_subject)

    def test_letter_and_statement_as_html(self):
        self._late(100.0)
        followup = self._plan()
        report = self.env["ir.actions.report"]
        html, _type = report._render_qweb_html(
            "credit_collection.credit_followup_report", followup.ids
        )
        self.assertIn(b"Deco Ltd", html)
        self.assertIn(b"100.00", html)
        html, _type = report._render_qweb_html(
            "credit_collection.credit_statement_report", self.file.ids
        )
        self.assertIn(b"Statement of open items", html)
        self.assertIn(b"100.00", html)

    def test_attachments_that_the_level_asks_for(self):
        self.first.write({"attach_statement": True, "attach_invoices": True})
        invoice = self._late(100.0)
        followup = self._plan()
        self._send(followup)
        names = followup.mail_message_id.attachment_ids.mapped("name")
        self.assertEqual(
            sorted(names), [f"{invoice.name.replace('/', '_')}.pdf", "Statement - Deco Ltd.pdf"]
        )

    def test_statement_as_spreadsheet(self):
        self._late(100.0)
        self._credit_note(30.0)
        twin = self._customer("Deco Ltd")
        self._late(7.0, partner=twin)
        book = load_workbook(io.BytesIO((self.file | self._account(twin))._statement_xlsx()))
        self.assertEqual(book.sheetnames, ["About This Workbook", "Deco Ltd", "Deco Ltd 2"])
        page = book["Deco Ltd"]
        self.assertEqual(book.active, page)
        cells = [[cell.value for cell in row] for row in page.iter_rows()]
        self.assertEqual([row[5] for row in cells[3:5]], [100, -30])
        self.assertEqual(cells[5][5], "=SUM(F4:F5)")
        self.assertEqual(recomputed(page, page["F6"]), 70)

    def test_statement_explains_itself_on_its_first_sheet(self):
        self._late(100.0)
        book = load_workbook(io.BytesIO(self.file._statement_xlsx()))
        about = dict(book["About This Workbook"].iter_rows(min_row=3, values_only=True))
        self.assertEqual(about["Company"], self.company.name)
        self.assertEqual(about["Customer"], "Deco Ltd")
        self.assertEqual(about["As of"], "03/16/2026")
        self.assertEqual(about["Currency"], self.company.currency_id.name)
        self.assertIn("disputed, promised", about["Left aside"])

    def test_statement_of_a_customer_with_the_name_of_the_first_sheet(self):
        self.customer.name = "About this workbook"
        self._late(100.0)
        book = load_workbook(io.BytesIO(self.file._statement_xlsx()))
        self.assertEqual(book.sheetnames[1:], ["About this workbook 2"])

    def test_statement_writes_dates_as_the_customer_does(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        self._late(100.0)
        book = load_workbook(io.BytesIO(self.file._statement_xlsx()))
        self.assertEqual(book["Deco Ltd"]["D4"].number_format, "dd.mm.yyyy")
        self.assertEqual(book["Deco Ltd"]["D4"].value.date(), TODAY - timedelta(3))

    def test_statement_says_who_sends_it_and_when_and_prints_on_pages(self):
        self._late(100.0)
        page = load_workbook(io.BytesIO(self.file._statement_xlsx()))["Deco Ltd"]
        self.assertEqual(page["A2"].value, f"{self.company.name}, 03/16/2026")
        self.assertEqual(page.page_setup.orientation, "landscape")
        self.assertEqual((page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight), (1, 0))
        self.assertEqual(page.print_title_rows, "$1:$1")

    def test_statement_of_formula_like_names_is_text(self):
        self.customer.name = "=1+1"
        self._late(100.0)
        book = load_workbook(io.BytesIO(self.file._statement_xlsx()))
        self.assertEqual(book.active["A1"].data_type, "s")
