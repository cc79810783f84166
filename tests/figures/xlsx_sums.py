"""What a spreadsheet program makes of a workbook; the values kept in the file do not count."""

import re
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO

from odoo.tools.safe_eval import safe_eval
from openpyxl import load_workbook

CELLS = re.compile(r"\b([A-Z]+\d+)(?::([A-Z]+\d+))?\b")
FUNCTIONS = {
    "SUM": lambda cells: sum(cells) if isinstance(cells, list) else cells,
    "ROUND": lambda value, digits: float(
        Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    ),
    "AND": lambda *conditions: all(conditions),
    "IF": lambda condition, then, otherwise: then if condition else otherwise,
}


def recomputed(sheet, cell):
    """The value of a cell; a formula is worked out from the cells that it names, and theirs."""
    if cell.data_type != "f":
        return cell.value or 0
    values = {}

    def keep(match):
        first, last = match.groups()
        if last:
            rows = sheet[match.group()]
            value = [recomputed(sheet, one) for row in rows for one in row]
        else:
            value = recomputed(sheet, sheet[first])
        name = f"x{len(values)}"
        values[name] = value
        return name

    return safe_eval(CELLS.sub(keep, cell.value[1:]), {**FUNCTIONS, **values})


def totals(content):
    """The last lines of a workbook's tables, worked out: {sheet: {title: total}}."""
    result = {}
    for sheet in load_workbook(BytesIO(content)):
        for row in sheet.iter_rows(min_row=5):
            if row[0].value == "Total":
                result[sheet.title] = {
                    sheet.cell(4, cell.column).value: recomputed(sheet, cell)
                    for cell in row
                    if cell.data_type == "f"
                }
    return result
