import base64
import binascii
import csv
import re
from datetime import date, datetime
from io import BytesIO, StringIO
from zipfile import BadZipFile

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from openpyxl import load_workbook

from ...core import ratios
from ...tools.bounds import bounds_of, refuse_number
from ...tools.groups import OFFICER
from ...tools.workbook import Book

MOST_ROWS = 20_000
COLUMNS = {
    "reports": ("customer", "date", "score", "recommended_limit", "default_probability"),
    "financials": ("customer", "date", *ratios.LINES),
    "stops": ("customer", "date", "until", "kind", "reason", "source"),
}
MODELS = {
    "reports": "credit.agency.report",
    "financials": "credit.financials",
    "stops": "credit.stop",
}
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")


class CreditRatingImport(models.TransientModel):
    """Take over agency reports, accounts or a stop list from CSV or XLSX, after a look at what
    matched."""

    _name = "credit.rating.import"
    _description = "Import Reports or Accounts"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    what = fields.Selection(
        [
            ("reports", "Agency reports"),
            ("financials", "Financial statements"),
            ("stops", "Stop list"),
        ],
        required=True,
        default="reports",
    )
    agency_id = fields.Many2one("credit.agency", domain="[('company_id', '=', company_id)]")
    file = fields.Binary(required=False)
    filename = fields.Char()
    line_ids = fields.One2many("credit.rating.import.line", "import_id", "Rows", readonly=True)
    state = fields.Selection([("ask", "Ask"), ("preview", "Preview")], default="ask", readonly=True)
    matched = fields.Integer(compute="_compute_matched")
    unmatched = fields.Integer("Not Matched", compute="_compute_matched")

    @api.depends("line_ids.problem")
    def _compute_matched(self):
        for wizard in self:
            wizard.unmatched = len(wizard.line_ids.filtered("problem"))
            wizard.matched = len(wizard.line_ids) - wizard.unmatched

    def _check_officer(self):
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only a credit officer can import reports."))

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------

    def _columns(self):
        """The names that the first row must have."""
        return COLUMNS[self.what]

    def _rows(self):
        """The rows of the file as dicts by column; blank rows left out."""
        if not self.file:
            raise UserError(self.env._("Choose the file."))
        try:
            content = base64.b64decode(self.file, validate=False)
        except binascii.Error as error:
            raise UserError(self.env._("The file cannot be read.")) from error
        if (self.filename or "").lower().endswith(".csv"):
            table = self._read_csv(content)
        else:
            table = self._read_xlsx(content)
        header = next(table, None)
        names = [str(name or "").strip().lower() for name in header or ()]
        missing = [name for name in ("customer", "date") if name not in names]
        if missing:
            raise UserError(
                self.env._(
                    "The first row must name the columns %(columns)s. Download the template.",
                    columns=", ".join(self._columns()),
                )
            )
        for row in table:
            if any(cell not in (None, "") for cell in row):
                yield dict(zip(names, row, strict=False))

    def _read_csv(self, content):
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UserError(self.env._("A CSV file must be written in UTF-8.")) from error
        separator = ";" if text.partition("\n")[0].count(";") else ","
        return csv.reader(StringIO(text), delimiter=separator)

    def _read_xlsx(self, content):
        try:
            book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        except (BadZipFile, KeyError, ValueError, OSError) as error:
            raise UserError(self.env._("This is no XLSX workbook.")) from error
        return iter(book.worksheets[0].iter_rows(values_only=True))

    def action_preview(self):
        """Read the file and show which customers its rows belong to, and what is wrong."""
        self.ensure_one()
        self._check_officer()
        if self.what == "reports" and not self.agency_id:
            raise UserError(self.env._("Say which agency reports."))
        self.line_ids.unlink()
        lines = []
        for number, row in enumerate(self._rows(), 2):
            if number > MOST_ROWS:
                raise UserError(
                    self.env._("A file may have %(most)s rows at most.", most=MOST_ROWS)
                )
            lines.append(self._prepare_line(number, row))
        if self.what == "stops":
            self._refuse_doubles(lines)
        self.line_ids.create(lines)
        self.state = "preview"
        return self._open()

    def _prepare_line(self, number, row):
        """One row: whose it is, what it says, and what is wrong with it."""
        partner, day = self._partner(row.get("customer")), self._day(row.get("date"))
        read = self._read_stop if self.what == "stops" else self._read_numbers
        values, wrong = read(row)
        return {
            "import_id": self.id,
            "row": number,
            "said": str(row.get("customer") or ""),
            "partner_id": partner.id if len(partner) == 1 else False,
            "date": day,
            "numbers": values,
            "problem": self._whose_problem(partner, day, row) or wrong,
        }

    def _whose_problem(self, partner, day, row):
        """What is wrong with customer and day of a row, or False."""
        if not partner:
            return self.env._("No customer “%(name)s”.", name=row.get("customer") or "")
        if len(partner) > 1:
            return self.env._("Several customers “%(name)s”.", name=row.get("customer"))
        if not day:
            return self.env._("“%(value)s” is no day.", value=row.get("date") or "")
        if day > self.company_id._credit_today():
            return self.env._("“%(value)s” is still to come.", value=row.get("date"))
        return False

    def _read_numbers(self, row):
        """The numbers of a report or of accounts, and what is wrong with them."""
        values, wrong, problem = {}, [], False
        Model = self.env[MODELS[self.what]]
        for name in self._columns()[2:]:
            cell = row.get(name)
            if cell in (None, ""):
                continue
            value = self._number(cell)
            if value is None:
                wrong.append(name)
                continue
            values[name] = value
            bounds = name in Model._fields and bounds_of(Model, name)
            if bounds:
                problem = problem or self._out_of_bounds(name, value, bounds)
        if wrong:
            problem = self.env._("No number: %(columns)s.", columns=", ".join(wrong))
        elif self.what == "reports" and "score" not in values:
            problem = self.env._("The score is missing.")
        return values, problem

    def _out_of_bounds(self, name, value, bounds):
        try:
            refuse_number(self, name, value, *bounds)
        except ValidationError as error:
            return str(error)
        return False

    def _read_stop(self, row):
        """Why and until when somebody is stopped, and what is wrong with it."""
        texts = {name: str(row.get(name) or "").strip() for name in ("kind", "reason", "source")}
        kinds = dict(self.env["credit.stop"]._fields["kind"]._description_selection(self.env))
        codes = {title.lower(): code for code, title in kinds.items()}
        said = texts["kind"].lower() or "other"
        texts["kind"] = said if said in kinds else codes.get(said)
        until = self._day(row.get("until"))
        texts["until"] = until and until.isoformat()
        if not texts["kind"]:
            problem = self.env._(
                "Unknown kind “%(kind)s”. Known are: %(known)s.",
                kind=row.get("kind"),
                known=", ".join(kinds),
            )
        elif not texts["reason"]:
            problem = self.env._("The reason is missing.")
        elif row.get("until") not in (None, "") and not until:
            problem = self.env._("“%(value)s” is no day.", value=row.get("until"))
        elif until and until < (self._day(row.get("date")) or until):
            problem = self.env._("It cannot end before it begins.")
        else:
            problem = False
        return {name: text for name, text in texts.items() if text}, problem

    def _refuse_doubles(self, lines):
        """A customer is on the stop list once."""
        stopped = (
            self.env["credit.stop"]
            .search([("company_id", "=", self.company_id.id), ("state", "=", "active")])
            .partner_id
        )
        seen = set(stopped.ids)
        for line in lines:
            if line["partner_id"] in seen:
                line["problem"] = line["problem"] or self.env._(
                    "This customer is on the stop list already."
                )
            elif not line["problem"]:
                seen.add(line["partner_id"])

    def _partner(self, said):
        """The customers that a cell means: by VAT number, reference, or the whole name."""
        Partner = self.env["res.partner"]
        text = str(said or "").strip()
        if not text:
            return Partner
        mine = [("company_id", "in", (self.company_id.id, False)), ("parent_id", "=", False)]
        for name in ("vat", "ref", "name"):
            found = Partner.search([(name, "=ilike", self._escaped(text)), *mine], limit=2)
            if found:
                return found
        return Partner

    @api.model
    def _escaped(self, text):
        return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")

    @api.model
    def _day(self, cell):
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        text = str(cell or "").strip()
        for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
            try:
                return datetime.strptime(text, pattern).date()
            except ValueError:
                continue
        return None

    @api.model
    def _number(self, cell):
        """A number, with a point or a comma; None where a comma may mean thousands."""
        text = str(cell).replace(" ", "").replace("\u00a0", "")
        if "," in text:
            if "." in text or THOUSANDS.fullmatch(text.lstrip("-")):
                return None
            text = text.replace(",", ".")
        try:
            value = float(text)
        except ValueError:
            return None
        return value if abs(value) < 1e13 else None

    # ------------------------------------------------------------------
    # Taking over
    # ------------------------------------------------------------------

    def action_import(self):
        """Take over the rows that matched."""
        self.ensure_one()
        self._check_officer()
        good = self.line_ids.filtered(lambda line: not line.problem)
        if self.state != "preview" or not good:
            raise UserError(self.env._("There is nothing to take over."))
        made = self.env[MODELS[self.what]]
        for line in good:
            account = self.env["credit.account"]._get(line.partner_id, self.company_id)
            made |= getattr(self, f"_take_{self.what}")(line, account)
        action = {
            "reports": "credit_agency_report_action",
            "financials": "credit_financials_action",
            "stops": "credit_stop_action",
        }[self.what]
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(f"credit_collection.{action}"),
            "domain": [("id", "in", made.ids)],
        }

    def _take_reports(self, line, account):
        """The report of this agency and day, made or written over."""
        values = self._prepare_report(line, account)
        key = [(name, "=", values[name]) for name in ("account_id", "agency_id", "date")]
        present = self.env["credit.agency.report"].search(key, limit=1)
        if not present:
            return present.create(values)
        present.write(values)
        return present

    def _take_financials(self, line, account):
        """The accounts of this year end, made or written over."""
        values = self._prepare_financials(line, account)
        key = [(name, "=", values[name]) for name in ("account_id", "date")]
        present = self.env["credit.financials"].search(key, limit=1)
        if not present:
            return present.create(values)
        present.line_ids.unlink()
        present.write(values)
        present._add_lines()
        return present

    def _take_stops(self, line, account):
        texts = line.numbers or {}
        return self.env["credit.stop"].create(
            {
                "account_id": account.id,
                "date_from": line.date,
                "date_to": texts.get("until"),
                **{name: texts.get(name) for name in ("kind", "reason", "source")},
            }
        )

    def _prepare_report(self, line, account):
        numbers = line.numbers or {}
        return {
            "account_id": account.id,
            "agency_id": self.agency_id.id,
            "date": line.date,
            "score": numbers["score"],
            "recommended_limit": numbers.get("recommended_limit", 0.0),
            "has_recommendation": "recommended_limit" in numbers,
            "default_probability": numbers.get("default_probability", 0.0),
        }

    def _prepare_financials(self, line, account):
        numbers = line.numbers or {}
        return {
            "account_id": account.id,
            "date": line.date,
            "line_ids": [
                fields.Command.create(
                    {"code": code, "sequence": at, "amount": numbers[code], "known": True}
                )
                for at, code in enumerate(ratios.LINES)
                if code in numbers
            ],
        }

    def action_template(self):
        """Download an empty workbook with the right columns."""
        self.ensure_one()
        self._check_officer()
        book = Book(self.env)
        sheet = book.workbook.add_worksheet("Import")
        book.set_page(sheet, 0)
        for index, name in enumerate(self._columns()):
            sheet.set_column(index, index, 20)
            sheet.write_string(0, index, name, book.header)
        return self._download(book.close(), f"{self.what}.xlsx")

    def action_export(self):
        """Download what is known, in the layout of the import."""
        self.ensure_one()
        self._check_officer()
        book = Book(self.env, self.company_id.currency_id.decimal_places)
        sheet = book.workbook.add_worksheet("Import")
        book.set_page(sheet, 0)
        for index, name in enumerate(self._columns()):
            sheet.set_column(index, index, 20)
            sheet.write_string(0, index, name, book.header)
        for row, values in enumerate(self._export_rows(), 1):
            for index, value in enumerate(values):
                kind = {0: "text", 1: "date"}.get(index, "factor")
                if self.what == "stops" and index > 1:
                    kind = "date" if index == 2 else "text"
                book.write_cell(sheet, row, index, value, kind)
        return self._download(book.close(), f"{self.what}.xlsx")

    def _export_rows(self):
        domain = [("company_id", "=", self.company_id.id)]
        if self.what == "stops":
            for stop in self.env["credit.stop"].search([*domain, ("state", "=", "active")]):
                name = stop.partner_id.vat or stop.partner_id.name
                yield (
                    name,
                    stop.date_from,
                    stop.date_to or None,
                    stop.kind,
                    stop.reason,
                    stop.source or None,
                )
            return
        if self.what == "reports":
            if self.agency_id:
                domain.append(("agency_id", "=", self.agency_id.id))
            for report in self.env["credit.agency.report"].search(domain):
                limit = report.recommended_limit if report.has_recommendation else None
                yield (
                    report.partner_id.vat or report.partner_id.name,
                    report.date,
                    report.score,
                    limit,
                    report.default_probability or None,
                )
            return
        for record in self.env["credit.financials"].search(domain):
            statement = record._statement()
            name = record.partner_id.vat or record.partner_id.name
            yield (name, record.date, *(statement.get(code) for code in ratios.LINES))

    def _download(self, content, name):
        attachment = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
                "mimetype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Stop List")
            if self.what == "stops"
            else self.env._("Import Reports or Accounts"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class CreditRatingImportLine(models.TransientModel):
    _name = "credit.rating.import.line"
    _description = "Row of an Import"
    _order = "problem desc, row"

    import_id = fields.Many2one("credit.rating.import", required=True, ondelete="cascade")
    row = fields.Integer(readonly=True)
    said = fields.Char("In the File", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    date = fields.Date(readonly=True)
    numbers = fields.Json(readonly=True)
    shown = fields.Char("Values", compute="_compute_shown")
    problem = fields.Char(readonly=True)

    @api.depends("numbers")
    def _compute_shown(self):
        for line in self:
            line.shown = ", ".join(
                f"{name} {value}" if isinstance(value, str) else f"{name} {value:g}"
                for name, value in (line.numbers or {}).items()
            )
