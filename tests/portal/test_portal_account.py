"""My Account: what a customer sees of all companies, and what he says there."""

import io

import openpyxl
from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import JsonRpcException, freeze_time, tagged
from odoo.tools import mute_logger

from ..followup.common import TODAY
from .common import PortalCase


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestPortalAccount(PortalCase):
    def setUp(self):
        super().setUp()
        self.authenticate("paula", "paula")

    def _figures(self):
        """{company: {currency: (balance, overdue, due soon)}}"""
        sections = self.env["credit.account"]._portal_files(self.paula)._portal_sections()
        return {
            section["company"].name: {
                group["currency"].name: (group["balance"], group["overdue"], group["due_soon"])
                for group in section["currencies"]
            }
            for section in sections
        }

    def _promise(self, invoice, day, page):
        item = self._item(invoice).id
        return self._post("/my/credit/promise", page, items=item, date=day)

    def test_instalments_residuals_currencies_and_siblings(self):
        invoice = self._in_instalments(900.0, [20, 3, -10])
        first, _second, _third = self._parts(invoice)
        self._pay(invoice, 100.0)
        self.assertEqual(first.amount_residual, 200.0)
        sibling = self._person("Branch office", "branch@deco.example.com")
        self._late(50.0, partner=sibling)
        self._late(70.0, currency_id=self.euro.id)
        self._late(30.0, days=-20)
        own = self._figures()[self.company.name]
        # 200 + 300 + 300 + 50 + 30; overdue 200 + 300 + 50; due in ten days 300
        self.assertEqual(own[self.currency.name], (880.0, 550.0, 300.0))
        self.assertEqual(own[self.euro.name], (70.0, 70.0, 0.0))
        page = self.url_open("/my/credit")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Instalment:", page.text)
        self.assertIn("880.00", page.text)
        self.assertIn("/my/credit", self.url_open("/my/home").text)

    def test_every_company_and_nobody_else(self):
        other = self.env["res.company"].create({"name": "Other House"})
        self._late(100.0)
        foreign = self._late(4321.0, partner=self._customer("Stranger Ltd"))
        self.env["credit.account"]._get(self.customer, other)
        files = self.env["credit.account"]._portal_files(self.paula)
        self.assertEqual(files.company_id, self.company | other)
        self.assertEqual(files.partner_id, self.customer)
        page = self.url_open("/my/credit")
        self.assertNotIn(foreign.name, page.text)
        self.assertNotIn("4,321.00", page.text)

    def test_contact_without_the_right_sees_nothing(self):
        invoice = self._late(100.0)
        self.paula.credit_portal_denied = True
        self.assertNotIn(invoice.name, self.url_open("/my/credit").text)

    def test_every_instalment_leads_to_its_invoice_and_its_pdf(self):
        sibling = self._person("Branch office", "branch@deco.example.com")
        invoice = self._late(50.0, partner=sibling)
        page = self.url_open("/my/credit").text
        address = f"/my/invoices/{invoice.id}?report_type=pdf&amp;download=true"
        self.assertIn(address, page)
        self.assertEqual(self.url_open(f"/my/invoices/{invoice.id}").status_code, 200)
        paper = self.url_open(address.replace("&amp;", "&"))
        self.assertEqual(paper.headers["Content-Type"], "application/pdf")
        # Tests print no PDF: what would be printed is the page itself.
        self.assertIn(invoice.name, paper.text)

    def test_no_promise_is_asked_for_where_none_is_taken(self):
        invoice = self._late(100.0)
        page = self.url_open("/my/credit")
        self.assertIn("Promise This Day", page.text)
        self._promise(invoice, "2026-03-18", page)
        page = self.url_open("/my/credit")
        self.assertNotIn("Promise This Day", page.text)
        self.assertIn("Pay What Is Ticked", page.text)

    def test_limit_left_only_where_the_company_shows_it(self):
        self._late(100.0)
        self._limit(1000.0)
        self.assertNotIn("Credit left", self.url_open("/my/credit").text)
        self.company.credit_portal_show_limit = True
        page = self.url_open("/my/credit").text
        self.assertIn("Credit left", page)
        self.assertIn("900.00", page)
        # One limit for all currencies is said once.
        self._late(70.0, currency_id=self.euro.id)
        self.assertEqual(self.url_open("/my/credit").text.count("Credit left"), 1)

    def test_promise_counts_and_quiets_the_next_level(self):
        self.policy.promise_max_days = 7
        invoice = self._late(1000.0)
        self._promise(invoice, "2026-03-20", self.url_open("/my/credit"))
        said = {"state": "open", "channel": "portal", "contact_partner_id": self.paula.id}
        self.assertRecordValues(self._account().promise_ids, [{"amount": 1000.0, **said}])
        self.assertFalse(self._plan())
        self.assertIn("Promised for", self.url_open("/my/credit").text)

    def test_what_a_credit_note_settles_is_not_promised(self):
        invoice = self._late(1000.0)
        self._credit_note(300.0)
        self._promise(invoice, "2026-03-20", self.url_open("/my/credit"))
        promise = self._account().promise_ids
        self.assertEqual(promise.amount, 700.0)
        self._pay(invoice, 700.0)
        self.assertEqual(promise.state, "kept")

    def test_the_rest_is_promised_when_a_part_of_the_first_promise_is_paid(self):
        invoice = self._late(100.0)
        promise = self.env["credit.promise"].create(
            {
                "account_id": self._account().id,
                "date": "2026-03-18",
                "amount": 60.0,
                "move_line_ids": [Command.set(self._item(invoice).ids)],
            }
        )
        self._pay(invoice, 20.0)
        self.assertEqual(promise.unmatched, 40.0)
        with self.assertRaises(UserError):
            promise.sudo()._extend(Date.to_date("2026-03-20"), 40.01)
        promise.sudo()._extend(Date.to_date("2026-03-20"), 40.0)
        self.assertEqual((promise.amount, promise.unmatched, promise.state), (100.0, 80.0, "open"))

    def test_what_is_promised_in_part_is_promised_for_the_rest(self):
        invoice, other = self._late(1000.0), self._late(200.0, days=2)
        item = self._item(invoice)
        self.env["credit.promise"].with_user(self.collector).create(
            {
                "account_id": self._account().id,
                "date": "2026-03-18",
                "amount": 400.0,
                "move_line_ids": [Command.set(item.ids)],
            }
        )
        page = self.url_open("/my/credit")
        self.assertIn("Not promised yet", page.text)
        self.assertIn("600.00", page.text)
        said = self._post(
            "/my/credit/promise", page, items=[item.id, self._item(other).id], date="2026-03-20"
        )
        self.assertIn("Thank you", said.text)
        self.assertNotIn("Not promised yet", said.text)
        new, first = self._account().promise_ids.sorted("amount")
        self.assertRecordValues(
            first.line_ids.sorted("date"),
            [
                {"date": Date.to_date("2026-03-18"), "amount": 400.0},
                {"date": Date.to_date("2026-03-20"), "amount": 600.0},
            ],
        )
        self.assertEqual((first.amount, first.missing, first.state), (1000.0, 1000.0, "open"))
        self.assertEqual((new.amount, new.move_line_ids), (200.0, self._item(other)))
        # All is promised now: nothing is left to promise, and no letter goes.
        self.assertEqual(self._promise(invoice, "2026-03-20", page).status_code, 400)
        self.assertFalse(self._plan())
        # The first day is judged as it was said.
        self._pay(invoice, 300.0, "2026-03-17")
        first._judge(Date.add(first.line_ids.sorted("date")[0].date, days=10))
        self.assertEqual(first.state, "broken")

    def test_promise_never_longer_than_the_policy_allows(self):
        self.policy.promise_max_days = 7
        invoice = self._late(1000.0)
        page = self.url_open("/my/credit")
        for day, status in (
            ("2026-03-24", 400),
            ("2026-03-15", 400),
            ("x", 400),
            ("2026-03-23", 200),
        ):
            with self.subTest(day=day):
                self.assertEqual(self._promise(invoice, day, page).status_code, status)
        self.assertEqual(len(self._account().promise_ids), 1)

    def test_what_was_broken_is_not_promised_again_online(self):
        invoice = self._late(1000.0)
        self._promise(invoice, "2026-03-17", self.url_open("/my/credit"))
        promise = self._account().promise_ids
        promise.sudo().write({"state": "broken", "broken_on": "2026-03-16"})
        answer = self._promise(invoice, "2026-03-20", self.url_open("/my/credit"))
        self.assertEqual(answer.status_code, 400)
        self.assertIn("was not kept", answer.text)

    def test_dispute_of_a_part_with_a_file(self):
        invoice = self._late(1000.0)
        reason = self.env.ref("credit_collection.credit_dispute_reason_price")
        page = self.url_open("/my/credit")
        self.url_open(
            "/my/credit/dispute",
            data={
                "csrf_token": self._csrf(page),
                "item": self._item(invoice).id,
                "reason": reason.id,
                "amount": "300",
                "note": "Discount forgotten",
            },
            files={"files": ("proof.txt", b"The offer", "text/plain")},
        )
        dispute = self._account().dispute_ids
        said = {"note": "Discount forgotten", "owner_id": self.salesperson.id}
        self.assertRecordValues(dispute, [{"amount": 300.0, **said}])
        self.assertEqual(dispute.message_ids.attachment_ids.mapped("name"), ["proof.txt"])
        self.assertEqual(self._plan().amount, 700.0)
        dispute.sudo().outcome = "Credited tomorrow"
        text = self.url_open("/my/credit").text
        self.assertIn(self.salesperson.name, text)
        self.assertIn("Credited tomorrow", text)
        # The rest can be contested; of what is contested whole nothing can.
        self.assertIn("o_credit_portal_dispute", text)
        dispute.sudo().amount = 1000.0
        self.assertNotIn("o_credit_portal_dispute", self.url_open("/my/credit").text)

    def test_programs_are_not_taken_as_files(self):
        invoice = self._late(1000.0)
        page = self.url_open("/my/credit")
        answer = self.url_open(
            "/my/credit/dispute",
            data={
                "csrf_token": self._csrf(page),
                "item": self._item(invoice).id,
                "reason": self.env.ref("credit_collection.credit_dispute_reason_price").id,
                "note": "See there",
            },
            files={"files": ("page.html", b"<script/>", "text/html")},
        )
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self._account().dispute_ids)

    def test_other_customers_cannot_be_reached(self):
        stranger = self._customer("Stranger Ltd")
        foreign = self._late(500.0, partner=stranger)
        file = self._account(stranger)
        self._late(10.0)
        page = self.url_open("/my/credit")
        item = self._item(foreign).id
        for path, values in (
            ("/my/credit/promise", {"items": item, "date": "2026-03-18"}),
            ("/my/credit/dispute", {"item": item, "reason": 1, "note": "x"}),
        ):
            self.assertEqual(self._post(path, page, **values).status_code, 400)
        self.assertNotIn(foreign.name, self.url_open(f"/my/credit/pay?items={item}").text)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._begin(self._item(foreign), 500.0)
        period = "date_from=2026-01-01&date_to=2026-03-16"
        for kind in ("pdf", "xlsx"):
            answer = self.url_open(f"/my/credit/statement.{kind}?file={file.id}&{period}")
            self.assertEqual(answer.status_code, 404)
        for report in ("credit_period_statements", "credit_statements"):
            url = f"/report/html/credit_collection.{report}/{file.id}"
            with mute_logger("odoo.http"):
                self.assertNotIn("500.00", self.url_open(url).text)

    def test_portal_user_calls_nothing_of_it_by_rpc(self):
        self._late(100.0)
        for model in (
            "credit.account",
            "credit.portal.link",
            "credit.open.item",
            "credit.promise",
            "credit.portal.attempt",
        ):
            with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/{model}/search_read",
                    {"model": model, "method": "search_read", "args": [[]], "kwargs": {}},
                )

    def test_too_many_words_are_stopped(self):
        self._late(100.0)
        page = self.url_open("/my/credit")
        with self._limit_of("WORDS", (2, 60)):
            codes = [
                self._post("/my/credit/promise", page, items="", date="x").status_code
                for _time in range(3)
            ]
        self.assertEqual(codes, [400, 400, 429])

    def test_statement_of_a_period(self):
        old = self._late(1000.0, days=60)
        self._late(500.0, days=-20)
        self._pay(old, date="2026-03-01")
        file = self._account()
        answer = self.url_open(
            f"/my/credit/statement.xlsx?file={file.id}&date_from=2026-02-01&date_to=2026-03-16"
        )
        self.assertEqual(answer.status_code, 200)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        about = dict(book["About This Workbook"].iter_rows(min_row=3, values_only=True))
        self.assertEqual(about["Period"], "02/01/2026 to 03/16/2026")
        self.assertNotIn("Made by", about)  # the customer did, on their own page
        sheet = book.active
        values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
        # before: 1,000 of December; then 500 invoiced, 1,000 paid; 500 are left
        self.assertEqual(values[0][6], 1000)
        self.assertEqual([row[4:6] for row in values[1:3]], [[500, 0], [0, 1000]])
        [group] = file._period_statement(TODAY.replace(month=2, day=1), TODAY)
        self.assertEqual((group["opening"], group["closing"]), (1000.0, 500.0))
        pdf = self.url_open(
            f"/my/credit/statement.pdf?file={file.id}&date_from=2026-02-01&date_to=2026-03-16"
        )
        # without a worker to spare, tests get the pages that become the PDF
        self.assertEqual(pdf.headers["Content-Type"], "application/pdf")
        self.assertIn("Balance after", pdf.text)
        wrong = self.url_open(
            f"/my/credit/statement.xlsx?file={file.id}&date_from=2026-03-01&date_to=2026-02-01"
        )
        self.assertEqual(wrong.status_code, 400)
