from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.bounds import AMOUNT
from ...tools.papers import claim_papers
from ...tools.write_guards import without_defaults


class CreditWriteOffLine(models.Model):
    """An item, or a part of it, that is given up."""

    _name = "credit.write.off.line"
    _description = "Item of a Write-off"
    _inherit = "credit.bounded"
    _credit_bounds = {"amount": AMOUNT}

    write_off_id = fields.Many2one(
        "credit.write.off", required=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="write_off_id.account_id")
    partner_id = fields.Many2one(related="write_off_id.partner_id")
    company_id = fields.Many2one(related="write_off_id.company_id", store=True, index=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    state = fields.Selection(related="write_off_id.state")
    move_line_id = fields.Many2one(
        "account.move.line", "Item", required=True, index=True, ondelete="restrict"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    date_due = fields.Date(related="move_line_id.date_maturity", string="Due Date")
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    residual = fields.Monetary(related="move_line_id.amount_residual_currency", string="Open")
    amount = fields.Monetary(
        "Written Off", compute="_compute_amount", store=True, readonly=False, precompute=True
    )
    amount_company = fields.Monetary(
        "In Company Currency",
        compute="_compute_amount_company",
        store=True,
        currency_field="company_currency_id",
    )

    _item_once = models.UniqueIndex(
        "(write_off_id, move_line_id)", "An item stands in a write-off once."
    )

    @api.depends("move_line_id")
    def _compute_amount(self):
        for line in self:
            line.amount = line.amount or line.sudo().move_line_id.amount_residual_currency

    @api.depends("amount", "move_line_id")
    def _compute_amount_company(self):
        for line in self:
            item = line.sudo().move_line_id
            whole = item.amount_residual_currency
            share = line.amount / whole if whole else 0.0
            line.amount_company = item.company_currency_id.round(item.amount_residual * share)

    @api.constrains("move_line_id", "amount")
    def _check_item(self):
        for line in self:
            if not line.write_off_id._own_items(line.move_line_id):
                raise ValidationError(
                    self.env._("Only what this customer owes can be written off.")
                )
            item = line.sudo().move_line_id
            if line.state == "draft" and (
                line.amount <= 0
                or item.currency_id.compare_amounts(line.amount, item.amount_residual_currency) > 0
            ):
                raise ValidationError(
                    self.env._(
                        "%(item)s: between zero and the %(open)s that are open.",
                        item=item.move_id.name,
                        open=item.currency_id.format(item.amount_residual_currency),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        self._check_draft()
        result = super().write(vals)
        self._check_draft()
        return result

    def _check_draft(self):
        """Nothing joins or leaves what somebody decides or has decided on."""
        if not self.env.su and any(line.state != "draft" for line in self):
            raise UserError(self.env._("Items, day and reason are those that were decided."))

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if any(line.state != "draft" for line in self):
            raise UserError(self.env._("Items, day and reason are those that were decided."))


class CreditWriteOffDocument(models.Model):
    """A document that the reason demands, with what was given."""

    _name = "credit.write.off.document"
    _description = "Document of a Write-off"

    write_off_id = fields.Many2one(
        "credit.write.off", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="write_off_id.company_id", store=True, index=True)
    name = fields.Char(required=True)
    required = fields.Boolean(default=True)
    demanded = fields.Boolean(
        readonly=True, copy=False, help="By the reason: it cannot be left out."
    )
    state = fields.Selection(related="write_off_id.state")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "credit_write_off_document_rel",
        "document_id",
        "attachment_id",
        string="Files",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self = without_defaults(self, {"write_off_id", "name", "required", "attachment_ids"})
            if any("demanded" in vals for vals in vals_list):
                raise AccessError(self.env._("The reason says which documents are demanded."))
        documents = super().create(vals_list)
        documents._check_open()
        claim_papers(documents, "attachment_ids")
        return documents

    def write(self, vals):
        self._check_open()
        if not self.env.su:
            fixed = {"name", "required", "write_off_id"} & vals.keys()
            if "demanded" in vals or (fixed and any(each.demanded for each in self)):
                raise AccessError(self.env._("The reason says which documents are demanded."))
        given = {document: document.attachment_ids for document in self}
        result = super().write(vals)
        if "attachment_ids" in vals:
            claim_papers(self, "attachment_ids")
            self._check_kept(given)
        return result

    def _check_open(self):
        """Papers come while it is worked on, and into the register afterwards."""
        if not self.env.su and any(each.state not in ("draft", "posted") for each in self):
            raise UserError(self.env._("It waits for a decision: it does not change now."))

    def _check_kept(self, given):
        """What was decided on the strength of papers keeps them; more may be added."""
        if not self.env.su and any(
            each.state == "posted" and given[each] - each.attachment_ids for each in self
        ):
            raise UserError(self.env._("The papers of a decision stay with it."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_demanded(self):
        if self.env.su:
            return
        self._check_open()
        if any(each.demanded or each.state == "posted" for each in self):
            raise UserError(self.env._("The reason says which documents are demanded."))
