import io
import math
import zipfile
from base64 import b64decode
from datetime import date, datetime, time, timedelta
from itertools import islice

import openpyxl
import pytz
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.workbook import Book, Column

# The columns of the sheet: key and title, in this order.
COLUMNS = ("customer", "limit", "currency", "collector", "last_contact", "note", "invoice", "level")
MOST_ROWS = 50_000
# What openpyxl raises on a file that is no workbook, or a broken one.
BROKEN = (zipfile.BadZipFile, SyntaxError, KeyError, TypeError, ValueError, OSError)


class CreditMoveIn(models.Model):
    """Reading a spreadsheet: customer, limit, collector, last contact, level per invoice."""

    _inherit = "credit.move.in"

    @api.model
    def _sheet_titles(self):
        """{key: title}; English titles are understood in every language."""
        return {
            "customer": self.env._("Customer"),
            "limit": self.env._("Limit"),
            "currency": self.env._("Currency"),
            "collector": self.env._("Collector"),
            "last_contact": self.env._("Last Contact"),
            "note": self.env._("Note"),
            "invoice": self.env._("Invoice"),
            "level": self.env._("Level Reached"),
        }

    @api.model
    def _template_xlsx(self):
        """The spreadsheet to fill in, with its explanation."""
        titles = self._sheet_titles()
        book = Book(self.env)
        book.add_sheet(
            self.env._("Customers"),
            self.env._("Moving In"),
            self.env._(
                "One row per customer or invoice; empty cells are left alone. Customer: "
                "reference, tax ID or exact name. Collector: log-in. Level: its name or number."
            ),
            [Column(titles[key], "date" if key == "last_contact" else "text") for key in COLUMNS],
            [],
        )
        return book.close()

    def _read_xlsx(self):
        found = []
        seen = set()
        for number, row in self._sheet_rows():
            found += self._read_row(number, row, seen)
        if not found:
            raise UserError(self.env._("The spreadsheet has no rows."))
        return found

    def _sheet_rows(self):
        """The rows below the titles: (row number, {key: value})."""
        if not self.file:
            raise UserError(self.env._("Choose a spreadsheet first."))
        titles = {title.lower(): key for key, title in self._sheet_titles().items()}
        titles |= {key.replace("_", " "): key for key in COLUMNS} | {"level reached": "level"}
        head = None
        for number, cells in enumerate(self._sheet_cells(), 1):
            values = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
            if head is None:
                keys = [titles.get(str(value or "").lower()) for value in values]
                head = keys if "customer" in keys else None
            elif any(value not in (None, "") for value in values):
                yield (
                    number,
                    {
                        key: value
                        for key, value in zip(head, values, strict=False)
                        if key and value not in (None, "")
                    },
                )
        if head is None:
            raise UserError(self.env._("The spreadsheet has no column 'Customer'."))

    def _sheet_cells(self):
        """All rows of the sheet that was saved last in sight, as tuples of values."""
        try:
            book = openpyxl.load_workbook(
                io.BytesIO(b64decode(self.file)), read_only=True, data_only=True
            )
            found = list(islice(book.active.iter_rows(values_only=True), MOST_ROWS + 1))
        except BROKEN as error:
            raise UserError(self.env._("This is no XLSX file.")) from error
        if len(found) > MOST_ROWS:
            raise UserError(self.env._("More than %(rows)s rows: split the file.", rows=MOST_ROWS))
        return found

    def _read_row(self, number, row, seen):
        """What one row says, each with its own answer."""
        partner, why = self._sheet_customer(row.get("customer"))
        place = self.env._("Row %(row)s", row=number)
        if not partner:
            return [self._found("other", f"{place}: {row.get('customer') or '–'}", why_not=why)]
        found = []
        readers = {
            "limit": self._sheet_limit,
            "collector": self._sheet_collector,
            "last_contact": self._sheet_contact,
            "invoice": self._sheet_level,
        }
        for key, read in readers.items():
            if key not in row:
                continue
            mark = (partner.id, key, str(row[key]) if key == "invoice" else "")
            if mark in seen:
                found.append(
                    self._found(
                        "other",
                        f"{place}: {row[key]}",
                        why_not=self.env._("Said already in an earlier row."),
                        partner=partner,
                    )
                )
                continue
            seen.add(mark)
            answer = read(partner, row, place)
            found += answer if isinstance(answer, list) else [answer]
        return found or [
            self._found(
                "other", place, why_not=self.env._("Nothing to take in this row."), partner=partner
            )
        ]

    def _sheet_customer(self, value):
        """The customer that a cell names: (``res.partner``, why not)."""
        Partner = self.env["res.partner"].sudo()
        text = str(value or "").strip()
        if not text:
            return None, self.env._("No customer is named.")
        for name in ("ref", "vat", "name"):
            partners = Partner.search([(name, "=", text), ("parent_id", "=", False)])
            partners = partners.commercial_partner_id.filtered(self._of_company)
            if len(partners) == 1:
                return partners, None
            if partners:
                return None, self.env._("Several customers are called so.")
        return None, self.env._("No such customer.")

    def _sheet_limit(self, partner, row, place):
        currency = self.company_id.currency_id
        if row.get("currency"):
            currency = self.env["res.currency"].search([("name", "=", str(row["currency"]))])
        amount = self._sheet_number(row["limit"])
        if not currency or amount is None:
            why = (
                self.env._("The amount is not a number.")
                if currency
                else self.env._("No such active currency.")
            )
            return self._found("limit", f"{place}: {row['limit']}", why_not=why, partner=partner)
        return self._read_limit(partner, amount, currency)

    @api.model
    def _sheet_number(self, value):
        """What a cell says as a finite number; ``None`` for anything else, yes and no included."""
        try:
            number = None if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            return None
        return number if number is not None and math.isfinite(number) else None

    def _sheet_collector(self, partner, row, place):
        user = self.env["res.users"].sudo().search([("login", "=", str(row["collector"]))])
        if not user:
            return self._found(
                "collector",
                f"{place}: {row['collector']}",
                why_not=self.env._("Nobody logs in by this name."),
                partner=partner,
            )
        return self._read_collector(partner, user)

    def _sheet_contact(self, partner, row, place):
        day = row["last_contact"]
        why = False
        if isinstance(day, str):
            try:
                day = date.fromisoformat(day)
            except ValueError:
                why = self.env._("A date is written 2026-01-31.")
        if isinstance(day, datetime):
            day = day.date()
        if not why and not isinstance(day, date):
            why = self.env._("A date is written 2026-01-31.")
        if not why and day > self.company_id._credit_today():
            why = self.env._("A contact is on a day that has passed.")
        moment = None if why else self._sheet_moment(day)
        return self._found(
            "contact",
            f"{place}: {day}",
            {
                "date": moment and fields.Datetime.to_string(moment),
                "note": str(row["note"]) if row.get("note") else False,
            },
            why_not=why,
            partner=partner,
        )

    def _sheet_moment(self, day):
        """The beginning of a day of the company, as a moment is stored."""
        zone = pytz.timezone(self.company_id._credit_tz())
        start = zone.localize(datetime.combine(day, time.min))
        return start.astimezone(pytz.utc).replace(tzinfo=None)

    def _sheet_level(self, partner, row, place):
        """The level that an invoice has reached, and with it those below."""
        what = f"{place}: {row['invoice']}, {row.get('level') or '–'}"
        move = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("name", "=", str(row["invoice"])),
                    ("state", "=", "posted"),
                    ("company_id", "child_of", self.company_id.id),
                    ("commercial_partner_id", "=", partner.id),
                ]
            )
        )
        items = move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        )
        reached = self._sheet_levels(partner, row.get("level"))
        why = False
        if len(move) != 1:
            why = self.env._("The customer has no such posted invoice.")
        elif not items:
            why = self.env._("The invoice is paid.")
        elif not reached:
            why = self.env._("The customer's policy has no such level.")
        if why:
            return self._found("history", what, why_not=why, partner=partner)
        yesterday = self.company_id._credit_today() - timedelta(1)
        due = min(line.date_maturity or line.date for line in items)
        return [
            self._found(
                "history",
                f"{place}: {move.name}, {level.name}",
                {
                    "level": False,
                    "level_id": level.id,
                    "item_ids": items.ids,
                    "date": fields.Date.to_string(min(due + timedelta(level.delay), yesterday)),
                },
                partner=partner,
            )
            for level in reached
        ]

    def _sheet_levels(self, partner, value):
        """The levels that were reached: the named or numbered one (from 1 on) and those below."""
        file = (
            self.env["credit.account"]
            .sudo()
            .search([("partner_id", "=", partner.id), ("company_id", "=", self.company_id.id)])
        )
        policy = file.effective_policy_id or self.company_id.credit_default_policy_id
        levels = policy.sudo().followup_level_ids.sorted(
            lambda level: (level.delay, level.sequence, level.id)
        )
        names = levels.mapped("name")
        if str(value or "") in names:
            return levels[: names.index(str(value)) + 1]
        number = self._sheet_number(value)
        if number is None or number != int(number) or not 0 < number <= len(levels):
            return levels.browse()
        return levels[: int(number)]
