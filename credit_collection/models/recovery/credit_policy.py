from odoo import fields, models


class CreditPolicy(models.Model):
    """When cheques and notes of a policy's customers count as money."""

    _inherit = "credit.policy"

    instruments_on_receipt = fields.Boolean(
        "Cheques Count on Receipt",
        tracking=True,
        help="A cheque or note that is booked lowers the exposure at once. Off: when it clears. "
        "Those received before keep what was said then.",
    )
