from odoo import fields, models


class CreditHoldReason(models.Model):
    _name = "credit.hold.reason"
    _description = "Reason of a Credit Decision"
    _order = "decision, sequence, id"

    name = fields.Char(required=True, translate=True)
    decision = fields.Selection(
        [("release", "Release"), ("refuse", "Refuse")], required=True, default="release"
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
