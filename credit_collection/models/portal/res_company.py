from odoo import api, fields, models
from odoo.exceptions import ValidationError

LINK_DAYS = range(1, 366)


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

    @api.constrains("credit_portal_link_days")
    def _check_credit_portal_link_days(self):
        for company in self:
            if company.credit_portal_link_days not in LINK_DAYS:
                raise ValidationError(
                    self.env._(
                        "Links in letters are valid for %(least)s to %(most)s days.",
                        least=LINK_DAYS[0],
                        most=LINK_DAYS[-1],
                    )
                )
