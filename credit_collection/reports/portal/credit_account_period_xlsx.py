from odoo import models
from odoo.tools.misc import format_date

from ...tools.workbook import RIGHT, Book, company_cover

WIDTHS = (12, 22, 28, 12, 14, 14, 16)


class CreditAccount(models.Model):
    """The statement of a period as a workbook."""

    _inherit = "credit.account"

    def _period_xlsx(self, date_from, date_to):
        """One sheet per currency; the balances are formulas.

        :rtype: bytes
        """
        self.ensure_one()
        groups = self._period_statement(date_from, date_to)
        book = Book(self.env, cover=self._period_cover(groups, date_from, date_to))
        for group in groups:
            self._write_period_sheet(book, group, date_from, date_to)
        if not groups:
            sheet = book.workbook.add_worksheet()
            book.set_page(sheet)
            sheet.write_string(0, 0, self.env._("Nothing was booked in this period."))
        book.workbook.worksheets()[1].activate()
        return book.close()

    def _period_cover(self, groups, date_from, date_to):
        company = self.sudo().company_id
        currencies = [group["currency"].name for group in groups]
        period = self.env._(
            "%(first)s to %(last)s",
            first=format_date(self.env, date_from),
            last=format_date(self.env, date_to),
        )
        notes = (
            (
                self.env._("Balance"),
                self.env._(
                    "The balance before, plus what was invoiced, less what was paid or credited."
                ),
            ),
        )
        return company_cover(
            self.env,
            self.env._("Statement"),
            company,
            ", ".join(currencies) or company.currency_id.name,
            (self.env._("Customer"), self.sudo().partner_id.name or ""),
            (self.env._("Period"), period),
            notes=notes,
        )

    def _write_period_sheet(self, book, group, date_from, date_to):
        currency = group["currency"]
        sheet = book.workbook.add_worksheet(currency.name)
        book.set_page(sheet, 3)
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        decimals = "." + "0" * currency.decimal_places if currency.decimal_places else ""
        add = book.workbook.add_format
        money = add({"num_format": f"#,##0{decimals}", **RIGHT})
        bold = add({"bold": True})
        total = add({"num_format": f"#,##0{decimals}", "bold": True, "top": 1, **RIGHT})
        sheet.write_string(0, 0, self.sudo().partner_id.name or "", book.title)
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
        for column, title in enumerate(head):
            sheet.write_string(3, column, title, book.header if column < 4 else book.header_right)
        sheet.write_string(4, 1, self.env._("Balance before"), bold)
        sheet.write_number(4, 6, group["opening"], money)
        row = 4
        for row, booked in enumerate(group["rows"], 5):
            sheet.write_datetime(row, 0, booked["date"], book.formats["date"])
            sheet.write_string(row, 1, booked["name"])
            sheet.write_string(row, 2, booked["reference"])
            if booked["due"]:
                sheet.write_datetime(row, 3, booked["due"], book.formats["date"])
            sheet.write_number(row, 4, booked["debit"], money)
            sheet.write_number(row, 5, booked["credit"], money)
            sheet.write_formula(row, 6, f"=G{row}+E{row + 1}-F{row + 1}", money, booked["balance"])
        sheet.write_string(row + 1, 1, self.env._("Balance after"), bold)
        sheet.write_formula(row + 1, 6, f"=G{row + 1}", total, group["closing"])
