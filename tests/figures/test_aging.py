from datetime import date, timedelta
from io import BytesIO
from urllib.parse import quote

from freezegun import freeze_time
from lxml import html
from odoo import fields
from odoo.addons.credit_collection.core import aging
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, new_test_user, tagged
from openpyxl import load_workbook

from .common import FiguresCase
from .xlsx_sums import totals

TODAY = date(2026, 10, 31)


@freeze_time(TODAY)
class TestAging(FiguresCase):
    """Ages by the company's own boundaries, everywhere the same."""

    def _late(self, amount, days, **values):
        """An invoice that is ``days`` overdue today."""
        due = TODAY - timedelta(days=days)
        return self._invoice(amount, due - timedelta(days=30), due, **values)

    def _aging(self, as_of=None):
        return (
            self.env["credit.aging"]
            .with_context(as_of=as_of)
            .search([("company_id", "=", self.company.id)])
        )

    def test_days_on_both_sides_of_each_boundary(self):
        for days in (-1, 0, 1, 29, 30, 31, 60, 61, 90, 91):
            self._late(100 + days, days)
        found = {item.amount - 100: item.bucket_id.name for item in self._aging()}
        self.assertEqual(
            found,
            {
                -1: "Not due",
                0: "Not due",
                1: "1–30",
                29: "1–30",
                30: "1–30",
                31: "31–60",
                60: "31–60",
                61: "61–90",
                90: "61–90",
                91: "Over 90",
            },
        )

    def test_buckets_agree_with_the_core_for_other_boundaries(self):
        self.company.credit_aging_boundaries = "7, 14,45"
        for days in (0, 1, 7, 8, 14, 15, 45, 46, 400):
            self._late(100 + days, days)
        buckets = self.company._credit_buckets()
        for item in self._aging():
            expected = aging.bucket_of(item.days_overdue, buckets)
            self.assertEqual(item.bucket, expected.key)
            self.assertEqual(item.bucket_id.id, item.bucket_id._id_of(expected))

    def test_bar_of_the_customer_has_the_companys_boundaries(self):
        self.company.credit_aging_boundaries = "7,45"
        for days, amount in ((-5, 2), (5, 10), (7, 10), (8, 300), (45, 300), (46, 4000)):
            self._late(amount, days)
        file = self.env["credit.account"]._get(self.customer, self.company)
        label = html.fromstring(file.aging_bar).xpath("//div[@role='img']/@aria-label")[0]
        self.assertEqual(
            [part.replace("\xa0", "").replace("€", "") for part in label.split("; ")],
            [
                "Not due: 2.00",
                "1–7 days: 20.00",
                "8–45 days: 600.00",
                "Over 45 days: 4,000.00",
            ],
        )

    def test_groups_come_in_order_of_age(self):
        for days in (100, 0, 40, 20, 70):
            self._late(10, days)
        groups = self.env["credit.aging"]._read_group(
            [("company_id", "=", self.company.id)], ["bucket_id"], ["amount:sum"]
        )
        self.assertEqual(
            [(bucket.name, amount) for bucket, amount in groups],
            [("Not due", 10), ("1–30", 10), ("31–60", 10), ("61–90", 10), ("Over 90", 10)],
        )

    def test_wrong_boundaries_are_refused(self):
        for text in ("", "abc", "30,30", "60,30", "-5,30", "30,60.5", "30,99999"):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.company.credit_aging_boundaries = text
        self.assertEqual(self.company.credit_aging_boundaries, "30,60,90")

    def test_two_companies_share_equal_buckets(self):
        other = self.env["res.company"].create({"name": "Other Ltd"})
        other.credit_aging_boundaries = "30,120"
        names = self.env["credit.aging.bucket"].search([]).mapped("name")
        self.assertEqual(names[:2], ["Not due", "1–30"])
        self.assertIn("31–120", names)
        self.assertEqual(len(names), len(set(names)))

    def test_quadrants(self):
        self.company.write({"credit_quadrant_amount": 1000, "credit_quadrant_days": 30})
        for amount, days in ((1000, 31), (1000, 30), (999, 31), (999, 0)):
            self._late(amount, days)
        self._entry(5000, TODAY)
        found = {(i.amount, i.days_overdue): i.quadrant for i in self._aging()}
        self.assertEqual(
            found,
            {
                (1000, 31): "large_old",
                (1000, 30): "large_recent",
                (999, 31): "small_old",
                (999, 0): "small_recent",
                (-5000, 0): False,
            },
        )

    def test_sum_of_buckets_is_the_position(self):
        self._late(500, 10)
        self._late(300, 50)
        self._entry(120, TODAY - timedelta(days=3))
        self.assertEqual({i.bucket for i in self._aging() if i.amount < 0}, {"not_due"})
        total = self.env["credit.account"]._get(self.customer, self.company).receivable
        self.assertEqual(sum(self._aging().mapped("amount")), total)
        self.assertEqual(sum(self._aging().mapped("overdue_amount")), 800)

    def test_what_moved_between_two_days(self):
        cured, rolled = self._late(100, 40), self._late(200, 40)
        new, stayed = self._late(400, 5), self._late(800, 200)
        self._late(1600, -20)
        self._pay(cured, TODAY - timedelta(days=2))
        paid = self._late(3200, -5)
        self._pay(paid, TODAY - timedelta(days=1))
        moves = (
            self.env["credit.aging.move"]
            .with_context(compare_from=TODAY - timedelta(days=20))
            .search([("company_id", "=", self.company.id)])
        )
        found = {move.move_id: move.move for move in moves}
        self.assertEqual(found[cured], "cured")
        self.assertEqual(found[rolled], "rolled")
        self.assertEqual(found[new], "new_overdue")
        self.assertEqual(found[stayed], "stayed")
        self.assertEqual(found[paid], "paid")
        self.assertEqual(sum(moves.mapped("amount_before")), 100 + 200 + 400 + 800 + 3200)
        self.assertEqual(sum(moves.mapped("amount_after")), 200 + 400 + 800 + 1600)

    def test_screen_opens_on_the_chosen_day(self):
        self._late(100, 40)
        ask = self.env["credit.aging.ask"].create(
            {"as_of": "2026-09-30", "compare_from": "2026-08-31"}
        )
        self.assertEqual((ask.items, ask.ledger, ask.difference), (100, 100, 0))
        action = ask.action_show()
        self.assertEqual(action["context"]["as_of"], "2026-09-30")
        self.assertEqual(self._aging(**action["context"]).days_overdue, 9)
        self.assertEqual(
            ask.action_compare()["context"],
            {"as_of": "2026-09-30", "compare_from": "2026-08-31"},
        )
        ask.compare_from = "2026-09-30"
        with self.assertRaises(UserError):
            ask.action_compare()

    def test_collector_without_invoicing_opens_the_invoice(self):
        self._late(100, 40)
        plain = self._user("plain", "credit_collection.credit_collection_group_collector")
        action = self._aging().with_user(plain).action_open_document()
        move = self.env[action["res_model"]].with_user(plain).browse(action["res_id"])
        self.assertEqual(Form(move).partner_id, self.customer)

    def test_same_queries_however_many_items(self):
        domain = [("company_id", "=", self.company.id)]
        for days in range(12):
            self._late(100, days * 10)
        self.env.flush_all()
        self.env["credit.aging"]._read_group(domain, ["bucket_id"], ["amount:sum"])
        with self.assertQueryCount(3):  # a setting, the companies' boundaries, the items
            self.env["credit.aging"]._read_group(domain, ["bucket_id"], ["amount:sum"])

    def test_others_see_nothing(self):
        self._late(100, 40)
        aging_report = self.env["credit.aging"]
        with self.assertRaises(AccessError):
            aging_report.with_user(self._user("clerk")).search([])
        # A salesperson reads no ledger; leaders of a team read its members'.
        self.assertFalse(aging_report.with_user(self.ivanov).search([]))
        with self.assertRaises(AccessError):
            self.env["credit.aging.xlsx"].with_user(self.ivanov)._build(self.company, TODAY)
        stranger = self._user("stranger", "credit_collection.credit_collection_group_collector")
        other = self.env["res.company"].create({"name": "Other Ltd"})
        stranger.write({"company_ids": [fields.Command.set(other.ids)], "company_id": other.id})
        mine = aging_report.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(mine.search([]))

    def _workbook(self):
        Workbook = self.env["credit.aging.xlsx"]
        return Workbook._build(self.company, TODAY, TODAY - timedelta(days=15))

    def test_workbook_adds_up(self):
        self._late(500, 10)
        self._late(300, 50, partner_id=self._customer("=1+1", self.semenov).id)
        self._entry(120, TODAY - timedelta(days=3))
        content = self._workbook()
        book = load_workbook(BytesIO(content), data_only=True)
        self.assertEqual(
            book.sheetnames,
            [
                "About This Workbook",
                "Summary",
                "Customer",
                "Salesperson",
                "Sales Team",
                "Country",
                "Currency",
                "Quadrant",
                "What Moved",
                "Items",
            ],
        )
        summary = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True)}
        self.assertEqual(summary["1–30"], 500)
        self.assertEqual(summary["Total"], 680)
        self.assertEqual(summary["Difference"], 0)
        self.assertEqual(book["About This Workbook"]["B3"].value, self.company.name)
        for name in book.sheetnames[2:8]:
            with self.subTest(name):
                page = book[name]
                self.assertEqual(page.page_setup.orientation, "landscape")
                self.assertEqual((page.page_setup.fitToHeight, page.print_title_rows), (0, "$4:$4"))
                self.assertIn("&P / &N", page.oddFooter.right.text or "&P / &N")
                total = list(book[name].iter_rows(values_only=True))[-1]
                self.assertEqual((total[0], *total[-2:]), ("Total", 680, 1))
                shares = [row[-1] for row in page.iter_rows(min_row=5, values_only=True)][:-1]
                self.assertAlmostEqual(sum(shares), 1)
                self.assertEqual(book[name].freeze_panes, "B5")
        names = [row[0].value for row in load_workbook(BytesIO(content))["Customer"].iter_rows()]
        self.assertIn("=1+1", names)
        formulas = load_workbook(BytesIO(content))["Customer"]
        self.assertEqual(formulas["G5"].value, "=SUM(B5:F5)")
        self.assertEqual(formulas["G7"].value, "=SUM(G5:G6)")
        self.assertEqual(formulas["A6"].data_type, "s")

    def test_workbook_recomputes(self):
        # 500 and 300 late, 120 of unapplied money; the 300 fell due on the 11th of September.
        self._late(500, 10)
        self._late(300, 50, partner_id=self._customer("Beta", self.semenov).id)
        self._entry(120, TODAY - timedelta(days=3))
        found = totals(self._workbook())
        ages = {"Not due": -120, "1–30": 500, "31–60": 300, "61–90": 0, "Over 90": 0}
        views = ("Customer", "Salesperson", "Sales Team", "Country", "Currency", "Quadrant")
        self.assertEqual(
            found,
            {
                "Summary": {"Amount": 680, "Share": 1},
                **dict.fromkeys(views, {**ages, "Total": 680, "Share": 1}),
                "What Moved": {"Before": 800, "Now": 680, "Change": -120},
                "Items": {"Amount": 680, "Overdue": 800},
            },
        )


