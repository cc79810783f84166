from odoo import fields, models


class CreditWriteOffReason(models.Model):
    """Why a debt is hopeless, and which documents have to say so."""

    _name = "credit.write.off.reason"
    _description = "Reason of a Write-off"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Leave empty for all companies."
    )
    kind = fields.Selection(
        [
            ("lapsed", "Limitation has passed"),
            ("liquidation", "Debtor liquidated or insolvent"),
            ("enforcement", "Enforcement failed"),
            ("trifle", "Not worth pursuing"),
            ("settlement", "Given up in a settlement"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
        help="A claim whose limitation has passed is checked against its last day.",
    )
    document_ids = fields.One2many("credit.write.off.reason.document", "reason_id", "Documents")
    tax_note = fields.Text(
        translate=True, help="What the tax office wants: relief of VAT, expense, register."
    )


class CreditWriteOffReasonDocument(models.Model):
    """A document that a reason demands."""

    _name = "credit.write.off.reason.document"
    _description = "Document Demanded by a Reason"
    _order = "sequence, id"

    reason_id = fields.Many2one(
        "credit.write.off.reason", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    required = fields.Boolean(default=True)
