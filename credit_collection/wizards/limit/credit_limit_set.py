import base64
import csv
import io
from datetime import date, datetime

import openpyxl
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.bounds import AMOUNT, refuse_number
from ...tools.groups import OFFICER

MOST_ROWS = 10_000


class CreditLimitSet(models.TransientModel):
    """Set the limit of the customers selected, or of those in a file."""

    _name = "credit.limit.set"
    _description = "Set Credit Limits"
    _inherit = ["credit.bounded"]

    account_ids = fields.Many2many(
        "credit.account", string="Customers", default=lambda self: self._default_accounts()
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
        index="btree_not_null",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    unlimited = fields.Boolean()
    amount = fields.Monetary()
    date_to = fields.Date("Valid Until")
    reason = fields.Char(required=True)
    file = fields.Binary(
        help="XLSX or CSV. A row each: customer (name, reference or VAT), amount, and perhaps the "
        "last day. An empty amount is unlimited; 0 is prepayment only."
    )
    filename = fields.Char()

    _credit_bounds = {"amount": AMOUNT}

    @api.model
    def _default_accounts(self):
        if self.env.context.get("active_model") not in ("credit.position", "credit.account"):
            return self.env["credit.account"]
        return self.env["credit.account"].search(
            [("id", "in", self.env.context.get("active_ids", []))]
        )

    def action_set(self):
        """Make the limits; what is within my authority is in force at once, the rest waits."""
        self.ensure_one()
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only a credit officer can set limits."))
        asked = self._of_file() if self.file else self._of_selection()
        if not asked:
            raise UserError(self.env._("Choose customers or a file first."))
        limits = self.env["credit.limit"].create(asked)
        mine = limits.filtered("may_approve")
        for limit in mine:
            limit.action_approve()
        beyond = limits - mine
        beyond._ask_approver()
        lines = [
            self.env._("%s: above your authority, put before a credit manager.", name)
            for name in beyond.mapped("display_name")
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if lines else "success",
                "title": self.env._(
                    "Limits in force: %(count)s of %(all)s.", count=len(mine), all=len(limits)
                ).rstrip(".。"),
                "message": "\n".join(lines[:20]),
                "sticky": bool(lines),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _prepare(self, account, amount, unlimited, date_to):
        return {
            "account_id": account.id,
            "currency_id": account.currency_id.id,
            "unlimited": unlimited,
            "amount": 0.0 if unlimited else amount,
            "date_from": account.company_id._credit_today(),
            "date_to": date_to,
            "reason": self.reason,
        }

    def _of_selection(self):
        return [
            self._prepare(account, self.amount, self.unlimited, self.date_to)
            for account in self.account_ids
        ]

    def _of_file(self):
        """The values of the limits in the file; every row that cannot be read is named."""
        found, problems = [], []
        for number, row in self._rows():
            try:
                found.append(self._of_row(row))
            except UserError as error:
                problems.append(self.env._("Row %(row)s: %(why)s", row=number, why=error))
        if problems:
            raise UserError("\n".join(problems[:20]))
        return found

    def _rows(self):
        """The filled rows of the file without its title row: their number there, their cells."""
        content = base64.b64decode(self.file)
        try:
            if (self.filename or "").lower().endswith(".csv"):
                text = content.decode("utf-8-sig")
                dialect = csv.Sniffer().sniff(text[:2000], delimiters=",;\t")
                rows = list(csv.reader(io.StringIO(text), dialect))
            else:
                book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
                rows = [list(row) for row in book.active.iter_rows(values_only=True)]
        except Exception as error:  # whatever a file that is none makes the readers raise
            raise UserError(self.env._("This file is neither XLSX nor CSV.")) from error
        rows = [
            (number, row)
            for number, row in enumerate(rows, start=1)
            if any(cell not in (None, "") for cell in row)
        ]
        if len(rows) > MOST_ROWS:
            raise UserError(self.env._("A file has at most %s rows.", MOST_ROWS))
        return rows[1:] if rows and not self._is_amount(rows[0][1]) else rows

    @api.model
    def _is_amount(self, row):
        """Whether the second cell is an amount or empty, hence the row none of titles."""
        cell = row[1] if len(row) > 1 else None
        if cell in (None, ""):
            return True
        try:
            float(str(cell).replace(" ", "").replace(",", ""))
        except ValueError:
            return False
        return True

    def _of_row(self, row):
        name, amount, last = [*row, None, None, None][:3]
        account = self.env["credit.account"]._get(self._customer(name), self.company_id)
        unlimited = amount in (None, "")
        if not unlimited:
            text = str(amount).replace(" ", "").replace(",", "")
            amount = refuse_number(self, self.env._("Amount"), text, *AMOUNT)
        return self._prepare(account, amount, unlimited, self._day(last))

    def _customer(self, name):
        """The one customer with this name, reference or tax number."""
        name = str(name or "").strip()
        Partner = self.env["res.partner"]
        companies = ("company_id", "in", [False, *self.env.companies.ids])
        for field in ("ref", "vat", "name"):
            found = Partner.search(
                [(field, "=ilike", name.replace("%", r"\%").replace("_", r"\_")), companies]
            ).commercial_partner_id
            if len(found) == 1 and name:
                return found
            if len(found) > 1:
                raise UserError(self.env._("“%s” is the name of several customers.", name))
        raise UserError(self.env._("There is no customer “%s”.", name))

    def _day(self, value):
        if value in (None, ""):
            return False
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return fields.Date.to_date(str(value).strip())
        except ValueError as error:
            raise UserError(
                self.env._("“%s” is no day; write it like 2026-12-31.", value)
            ) from error
