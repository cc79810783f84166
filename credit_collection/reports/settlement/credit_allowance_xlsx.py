from odoo import api, models
from odoo.tools.misc import format_date

from ...tools.workbook import Book, Column, Formula, Ratio, cell, company_cover

# What the first sheet explains.
EXPLAINED = ("allowance", "allowance_entry")


class CreditAllowanceXlsx(models.AbstractModel):
    """The working paper of an allowance: it recomputes when a rate or an amount is changed."""

    _name = "credit.allowance.xlsx"
    _description = "Working Paper of an Allowance"

    @api.model
    def _build(self, allowance):
        """The workbook of an allowance.

        :rtype: bytes
        """
        book = Book(self.env, allowance.currency_id.decimal_places, cover=self._cover(allowance))
        last = self._add_items(book, allowance)
        self._add_summary(book, allowance, last)
        return book.close()

    def _cover(self, allowance):
        formulas = self.env["credit.formula"].search([("key", "in", EXPLAINED)], order="id")
        described = allowance.line_ids.fields_get(["base", "final"], ["string", "help"])
        notes = (
            *((row["string"], row["help"]) for row in described.values()),
            *((row.name, row.formula) for row in formulas),
        )
        return company_cover(
            self.env,
            self.env._("Allowance for doubtful debts"),
            allowance.company_id,
            allowance.currency_id.name,
            (self.env._("As of"), format_date(self.env, allowance.date)),
            notes=notes,
        )

    def _note(self, allowance):
        return self.env._(
            "%(company)s, as of %(day)s, in %(currency)s",
            company=allowance.company_id.name,
            day=format_date(self.env, allowance.date),
            currency=allowance.currency_id.name,
        )

    def _add_items(self, book, allowance):
        """The items, a row each; return the zero-based last row."""
        columns = [
            Column(self.env._("Customer")),
            Column(self.env._("Invoice")),
            Column(self.env._("Segment")),
            Column(self.env._("Due date"), "date"),
            Column(self.env._("Days overdue"), "number"),
            Column(self.env._("Standing")),
            Column(self.env._("Open"), "money", total=True),
            Column(self.env._("Unapplied credits"), "money", total=True),
            Column(self.env._("Covered"), "money", total=True),
            Column(self.env._("Base"), "money", total=True),
            Column(self.env._("Rate"), "factor", ratio=Ratio(11, 9)),
            Column(self.env._("Allowance"), "money", total=True),
            Column(self.env._("After the cap"), "money", total=True),
            Column(self.env._("Last time"), "money", total=True),
            Column(self.env._("Change"), "money", total=True),
            Column(self.env._("Why")),
        ]
        lines = allowance.line_ids
        lines.fetch(["partner_id", "move_id", "amount", "final", "rate"])
        standing = dict(lines._fields["standing"]._description_selection(self.env))
        digits = allowance.currency_id.decimal_places
        capped = allowance.currency_id.compare_amounts(allowance.target, allowance.uncapped) < 0
        rows = []
        for row, line in enumerate(lines, 4):
            number = row + 1
            rows.append(
                (
                    line.partner_id.name,
                    line.move_id.name,
                    line.segment_name,
                    line.date_due or None,
                    line.days_overdue,
                    standing.get(line.standing, ""),
                    line.amount,
                    line.credited,
                    line.covered,
                    Formula(f"=MAX(G{number}-H{number}-I{number},0)", line.base),
                    line.rate,
                    Formula(f"=ROUND(J{number}*K{number},{digits})", line.calculated),
                    # The tax law's cap is shared out to the cent: that is no formula of one row.
                    line.final if capped else Formula(f"=L{number}", line.final),
                    line.previous,
                    Formula(f"=M{number}-N{number}", line.moved),
                    line.assessment or None,
                )
            )
        _sheet, _first, last = book.add_sheet(
            self.env._("Items"),
            self.env._("Allowance for doubtful debts"),
            self._note(allowance),
            columns,
            rows,
            self.env._("Total"),
        )
        return last

    def _add_summary(self, book, allowance, last):
        """Segments by SUMIFS over the items, then target, books and what to book."""
        items = f"'{self.env._('Items')}'"
        names = sorted(set(allowance.line_ids.mapped("segment_name")))
        by_segment = allowance.line_ids.grouped("segment_name")
        rows = []
        for row, name in enumerate(names, 4):
            lines, key = by_segment[name], cell(row, 0)
            rows.append(
                (
                    name,
                    self._sum_if(items, last, "G", key, sum(lines.mapped("amount"))),
                    self._sum_if(items, last, "I", key, sum(lines.mapped("covered"))),
                    self._sum_if(items, last, "M", key, sum(lines.mapped("final"))),
                    Formula(
                        f"=IF(B{row + 1}=0,0,D{row + 1}/B{row + 1})",
                        sum(lines.mapped("final")) / (sum(lines.mapped("amount")) or 1),
                    ),
                )
            )
        columns = [
            Column(self.env._("Segment")),
            Column(self.env._("Open"), "money", total=True),
            Column(self.env._("Covered"), "money", total=True),
            Column(self.env._("Allowance"), "money", total=True),
            Column(self.env._("Share"), "share", ratio=Ratio(3, 1)),
        ]
        sheet, _first, end = book.add_sheet(
            self.env._("Summary"),
            self.env._("Allowance for doubtful debts"),
            self._note(allowance),
            columns,
            rows,
            self.env._("Total"),
        )
        sheet.set_column(0, 0, 28)  # the words below are longer than the segments
        self._add_booking(book, sheet, allowance, end + 3, end + 2)

    def _sum_if(self, items, last, column, key, value):
        text = f"=SUMIFS({items}!{column}5:{column}{last + 1},{items}!C5:C{last + 1},{key})"
        return Formula(text, value)

    def _add_booking(self, book, sheet, allowance, row, total_row):
        top_up = allowance.booking == "top_up"
        parts = [
            (self.env._("Target"), Formula(f"=D{total_row}", allowance.target)),
            (self.env._("In the books"), allowance.balance),
            (
                self.env._("To book"),
                Formula(f"=B{row + 1}-B{row + 2}" if top_up else f"=B{row + 1}",
                        allowance.to_book),
            ),
        ]  # fmt: skip
        for offset, (label, value) in enumerate(parts):
            book.write_cell(sheet, row + offset, 0, label, "text")
            book.write_cell(sheet, row + offset, 1, value, "money")
