from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit_portal_denied = fields.Boolean(
        "No Access to My Account",
        copy=False,
        groups="credit_collection.credit_collection_group_collector",
        help="This person does not see what the company owes when logged in to your portal.",
    )
