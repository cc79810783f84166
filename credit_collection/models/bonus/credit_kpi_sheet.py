import hashlib
from base64 import b64decode, b64encode

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_date

from ...core import chain
from ...tools.groups import MANAGER
from ...tools.states import next_state

TRANSITIONS = {
    ("draft", "compute"): "computed",
    ("computed", "compute"): "computed",
    ("computed", "close"): "closed",
    ("closed", "reopen"): "computed",
}
# What a manager writes by hand, and only while the sheet is not closed.
PERIOD = {"company_id", "date_from", "date_to"}
BY_HAND = {"name", "overdue_norm", "note"} | PERIOD
# Sheets that a step is writing; it lives on the cursor, out of reach of any caller.
MOVING = "credit_collection.sheet_moving"


def _exactly(value):
    """A value as it comes back from the database."""
    return round(value, 6) + 0 if isinstance(value, float) else value or None


class CreditKpiSheet(models.Model):
    """The figures and bonuses of a period; frozen, with its evidence, once it is closed."""

    _name = "credit.kpi.sheet"
    _description = "Key Figures Sheet"
    _inherit = ["mail.thread", "credit.bounded", "credit.audited"]
    _audited = (
        "company_id",
        "date_from",
        "date_to",
        "state",
        "closed_by_id",
        "closed_on",
        "evidence_checksum",
    )
    _order = "date_to desc, id desc"

    name = fields.Char(compute="_compute_name", store=True, readonly=False, precompute=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date("From", required=True, default=lambda self: self._default_period()[0])
    date_to = fields.Date("To", required=True, default=lambda self: self._default_period()[1])
    overdue_norm = fields.Float(
        "Norm of the Overdue Share",
        default=0.2,
        digits=(6, 4),
        help="For reference: how much more would have to be sold to dilute the overdue part to it.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("computed", "Computed"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many("credit.kpi.sheet.line", "sheet_id", "Lines", readonly=True)
    people_line_ids = fields.One2many(
        "credit.kpi.sheet.line",
        "sheet_id",
        "Salespeople",
        readonly=True,
        domain=[("kind", "=", "salesperson")],
    )
    leader_line_ids = fields.One2many(
        "credit.kpi.sheet.line",
        "sheet_id",
        "Team Leaders",
        readonly=True,
        domain=[("kind", "=", "leader")],
    )
    note = fields.Text("Notes")
    receivable = fields.Monetary(compute="_compute_totals")
    overdue = fields.Monetary(compute="_compute_totals")
    sales = fields.Monetary(compute="_compute_totals")
    received = fields.Monetary(compute="_compute_totals")
    bonus = fields.Monetary("Bonuses", compute="_compute_totals")
    without_base = fields.Char(
        compute="_compute_without_base", help="Schemes whose base nobody has decided yet."
    )
    control_difference = fields.Monetary(
        "Difference to the Ledger", readonly=True, copy=False, help="Open items less the balance."
    )
    computed_on = fields.Datetime(readonly=True, copy=False)
    closed_on = fields.Datetime(readonly=True, copy=False)
    closed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    evidence = fields.Binary("Evidence (XLSX)", readonly=True, copy=False, attachment=True)
    evidence_name = fields.Char(readonly=True, copy=False)
    evidence_checksum = fields.Char("Evidence SHA-256", readonly=True, copy=False)

    _period_uniq = models.UniqueIndex(
        "(company_id, date_from, date_to)", "There is a sheet for this period already."
    )

    @api.model
    def _default_month(self):
        """The month that ended last."""
        end = fields.Date.subtract(self.env.company._credit_today().replace(day=1), days=1)
        return end.replace(day=1), end

    @api.model
    def _default_period(self):
        """The first month from the first sheet on that has none; without a sheet the month that
        ended. Where all that ended have one, that is the month that runs."""
        last_first, _last_end = self._default_month()
        company = self.env.company.root_id
        sheets = self.sudo().search([("company_id", "=", company.id)], order="date_from")
        taken = [(sheet.date_from, sheet.date_to) for sheet in sheets]
        day = taken[0][0].replace(day=1) if taken else last_first
        while any(
            first <= fields.Date.end_of(day, "month") and day <= until for first, until in taken
        ):
            day = fields.Date.add(day, months=1)
        return day, fields.Date.end_of(day, "month")

    @api.depends("date_from", "date_to")
    def _compute_name(self):
        for sheet in self:
            first, last = sheet.date_from, sheet.date_to
            if first and last:
                month = first.day == 1 and last == fields.Date.end_of(first, "month")
                sheet.name = (
                    format_date(self.env, first, date_format="MMMM yyyy")
                    if month
                    else f"{format_date(self.env, first)} – {format_date(self.env, last)}"
                )

    @api.depends("line_ids.receivable", "line_ids.kind", "line_ids.bonus")
    def _compute_totals(self):
        for sheet in self:
            people = sheet.line_ids.filtered(lambda line: line.kind == "salesperson")
            for name in ("receivable", "overdue", "sales", "received"):
                sheet[name] = sum(people.mapped(name))
            sheet.bonus = sum(sheet.line_ids.mapped("bonus"))

    @api.depends("state", "line_ids.scheme_id.base_amount", "line_ids.scheme_id.base_share")
    def _compute_without_base(self):
        for sheet in self:
            schemes = sheet.line_ids.scheme_id if sheet.state == "computed" else ()
            sheet.without_base = ", ".join(s.name for s in schemes if not s._has_base())

    @api.constrains("date_from", "date_to", "company_id")
    def _check_period(self):
        for sheet in self:
            if sheet.date_to < sheet.date_from:
                raise ValidationError(self.env._("The period ends before it begins."))
            if sheet.company_id.parent_id:
                raise ValidationError(self.env._("A sheet belongs to a whole company."))

    @api.constrains("overdue_norm")
    def _check_overdue_norm(self):
        if any(not 0 < sheet.overdue_norm <= 1 for sheet in self):
            raise ValidationError(self.env._("The norm is a share above 0 and at most 100 %."))

    # ------------------------------------------------------------------
    # What is closed does not change
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self.default_get(["company_id", "date_from", "date_to"])
        for vals in vals_list:
            self._check_by_hand(vals)
            self._check_free({**defaults, **vals})
        return super().create(vals_list)

    def write(self, vals):
        moving = self.env.cr.cache.get(MOVING, ())
        self.filtered(lambda sheet: sheet.id not in moving)._check_write(vals)
        return super().write(vals)

    def _check_write(self, vals):
        """What may be written by hand into these sheets, and when."""
        by_hand = {key for key in vals if not key.startswith(("message_", "activity_"))}
        if by_hand and any(sheet.state == "closed" for sheet in self):
            raise UserError(self.env._("This sheet is closed. Reopen it to change anything."))
        if self:
            self._check_by_hand(by_hand)
        if by_hand & PERIOD and any(sheet.state != "draft" for sheet in self):
            raise UserError(self.env._("The period of a computed sheet does not change."))
        if by_hand & PERIOD:
            for sheet in self:
                own = {"date_from": sheet.date_from, "date_to": sheet.date_to}
                self._check_free({"company_id": sheet.company_id.id, **own, **vals}, sheet)

    @api.model
    def _check_free(self, vals, sheet=None):
        """Say so kindly, before the unique index does."""
        domain = [(name, "=", vals.get(name)) for name in PERIOD]
        if sheet:
            domain.append(("id", "!=", sheet.id))
        if self.search_count(domain, limit=1):
            raise ValidationError(self.env._("There is a sheet for this period already."))

    @api.model
    def _check_by_hand(self, names):
        strange = {
            name
            for name in names
            if name not in BY_HAND and not name.startswith(("message_", "activity_"))
        }
        if strange:
            raise UserError(
                self.env._("The figures and the state of a sheet come from computing and closing.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        if any(sheet.state == "closed" for sheet in self):
            raise UserError(self.env._("A closed sheet is kept. Reopen it to delete it."))

    def _move(self, action, **vals):
        """Take the step ``action`` of ``TRANSITIONS``; the only way to another state."""
        for sheet in self:
            state = next_state(sheet, TRANSITIONS, action)
            # What is frozen is written before it freezes.
            moving = self.env.cr.cache.setdefault(MOVING, set())
            moving.add(sheet.id)
            try:
                sheet.write(vals)
                sheet.write({"state": state})
            finally:
                moving.discard(sheet.id)

    def _check_manager(self):
        self.check_access("write")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a credit manager works on sheets."))

    def _audit_values(self):
        # EXTENDS credit.audited: a digest of all that the lines say
        values = super()._audit_values()
        figures = [
            [name, _exactly(line[name])]
            for line in self.line_ids.sorted("id")
            for name, field in sorted(line._fields.items())
            if field.store and field.type in ("monetary", "float", "json", "char")
        ]
        values["lines"] = hashlib.sha256(chain.canonical(figures).encode()).hexdigest()
        return values

    def _is_audited(self):
        # EXTENDS credit.audited: from the first closing on
        self.ensure_one()
        return super()._is_audited() and bool(self.closed_on)

    # ------------------------------------------------------------------
    # Compute, close, reopen
    # ------------------------------------------------------------------

    def _closing_day(self):
        """The day whose receivables count: the last of the period, at most today."""
        self.ensure_one()
        return min(self.date_to, self.company_id._credit_today())

    def action_compute(self):
        """Compute the lines, again if they were computed before."""
        self._check_manager()
        for sheet in self.sudo():
            sheet._move("compute", computed_on=fields.Datetime.now())
            self.env["credit.kpi.evidence"].sudo()._keep(sheet)
            self.env["credit.kpi.sheet.line"].sudo()._rebuild(sheet)
            difference = self.env["credit.kpi.evidence"].sudo()._control_difference(sheet)
            sheet._move("compute", control_difference=difference)

    def action_close(self):
        """Freeze the sheet and attach the workbook of what it rests on."""
        self._check_manager()
        for sheet in self.sudo():
            if sheet.date_to >= sheet.company_id._credit_today():
                raise UserError(self.env._("The period is not over yet."))
            content = sheet.env["credit.kpi.xlsx"]._build(sheet, evidence=True)
            sheet._move(
                "close",
                closed_on=fields.Datetime.now(),
                closed_by_id=self.env.uid,
                evidence=b64encode(content),
                evidence_name=f"kpi-{sheet.date_from}-{sheet.date_to}.xlsx",
                evidence_checksum=hashlib.sha256(content).hexdigest(),
            )

    def action_reopen(self, reason=None):
        """Make a closed sheet changeable again; the reason stays in its history.

        :param str reason: required
        """
        self._check_manager()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the sheet is reopened."))
        for sheet in self:
            checksum = sheet.evidence_checksum
            content = sheet.sudo().with_context(bin_size=False).evidence
            name = sheet.evidence_name or "evidence.xlsx"
            sheet.sudo()._move("reopen")
            sheet.message_post(
                # The next closing writes evidence of its own; what was closed before stays here.
                attachments=[(name, b64decode(content))] if content else [],
                body=self.env._(
                    "Reopened by %(who)s: %(reason)s (evidence was %(checksum)s)",
                    who=self.env.user.name,
                    reason=reason,
                    checksum=checksum,
                ),
            )

    def action_open_reopen(self):
        """Ask for the reason."""
        self.ensure_one()
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reopen"),
            "res_model": "credit.kpi.sheet.reopen",
            "view_mode": "form",
            "target": "new",
            "context": {"default_sheet_id": self.id},
        }

    def action_open_evidence(self):
        """The rows behind the whole sheet."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.kpi.evidence",
            "view_mode": "list,pivot",
            "domain": [("sheet_id", "=", self.id)],
            "name": self.env._("Evidence"),
        }

    def action_export(self):
        """Download the sheet as a workbook."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/credit_collection/kpi.xlsx?sheet={self.id}",
            "target": "download",
        }

    def action_simulate(self):
        """Try other norms."""
        self.ensure_one()
        self.check_access("read")
        simulation = self.env["credit.bonus.simulation"].create({"sheet_id": self.id})
        return simulation._action()
