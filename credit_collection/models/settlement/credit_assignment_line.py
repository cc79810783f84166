from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.registry_cache import clear_registry_cache

STATES = [
    ("draft", "Draft"),
    ("open", "With the Factor"),
    ("paid", "Paid by the Debtor"),
    ("charged_back", "Charged Back"),
    ("undone", "Undone"),
]


class CreditAssignmentLine(models.Model):
    """A debt in the hands of a factor or buyer."""

    _name = "credit.assignment.line"
    _description = "Assigned Debt"
    _order = "assignment_id, partner_id, date_due, id"
    _rec_name = "move_line_id"

    assignment_id = fields.Many2one(
        "credit.assignment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="assignment_id.company_id", store=True, index=True)
    factor_id = fields.Many2one(
        related="assignment_id.partner_id", store=True, string="Factor", index=True
    )
    with_recourse = fields.Boolean(related="assignment_id.with_recourse", store=True)
    move_line_id = fields.Many2one(
        "account.move.line", "Item", required=True, index=True, ondelete="restrict"
    )
    document = fields.Char(compute="_compute_item", store=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", compute="_compute_item", store=True, index=True
    )
    account_id = fields.Many2one(
        "credit.account", "Credit File", compute="_compute_item", store=True, index=True
    )
    date_due = fields.Date("Due Date", compute="_compute_item", store=True)
    currency_id = fields.Many2one(related="assignment_id.currency_id", store=True)
    amount = fields.Monetary(compute="_compute_item", store=True)
    amount_company = fields.Monetary(
        "In Company Currency",
        compute="_compute_item",
        store=True,
        currency_field="company_currency_id",
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Own Currency")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, index=True
    )
    settled_on = fields.Date(readonly=True, copy=False)
    charge_back_move_id = fields.Many2one(
        "account.move", "Charged Back By", readonly=True, copy=False, index="btree_not_null"
    )

    _once = models.UniqueIndex("(assignment_id, move_line_id)", "A debt is assigned once.")
    # What is still at risk with factors: see credit.open.item._assigned_sql.
    _at_risk_idx = models.Index("(partner_id) WHERE state = 'open' AND with_recourse")

    @api.depends("move_line_id")
    def _compute_item(self):
        """What is open when the debt is chosen."""
        for line in self:
            item = line.sudo().move_line_id
            line.document = item.move_id.name or item.name
            line.partner_id = item.partner_id.commercial_partner_id
            line.account_id = (
                self.env["credit.account"]._get(item.partner_id, item.company_id).id
                if item.partner_id
                else False
            )
            line.date_due = item.date_maturity or item.date
            line.amount = item.amount_residual_currency
            line.amount_company = item.amount_residual

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any({"state", "settled_on"} & vals.keys() for vals in vals_list):
            raise AccessError(self.env._("The state of a debt follows from what is booked."))
        lines = super().create(vals_list)
        lines._check_draft()
        for line in lines:
            line._check_debt()
        clear_registry_cache(self.env)
        return lines

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("The state of a debt follows from what is booked."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        self._check_draft()

    def _check_draft(self):
        if any(line.assignment_id.state != "draft" for line in self):
            raise UserError(self.env._("A booked assignment does not change: undo it instead."))

    def _check_debt(self):
        item, assignment = self.sudo().move_line_id, self.assignment_id
        if (
            item.account_id.account_type != "asset_receivable"
            or item.parent_state != "posted"
            or item.amount_residual_currency <= 0
            or item.currency_id != assignment.currency_id
            or item.company_id.root_id != assignment.company_id
        ):
            raise ValidationError(
                self.env._(
                    "%(item)s is no open debt of a customer in %(currency)s.",
                    item=item.move_id.name or "",
                    currency=assignment.currency_id.name,
                )
            )

    @api.model
    @tools.ormcache()
    def _any(self):
        """Whether anything was ever assigned: else no query looks."""
        return bool(self.sudo().search([], limit=1))

    # ------------------------------------------------------------------
    # What becomes of a debt
    # ------------------------------------------------------------------

    def action_paid(self):
        """The debtor paid the factor: nothing is at risk any more."""
        self._settle("paid")

    def action_charge_back(self):
        """The factor charges the debt back: the customer owes it to us again, from its due date."""
        if any(not line.with_recourse for line in self):
            raise UserError(self.env._("Without recourse nothing is charged back."))
        self._settle("charged_back")
        for line in self.sudo():
            assignment, company = line.assignment_id, line.company_id
            item = line.move_line_id
            cash = company._credit_account_for("credit_assignment_cash_account_id")
            text = self.env._(
                "%(assignment)s: %(document)s charged back",
                assignment=assignment.name,
                document=line.document,
            )
            move = assignment._book(
                [
                    {
                        "account_id": item.account_id.id,
                        "partner_id": item.partner_id.id,
                        "name": text,
                        "amount_currency": line.amount,
                        "date_maturity": line.date_due,
                        # Odoo leaves entries out of follow-up unless told otherwise.
                        "no_followup": False,
                    },
                    {
                        "account_id": cash.id,
                        "partner_id": assignment.partner_id.id,
                        "name": text,
                        "amount_currency": -line.amount,
                    },
                ],
                company._credit_today(),
            )
            line.charge_back_move_id = move

    def _settle(self, state):
        self.assignment_id.check_access("write")
        self.assignment_id._check_bookkeeper()
        self.sudo().account_id._serialize()
        if any(line.state != "open" for line in self):
            raise UserError(self.env._("Only a debt that is with the factor can be settled."))
        for company, lines in self.sudo().grouped("company_id").items():
            lines.write({"state": state, "settled_on": company._credit_today()})
