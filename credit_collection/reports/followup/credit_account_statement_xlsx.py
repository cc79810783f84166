import io

import xlsxwriter
from odoo import models
from odoo.tools.misc import format_date

from ...tools.workbook import date_format, print_setup


class CreditAccount(models.Model):
    _inherit = "credit.account"

    def _statement_xlsx(self):
        """The statement of open items of these files as a workbook, one sheet per customer.

        :rtype: bytes
        """
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "total": book.add_format({"bold": True, "top": 1}),
        }
        names = set()
        for account in self:
            lang = account._statement_lang()
            account.with_context(lang=lang)._write_statement_sheet(book, formats, names)
        book.close()
        return stream.getvalue()

    def _write_statement_sheet(self, book, formats, names):
        """Write one customer's sheet. ``names``: those of the sheets so far, lower case."""
        sheet = book.add_worksheet(self._sheet_name(names))
        print_setup(sheet, repeated_row=0)
        sheet.set_column(0, 1, 24)
        sheet.set_column(2, 5, 14)
        sheet.set_column(6, 6, 40)
        sheet.write_string(0, 0, self.sudo().partner_id.name or "", formats["title"])
        company = self.sudo().company_id
        sheet.write_string(
            1, 0, f"{company.name}, {format_date(self.env, company._credit_today())}"
        )
        row = 2
        for group in self._statement_groups():
            row = self._write_statement_group(book, sheet, formats, row, group)

    def _write_statement_group(self, book, sheet, formats, row, group):
        """Write one currency's table and totals; return the next free row."""
        currency = group["currency"]
        decimals = "." + "0" * currency.decimal_places if currency.decimal_places else ""
        money = book.add_format({"num_format": f"#,##0{decimals}"})
        total = book.add_format({"num_format": f"#,##0{decimals}", "bold": True, "top": 1})
        head = (
            self.env._("Document"),
            self.env._("Payment reference"),
            self.env._("Date"),
            self.env._("Due date"),
            self.env._("Days late"),
            self.env._("Amount (%(currency)s)", currency=currency.name),
            self.env._("Left aside"),
        )
        sheet.write_row(row, 0, head, formats["head"])
        first = row + 1
        day = book.add_format({"num_format": date_format(self.env), "align": "left"})
        for row, item in enumerate(group["rows"] + group["credits"], first):
            sheet.write_string(row, 0, item["name"])
            sheet.write_string(row, 1, item["reference"])
            sheet.write_datetime(row, 2, item["date"], day)
            sheet.write_datetime(row, 3, item["date_due"], day)
            sheet.write_number(row, 4, max(item["days"], 0))
            sheet.write_number(row, 5, item["amount"], money)
            sheet.write_string(row, 6, item["mark"])
        row += 1
        sheet.write_string(row, 0, self.env._("Balance"), formats["total"])
        sheet.write_row(row, 1, [""] * 4, formats["total"])
        sheet.write_formula(row, 5, f"=SUM(F{first + 1}:F{row})", total, group["balance"])
        row += 1
        sheet.write_string(row, 0, self.env._("Due now"), formats["total"])
        sheet.write_row(row, 1, [""] * 4, formats["total"])
        sheet.write_number(row, 5, group["to_pay"], total)
        return row + 3

    def _sheet_name(self, names):
        """A name that Excel takes: 31 characters, none of ``[]:*?/\\``, not used before."""
        name = "".join(c for c in self.sudo().partner_id.name or "" if c not in "[]:*?/\\'")
        name = name.strip()[:28] or str(self.id)
        unique, number = name, 2
        while unique.lower() in names:
            unique, number = f"{name[:25]} {number}", number + 1
        names.add(unique.lower())
        return unique
