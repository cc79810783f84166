import io

import xlsxwriter
from odoo import models
from odoo.tools.misc import format_date

from ...tools.workbook import date_format, print_setup

WIDTHS = (12, 22, 28, 12, 14, 14, 16)


class CreditAccount(models.Model):
    """The statement of a period as a workbook."""

    _inherit = "credit.account"

    def _period_xlsx(self, date_from, date_to):
        """One sheet per currency; the balances are formulas.

        :rtype: bytes
        """
        self.ensure_one()
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "day": book.add_format({"num_format": date_format(self.env), "align": "left"}),
            "bold": book.add_format({"bold": True}),
        }
        groups = self._period_statement(date_from, date_to)
        for group in groups:
            self._write_period_sheet(book, formats, group, date_from, date_to)
        if not groups:
            sheet = book.add_worksheet()
            print_setup(sheet)
            sheet.write_string(0, 0, self.env._("Nothing was booked in this period."))
        book.close()
        return stream.getvalue()

    def _write_period_sheet(self, book, formats, group, date_from, date_to):
        currency = group["currency"]
        sheet = book.add_worksheet(currency.name)
        print_setup(sheet, repeated_row=3)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        decimals = "." + "0" * currency.decimal_places if currency.decimal_places else ""
        money = book.add_format({"num_format": f"#,##0{decimals}"})
        total = book.add_format({"num_format": f"#,##0{decimals}", "bold": True, "top": 1})
        sheet.write_string(0, 0, self.sudo().partner_id.name or "", formats["title"])
        period = self.env._(
            "Statement %(first)s to %(last)s",
            first=format_date(self.env, date_from),
            last=format_date(self.env, date_to),
        )
        sheet.write_string(1, 0, f"{self.sudo().company_id.name}: {period}")
        head = (
            self.env._("Date"), self.env._("Document"), self.env._("Reference"),
            self.env._("Due date"), self.env._("Invoiced"), self.env._("Paid or credited"),
            self.env._("Balance (%(currency)s)", currency=currency.name),
        )  # fmt: skip
        sheet.write_row(3, 0, head, formats["head"])
        sheet.write_string(4, 1, self.env._("Balance before"), formats["bold"])
        sheet.write_number(4, 6, group["opening"], money)
        row = 4
        for row, booked in enumerate(group["rows"], 5):
            sheet.write_datetime(row, 0, booked["date"], formats["day"])
            sheet.write_string(row, 1, booked["name"])
            sheet.write_string(row, 2, booked["reference"])
            if booked["due"]:
                sheet.write_datetime(row, 3, booked["due"], formats["day"])
            sheet.write_number(row, 4, booked["debit"], money)
            sheet.write_number(row, 5, booked["credit"], money)
            sheet.write_formula(row, 6, f"=G{row}+E{row + 1}-F{row + 1}", money, booked["balance"])
        sheet.write_string(row + 1, 1, self.env._("Balance after"), formats["bold"])
        sheet.write_formula(row + 1, 6, f"=G{row + 1}", total, group["closing"])
