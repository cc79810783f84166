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
    tax_note_ids = fields.One2many("credit.write.off.tax.note", "reason_id", "By Country")

    def _tax_note(self, country):
        """What the tax office of a country wants, else what is usual."""
        self.ensure_one()
        own = self.tax_note_ids.filtered(lambda each: each.country_id == country)
        return own[:1].note or self.tax_note


class CreditWriteOffTaxNote(models.Model):
    """What the tax office of one country wants for a reason; shipped ones are to be checked."""

    _name = "credit.write.off.tax.note"
    _description = "Tax Note of a Country"
    _order = "reason_id, country_id, id"
    _rec_name = "country_id"

    reason_id = fields.Many2one(
        "credit.write.off.reason", required=True, index=True, ondelete="cascade"
    )
    country_id = fields.Many2one("res.country", required=True, index=True, ondelete="cascade")
    note = fields.Text(required=True, translate=True)

    _country_uniq = models.UniqueIndex(
        "(reason_id, country_id)", "This country has its note already."
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
