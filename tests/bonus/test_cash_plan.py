from base64 import b64encode
from datetime import date
from io import BytesIO
from zipfile import ZipFile

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from openpyxl import Workbook

from .test_sheet import SheetCase


@freeze_time("2026-10-31")
class TestCashPlan(SheetCase):
    def test_the_two_methods(self):
        plan = self.env["credit.cash.plan"].search([("user_id", "=", self.ivanov.id)])
        self.assertEqual((plan.planned, plan.month), (4_300_000, date(2026, 10, 1)))
        self.assertEqual(plan.team_id, self.team)
        plan.method = "due_within_month"
        self.assertEqual(plan.planned, 3_300_000)

    def test_prefill_reads_the_beginning_of_the_month(self):
        plan = self.env["credit.cash.plan"].create(
            {"user_id": self.semenov.id, "month": "2026-10-01", "company_id": self.company.id}
        )
        plan.action_prefill()
        self.assertEqual((plan.due, plan.overdue), (900_000, 0))

    def test_month_at_once_with_a_pasted_table(self):
        wizard = self.env["credit.cash.plan.month"].with_user(self.manager)
        ask = wizard.create(
            {
                "company_id": self.company.id,
                "month": "2026-11-10",
                "pasted": "figures_ivanov\t3 000 000\t20\t200,000.00\n\nSemenov;1500,5;10",
            }
        )
        plans = self.env["credit.cash.plan"].search(ask.action_apply()["domain"])
        by_user = {plan.user_id: plan for plan in plans}
        self.assertEqual(by_user[self.ivanov].sales_plan, 3_000_000)
        self.assertEqual(by_user[self.ivanov].prepaid, 200_000)
        self.assertEqual(by_user[self.ivanov].overdue, 450_000)
        self.assertEqual(by_user[self.semenov].sales_plan, 1500.5)
        self.semenov.name = "Ivanov"
        for pasted in ("nobody;1;2;3", "figures_ivanov;many", "Ivanov;1;2;3"):
            ask.pasted = pasted
            with self.subTest(pasted), self.assertRaises(UserError):
                ask.action_apply()

    def test_numbers_of_either_fashion(self):
        number = self.env["credit.cash.plan.month"]._number
        for text, value in (
            ("1.234,50", 1234.5),
            ("1,234.50", 1234.5),
            ("1\u202f234,5", 1234.5),
            ("1'234.50", 1234.5),
            ("1.234.567", 1_234_567),
            ("1,234,567.5", 1_234_567.5),
            ("12,5", 12.5),
            ("0.125", 0.125),
            ("12500.125", 12500.125),
            ("-3,25", -3.25),
            ("", 0),
        ):
            with self.subTest(text):
                self.assertEqual(number(text), value)
        for text in ("12.500", "1,234"):
            with self.subTest(text), self.assertRaisesRegex(UserError, "two ways"):
                number(text)
        for text in ("1.234,567.5", "12,34,5", "1,23.4", "1e5", "nan", "inf", "-"):
            with self.subTest(text), self.assertRaises(ValueError):
                number(text)

    def _workbook(self, *rows):
        book, content = Workbook(), BytesIO()
        for row in rows:
            book.active.append(row)
        book.save(content)
        return b64encode(content.getvalue())

    def _broken_workbook(self):
        """An archive as a workbook is one, with a part that is no XML."""
        content = BytesIO()
        with ZipFile(content, "w") as archive:
            archive.writestr("[Content_Types].xml", "<broken")
        return b64encode(content.getvalue())

    def _ask(self, **values):
        ask = self.env["credit.cash.plan.month"].with_user(self.manager)
        return ask.create({"company_id": self.company.id, "month": "2026-11-10", **values})

    def test_month_at_once_from_a_workbook(self):
        file = self._workbook(
            ("Log-in", "Sales plan", "Deferral", "Prepaid"),
            ("figures_ivanov", 3_000_000, 20, 200_000),
            (None, None, None, None),
            ("Semenov", "1 500,5", 10.5, None),
        )
        plans = self.env["credit.cash.plan"].search(self._ask(file=file).action_apply()["domain"])
        found = {
            plan.user_id: (plan.sales_plan, plan.deferral_days, plan.prepaid) for plan in plans
        }
        self.assertEqual(found[self.ivanov], (3_000_000, 20, 200_000))
        self.assertEqual(found[self.semenov], (1500.5, 10.5, 0))

    def test_month_at_once_asks_once_for_all(self):
        def count():
            ask = self._ask()
            self.env.flush_all()
            self.env.invalidate_all()
            # New users empty the caches: both counts begin with empty ones.
            self.env.registry.clear_cache()
            start = self.env.cr.sql_log_count
            ask.action_apply()
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        before = count()
        self.env["credit.cash.plan"].search([("month", "=", "2026-11-01")]).unlink()
        for number in range(5):
            self._seller(f"extra{number}")
        self.assertLessEqual(count(), before)

    def test_wrong_workbook_changes_nothing(self):
        wrong = (
            (b64encode(b"no workbook"), "no XLSX workbook"),
            (self._broken_workbook(), "no XLSX workbook"),
            (self._workbook(("Ivanov", 1, 2, 3), ("Nobody", 1, 2, 3)), "Line 2"),
            (self._workbook(("Ivanov", 1, 2, 3), ("Semenov", "much", 2, 3)), "no number"),
        )
        for file, message in wrong:
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                with self.env.cr.savepoint():
                    self._ask(file=file).action_apply()
        self.assertFalse(self.env["credit.cash.plan"].search([("month", "=", "2026-11-01")]))

    def test_bad_input_is_refused(self):
        plan = self.env["credit.cash.plan"].search([("user_id", "=", self.ivanov.id)])
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            plan.deferral_days = -1
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            plan.copy()
