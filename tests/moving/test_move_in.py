"""Moving in from Odoo's own fields and from a spreadsheet: preview, take, undo."""

import io
import zipfile
from base64 import b64decode, b64encode

import openpyxl
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..followup.common import TODAY, FollowupCase

HEAD = ["Customer", "Limit", "Currency", "Collector", "Last Contact", "Note", "Invoice", "Level"]


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestMoveIn(FollowupCase):
    def _sheet(self, *rows, head=HEAD):
        book = openpyxl.Workbook()
        for row in (head, *rows):
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        return b64encode(stream.getvalue())

    def _move_in(self, source="xlsx", user=None, **values):
        return (
            self.env["credit.move.in"]
            .with_user(user or self.manager)
            .create({"source": source, "company_id": self.company.id, **values})
        )

    def _left(self, record):
        """{what: why not}"""
        return {line.what: line.why_not for line in record.line_ids if not line.taken}

    def test_sheet_with_limit_level_contact_and_collector(self):
        self.customer.ref = "D-1"
        invoice = self._late(1000.0, days=15)
        record = self._move_in(
            file=self._sheet(
                ["D-1", 5000, None, "carla", "2026-03-02", "Wants a copy", None, None],
                ["D-1", None, None, None, None, None, invoice.name, 2],
            )
        )
        self._account().collector_id = False
        record.action_preview()
        self.assertEqual(record.state, "previewed")
        self.assertFalse(self._account().limit_ids)
        self.assertEqual(
            record.line_ids.mapped("kind"),
            ["limit", "collector", "contact", "history", "history"],
        )
        self.assertFalse(self._left(record))
        record.action_take()
        file = self._account()
        self.assertRecordValues(
            file.limit_ids,
            [{"amount": 5000.0, "state": "approved", "decided_by_id": self.manager.id}],
        )
        self.assertEqual(file.collector_id, self.collector)
        self.assertEqual(file.contact_ids.note, "Wants a copy")
        self.assertEqual(file.followup_level_id, self.second)
        # 15 days late, the second level was reached: nothing before the thirtieth day
        self.assertFalse(self._plan())
        day = TODAY.replace(day=31)
        self.assertEqual(self._plan(day).level_id, self.last)

    def test_undo_puts_everything_back(self):
        self.customer.ref = "D-1"
        before = self._limit(700.0)
        invoice = self._late(1000.0, days=15)
        record = self._move_in(
            file=self._sheet(
                ["D-1", 5000, None, None, "2026-03-02", None, invoice.name, "Second reminder"]
            )
        )
        record.action_preview()
        record.action_take()
        file = self._account()
        self.assertEqual(file._position().credit_limit, 5000.0)
        record.action_undo()
        self.assertEqual(record.state, "undone")
        self.assertEqual(before.state, "approved")
        self.assertEqual(file._position().credit_limit, 700.0)
        self.assertFalse(file.contact_ids)
        self.env.invalidate_all()
        self.assertFalse(file.followup_level_id)
        self.assertEqual(self._plan().level_id, self.first)
        with self.assertRaises(UserError):
            record.action_undo()

    def test_what_is_not_taken_says_why(self):
        self._customer("Twin Ltd")
        self._customer("Twin Ltd")
        paid = self._late(10.0)
        self._pay(paid)
        record = self._move_in(
            file=self._sheet(
                ["Nobody Ltd", 1, None, None, None, None, None, None],
                ["Twin Ltd", 1, None, None, None, None, None, None],
                ["Deco Ltd", "much", None, "sally", "2027-01-01", None, paid.name, 1],
                ["Deco Ltd", 5, "XYZ", "nobody", None, None, "INV/0", 1],
                [None, 5, None, None, None, None, None, None],
                ["Deco Ltd", None, None, None, None, None, self._late(10.0).name, 9],
            )
        )
        record.action_preview()
        self.assertEqual(record.taken_count, 0)
        reasons = set(self._left(record).values())
        for reason in (
            "No such customer.",
            "Several customers are called so.",
            "The amount is not a number.",
            f"{self.salesperson.name} is no collector.",
            "A contact is on a day that has passed.",
            "The invoice is paid.",
            "Said already in an earlier row.",
            "No customer is named.",
            "The customer has no such posted invoice.",
            "The customer's policy has no such level.",
        ):
            self.assertIn(reason, reasons)

    def test_wrong_files_are_refused_with_a_sentence(self):
        for content in (b64encode(b"no workbook"), self._sheet(head=["A", "B"]), False):
            record = self._move_in(file=content)
            with self.assertRaises(UserError), self.env.cr.savepoint():
                record.action_preview()

    def test_awkward_cells_have_a_sentence_each_and_change_nothing(self):
        self.customer.ref = "1001"
        invoice = self._late(10.0, days=15)
        cells = {
            "The amount is not a number.": [
                {"Limit": value} for value in (True, "NaN", "inf", "1e999", "5,000.00")
            ],
            "A limit is an amount from 0 on.": [{"Limit": -1}, {"Limit": 1e13}],
            "A date is written 2026-01-31.": [
                {"Last Contact": value} for value in ("02.03.2026", "yesterday", 46_000, True)
            ],
            "A contact is on a day that has passed.": [{"Last Contact": "2026-03-17"}],
            "The customer's policy has no such level.": [
                {"Invoice": invoice.name, "Level": value}
                for value in (0, -1, 1.5, True, "inf", 4, None)
            ],
        }
        before = self.env["credit.limit"].search_count([])
        for reason, rows in cells.items():
            for row in rows:
                with self.subTest(reason=reason, row=row):
                    record = self._move_in(
                        file=self._sheet([1001, *(row.get(name) for name in HEAD[1:])])
                    )
                    record.action_preview()
                    self.assertEqual(set(self._left(record).values()), {reason})
                    self.assertFalse(record.taken_count)
                    record.action_take()
        self.assertEqual(self.env["credit.limit"].search_count([]), before)
        self.assertFalse(self._account().contact_ids)
        self.assertFalse(self._account().followup_level_id)

    def test_limit_zero_is_taken_as_prepayment_only(self):
        record = self._move_in(file=self._sheet(["Deco Ltd", 0, *[None] * 6]))
        record.action_preview()
        record.action_take()
        self.assertRecordValues(
            self._account().limit_ids, [{"amount": 0.0, "unlimited": False, "state": "approved"}]
        )

    def test_last_contact_is_on_that_day_of_the_company(self):
        for zone in ("America/Los_Angeles", "Pacific/Auckland"):
            self.company.partner_id.tz = zone
            self.company.resource_calendar_id.tz = zone
            record = self._move_in(
                file=self._sheet(["Deco Ltd", None, None, None, "2026-03-02", *[None] * 3])
            )
            record.action_preview()
            record.action_take()
            contact = self._account().contact_ids
            self.assertEqual(
                str(self.company._credit_day(contact.date)), "2026-03-02", self.company._credit_tz()
            )
            record.action_undo()

    def test_a_broken_workbook_is_refused_with_a_sentence(self):
        whole = b64decode(self._sheet(["Deco Ltd", 5, *[None] * 6]))
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(stream, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                new.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
        for content in (stream.getvalue(), whole[:200], b""):
            record = self._move_in(file=b64encode(content))
            with self.assertRaises(UserError), self.env.cr.savepoint():
                record.action_preview()
            self.assertFalse(record.line_ids)

    def test_native_limits(self):
        other = self._customer("Own Limit Ltd")
        (self.customer | other).with_company(self.company).write(
            {"use_partner_credit_limit": True, "credit_limit": 900.0}
        )
        self._limit(900.0)
        record = self._move_in("native")
        record.action_preview()
        mine = record.line_ids.filtered(lambda line: line.partner_id in self.customer | other)
        self.assertEqual(
            {line.partner_id: (line.taken, line.why_not) for line in mine},
            {
                self.customer: (False, "This limit is in force here already."),
                other: (True, False),
            },
        )
        record.action_take()
        self.assertEqual(self._position(other).credit_limit, 900.0)

    def test_what_is_not_installed_is_said(self):
        for source, model in (
            ("oca_credit_control", "credit.control.policy"),
            ("oca_financial_risk", None),
        ):
            if model in self.env or "risk_total" in self.env["res.partner"]._fields:
                continue
            with self.assertRaisesRegex(UserError, "not installed"):
                self._move_in(source).action_preview()

    def test_managers_only_and_nothing_by_hand(self):
        with self.assertRaises(AccessError):
            self._move_in(user=self.officer)
        record = self._move_in("native")
        with self.assertRaises(AccessError):
            record.write({"state": "done"})
        with self.assertRaises(UserError):
            record.action_take()
        record.action_preview()
        record.action_take()
        with self.assertRaises(UserError):
            record.write({"source": "xlsx"})
        with self.assertRaises(UserError):
            record.unlink()
        for method in ("action_preview", "action_take", "action_undo"):
            with self.assertRaises(AccessError):
                getattr(record.with_user(self.officer), method)()

    def test_another_file_needs_another_preview(self):
        record = self._move_in("native")
        record.action_preview()
        record.file = self._sheet(["Deco Ltd", 1, None, None, None, None, None, None])
        self.assertEqual(record.state, "draft")
        self.assertFalse(record.line_ids)

    def test_template_is_understood_as_it_is(self):
        book = openpyxl.load_workbook(io.BytesIO(self.env["credit.move.in"]._template_xlsx()))
        titles = [cell.value for cell in book.active[4]]
        self.assertEqual(titles[0], "Customer")
        record = self._move_in(
            file=self._sheet(["Deco Ltd", 12, None, None, None, None, None, None], head=titles)
        )
        record.action_preview()
        self.assertEqual(record.line_ids.kind, "limit")
