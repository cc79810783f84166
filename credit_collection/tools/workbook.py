"""A workbook of tables: titles, formats, frozen headers and totals that recompute.

Days and moments are real ones, shown in the format of the reader's language.  Text is always
written as text, so that a customer called "=1+1" stays a customer.
"""

import re
import textwrap
from io import BytesIO
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

HEADER_ROW = 3
# At most so wide: many columns have to be read on one page.
WIDTHS = {
    "text": 28,
    "money": 16,
    "date": 12,
    "moment": 18,
    "days": 13,
    "share": 11,
    "factor": 11,
    "number": 12,
}


# What begins at the left of its column.
LEFT = ("text", "date", "moment")

# Figures keep a little distance from what begins at the left of the next column.
RIGHT = {"align": "right", "indent": 1}

# Of a line of text, in points.
LINE_HEIGHT = 15

# A spreadsheet's letters for those of a language's date format.
LETTERS = {"%d": "dd", "%m": "mm", "%Y": "yyyy", "%y": "yy", "%b": "mmm", "%B": "mmmm", "%a": "ddd"}


def date_format(env):
    """The date format of the reader's language, in a spreadsheet's letters."""
    pattern = env["res.lang"]._get_data(code=env.lang or "en_US").date_format or "%Y-%m-%d"
    parts = re.split("(%.)", pattern.replace("%-", "%").replace('"', ""))
    if any(part not in LETTERS for part in parts if part.startswith("%")):
        return "yyyy-mm-dd"
    # What stands between is quoted: in a format a bare letter would mean something.
    return "".join(
        LETTERS.get(part) or (part if part in "./-, " else f'"{part}"') for part in parts
    )


class Ratio(NamedTuple):
    """What stands under a column of shares: not their sum, but one total by another.

    :param part: the column that is divided
    :param whole: the column by which; nothing stands there unless its total is above zero
    :param factor: e.g. the days of the period
    :param positive: nothing stands there either when the part is below zero
    """

    part: int
    whole: int
    factor: int = 1
    positive: bool = False


class Column(NamedTuple):
    """A column: its title; ``kind``, a key of ``WIDTHS``; what stands in the last line: the sum
    (``total``) or a :class:`Ratio` of two sums."""

    title: str
    kind: str = "text"
    total: bool = False
    ratio: Ratio | None = None


class Formula(NamedTuple):
    """A cell that recomputes, with the value that it has now."""

    text: str
    value: float = 0


class Cover(NamedTuple):
    """What stands on the first sheet and in the foot of each printed page.

    :param title: of the workbook
    :param facts: pairs (label, value), e.g. company, day, currency, who made it
    :param notes: pairs (term, explanation): how the figures are worked out
    :param sheet: the name of the sheet, in the reader's language
    """

    title: str
    facts: tuple = ()
    notes: tuple = ()
    sheet: str = "Cover"


def company_cover(env, title, company, currency, *facts, notes=()):
    """The first sheet of a workbook of a company: whose figures, of when, in which currency.

    :param currency: its name, or the names of several
    :param facts: pairs (label, value) of this workbook, first of all the day or the period
    :param notes: pairs (term, explanation): how the figures are worked out
    """
    made_by = [(env._("Made by"), env.user.name)] if env.user._is_internal() else []
    head = (env._("Company"), company.name)
    unit = (env._("Currency"), currency)
    return Cover(title, (head, *facts, unit, *made_by), notes, env._("About This Workbook"))


