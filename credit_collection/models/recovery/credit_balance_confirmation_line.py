from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.write_guards import without_defaults


class CreditBalanceConfirmationLine(models.Model):
    """A document of the period, a correction of earlier ones, or a row that they have."""

    _name = "credit.balance.confirmation.line"
    _description = "Row of a Balance Confirmation"
    _inherit = "credit.bounded"
    _order = "confirmation_id, date, id"

    confirmation_id = fields.Many2one(
        "credit.balance.confirmation", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="confirmation_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="confirmation_id.currency_id")
    state = fields.Selection(related="confirmation_id.state")
    kind = fields.Selection(
        [
            ("document", "Document"),
            ("correction", "Earlier periods, recorded since"),
            ("theirs", "Only in their books"),
        ],
        required=True,
        default="theirs",
    )
    move_line_id = fields.Many2one(
        "account.move.line", "Item", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    date = fields.Date(required=True)
    name = fields.Char("Document", required=True)
    debit = fields.Monetary("Invoiced")
    credit = fields.Monetary("Paid")
    contested = fields.Boolean()
    their_amount = fields.Monetary("Theirs", help="What they have for it: invoiced less paid.")
    note = fields.Char("What They Say")
    explains = fields.Monetary(compute="_compute_explains")
    dispute_id = fields.Many2one(
        "credit.dispute", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    @api.depends("contested", "their_amount", "debit", "credit", "kind")
    def _compute_explains(self):
        """How much of the difference (ours less theirs) the row explains."""
        for line in self:
            ours = line.debit - line.credit
            if line.kind == "theirs":
                line.explains = -ours
            else:
                line.explains = ours - line.their_amount if line.contested else 0.0

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                if vals.get("kind", "theirs") != "theirs" or vals.get("move_line_id"):
                    raise UserError(self.env._("Only rows of their books are added by hand."))
            self = without_defaults(self, {"confirmation_id"})
        lines = super().create(vals_list)
        lines._check_answerable()
        return lines

    def _check_answerable(self):
        if not self.env.su and any(line.state in ("confirmed", "cancelled") for line in self):
            raise UserError(self.env._("It is confirmed: nothing changes any more."))

    def write(self, vals):
        if not self.env.su:
            free = {"contested", "their_amount", "note"}
            fixed = vals.keys() - free
            if fixed and any(line.kind != "theirs" for line in self):
                raise UserError(self.env._("Its figures are frozen."))
            if {"kind", "move_line_id", "dispute_id"} & fixed:
                raise UserError(self.env._("Only rows of their books are added by hand."))
            if "confirmation_id" in vals:
                raise UserError(self.env._("Its figures are frozen."))
            self._check_answerable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_theirs(self):
        if any(line.kind != "theirs" or line.state == "confirmed" for line in self):
            raise UserError(self.env._("Its figures are frozen."))

    @api.constrains("their_amount", "contested")
    def _check_contested(self):
        for line in self:
            if line.contested and line.kind != "document":
                raise ValidationError(self.env._("Only documents are contested."))

    def _open_disputes(self):
        """A dispute on what is open of each contested invoice, over what they do not accept."""
        reason = self.env.ref("credit_collection.credit_dispute_reason_document")
        for line in self.filtered(lambda row: not row.dispute_id and row.move_line_id):
            item = line.sudo().move_line_id
            amount = min(line.explains, item.amount_residual_currency)
            if item.reconciled or item.currency_id.compare_amounts(amount, 0) <= 0:
                continue
            line.sudo().dispute_id = self.env["credit.dispute"].create(
                {
                    "account_id": line.confirmation_id.account_id.id,
                    "move_line_id": item.id,
                    "amount": amount,
                    "reason_id": reason.id,
                    "note": line.note,
                }
            )
