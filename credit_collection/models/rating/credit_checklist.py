from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from ...tools.groups import COLLECTOR, MANAGER
from ...tools.write_guards import fields_outside

KINDS = [
    ("customer", "New customer"),
    ("contract", "Contract"),
    ("routine", "Monthly routine"),
    ("visit", "Visit"),
]
# How a visit may end; what follows from a promise or a dispute has wizards of its own.
VISITED = ("talked", "no_answer", "message", "refuses", "paid", "call_back")
# What whoever answers a check may write.
ANSWERED = {"answer", "note", "source", "attachment_id", "paper", "paper_name"}
ANSWERS = [("yes", "Yes, in order"), ("no", "No"), ("skip", "Does not apply")]


class CreditChecklist(models.Model):
    """A checklist: a template without customer, or its copy on a customer's file."""

    _name = "credit.checklist"
    _description = "Credit Checklist"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True, default="customer", index=True)
    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Empty: a template.",
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        index=True,
        precompute=True,
        help="Of a template: leave empty for all companies.",
    )
    template_id = fields.Many2one(
        "credit.checklist",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('account_id', '=', False)]",
    )
    date = fields.Date(readonly=True)
    started_by_id = fields.Many2one(
        "res.users", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    line_ids = fields.One2many("credit.checklist.line", "checklist_id", "Checks", copy=True)
    note = fields.Text()
    visit_outcome = fields.Selection(
        "_selection_visit_outcome",
        "What Came of It",
        copy=False,
        help="How the talk ended: it is logged as a contact of the desk.",
    )
    visit_partner_id = fields.Many2one(
        "res.partner",
        "Talked To",
        copy=False,
        index="btree_not_null",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    photo_ids = fields.Many2many("ir.attachment", string="Photos and Papers")
    question_count = fields.Integer("Checks to Do", compute="_compute_progress")
    answered_count = fields.Integer("Answered", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress")
    state = fields.Selection(
        [("open", "Not complete"), ("expired", "Expired"), ("complete", "Complete")],
        compute="_compute_progress",
        search="_search_state",
    )
    expires_on = fields.Date(compute="_compute_progress")

    @api.model
    def _selection_visit_outcome(self):
        outcomes = self.env["credit.contact"]._fields["outcome"]
        return [each for each in outcomes._description_selection(self.env) if each[0] in VISITED]

    @api.depends("account_id")
    def _compute_company_id(self):
        for checklist in self:
            checklist.company_id = checklist.account_id.company_id or checklist.company_id

    @api.depends("line_ids.answer", "line_ids.required", "line_ids.expires_on", "account_id")
    def _compute_progress(self):
        for checklist in self:
            today = checklist.company_id._credit_today() if checklist.company_id else False
            required = checklist.line_ids.filtered("required")
            done = required.filtered("answer")
            ends = [line.expires_on for line in done if line.expires_on]
            checklist.question_count = len(required)
            checklist.answered_count = len(done)
            checklist.progress = len(done) / len(required) if required else 1.0
            checklist.expires_on = min(ends, default=False)
            if len(done) < len(required):
                checklist.state = "open"
            elif today and ends and min(ends) < today:
                checklist.state = "expired"
            else:
                checklist.state = "complete"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        filled = self.sudo().search([("account_id", "!=", False)])
        return [("id", "in", filled.filtered(lambda x: x.state in value).ids)]

    @api.constrains("account_id", "template_id")
    def _check_template(self):
        for checklist in self:
            if checklist.template_id.account_id:
                raise ValidationError(self.env._("A template belongs to no customer."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_may_change(bool(vals.get("account_id")))
            if vals.get("account_id") and not self.env.su:
                raise AccessError(self.env._("Start a checklist from the customer's credit file."))
        return super().create(vals_list)

    def write(self, vals):
        if fields_outside(vals, ()):
            for checklist in self:
                checklist._check_may_change(bool(checklist.account_id))
            allowed = {
                "line_ids",
                "note",
                "photo_ids",
                "active",
                "visit_outcome",
                "visit_partner_id",
            }
            if not self.env.su and self.account_id and fields_outside(vals, allowed):
                raise AccessError(self.env._("Answer the checks; the rest stays as it was."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filled(self):
        if any(checklist.account_id for checklist in self) and not self.env.su:
            raise UserError(self.env._("A checklist is part of the history: archive it instead."))

    @api.model
    def _check_may_change(self, filled):
        """Collectors fill checklists, managers write the templates."""
        group = COLLECTOR if filled else MANAGER
        if not self.env.su and not self.env.user.has_group(group):
            raise AccessError(
                self.env._("Only a credit manager can change the templates of checklists.")
            )

    def _start(self, account):
        """A copy of this template on a customer's file, or the unfinished one that is there.

        :param account: ``credit.account``
        """
        self.ensure_one()
        present = (
            self.sudo()
            .search([("account_id", "=", account.id), ("template_id", "=", self.id)])
            .filtered(lambda x: x.state != "complete")
        )
        if present:
            return present[:1].with_env(self.env)
        questions = [
            Command.create(
                {
                    name: line[name]
                    for name in ("name", "sequence", "wanted", "valid_days", "required")
                }
                | {"signal_kind_id": line.signal_kind_id.id}
            )
            for line in self.sudo().line_ids
        ]
        made = self.sudo().create(
            {
                "name": self.name,
                "kind": self.kind,
                "account_id": account.id,
                "template_id": self.id,
                "date": account.company_id._credit_today(),
                "started_by_id": self.env.uid,
                "line_ids": questions,
            }
        )
        return made.with_env(self.env)

    @api.model
    def _unfinished(self, accounts):
        """Ids of the files without a complete checklist for new customers that still holds."""
        filled = self.sudo().search([("account_id", "in", accounts.ids), ("kind", "=", "customer")])
        done = filled.filtered(lambda x: x.state == "complete").account_id
        return set((accounts - done).ids)

    def action_finish_visit(self):
        """End a visit: what was answered with no raises its signal, and the visit is logged."""
        self.ensure_one()
        self.check_access("write")
        self._check_may_change(filled=True)
        if self.kind != "visit" or not self.account_id:
            raise UserError(self.env._("Only the checklist of a visit is finished so."))
        if self.state != "complete":
            raise UserError(self.env._("Answer all checks first."))
        wrong = self.line_ids.filtered(lambda x: x.answer == "no" and x.signal_kind_id)
        for line in wrong:
            self.env["credit.signal"]._report(
                self.account_id, line.signal_kind_id, line.note or line.name, "visit"
            )
        said = self.env._(
            "Visited: %(checks)s checks, not in order: %(wrong)s. %(note)s",
            checks=len(self.line_ids),
            wrong=", ".join(self.line_ids.filtered(lambda x: x.answer == "no").mapped("name"))
            or "–",
            note=self.note or "",
        )
        self.env["credit.contact"].create(
            {
                "account_id": self.account_id.id,
                "kind": "visit",
                "outcome": self.visit_outcome or "talked",
                "contact_partner_id": self.visit_partner_id.id,
                "note": said,
            }
        )
        if self.photo_ids:
            self.account_id.message_post(
                body=self.env._("Photos of the visit"), attachment_ids=self.photo_ids.ids
            )
        self.sudo().active = False
        return self.account_id.get_formview_action()


class CreditChecklistLine(models.Model):
    """One check: what is asked, where the answer should come from, and the answer."""

    _name = "credit.checklist.line"
    _description = "Check"
    _inherit = "credit.bounded"
    _credit_bounds = {"valid_days": (0, 3650)}
    _order = "checklist_id, sequence, id"

    checklist_id = fields.Many2one(
        "credit.checklist", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="checklist_id.account_id")
    company_id = fields.Many2one(related="checklist_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Check", required=True, translate=True)
    wanted = fields.Char("Where to Look", translate=True)
    valid_days = fields.Integer("Valid (days)", help="0: for good.")
    required = fields.Boolean(default=True)
    signal_kind_id = fields.Many2one(
        "credit.signal.kind",
        "Raises",
        ondelete="restrict",
        index="btree_not_null",
        help="On a visit: answering no reports this signal.",
    )
    answer = fields.Selection(ANSWERS, copy=False)
    note = fields.Char("Found", copy=False)
    source = fields.Char(copy=False)
    attachment_id = fields.Many2one(
        "ir.attachment", "Paper", copy=False, ondelete="set null", index="btree_not_null"
    )
    paper = fields.Binary(
        "File", compute="_compute_paper", inverse="_inverse_paper", help="What proves the answer."
    )
    paper_name = fields.Char(compute="_compute_paper", inverse="_inverse_paper")
    answered_on = fields.Date("Day", readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        "res.users", "Who", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    expires_on = fields.Date(compute="_compute_expires_on", store=True)

    @api.depends("answered_on", "valid_days")
    def _compute_expires_on(self):
        for line in self:
            line.expires_on = (
                fields.Date.add(line.answered_on, days=line.valid_days)
                if line.answered_on and line.valid_days
                else False
            )

    @api.depends("attachment_id")
    def _compute_paper(self):
        for line in self:
            line.paper = line.attachment_id.datas
            line.paper_name = line.attachment_id.name

    def _inverse_paper(self):
        """Keep the file as the paper of the check, whoever may read the check reads it."""
        for line in self:
            if not line.paper:
                line.attachment_id = False
            elif line.paper != line.attachment_id.datas:
                line.attachment_id = self.env["ir.attachment"].create(
                    {
                        "name": line.paper_name or line.name,
                        "datas": line.paper,
                        "res_model": line._name,
                        "res_id": line.id,
                    }
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_read_papers(vals_list)
        lines = super().create(vals_list)
        for checklist in lines.checklist_id:
            checklist._check_may_change(filled=False)
        return lines

    def write(self, vals):
        self._check_may_read_papers([vals])
        names = fields_outside(vals, ())
        filled = self.filtered("account_id")
        if not self.env.su:
            for checklist in self.checklist_id:
                checklist._check_may_change(bool(checklist.account_id))
            if filled and names - ANSWERED:
                raise AccessError(self.env._("Answer the checks; the rest stays as it was."))
        if filled and "answer" in vals:
            answered = bool(vals["answer"])
            for company, lines in filled.sudo().grouped("company_id").items():
                stamp = {
                    "answered_on": answered and company._credit_today(),
                    "answered_by_id": answered and self.env.uid,
                }
                super(CreditChecklistLine, lines).write({**vals, **stamp})
            return super(CreditChecklistLine, self - filled).write(vals) if self - filled else True
        return super().write(vals)

    @api.model
    def _check_may_read_papers(self, vals_list):
        """Odoo checks this for lists of files, not for a single one: it ends in the dossier."""
        ids = [vals["attachment_id"] for vals in vals_list if vals.get("attachment_id")]
        self.env["ir.attachment"].browse(ids).check_access("read")