@tagged("post_install", "-at_install")
class TestAgingDownload(HttpCase):
    """The workbook leaves the house only with those who may read the ledger."""

    URL = "/credit_collection/aging.xlsx"

    def test_manager_downloads(self):
        self.authenticate("admin", "admin")
        response = self.url_open(f"{self.URL}?as_of=2026-01-31&compare_from=2025-12-31")
        self.assertEqual(response.status_code, 200)
        book = load_workbook(BytesIO(response.content))
        self.assertIn("What Moved", book.sheetnames)

    def test_bad_days_are_refused(self):
        self.authenticate("admin", "admin")
        for query in ("as_of=yesterday", "as_of=2026-01-01&compare_from=2026-02-01"):
            self.assertEqual(self.url_open(f"{self.URL}?{query}").status_code, 400)
        for query in ("as_of=0001-01-01", "as_of=9999-12-31"):
            self.assertEqual(self.url_open(f"{self.URL}?{query}").status_code, 422)

    def test_what_is_no_id_is_refused(self):
        self.authenticate("admin", "admin")
        for text in ("", "x", "-1", "0", "²", "1e3", "99999999999", "9" * 400, "1 OR 1=1"):
            with self.subTest(text):
                response = self.url_open(f"/credit_collection/kpi.xlsx?sheet={quote(text)}")
                self.assertEqual(response.status_code, 400)
        for text in ("x", "²", "1,99999999999"):
            with self.subTest(text):
                response = self.url_open(f"/credit_collection/statement.xlsx?ids={quote(text)}")
                self.assertEqual(response.status_code, 400)

    def test_others_are_refused(self):
        user = self.env["res.users"].create(
            {"name": "Clerk", "login": "aging_clerk", "password": "aging_clerk"}
        )
        self.assertTrue(user)
        self.authenticate("aging_clerk", "aging_clerk")
        self.assertEqual(self.url_open(self.URL).status_code, 403)
        self.authenticate(None, None)
        response = self.url_open(self.URL, allow_redirects=False)
        self.assertEqual(response.status_code, 303)

    def test_sheets_and_evidence_leave_with_managers_only(self):
        sheet = self.env["credit.kpi.sheet"].create({})
        sheet.action_compute()
        sheet.action_close()
        urls = (
            f"/credit_collection/kpi.xlsx?sheet={sheet.id}",
            f"/web/content/credit.kpi.sheet/{sheet.id}/evidence",
        )
        people = {
            "sally": "sales_team.group_sale_manager",
            "carol": "credit_collection.credit_collection_group_officer",
            "porter": "base.group_portal",
        }
        for login, group in people.items():
            new_test_user(self.env, login, group, password=login)
            self.authenticate(login, login)
            for url in urls:
                with self.subTest(login=login, url=url):
                    self.assertIn(self.url_open(url).status_code, (403, 404))
            with self.subTest(login=login):
                allowed = login == "carol"
                status = self.url_open(self.URL).status_code
                self.assertEqual(status, 200 if allowed else 403)
        self.authenticate("admin", "admin")
        for url in urls:
            self.assertEqual(self.url_open(url).status_code, 200)
