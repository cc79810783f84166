"""In a language from right to left, names and money keep their own direction."""

import re

from freezegun import freeze_time
from lxml import html
from odoo.tests import HttpCase, tagged

from ..followup.common import TODAY, FollowupCase
from ..portal.common import PortalCase

ARABIC = "ar_001"
MONEY = re.compile(r"1[.,]234[.,]50")


def outside_of_isolation(shown):
    """Where an amount stands in a sentence without being isolated from its direction."""
    found = []
    for node in html.fromstring(shown).iter():
        if not isinstance(node.tag, str):
            continue
        for text, holder in ((node.text, node), (node.tail, node.getparent())):
            if not text or holder is None or not MONEY.search(text):
                continue
            words = MONEY.sub("", text)
            alone = not re.search(r"[^\W\d_]{3,}", words)  # a cell of a table: nothing around it
            if not alone and not holder.xpath("ancestor-or-self::bdi"):
                found.append(text.strip())
    return found


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestRightToLeft(FollowupCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang(ARABIC)
        cls.invoice = cls._late(1234.5, days=40)
        cls.customer.lang = ARABIC

    def test_letters(self):
        [letter] = self._plan()
        shown = letter._preview()[1]
        self.assertRegex(str(shown), MONEY)
        self.assertFalse(outside_of_isolation(str(shown)))
        tree = html.fromstring(str(shown))
        headings = tree.xpath("//th/@style")
        self.assertTrue(headings)
        self.assertFalse([style for style in headings if "text-align: left" in style])
        [sender] = tree.xpath("//div[contains(@class, 'o_credit_sender')]")
        self.assertIn(self.collector.email, sender.xpath(".//bdi/text()"))

    def test_sentences_of_the_check_and_titles_of_ages(self):
        """Plain text has no <bdi>: the marks of Unicode keep amounts and ranges together."""
        english = self.env["credit.message"]._amount(1234.5, self.file.currency_id)
        self.assertNotRegex(english, "[\u2066\u2069]")
        arabic = self.env["credit.message"].with_context(lang=ARABIC)
        shown = arabic._amount(1234.5, self.file.currency_id)
        self.assertRegex(shown, "^\u2066.*1[.,]234[.,]50.*\u2069$")
        self.assertIn("\u2066", arabic._limit_label(False, 1000, self.file.currency_id))
        Bucket = self.env["credit.aging.bucket"]
        self.assertEqual(Bucket._title(0, 30), "1–30")
        self.assertEqual(Bucket.with_context(lang=ARABIC)._title(0, 30), "\u20661–30\u2069")

    def test_statement_and_agreement(self):
        Report = self.env["ir.actions.report"]
        promise = self.env["credit.promise"].create(
            {
                "account_id": self.file.id,
                "move_line_ids": self._item(self.invoice).ids,
                "date": "2026-03-25",
                "amount": 1234.5,
            }
        )
        for name, record in (
            ("credit_statement_report", self.file),
            ("credit_promise_report", promise),
        ):
            with self.subTest(name):
                shown = Report._render_qweb_html(f"credit_collection.{name}", record.ids)[
                    0
                ].decode()
                self.assertRegex(shown, MONEY)
                self.assertFalse(outside_of_isolation(shown))

    def test_bar_and_banner(self):
        bar = self.file.with_context(lang=ARABIC).with_user(self.manager).aging_bar
        self.assertIn("<bdi>", bar)
        self.assertFalse(outside_of_isolation(f"<div>{bar}</div>"))


@tagged("post_install", "-at_install")
class TestPortalRightToLeft(PortalCase, HttpCase):
    def test_the_customers_page(self):
        self.env["res.lang"]._activate_lang(ARABIC)
        self.paula.lang = ARABIC
        with freeze_time(TODAY):
            self._late(1234.5, days=40)
        self.authenticate("paula", "paula")
        answer = self.url_open("/my/credit")
        page = html.fromstring(answer.text)
        self.assertIn("o_rtl", page.xpath("//*[contains(@class, 'o_rtl')]")[0].get("class"))
        [ours] = page.xpath("//div[@id='wrap']")
        self.assertFalse(outside_of_isolation(html.tostring(ours, encoding="unicode")))
