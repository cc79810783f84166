import io
import re
import zipfile
from base64 import b64decode

from odoo import fields, models
from odoo.exceptions import UserError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

INPUTS = ("sales_plan", "deferral_days", "prepaid")
# What may stand between thousands besides a comma or a point.
SPACES = dict.fromkeys(map(ord, "'’"))
AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
GROUPED = re.compile(r"[+-]?(\d*|\d{1,3}([.,])\d{3}(\2\d{3})*)")
MOST_ROWS = 10_000
# A broken part of a workbook is a syntax error of XML.
NO_WORKBOOK = (
    InvalidFileException,
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    IndexError,
    SyntaxError,
)


class CreditCashPlanMonth(models.TransientModel):
    """The cash plans of a month at once, from the ledger and from a table, pasted or a workbook."""

    _name = "credit.cash.plan.month"
    _description = "Cash Plans of a Month"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
        index="btree_not_null",
    )
    month = fields.Date(
        required=True,
        default=lambda self: fields.Date.start_of(self.env.company._credit_today(), "month"),
    )
    pasted = fields.Text(
        "Paste From a Spreadsheet",
        help="One line per salesperson: log-in or name, sales plan, average deferral in days, "
        "prepayments; separated by tabs or semicolons.",
    )
    file = fields.Binary(
        "Or a Workbook (XLSX)",
        attachment=False,
        help="The same four columns on its first sheet; a first line of titles is passed over.",
    )
    file_name = fields.Char()

    def action_apply(self):
        """Make the plans and fill in the table; nothing changes when a line is wrong."""
        self.ensure_one()
        Plan = self.env["credit.cash.plan"]
        Plan.check_access("create")
        plans = Plan._prepare_month(self.company_id, self.month)
        by_name = {
            **plans.grouped(lambda plan: plan.user_id.name.lower()),
            **plans.grouped(lambda plan: plan.user_id.login.lower()),
        }
        for number, cells in (*self._pasted_rows(), *self._file_rows()):
            self._apply_row(number, cells, by_name)
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.cash.plan",
            "view_mode": "list,form",
            "domain": [("id", "in", plans.ids)],
            "name": self.env._("Cash Plans"),
        }

    def _pasted_rows(self):
        for number, line in enumerate((self.pasted or "").splitlines(), 1):
            if line.strip():
                yield number, line.replace(";", "\t").split("\t")

    def _file_rows(self):
        """The lines of the first sheet: (number, cells)."""
        if not self.file:
            return
        content = io.BytesIO(b64decode(self.file))
        try:
            sheet = load_workbook(content, read_only=True, data_only=True).worksheets[0]
            rows = list(sheet.iter_rows(max_row=MOST_ROWS, max_col=4, values_only=True))
        except NO_WORKBOOK as error:
            raise UserError(self.env._("This file is no XLSX workbook.")) from error
        for number, cells in enumerate(rows, 1):
            titles = number == 1 and not any(isinstance(cell, int | float) for cell in cells)
            if any(cell not in (None, "") for cell in cells) and not titles:
                yield number, cells

    def _apply_row(self, number, cells, by_name):
        name, *inputs = cells
        name = "" if name is None else str(name).strip()
        # What a workbook holds as a number is one; only text has to be read.
        inputs = ["" if cell is None else cell for cell in inputs]
        plan = by_name.get(name.lower())
        if not plan:
            raise UserError(
                self.env._(
                    "Line %(number)s: nobody with a plan is called “%(name)s”.",
                    number=number,
                    name=name,
                )
            )
        if len(plan) > 1:
            raise UserError(
                self.env._(
                    "Line %(number)s: several people are called “%(name)s”. Write the log-in.",
                    number=number,
                    name=name,
                )
            )
        try:
            amounts = [
                cell if isinstance(cell, int | float) else self._number(str(cell))
                for cell in inputs[: len(INPUTS)]
            ]
        except ValueError as error:
            raise UserError(
                self.env._(
                    "Line %(number)s: “%(line)s” has something that is no number.",
                    number=number,
                    line="; ".join((name, *map(str, inputs))),
                )
            ) from error
        plan.write(dict(zip(INPUTS, amounts, strict=False)))

    def _number(self, text):
        """1 234,50 and 1.234,50 and 1,234.50 and 1234.5 are the same number.

        The last sign is the decimal one.  A single sign before three digits may be either:
        whoever wrote it is asked.

        :raises ValueError: no finite number
        """
        text = "".join(text.split()).translate(SPACES)
        if AMBIGUOUS.fullmatch(text):
            raise UserError(
                self.env._(
                    "“%s” can be read in two ways: write it without a sign between the thousands.",
                    text,
                )
            )
        signs = [sign for sign in text if sign in ",."]
        head, point, tail = text, "", ""
        if signs and signs.count(signs[-1]) == 1:
            head, point, tail = text.rpartition(signs[-1])
        if not GROUPED.fullmatch(head):
            raise ValueError(text)
        text = head.replace(",", "").replace(".", "") + (point and f".{tail}")
        number = float(text or 0)
        if number != number or number in (float("inf"), float("-inf")):
            raise ValueError(text)
        return number
