from odoo import models
from odoo.tools.misc import format_date

from ...tools.workbook import RIGHT, Book, company_cover, date_format


class CreditAccount(models.Model):
    _inherit = "credit.account"

    def _statement_xlsx(self):
        """The statement of open items of these files as a workbook, one sheet per customer.

        It opens on the first customer; what it is about stands before, in the language of a
        customer alone, else in the reader's.

        :rtype: bytes
        """
        spoken = [(account.with_context(lang=account._statement_lang())) for account in self]
        groups = [account._statement_groups() for account in spoken]
        about = spoken[0] if len(self) == 1 else self
        book = Book(self.env, cover=about._statement_cover(sum(groups, [])))
        names = {sheet.name.lower() for sheet in book.workbook.worksheets()}
        for account, own in zip(spoken, groups, strict=True):
            account._write_statement_sheet(book, names, own)
        book.workbook.worksheets()[1].activate()
        return book.close()

    def _statement_cover(self, groups):
        companies = self.sudo().company_id
        currencies = self.env["res.currency"].union(*(group["currency"] for group in groups))
        notes = (
            (
                self.env._("Amount"),
                self.env._("What is open; payments and credit notes not used yet are negative."),
            ),
            (
                self.env._("Left aside"),
                self.env._("What is not asked for: disputed, promised, on its way or set aside."),
            ),
            (self.env._("Balance"), self.env._("Everything that is open, due or not.")),
            (
                self.env._("Due now"),
                self.env._(
                    "What is due by the day of the statement, without what is left aside, less "
                    "payments and credit notes not used yet."
                ),
            ),
        )
        return company_cover(
            self.env,
            self.env._("Statement of Open Items"),
            companies[:1],
            ", ".join(currencies.mapped("name")) or companies[:1].currency_id.name,
            (self.env._("Customer"), ", ".join(self.sudo().partner_id.mapped("name"))),
            (self.env._("As of"), format_date(self.env, companies[:1]._credit_today())),
            notes=notes,
        )

    def _write_statement_sheet(self, book, names, groups):
        """Write one customer's sheet. ``names``: those of the sheets so far, lower case."""
        sheet = book.workbook.add_worksheet(self._sheet_name(names))
        book.set_page(sheet, 0)
        sheet.set_column(0, 1, 24)
        sheet.set_column(2, 5, 14)
        sheet.set_column(6, 6, 40)
        sheet.write_string(0, 0, self.sudo().partner_id.name or "", book.title)
        company = self.sudo().company_id
        sheet.write_string(
            1, 0, f"{company.name}, {format_date(self.env, company._credit_today())}"
        )
        row = 2
        for group in groups:
            row = self._write_statement_group(book, sheet, row, group)

    def _write_statement_group(self, book, sheet, row, group):
        """Write one currency's table and totals; return the next free row."""
        currency = group["currency"]
        decimals = "." + "0" * currency.decimal_places if currency.decimal_places else ""
        add = book.workbook.add_format
        money = add({"num_format": f"#,##0{decimals}", **RIGHT})
        total = add({"num_format": f"#,##0{decimals}", "bold": True, "top": 1, **RIGHT})
        head = (
            self.env._("Document"),
            self.env._("Payment reference"),
            self.env._("Date"),
            self.env._("Due date"),
            self.env._("Days late"),
            self.env._("Amount (%(currency)s)", currency=currency.name),
            self.env._("Left aside"),
        )
        for column, title in enumerate(head):
            style = book.header_right if column in (4, 5) else book.header
            sheet.write_string(row, column, title, style)
        first = row + 1
        day = add({"num_format": date_format(self.env), "align": "left"})
        for row, item in enumerate(group["rows"] + group["credits"], first):
            sheet.write_string(row, 0, item["name"])
            sheet.write_string(row, 1, item["reference"])
            sheet.write_datetime(row, 2, item["date"], day)
            sheet.write_datetime(row, 3, item["date_due"], day)
            sheet.write_number(row, 4, max(item["days"], 0), book.formats["number"])
            sheet.write_number(row, 5, item["amount"], money)
            sheet.write_string(row, 6, item["mark"])
        row += 1
        sheet.write_string(row, 0, self.env._("Balance"), book.totals["text"])
        sheet.write_row(row, 1, [""] * 4, book.totals["text"])
        sheet.write_formula(row, 5, f"=SUM(F{first + 1}:F{row})", total, group["balance"])
        row += 1
        sheet.write_string(row, 0, self.env._("Due now"), book.totals["text"])
        sheet.write_row(row, 1, [""] * 4, book.totals["text"])
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
