import io
import zipfile
from base64 import b64decode

import openpyxl
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...core import case as core
from ...core import numbers
from ...tools.bounds import AMOUNT, DAYS
from ...tools.groups import COLLECTOR
from ...tools.workbook import Book, Column, company_cover

# What a hand-over file may hold: key, title, kind of column.
FIELDS = (
    ("case", "text"), ("debtor", "text"), ("vat", "text"), ("street", "text"), ("zip", "text"),
    ("city", "text"), ("country", "text"), ("phone", "text"), ("email", "text"),
    ("invoice", "text"), ("invoice_date", "date"), ("due_date", "date"), ("open", "money"),
    ("currency", "text"), ("days_overdue", "number"), ("last_day", "date"),
)  # fmt: skip
USUAL = ",".join(
    (
        "case",
        "debtor",
        "vat",
        "street",
        "zip",
        "city",
        "country",
        "phone",
        "email",
        "invoice",
        "invoice_date",
        "due_date",
        "open",
        "currency",
    )
)


class CreditCollectionAgency(models.Model):
    """Who collects for us, at which fee."""

    _name = "credit.collection.agency"
    _description = "Collection Agency"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", "Agency", required=True, index=True)
    name = fields.Char(related="partner_id.name", store=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    fee_ids = fields.One2many("credit.collection.agency.fee", "agency_id", "Fees", copy=True)
    columns = fields.Char(
        default=USUAL, required=True, help="Columns of the hand-over file, in their order."
    )
    case_ids = fields.One2many("credit.case", "agency_id", "Cases")

    @api.constrains("columns")
    def _check_columns(self):
        known = {key for key, _kind in FIELDS}
        for agency in self:
            unknown = [key for key in agency._column_keys() if key not in known]
            if unknown:
                raise UserError(
                    self.env._(
                        "Unknown columns: %(unknown)s. Known are: %(known)s.",
                        unknown=", ".join(unknown),
                        known=", ".join(key for key, _kind in FIELDS),
                    )
                )

    def _column_keys(self):
        return [key.strip() for key in self.columns.split(",") if key.strip()]

    def _fee_percent(self, case):
        """The fee for a case, by its age and amount at the hand-over."""
        self.ensure_one()
        dues = [day for day in case.sudo().move_line_ids.mapped("date_maturity") if day]
        handed = case.handed_on or case.company_id._credit_today()
        age = max((handed - min(dues)).days, 0) if dues else 0
        steps = [(fee.after_days, fee.from_amount, fee.percent) for fee in self.fee_ids]
        return core.fee_rate(steps, age, case.opening_amount or case.principal) or 0.0

    def action_hand_over_file(self):
        """Download the file of all cases with the agency."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/credit_collection/agency.xlsx?agency={self.id}",
            "target": "download",
        }

    def _hand_over_xlsx(self):
        """The cases with the agency, an item a row, in the agency's columns."""
        self.ensure_one()
        titles = {
            "case": self.env._("Case"), "debtor": self.env._("Debtor"),
            "vat": self.env._("Tax number"), "street": self.env._("Street"),
            "zip": self.env._("Zip"), "city": self.env._("City"),
            "country": self.env._("Country"), "phone": self.env._("Phone"),
            "email": self.env._("E-mail"), "invoice": self.env._("Invoice"),
            "invoice_date": self.env._("Invoice date"), "due_date": self.env._("Due date"),
            "open": self.env._("Open"), "currency": self.env._("Currency"),
            "days_overdue": self.env._("Days overdue"), "last_day": self.env._("Lapses"),
        }  # fmt: skip
        kinds = dict(FIELDS)
        keys = self._column_keys()
        rows = list(self._hand_over_rows())
        cover = self._hand_over_cover(rows)
        book = Book(self.env, self.currency_id.decimal_places, cover=cover)
        book.add_sheet(
            self.env._("Hand-over"),
            self.env._("Hand-over to %s", self.name),
            self.env._(
                "%(company)s, %(day)s",
                company=self.company_id.name,
                day=format_date(self.env, self.company_id._credit_today()),
            ),
            [Column(titles[key], kinds[key]) for key in keys],
            [[row[key] for key in keys] for row in rows],
        )
        return book.close()

    def _hand_over_cover(self, rows):
        explained = {
            "open": (
                self.env._("Open"),
                self.env._("What is left of each item, in its own currency."),
            ),
            "days_overdue": (
                self.env._("Days overdue"),
                self.env._("From the due date to the day of the file."),
            ),
            "last_day": (
                self.env._("Lapses"),
                self.env._("The last day on which the claim can be brought to court."),
            ),
        }
        notes = [explained[key] for key in self._column_keys() if key in explained]
        return company_cover(
            self.env,
            self.env._("Hand-over to %s", self.name),
            self.company_id,
            ", ".join(sorted({row["currency"] for row in rows})) or self.currency_id.name,
            (self.env._("As of"), format_date(self.env, self.company_id._credit_today())),
            notes=notes,
        )

    def _hand_over_rows(self):
        today = self.company_id._credit_today()
        cases = self.case_ids.filtered(
            lambda case: case.state == "open" and case.handed_on and not case.recalled_on
        )
        lapse = {
            row.move_line_id: row.last_day
            for row in self.env["credit.limitation"].search(
                [("move_line_id", "in", cases.move_line_ids.ids)]
            )
        }
        for case in cases:
            partner = case.partner_id
            for item in case.sudo().move_line_ids:
                due = item.date_maturity
                yield {
                    "case": case.name,
                    "debtor": partner.name,
                    "vat": partner.vat,
                    "street": partner.street,
                    "zip": partner.zip,
                    "city": partner.city,
                    "country": partner.country_id.name,
                    "phone": partner.phone,
                    "email": partner.email,
                    "invoice": item.move_id.name,
                    "invoice_date": item.move_id.invoice_date or item.date,
                    "due_date": due,
                    "open": item.amount_residual_currency,
                    "currency": item.currency_id.name,
                    "days_overdue": max((today - due).days, 0) if due else 0,
                    "last_day": lapse.get(item) or None,
                }


class CreditCollectionAgencyFee(models.Model):
    """A fee by age and amount."""

    _name = "credit.collection.agency.fee"
    _description = "Fee of an Agency"
    _inherit = "credit.bounded"
    _order = "agency_id, after_days, from_amount"
    _credit_bounds = {"after_days": DAYS, "from_amount": AMOUNT, "percent": (0, 100)}

    agency_id = fields.Many2one(
        "credit.collection.agency", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="agency_id.currency_id")
    after_days = fields.Integer("From Days Overdue")
    from_amount = fields.Monetary()
    percent = fields.Float("Fee (%)", required=True)


class CreditAgencyCohort(models.Model):
    """What agencies brought, by the month of the hand-over."""

    _name = "credit.collection.agency.cohort"
    _description = "Agencies by Month of Hand-over"
    _auto = False
    _order = "month desc, agency_id"

    agency_id = fields.Many2one("credit.collection.agency", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(readonly=True)
    cases = fields.Integer(readonly=True)
    handed = fields.Monetary("Handed Over", readonly=True)
    recovered = fields.Monetary(readonly=True)
    fees = fields.Monetary(readonly=True)
    net = fields.Monetary(readonly=True)
    share = fields.Float("Recovered Share", readonly=True, aggregator="avg")

    _depends = {
        "credit.case": ["agency_id", "handed_on", "recalled_on", "opening_amount", "company_id"],
        "credit.case.recovery": ["case_id", "amount", "fee", "date"],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(
            """
            SELECT MIN(legal.id) AS id, legal.agency_id, legal.company_id,
                   legal.handed_on - EXTRACT(DAY FROM legal.handed_on)::int + 1 AS month,
                   COUNT(*) AS cases, SUM(legal.opening_amount) AS handed,
                   COALESCE(SUM(came.amount), 0) AS recovered, COALESCE(SUM(came.fee), 0) AS fees,
                   COALESCE(SUM(came.amount), 0) - COALESCE(SUM(came.fee), 0) AS net,
                   COALESCE(SUM(came.amount), 0) / NULLIF(SUM(legal.opening_amount), 0) AS share
              FROM credit_case legal
              LEFT JOIN LATERAL (
                   SELECT SUM(recovery.amount) AS amount, SUM(recovery.fee) AS fee
                     FROM credit_case_recovery recovery
                    WHERE recovery.case_id = legal.id AND recovery.date >= legal.handed_on
                      AND (legal.recalled_on IS NULL OR recovery.date <= legal.recalled_on)
                   ) AS came ON TRUE
             WHERE legal.agency_id IS NOT NULL AND legal.handed_on IS NOT NULL
             GROUP BY legal.agency_id, legal.company_id, 4
            """
        )


class CreditCollectionAgencyStatement(models.TransientModel):
    """The agency's monthly statement: what it says it collected, and its fees."""

    _name = "credit.collection.agency.statement"
    _description = "Statement of an Agency"

    agency_id = fields.Many2one("credit.collection.agency", required=True)
    file = fields.Binary("Statement (XLSX)", required=True)
    file_name = fields.Char()
    result = fields.Text(readonly=True)

    def action_import(self):
        """Read rows of case, day, amount, fee; match them, add what we did not know."""
        self.ensure_one()
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can import a statement."))
        self.agency_id.check_access("read")
        rows = self._read_rows()
        lines = [self._match(*row) for row in rows]
        self.result = "\n".join(lines) or self.env._("The statement is empty.")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _read_rows(self):
        """``[(case, day, amount, fee)]`` of the first sheet, below its header."""
        try:
            book = openpyxl.load_workbook(io.BytesIO(self._content()), data_only=True)
            sheet = book.worksheets[0]
            rows = []
            for values in sheet.iter_rows(min_row=2, max_col=4, values_only=True):
                name, day, amount, fee = (*values, None, None, None, None)[:4]
                if name:
                    rows.append(
                        (
                            str(name).strip(),
                            fields.Date.to_date(day or "none"),
                            numbers.number(float(amount), "amount", 0.0, 1e13),
                            numbers.number(float(fee or 0), "fee", 0.0, 1e13),
                        )
                    )
            return rows
        except (ValueError, TypeError, KeyError, OSError, zipfile.BadZipFile) as error:
            raise UserError(
                self.env._("The statement cannot be read. Its columns are: case, day, amount, fee.")
            ) from error

    def _content(self):
        return b64decode(self.file or b"")

    def _match(self, name, day, amount, fee):
        """Match a row with a recovery of the same case and amount; say what differs."""
        case = self.env["credit.case"].search(
            [("name", "=", name), ("agency_id", "=", self.agency_id.id)], limit=1
        )
        if not case:
            return self.env._("%(case)s: no such case with this agency.", case=name)
        found = case.recovery_ids.filtered(
            lambda r: (
                not r.reconciled and not case.company_currency_id.compare_amounts(r.amount, amount)
            )
        )[:1]
        new = not found
        if new:
            found = self.env["credit.case.recovery"].create(
                {"case_id": case.id, "date": day, "amount": amount, "source": "agency"}
            )
        found.sudo().write({"reconciled": True, "stated_fee": fee})
        difference = case.company_currency_id.round(fee - found.fee)
        if difference:
            return self.env._(
                "%(case)s: their fee is %(theirs)s, by the table it is %(ours)s.",
                case=name,
                theirs=case.company_currency_id.format(fee),
                ours=case.company_currency_id.format(found.fee),
            )
        if new:
            return self.env._(
                "%(case)s: new, %(amount)s.",
                case=name,
                amount=case.company_currency_id.format(amount),
            )
        return self.env._("%(case)s: agrees.", case=name)
