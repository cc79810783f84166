"""Rows stored by one statement read as if the ORM had stored them."""

from datetime import date

from odoo.addons.credit_collection.tools.bulk import insert_rows
from odoo.addons.credit_collection.tools.numbering import next_number, next_numbers
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestBulk(TransactionCase):
    TEXTS = ['He said "no", and left', "a\\b, {c}", "two\nlines", "NULL", "ÄÖ €", ""]

    def _rows(self):
        paper = self.env["credit.allowance"].create(
            {"company_id": self.env.company.root_id.id, "date": date(2026, 1, 31)}
        )
        count = len(self.TEXTS)
        columns = {
            "allowance_id": paper.id,
            "company_id": paper.company_id.id,
            "date": paper.date,
            "segment_name": list(self.TEXTS),
            "date_due": [date(2026, 1, day + 1) for day in range(count)],
            "days_overdue": list(range(count)),
            "amount": [1000.1, 0.0, -5.55, 1e-2, 12345678.9, 3],
            "individual": [True, False, False, True, False, False],
            "assessment": [None, False, "Why", "Because", None, "x"],
        }
        return paper, columns

    def test_every_kind_of_value_comes_back(self):
        _paper, columns = self._rows()
        lines = insert_rows(self.env["credit.allowance.line"], columns)
        self.env.invalidate_all()
        self.assertEqual(lines.mapped("segment_name"), [*self.TEXTS])
        self.assertEqual([line.days_overdue for line in lines], [0, 1, 2, 3, 4, 5])
        self.assertEqual([line.amount for line in lines], [1000.1, 0, -5.55, 0.01, 12345678.9, 3])
        self.assertEqual(
            [line.individual for line in lines], [True, False, False, True, False, False]
        )
        self.assertEqual(
            [line.assessment for line in lines], [False, False, "Why", "Because", False, "x"]
        )
        self.assertEqual(lines[3].date_due, date(2026, 1, 4))
        self.assertEqual(lines.create_uid, self.env.user)
        self.assertFalse(lines.filtered("individual_rate"))

    def test_one_statement_for_any_number(self):
        _paper, columns = self._rows()
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        insert_rows(self.env["credit.allowance.line"], columns)
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
        many = {n: v * 50 if isinstance(v, list) else v for n, v in columns.items()}
        before = self.env.cr.sql_log_count
        self.assertEqual(len(insert_rows(self.env["credit.allowance.line"], many)), 300)
        self.assertEqual(self.env.cr.sql_log_count - before, 1)

    def test_no_row_and_columns_that_do_not_fit(self):
        lines = self.env["credit.allowance.line"]
        self.assertFalse(insert_rows(lines, {"segment_name": [], "date": date(2026, 1, 1)}))
        with self.assertRaises(ValueError):
            insert_rows(lines, {"segment_name": ["a"], "days_overdue": [1, 2]})

    def test_numbers_go_on_and_none_comes_twice(self):
        code = "credit.balance.confirmation"
        first = next_number(self.env, code)
        numbers = [first, *next_numbers(self.env, code, 3), next_number(self.env, code)]
        ends = [int(number.rpartition("/")[2]) for number in numbers]
        self.assertEqual(ends, list(range(ends[0], ends[0] + 5)))
        self.assertEqual(len({number.rpartition("/")[0] for number in numbers}), 1)

    def test_numbers_of_a_sequence_without_gaps(self):
        code = "credit.balance.confirmation"
        self.env["ir.sequence"].search([("code", "=", code)]).implementation = "no_gap"
        numbers = next_numbers(self.env, code, 3)
        ends = [int(number.rpartition("/")[2]) for number in numbers]
        self.assertEqual(ends, list(range(ends[0], ends[0] + 3)))
