import base64
import io
import logging
import zipfile

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.groups import MANAGER
from ...tools.jobs import wake

_logger = logging.getLogger(__name__)


# The workbooks in their order; after them come the files that were sent, and the index.
BOOKS = ("decisions", "messages", "promises", "sheets", "policies", "others", "chain")


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
