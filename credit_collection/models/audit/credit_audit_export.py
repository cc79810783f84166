import base64
import hashlib
import io
import json
import logging
import zipfile
from datetime import datetime, time

import psycopg2
import pytz
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_datetime

from ...tools.jobs import wake
from ...tools.workbook import Book, Column

_logger = logging.getLogger(__name__)
MANAGER = "credit_collection.credit_collection_group_manager"
SETTINGS = ("credit.policy", "credit.rule", "credit.followup.level")
KINDS = {"monetary": "money", "date": "date", "integer": "number", "float": "days"}

HOLD = (
    "name",
    "partner_id",
    "document_name",
    "checkpoint",
    "state",
    "create_date",
    "requester_id",
    "requested_amount",
    "receivable",
    "overdue",
    "draft",
    "ordered",
    "exposure",
    "exposure_after",
    "limit_label",
    "available",
    "max_days_overdue",
    "reason",
    "policy_id",
    "responsible_id",
    "deadline",
    "decided_by_id",
    "decided_on",
    "reason_id",
    "decision_note",
)
RELEASE = (
    "name",
    "partner_id",
    "document_name",
    "requested_amount",
    "exposure_after",
    "limit_label",
    "decided_by_id",
    "decided_on",
    "reason_id",
    "decision_note",
    "valid_until",
    "max_amount",
)
LIMIT = (
    "partner_id",
    "kind",
    "amount_label",
    "amount_company",
    "date_from",
    "date_to",
    "state",
    "reason",
    "requested_by_id",
    "create_date",
    "decided_by_id",
    "decided_on",
    "refusal_reason",
)
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


# The workbooks in their order; after them come the files that were sent, and the index.
BOOKS = ("decisions", "messages", "promises", "sheets", "policies", "chain")


