import hashlib
import json
from datetime import datetime, time

import pytz
from odoo import api, fields, models
from odoo.tools.misc import format_datetime

from ...tools.workbook import Book, Column

SETTINGS = ("credit.policy", "credit.rule", "credit.followup.level")
KINDS = {
    "monetary": "money",
    "date": "date",
    "datetime": "moment",
    "integer": "number",
    "float": "days",
}
MESSAGE = (
    "date",
    "partner_id",
    "level_id",
    "amount",
    "state",
    "user_id",
    "email_to",
    "recipient_reason",
    "printed_on",
    "failure_type",
    "failure_reason",
    "cancel_reason",
)
PROMISE = (
    "name",
    "partner_id",
    "made_on",
    "amount",
    "date",
    "state",
    "paid",
    "missing",
    "broken_on",
    "user_id",
    "channel",
    "note",
)
DISPUTE = (
    "partner_id",
    "move_id",
    "amount",
    "reason_id",
    "owner_id",
    "opened_on",
    "deadline",
    "state",
    "closed_on",
    "outcome",
    "note",
)
SHEET = (
    "name",
    "date_from",
    "date_to",
    "state",
    "receivable",
    "overdue",
    "sales",
    "received",
    "bonus",
    "control_difference",
    "closed_by_id",
    "closed_on",
    "evidence_name",
    "evidence_checksum",
)
LINE = (
    "sheet_id",
    "kind",
    "display_name",
    "team_id",
    "receivable",
    "overdue",
    "sales",
    "received",
    "planned",
    "overdue_share",
    "weighted_days_overdue",
    "cash_plan_rate",
    "overdue_to_turnover",
    "dso",
    "scheme_name",
    "bonus_base",
    "bonus",
)