class Book:
    """An XLSX file in memory; ``constant_memory`` writes row by row, for long ones.

    Every sheet prints landscape, one page wide, with its title row repeated and pages numbered.
    """

    def __init__(self, env, digits=2, constant_memory=False, cover=None):
        self._file = BytesIO()
        self.workbook = xlsxwriter.Workbook(
            self._file, {"in_memory": not constant_memory, "constant_memory": constant_memory}
        )
        self._decimals = {"money": digits, "days": 1, "share": 2, "factor": 4, "number": 0}
        money = "#,##0" + ("." + "0" * digits if digits else "")
        kinds = {
            "text": {},
            "money": {"num_format": f"{money};[Red]-{money}"},
            "date": {"num_format": date_format(env), "align": "left"},
            "moment": {"num_format": f"{date_format(env)} hh:mm", "align": "left"},
            "days": {"num_format": "#,##0.0"},
            "share": {"num_format": "0.0%"},
            "factor": {"num_format": "0.0000"},
            "number": {"num_format": "#,##0"},
        }
        for kind in kinds.keys() - set(LEFT):
            kinds[kind].update(RIGHT)
        add = self.workbook.add_format
        self.formats = {kind: add(values) for kind, values in kinds.items()}
        self.totals = {
            kind: add({**values, "bold": True, "top": 1}) for kind, values in kinds.items()
        }
        self.title = add({"bold": True, "font_size": 14})
        self.note = add({"italic": True, "font_color": "#666666"})
        heading = {"bold": True, "bg_color": "#E7E9ED", "bottom": 1, "text_wrap": True}
        self.header = add({**heading, "valign": "bottom"})
        # Above figures, as they stand.
        self.header_right = add({**heading, "valign": "bottom", **RIGHT})
        self._wrapped = add({"text_wrap": True, "valign": "top"})
        self._label = add({"bold": True, "valign": "top"})
        self._cover = cover
        if cover:
            self._add_cover(cover)

    def _add_cover(self, cover):
        sheet = self.workbook.add_worksheet(cover.sheet[:31])
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, cover.title, self.title)
        row = 2
        for label, value in (*cover.facts, *cover.notes):
            sheet.write_string(row, 0, str(label), self._label)
            sheet.write_string(row, 1, str(value), self._wrapped)
            row += 1
        self.set_page(sheet)

    def set_page(self, sheet, repeated_row=None):
        """How a sheet prints: landscape A4, one page wide, page numbers, the header repeated."""
        # "&" begins a code of the footer, so one in a name is written twice.
        left = self._cover.title.replace("&", "&&") if self._cover else "&A"
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
        sheet.set_footer(f"&L{left}&C&A&R&P / &N")
        if repeated_row is not None:
            sheet.repeat_rows(repeated_row)

    def add_sheet(self, name, title, note, columns, rows, total_label=None):
        """Write a table; return its worksheet and the zero-based rows (first, last) of the data.

        :param columns: list of :class:`Column`
        :param rows: tuples of values; None leaves a cell empty, a :class:`Formula` recomputes
        :param total_label: begins a last line with the sums and ratios of the columns
        """
        sheet = self.workbook.add_worksheet(name[:31])
        self.set_page(sheet, HEADER_ROW)
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        widths = [two_lines(column.title) for column in columns]
        sheet.write_string(0, 0, title, self.title)
        sheet.write_string(1, 0, note, self.note)
        # Said before the row is written: readers of the file do not all make it high enough.
        sheet.set_row(HEADER_ROW, LINE_HEIGHT * max(map(heading_lines, columns), default=1))
        for index, column in enumerate(columns):
            style = self.header if column.kind in LEFT else self.header_right
            sheet.write_string(HEADER_ROW, index, column.title, style)
        first = row = HEADER_ROW + 1
        sums = [0] * len(columns)
        for values in rows:
            for index, (column, value) in enumerate(zip(columns, values, strict=True)):
                self.write_cell(sheet, row, index, value, column.kind)
                widths[index] = max(widths[index], self._length(value, column.kind))
                if column.total:
                    sums[index] += value.value if isinstance(value, Formula) else value or 0
            row += 1
        if total_label and row > first:
            self._write_totals(sheet, row, first, columns, sums, total_label)
        for index, column in enumerate(columns):
            needed = max(widths[index], self._length(sums[index], column.kind))
            sheet.set_column(index, index, column_width(needed, column.kind))
        sheet.autofilter(HEADER_ROW, 0, max(row - 1, HEADER_ROW), len(columns) - 1)
        return sheet, first, row - 1

    def _length(self, value, kind):
        """How many characters a value takes, about."""
        if value is None or value is False or kind in ("date", "moment"):
            return WIDTHS[kind] - 2 if kind in ("date", "moment") else 0
        if kind == "text":
            return len(str(value))
        value = value.value if isinstance(value, Formula) else value
        if isinstance(value, str):
            return 0
        return len(f"{value:,.{self._decimals[kind]}f}")

    def _write_totals(self, sheet, row, first, columns, sums, label):
        sheet.write_string(row, 0, label, self.totals["text"])
        for index, column in enumerate(columns[1:], 1):
            if column.total:
                text = f"=SUM({xl_range(first, index, row - 1, index)})"
                sheet.write_formula(row, index, text, self.totals[column.kind], sums[index])
            elif column.ratio:
                formula = ratio(row, *column.ratio, sums)
                style = self.totals[column.kind]
                sheet.write_formula(row, index, formula.text, style, formula.value)
            else:
                sheet.write_blank(row, index, None, self.totals["text"])

    def write_cell(self, sheet, row, column, value, kind):
        """Write one cell by its kind."""
        style = self.formats[kind]
        if isinstance(value, Formula):
            sheet.write_formula(row, column, value.text, style, value.value)
        elif value is None or value is False:
            return
        elif kind == "text":
            sheet.write_string(row, column, str(value), style)
        elif kind in ("date", "moment"):
            sheet.write_datetime(row, column, value, style)
        else:
            sheet.write_number(row, column, value, style)

    def close(self):
        """The file's bytes."""
        self.workbook.close()
        return self._file.getvalue()


def column_width(needed, kind):
    """How wide a column is in which the longest text has so many characters."""
    return max(8, min(needed + (2 if kind in LEFT else 3), WIDTHS[kind]))


def heading_lines(column):
    """In how many lines the title of a column is written at most."""
    width = column_width(two_lines(column.title), column.kind)
    return len(textwrap.wrap(column.title, width - 2)) or 1


def two_lines(title):
    """How wide a title is, in characters, where it is written in two lines at most."""
    words = title.split()
    lines = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words) + 1))
    return min((max(map(len, pair)) for pair in lines), default=0)


def cell(row, column):
    """The name of a cell, e.g. B4."""
    return xl_rowcol_to_cell(row, column)


def ratio(row, part, whole, factor, positive, values):
    """One cell of a row by another, times a factor; empty unless the other is above zero."""
    above, below = cell(row, part), cell(row, whole)
    times = f"*{factor}" if factor != 1 else ""
    condition = f"AND({below}>0,{above}>=0)" if positive else f"{below}>0"
    text = f'=IF({condition},{above}{times}/{below},"")'
    stands = values[whole] > 0 and not (positive and values[part] < 0)
    return Formula(text, values[part] * factor / values[whole] if stands else "")


def row_sum(row, first, last, values):
    """The sum of the cells ``first`` to ``last`` of a row."""
    return Formula(f"=SUM({xl_range(row, first, row, last)})", sum(values))
