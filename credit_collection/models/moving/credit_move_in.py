from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.environment import without_caller_context
from ...tools.groups import MANAGER
from ...tools.states import next_state

SOURCES = [
    ("oca_credit_control", "OCA Account Credit Control"),
    ("oca_financial_risk", "OCA Financial Risk"),
    ("native", "Odoo's own credit limits"),
    ("xlsx", "A spreadsheet"),
]
TRANSITIONS = {
    ("draft", "preview"): "previewed",
    ("previewed", "preview"): "previewed",
    ("previewed", "take"): "done",
    ("done", "undo"): "undone",
}
STATES = [
    ("draft", "New"),
    ("previewed", "Previewed"),
    ("done", "Taken Over"),
    ("undone", "Undone"),
]


class CreditMoveIn(models.Model):
    """Moving in from elsewhere: first a preview that says what will not be taken and why, then
    the taking, and the way back."""

    _name = "credit.move.in"
    _description = "Moving In"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "source"

    source = fields.Selection(SOURCES, required=True, default="xlsx", tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    file = fields.Binary("Spreadsheet", attachment=True)
    file_name = fields.Char()
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, tracking=True
    )
    line_ids = fields.One2many("credit.move.in.line", "move_in_id", "What Is There", readonly=True)
    taken_count = fields.Integer("To Take", compute="_compute_counts")
    left_count = fields.Integer("Not Taken", compute="_compute_counts")
    done_on = fields.Datetime("Taken On", readonly=True, copy=False)
    done_by_id = fields.Many2one(
        "res.users",
        "Taken By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.depends("source", "file_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        titles = dict(self._fields["source"]._description_selection(self.env))
        for record in self:
            names = (titles.get(record.source), record.source == "xlsx" and record.file_name)
            record.display_name = ": ".join(filter(None, names))

    @api.depends("line_ids.why_not")
    def _compute_counts(self):
        counts = {}
        for record, why, count in self.env["credit.move.in.line"]._read_group(
            [("move_in_id", "in", self.ids)], ["move_in_id", "taken"], ["__count"]
        ):
            counts[record.id, why] = count
        for record in self:
            record.taken_count = counts.get((record.id, True), 0)
            record.left_count = counts.get((record.id, False), 0)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_manager()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and {"state", "done_on", "done_by_id", "line_ids"} & vals.keys():
            raise AccessError(self.env._("Use the buttons Preview, Take Over and Undo."))
        if {"source", "company_id", "file"} & vals.keys():
            if any(record.state not in ("draft", "previewed") for record in self):
                raise UserError(self.env._("What was taken over does not change: make a new one."))
            self.sudo().line_ids.unlink()
            self.sudo().filtered(lambda r: r.state == "previewed").state = "draft"
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_nothing_taken(self):
        if any(record.state in ("done", "undone") for record in self):
            raise UserError(self.env._("What was taken over is kept: undo it instead."))

    def _check_manager(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a credit manager can take over data."))

    def _move(self, action):
        """Take this record (sudo) through one transition of the table."""
        for record in self:
            target = next_state(record, TRANSITIONS, action)
            record.state = target

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_preview(self):
        """List what is there, what would be taken, and what not and why; nothing is changed."""
        self.ensure_one()
        self.check_access("write")
        self._check_manager()
        record = without_caller_context(self.sudo(), self.company_id)
        record._move("preview")
        record.line_ids.unlink()
        found = getattr(record, f"_read_{record.source}")()
        self.env["credit.move.in.line"].sudo().create(
            [{"move_in_id": record.id, "sequence": n, **vals} for n, vals in enumerate(found, 1)]
        )

    def action_take(self):
        """Take over what the preview lists, all of it or nothing."""
        self.ensure_one()
        self.check_access("write")
        self._check_manager()
        record = without_caller_context(self.sudo(), self.company_id)
        record._move("take")
        made = {}
        for line in record.line_ids.filtered("taken"):
            line._take(made)
        record.write({"done_on": fields.Datetime.now(), "done_by_id": self.env.uid})
        record.message_post(
            body=self.env._(
                "Taken over: %(taken)s. Not taken: %(left)s.",
                taken=record.taken_count,
                left=record.left_count,
            )
        )

    def action_undo(self):
        """Put everything back as it was before, as far as nobody changed it since."""
        self.ensure_one()
        self.check_access("write")
        self._check_manager()
        record = without_caller_context(self.sudo(), self.company_id)
        record._move("undo")
        for line in record.line_ids.filtered("taken").sorted("sequence", reverse=True):
            line._undo()

    def action_template(self):
        """The spreadsheet to fill in."""
        self._check_manager()
        return {
            "type": "ir.actions.act_url",
            "url": "/credit_collection/move-in.xlsx",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # What the readers share
    # ------------------------------------------------------------------

    def _found(self, kind, what, values=None, why_not=None, partner=None, note=None):
        """One line of the preview, as values."""
        return {
            "kind": kind,
            "what": what,
            "values": values or {},
            "taken": not why_not,
            "why_not": why_not,
            "note": note,
            "partner_id": partner.id if partner else False,
        }

    def _source_model(self, name):
        """A model of the other add-on (sudo).

        :raises UserError: the add-on is not installed here
        """
        if name not in self.env:
            raise UserError(
                self.env._(
                    "This add-on is not installed in this database: there is nothing to read."
                )
            )
        return self.env[name].sudo().with_context(active_test=False)

    def _file_of(self, partner):
        """The credit file (sudo) of a customer, made when missing."""
        return self.env["credit.account"]._get(partner, self.company_id).sudo()

    def _of_company(self, partner):
        """Whether a customer may have a file in the company."""
        return not partner.company_id or partner.company_id.root_id == self.company_id
