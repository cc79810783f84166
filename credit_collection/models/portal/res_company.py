from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_portal_link_days = fields.Integer(
        "Links Valid for (days)",
        default=60,
        help="So many days after sending, the link in a letter stops working.",
    )
    credit_portal_show_limit = fields.Boolean(
        "Show the Credit Left",
        help="Customers see on their page how much they can still buy on credit.",
    )