class CreditAuditExport(models.Model):
    """What the workbooks of a year hold, one method for each of ``BOOKS``, and the index."""

    _inherit = "credit.audit.export"

    def _moments(self):
        """The first moment of the year and of the next, in UTC, by the company's clock."""
        zone = pytz.timezone(self.company_id._credit_tz())
        return tuple(
            zone.localize(datetime.combine(datetime(year, 1, 1), time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for year in (self.year, self.year + 1)
        )

    def _of_year(self, model, field, order=None):
        """The records of the company whose ``field`` lies in the year (sudo), oldest first."""
        Model = self.env[model].sudo().with_context(active_test=False)
        if Model._fields[field].type == "datetime":
            first, end = self._moments()
        else:
            first, end = f"{self.year}-01-01", f"{self.year + 1}-01-01"
        return Model.search(
            [("company_id", "=", self.company_id.id), (field, ">=", first), (field, "<", end)],
            order=order or f"{field}, id",
        )

    def _promises(self):
        return self._book(
            (self.env._("Promises"), self._of_year("credit.promise", "made_on"), PROMISE),
            (self.env._("Disputes"), self._of_year("credit.dispute", "opened_on"), DISPUTE),
        )

    def _sheets(self):
        sheets = self._of_year("credit.kpi.sheet", "date_to")
        return self._book(
            (self.env._("Sheets"), sheets, SHEET), (self.env._("Lines"), sheets.line_ids, LINE)
        )

    def _messages(self):
        """The messages of the year, and what became of each e-mail at each recipient."""
        messages = self._of_year("credit.followup", "date")
        proofs = messages.mail_message_id.notification_ids.filtered(
            lambda notice: notice.notification_type == "email"
        )
        by_mail = {message.mail_message_id: message for message in messages}
        rows = [
            (
                by_mail[proof.mail_message_id].date,
                by_mail[proof.mail_message_id].partner_id.display_name,
                proof.res_partner_id.email or proof.mail_email_address or "",
                self._label(proof, "notification_status"),
                self._clock(proof.mail_message_id.date),
                proof.mail_message_id.message_id or "",
                self._label(proof, "failure_type"),
                proof.failure_reason or "",
            )
            for proof in proofs.sorted("id")
        ]
        columns = [
            Column(self.env._("Date"), "date"),
            Column(self.env._("Customer")),
            Column(self.env._("E-mail Address")),
            Column(self.env._("Delivery")),
            Column(self.env._("Handed to the Mail Server"), "moment"),
            Column(self.env._("Message-Id")),
            Column(self.env._("Failure")),
            Column(self.env._("What the Mail Server Said")),
        ]
        return self._book(
            (self.env._("Messages"), messages, MESSAGE),
            more=[(self.env._("Proof of Delivery"), columns, rows)],
        )

    def _policies(self):
        """Policies, rules and levels as they are, and what was changed in the year."""
        Entry = self.env["credit.audit.entry"]
        tables = []
        for model in SETTINGS:
            Model = self.env[model].sudo().with_context(active_test=False)
            records = Model.search([("company_id", "=", self.company_id.id)])
            tables.append(
                (self.env["ir.model"]._get(model).name, records, ("display_name", *Model._audited))
            )
        rows = [
            (
                self._clock(entry.at),
                entry.user_name or "",
                entry.kind,
                entry.record_name or "",
                self._field_label(entry.model, name) if name else self.env._("Deleted"),
                self._said(entry.model, name, before),
                self._said(entry.model, name, after),
            )
            for entry, name, before, after in Entry._changes(
                self.company_id, (*SETTINGS, "res.users"), *self._moments()
            )
        ]
        rows = [row for row in rows if row[-1] != row[-2]]
        columns = [
            Column(self.env._("Moment"), "moment"), Column(self.env._("User")),
            Column(self.env._("Kind of Record")), Column(self.env._("Record")),
            Column(self.env._("Field")), Column(self.env._("Before")), Column(self.env._("After")),
        ]  # fmt: skip
        return self._book(
            *tables, more=[(self.env._("Changes"), columns, rows), self._who_decides()]
        )

    def _chain(self):
        entries = self._of_year("credit.audit.entry", "at", "number, id")
        rows = [
            (
                entry.number,
                self._clock(entry.at),
                entry.user_name or "",
                entry.kind,
                entry.record_name or "",
                entry.event,
                entry.content,
                entry.previous_seal or "",
                entry.seal or "",
            )
            for entry in entries
        ]
        columns = [
            Column(self.env._("Number"), "number"), Column(self.env._("Moment"), "moment"),
            Column(self.env._("User")), Column(self.env._("Kind of Record")),
            Column(self.env._("Record")), Column(self.env._("Event")),
            Column(self.env._("What Was Sealed")), Column(self.env._("Seal Before")),
            Column(self.env._("Seal")),
        ]  # fmt: skip
        return self._book(more=[(self.env._("Entries"), columns, rows)])

    def _index(self, files):
        """What is in the archive, with digests, and whether the chain is whole."""
        Entry = self.env["credit.audit.entry"].sudo()
        count, wrong, why = Entry._verify(self.company_id)
        last = Entry.search(
            [("company_id", "=", self.company_id.id), ("number", ">", 0)],
            order="number desc",
            limit=1,
        )
        book = self._new_book()
        facts = [
            (self.env._("Company"), self.company_id.name),
            (self.env._("Currency"), self.company_id.currency_id.name),
            (self.env._("Year"), str(self.year)),
            (self.env._("Exported by"), self.env.user.name),
            (self.env._("Exported on"), self._moment(fields.Datetime.now())),
            (self.env._("Entries compared"), str(count)),
            (
                self.env._("Verification"),
                self.env._("Entry %(number)s: %(why)s", number=wrong.number or "–", why=why)
                if why
                else self.env._("Nothing was changed."),
            ),
            (self.env._("Last entry"), str(last.number or 0)),
            (self.env._("Last seal"), last.seal or ""),
        ]
        title = self._title()
        two = [Column(self.env._("What")), Column(self.env._("Value"))]
        book.add_sheet(self.env._("Summary"), title, "", two, facts)
        columns = [
            Column(self.env._("File")), Column(self.env._("Rows"), "number"),
            Column(self.env._("Bytes"), "number"), Column(self.env._("SHA-256")),
        ]  # fmt: skip
        rows = [
            (name, count, len(content), hashlib.sha256(content).hexdigest())
            for name, (content, count) in sorted(files.items())
        ]
        book.add_sheet(self.env._("Files"), title, "", columns, rows)
        return book.close()

    def _title(self):
        return self.env._(
            "Audit of %(year)s: %(company)s", year=self.year, company=self.company_id.name
        )

    def _new_book(self):
        return Book(self.env, self.company_id.currency_id.decimal_places)

    def _book(self, *tables, more=()):
        """A workbook of records by field names, and of ready tables; (bytes, number of rows)."""
        book, count = self._new_book(), 0
        for name, records, names in tables:
            columns, rows = self._rows_of(records, names)
            count += len(rows)
            book.add_sheet(name, self._title(), name, columns, rows)
        for name, columns, rows in more:
            count += len(rows)
            book.add_sheet(name, self._title(), name, columns, rows)
        return book.close(), count

    def _rows_of(self, records, names):
        model_fields = records._fields
        columns = [
            Column(
                model_fields[name]._description_string(self.env),
                KINDS.get(model_fields[name].type, "text"),
            )
            for name in names
        ]
        own = records.with_context(lang=self.env.lang)
        return columns, [tuple(self._cell(record, name) for name in names) for record in own]

    def _cell(self, record, name):
        field, value = record._fields[name], record[name]
        if field.type in ("many2one", "many2many", "one2many"):
            return ", ".join(value.mapped("display_name"))
        if field.type == "selection":
            return self._label(record, name)
        if field.type == "datetime":
            return self._clock(value)
        if field.type == "boolean":
            return self.env._("Yes") if value else ""
        if field.type in ("json", "html"):
            return self._plain(value)
        return value

    def _said(self, model, name, value):
        """A sealed value in words: the label of a choice, a number as it is."""
        field = self.env[model]._fields.get(name)
        if isinstance(value, bool):
            return self.env._("Yes") if value else ""
        if isinstance(value, int | float):
            return f"{value:g}" if field and field.type != "many2one" else str(value)
        if field and field.type == "selection" and isinstance(value, str):
            return dict(field._description_selection(self.env)).get(value, value)
        return self._plain(value)

    def _label(self, record, name):
        labels = dict(record._fields[name]._description_selection(self.env))
        return labels.get(record[name], record[name] or "")

    def _field_label(self, model, name):
        field = self.env[model]._fields.get(name)
        return field._description_string(self.env) if field else name

    def _clock(self, moment):
        """A moment by the company's clock, for a cell."""
        if not moment:
            return None
        zone = pytz.timezone(self.company_id._credit_tz())
        return pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)

    def _moment(self, moment):
        """The same as a text."""
        zone = self.company_id._credit_tz()
        return format_datetime(self.env, moment, tz=zone) if moment else ""

    @api.model
    def _plain(self, value):
        """A value as text; JSON stays JSON."""
        if value in (None, False, ""):
            return ""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
