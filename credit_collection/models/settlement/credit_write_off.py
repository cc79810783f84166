from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools.misc import format_date

from ...tools.bounds import AMOUNT
from ...tools.groups import COLLECTOR, MANAGER, OFFICER
from ...tools.readers import for_reader


class CreditWriteOff(models.Model):
    """Debts given up, with reason, documents and authority; afterwards the register of them.

    Nothing is deleted: what was written off is watched for some years, and money that comes after
    all is income.
    """

    _name = "credit.write.off"
    _description = "Write-off"
    _inherit = ["credit.file.document", "credit.audited"]
    _audited = (
        "account_id",
        "date",
        "reason_id",
        "amount",
        "state",
        "asked_by_id",
        "approved_by_id",
        "second_approved_by_id",
        "move_id",
        "watch_until",
        "recovered",
    )
    _order = "date desc, id desc"
    _sequence = "credit.write.off"
    _credit_bounds = {"recovery_amount": AMOUNT}
    _results = frozenset(
        {
            "asked_by_id",
            "approved_by_id",
            "second_approved_by_id",
            "approved_on",
            "move_id",
            "recovered",
            "recovery_move_ids",
        }
    )
    _transitions = {
        ("draft", "ask"): "asked",
        ("asked", "first"): "asked",
        ("asked", "approve"): "approved",
        ("asked", "refuse"): "refused",
        ("refused", "again"): "draft",
        ("approved", "post"): "posted",
        ("posted", "recover"): "posted",
        ("posted", "close"): "closed",
    }

    date = fields.Date(
        required=True,
        default=lambda self: self.env.company._credit_today(),
        help="The day of the entry.",
    )
    reason_id = fields.Many2one(
        "credit.write.off.reason", required=True, ondelete="restrict", tracking=True, index=True
    )
    reason_kind = fields.Selection(related="reason_id.kind", string="Kind of Reason")
    tax_note = fields.Text(compute="_compute_tax_note", help="By the country of the company.")
    line_ids = fields.One2many("credit.write.off.line", "write_off_id", "Items")
    document_ids = fields.One2many("credit.write.off.document", "write_off_id", "Documents")
    amount = fields.Monetary(
        compute="_compute_amount", store=True, currency_field="company_currency_id"
    )
    missing_documents = fields.Char(compute="_compute_missing_documents")
    note = fields.Text("What Was Tried")
    asked_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null")
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null")
    second_approved_by_id = fields.Many2one(
        "res.users", "Second Approval", readonly=True, copy=False, index="btree_not_null"
    )
    approved_on = fields.Datetime(readonly=True, copy=False)
    move_id = fields.Many2one(
        "account.move",
        "Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    watch_until = fields.Date(tracking=True, help="Until then signs of new money are looked at.")
    signs = fields.Char("Signs of New Money", compute="_compute_signs")
    recovery_amount = fields.Monetary(
        "Recovered Now", currency_field="company_currency_id", help="For the button Recovered."
    )
    recovered = fields.Monetary(
        readonly=True, copy=False, currency_field="company_currency_id", tracking=True
    )
    recovery_move_ids = fields.Many2many(
        "account.move",
        "credit_write_off_recovery_rel",
        "write_off_id",
        "move_id",
        string="Recovery Entries",
        readonly=True,
        copy=False,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("asked", "To Approve"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("posted", "Written Off"),
            ("closed", "No Longer Watched"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )

    @api.depends("line_ids.amount_company")
    def _compute_amount(self):
        for write_off in self:
            write_off.amount = sum(write_off.line_ids.mapped("amount_company"))

    @api.depends("reason_id", "account_id")
    @api.depends_context("lang")
    def _compute_tax_note(self):
        for write_off in self:
            country = write_off.company_id.country_id
            write_off.tax_note = write_off.reason_id and write_off.reason_id._tax_note(country)

    @api.depends("document_ids.attachment_ids", "document_ids.required")
    def _compute_missing_documents(self):
        for write_off in self:
            missing = write_off.document_ids.filtered(
                lambda document: document.required and not document.attachment_ids
            )
            write_off.missing_documents = ", ".join(missing.mapped("name"))

    def _compute_signs(self):
        """What happened with the customer since the write-off: payments and orders."""
        for write_off in self:
            write_off.signs = write_off._signs() if write_off.state == "posted" else ""

    def _signs(self):
        self.ensure_one()
        own = self.sudo()
        since = own.move_id.date or own.date
        mine = ("partner_id", "child_of", own.partner_id.id)
        paid = (
            self.env["account.payment"]
            .sudo()
            .search_count(
                [
                    mine,
                    ("payment_type", "=", "inbound"),
                    ("date", ">", since),
                    ("state", "in", ("in_process", "paid")),
                    ("company_id", "child_of", own.company_id.id),
                ]
            )
        )
        ordered = (
            self.env["sale.order"]
            .sudo()
            .search_count(
                [
                    mine,
                    ("state", "=", "sale"),
                    ("date_order", ">", since),
                    ("company_id", "child_of", own.company_id.id),
                ]
            )
        )
        signs = []
        if paid:
            signs.append(self.env._("Payments since: %s", paid))
        if ordered:
            signs.append(self.env._("Orders since: %s", ordered))
        return ", ".join(signs)

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for write_off in self:
            write_off.display_name = f"{write_off.name} {write_off.partner_id.name or ''}"

    @api.model_create_multi
    def create(self, vals_list):
        write_offs = super().create(vals_list)
        write_offs._demand_documents()
        return write_offs

    def write(self, vals):
        self._check_by_hand(vals)
        if not self.env.su and any(w.state not in ("draft", "posted") for w in self):
            if vals.keys() - {"note", "watch_until"} and not all(
                name.startswith(("message_", "activity_")) for name in vals
            ):
                raise UserError(self.env._("It waits for a decision: it does not change now."))
        if not self.env.su and {"line_ids", "date", "reason_id"} & vals.keys():
            if any(w.state != "draft" for w in self):
                raise UserError(self.env._("Items, day and reason are those that were decided."))
        result = super().write(vals)
        if "reason_id" in vals:
            self._demand_documents()
        return result

    def _demand_documents(self):
        """List the documents that the reason demands; what was given stays, what only another
        reason demanded goes."""
        for write_off in self.sudo():
            wanted = set(write_off.reason_id.document_ids.mapped("name"))
            write_off.document_ids.filtered(
                lambda each, wanted=wanted: (
                    each.demanded and not each.attachment_ids and each.name not in wanted
                )
            ).unlink()
            given = set(write_off.document_ids.mapped("name"))
            write_off.document_ids = [
                Command.create(
                    {
                        "name": demanded.name,
                        "required": demanded.required,
                        "demanded": demanded.required,
                    }
                )
                for demanded in write_off.reason_id.document_ids
                if demanded.name not in given
            ]

    def action_add_items(self):
        """Add all that the customer owes and is overdue."""
        self._check_role(COLLECTOR)
        for write_off in self:
            there = write_off.line_ids.move_line_id
            items = write_off.account_id._open_items().filtered(
                lambda item, there=there: item.is_overdue and item.move_line_id not in there
            )
            write_off.line_ids = [
                Command.create({"move_line_id": item.move_line_id.id}) for item in items
            ]

    # ------------------------------------------------------------------
    # Decision
    # ------------------------------------------------------------------

    def action_ask(self):
        """Ask for the decision; all documents must be there."""
        self._check_role(COLLECTOR)
        for write_off in self:
            write_off._check_ready()
            write_off._move("ask", {"asked_by_id": self.env.uid})
            approver = write_off._approver()
            told = for_reader(write_off.sudo(), approver)
            told.activity_schedule(
                "credit_collection.mail_activity_write_off",
                user_id=approver.id,
                date_deadline=write_off.company_id._credit_today(),
                summary=told.env._(
                    "Decide on a write-off of %s",
                    told.company_currency_id.format(write_off.amount),
                ),
            )

    def _check_ready(self):
        if not self.line_ids or self.amount <= 0:
            raise UserError(self.env._("Say which items are written off."))
        if self.missing_documents:
            raise UserError(self.env._("These documents are missing: %s.", self.missing_documents))
        if self.reason_kind == "lapsed":
            self._check_lapsed()

    def _check_lapsed(self):
        """Limitation as a reason holds only for claims that have lapsed."""
        clocks = (
            self.env["credit.limitation"]
            .sudo()
            .search([("move_line_id", "in", self.line_ids.move_line_id.ids)])
        )
        alive = clocks.filtered(lambda row: not row.last_day or row.last_day >= self.date)
        if alive:
            raise UserError(
                self.env._(
                    "Limitation has not passed yet for: %s.",
                    ", ".join(alive.move_id.mapped("name")),
                )
            )

    def _approver(self):
        """Who may decide on it and is told first: the policy's officer, else a manager."""
        officer = self.account_id.sudo().effective_policy_id.responsible_id
        company = self.company_id
        if officer and officer._has_credit_authority(self.amount, company.currency_id, company):
            return officer
        return self.account_id.sudo()._followup_fallback_user()

    def action_approve(self):
        """Approve; above the company's amount a second, other person has to approve too."""
        self._check_role(OFFICER)
        for write_off in self:
            write_off._check_authority()
            company = write_off.company_id
            limit = company.sudo().credit_write_off_second_amount
            two = limit > 0 and write_off.amount > limit
            now = fields.Datetime.now()
            if two and not write_off.approved_by_id:
                write_off._move("first", {"approved_by_id": self.env.uid, "approved_on": now})
                continue
            if two and write_off.approved_by_id == self.env.user:
                raise AccessError(self.env._("A second person has to approve this amount."))
            by = "second_approved_by_id" if two else "approved_by_id"
            write_off._move("approve", {by: self.env.uid, "approved_on": now})
            write_off.sudo().activity_unlink(["credit_collection.mail_activity_write_off"])

    def _check_authority(self):
        company = self.company_id
        user = self.env.user
        if not user._has_credit_authority(self.amount, company.currency_id, company):
            raise AccessError(
                self.env._(
                    "%s is beyond your authority.",
                    self.company_currency_id.format(self.amount),
                )
            )
        if self.asked_by_id == user and not user.has_group(MANAGER):
            raise AccessError(self.env._("Nobody approves what they asked for themselves."))

    def action_refuse(self):
        """Refuse: the debt is pursued further."""
        self._check_role(OFFICER)
        for write_off in self:
            write_off._move("refuse", {"approved_by_id": False, "approved_on": False})
            write_off.sudo().activity_unlink(["credit_collection.mail_activity_write_off"])

    def action_draft(self):
        """Take it up again after a refusal."""
        self._check_role(COLLECTOR)
        self._move("again")

    def action_close(self):
        """Stop watching."""
        self._check_role(OFFICER)
        for write_off in self:
            today = write_off.company_id._credit_today()
            if write_off.watch_until and write_off.watch_until > today:
                raise UserError(
                    self.env._(
                        "It is watched until %s: change that day first.",
                        format_date(self.env, write_off.watch_until),
                    )
                )
            write_off._move("close")

    def _watch_end(self, day):
        years = self.company_id.sudo().credit_watch_years
        return day + relativedelta(years=years)