class CreditAuditExport(models.Model):
    """Everything that was decided in a year, in one file for an auditor.

    Built in the background, workbook by workbook: what dies goes on where it stood.
    """

    _name = "credit.audit.export"
    _description = "Export of a Year"
    _inherit = "credit.bounded"
    _order = "id desc"
    _rec_name = "year"
    _credit_bounds = {"year": (1990, 2200)}

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
        index="btree_not_null",
    )
    year = fields.Integer(
        required=True, default=lambda self: self.env.company._credit_today().year - 1
    )
    with_letters = fields.Boolean(
        "Letters and Attachments", default=True, help="The printed letters and what mails carried."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("building", "Being Built"),
            ("done", "Ready"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
    )
    steps_done = fields.Integer(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress", help="Parts ready, in percent.")
    part_ids = fields.Many2many("ir.attachment", string="Parts", readonly=True, copy=False)
    attachment_id = fields.Many2one(
        "ir.attachment",
        "ZIP",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    size = fields.Integer("Size (bytes)", related="attachment_id.file_size")
    built_on = fields.Datetime(readonly=True, copy=False)
    failure = fields.Char("Why It Failed", readonly=True, copy=False)

    @api.depends("steps_done", "state")
    def _compute_progress(self):
        for export in self:
            export.progress = 100.0 * export.steps_done / (len(BOOKS) + 1)

    @api.constrains("company_id")
    def _check_company_id(self):
        for export in self:
            if export.company_id != export.company_id.root_id:
                raise ValidationError(
                    self.env._("A branch is audited with its company: choose the company.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_by_steps(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_by_steps([vals])
        if not self.env.su and vals and any(export.state != "draft" for export in self):
            raise UserError(self.env._("It is built as it was asked for: ask for a new one."))
        return super().write(vals)

    @api.model
    def _check_by_steps(self, vals_list):
        """Refuse what only building writes, and defaults of a caller for it."""
        typed = {"company_id", "year", "with_letters"}
        given = {key for vals in vals_list for key in vals}
        given |= {key[8:] for key in self.env.context if key.startswith("default_")}
        if not self.env.su and (given & self._fields.keys()) - typed:
            raise AccessError(self.env._("Use the buttons: this is written by their steps alone."))

    def _check_mine(self):
        self.ensure_one()
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a credit manager exports a year."))
        self.check_access("read")
        self.company_id._check_credit_mine()

    def action_export(self):
        """Build the file in the background; the form shows how far it is."""
        self._check_mine()
        if self.state == "building":
            raise UserError(self.env._("This is running already."))
        self.sudo().part_ids.unlink()
        self.sudo().write({"state": "building", "steps_done": 0, "failure": False})
        wake(self.env, "credit_audit_export_cron")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export a Year"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_download(self):
        """Hand the file over."""
        self._check_mine()
        if not self.attachment_id:
            raise UserError(self.env._("The file is not ready yet."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # Building
    # ------------------------------------------------------------------

    @api.model
    def _cron_build(self):
        """Build what waits, part by part; one that fails says why and stops nobody."""
        for export in self.sudo().search([("state", "=", "building")], order="id"):
            while export.state == "building":
                export._step_safely()
                left = len(BOOKS) + 1 - export.steps_done if export.state == "building" else 0
                if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                    return

    def _step_safely(self):
        """Take the next step; what fails is said on the record."""
        try:
            with self.env.cr.savepoint():
                self._step()
                self.env.flush_all()
        except psycopg2.OperationalError:
            raise
        except Exception as error:
            self.env.invalidate_all(flush=False)
            _logger.exception("Export of %s failed", self.year)
            self.write({"state": "failed", "failure": str(error)})

    def _step(self):
        """Build the next workbook, or pack all of them (sudo)."""
        self.ensure_one()
        own = self._as_who_asked()
        if self.steps_done < len(BOOKS):
            name = BOOKS[self.steps_done]
            if not self.steps_done:
                Entry = self.env["credit.audit.entry"]
                while Entry._seal():
                    continue
            content, rows = getattr(own, f"_{name}")()
            self.part_ids += self._attach(f"{name}.xlsx", content, str(rows))
        else:
            packed = self._attach(f"credit-audit-{self.year}.zip", own._pack(), False)
            self.part_ids.unlink()
            self.write(
                {
                    "attachment_id": packed.id,
                    "built_on": fields.Datetime.now(),
                    "state": "done",
                }
            )
        self.steps_done += 1

    def _as_who_asked(self):
        """The export in the language, and with the name, of who asked for it."""
        person = self.create_uid
        return self.with_user(person).with_context(lang=person.lang).sudo()

    def _attach(self, name, content, rows):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "description": rows,
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    # ------------------------------------------------------------------
    # The year
    # ------------------------------------------------------------------

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

    # ------------------------------------------------------------------
    # The file
    # ------------------------------------------------------------------

    def _pack(self):
        """The bytes of the ZIP: the workbooks, what was sent, the index."""
        files = {
            part.name: (part.raw or b"", int(part.description or 0))
            for part in self.part_ids.sorted("id")
        }
        for name, content, rows in self._evidence():
            files[name] = (content, rows)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, (content, _rows) in files.items():
                archive.writestr(name, content)
            archive.writestr("index.xlsx", self._index(files))
        return buffer.getvalue()

    def _decisions(self):
        holds = self._of_year("credit.hold", "create_date")
        released = self._of_year("credit.hold", "decided_on").filtered(
            lambda hold: hold.state == "released"
        )
        limits = self._of_year("credit.limit", "create_date")
        return self._book(
            (self.env._("Holds"), holds, HOLD),
            (self.env._("Releases"), released, RELEASE),
            (self.env._("Limits"), limits, LIMIT),
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
                self._moment(proof.mail_message_id.date),
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
            Column(self.env._("Handed to the Mail Server")),
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
                self._moment(entry.at),
                entry.user_name or "",
                entry.kind,
                entry.record_name or "",
                self._field_label(entry.model, name) if name else self.env._("Deleted"),
                self._plain(before),
                self._plain(after),
            )
            for entry, name, before, after in Entry._changes(
                self.company_id, SETTINGS, *self._moments()
            )
        ]
        columns = [
            Column(self.env._("Moment")), Column(self.env._("User")),
            Column(self.env._("Kind of Record")), Column(self.env._("Record")),
            Column(self.env._("Field")), Column(self.env._("Before")), Column(self.env._("After")),
        ]  # fmt: skip
        return self._book(*tables, more=[(self.env._("Changes"), columns, rows)])

    def _chain(self):
        entries = self._of_year("credit.audit.entry", "at", "number, id")
        rows = [
            (
                entry.number,
                self._moment(entry.at),
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
            Column(self.env._("Number"), "number"), Column(self.env._("Moment")),
            Column(self.env._("User")), Column(self.env._("Kind of Record")),
            Column(self.env._("Record")), Column(self.env._("Event")),
            Column(self.env._("What Was Sealed")), Column(self.env._("Seal Before")),
            Column(self.env._("Seal")),
        ]  # fmt: skip
        return self._book(more=[(self.env._("Entries"), columns, rows)])

    def _evidence(self):
        """The files that were sent or closed: (name in the archive, content, 1)."""
        for sheet in self._of_year("credit.kpi.sheet", "date_to"):
            content = sheet.with_context(bin_size=False).evidence
            if content:
                yield f"sheets/{sheet.id}-{sheet.evidence_name}", base64.b64decode(content), 1
        if not self.with_letters:
            return
        for message in self._of_year("credit.followup", "date"):
            for file in message._letter_file() | message.mail_message_id.attachment_ids:
                name = (file.name or "file").replace("/", "_")
                yield f"messages/{message.date}-{message.id}/{file.id}-{name}", file.raw or b"", 1

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

    # ------------------------------------------------------------------
    # Tables
    # ------------------------------------------------------------------

    def _title(self):
        return self.env._(
            "Audit of %(year)s: %(company)s", year=self.year, company=self.company_id.name
        )

    def _new_book(self):
        return Book(self.company_id.currency_id.decimal_places)

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
            return self._moment(value)
        if field.type == "boolean":
            return self.env._("Yes") if value else ""
        if field.type in ("json", "html"):
            return self._plain(value)
        return value

    def _label(self, record, name):
        labels = dict(record._fields[name]._description_selection(self.env))
        return labels.get(record[name], record[name] or "")

    def _field_label(self, model, name):
        field = self.env[model]._fields.get(name)
        return field._description_string(self.env) if field else name

    def _moment(self, moment):
        zone = self.company_id._credit_tz()
        return format_datetime(self.env, moment, tz=zone) if moment else ""

    @api.model
    def _plain(self, value):
        """A value as text; JSON stays JSON."""
        if value in (None, False, ""):
            return ""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
