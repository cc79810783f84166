from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_limitation_law_id = fields.Many2one(
        "credit.limitation.law",
        "Law of Limitation",
        index="btree_not_null",
        help="For customers without one of their own.",
    )

    def _credit_law(self):
        """The law by which this company's claims lapse: its own, its country's, else the other."""
        company = self.sudo().root_id
        Law = self.env["credit.limitation.law"].sudo()
        own = ("company_id", "in", (False, company.id))
        return (
            company.credit_limitation_law_id
            or (
                company.country_id
                and Law.search([("country_id", "=", company.country_id.id), own], limit=1)
            )
            or Law.search([("code", "=", "other"), own], limit=1)
        )
