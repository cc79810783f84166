from odoo import api, fields, models


class CreditMarketFactor(models.Model):
    """How the market of a segment stands: limits of last year may not be reasonable any more."""

    _name = "credit.market.factor"
    _description = "Market Factor"
    _inherit = ["mail.thread", "credit.bounded"]
    _credit_bounds = {"factor": (0, 2)}
    _order = "date_from desc, id desc"
    _rec_name = "reason"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    date_from = fields.Date(required=True, default=lambda self: self.env.company._credit_today())
    date_to = fields.Date()
    category_id = fields.Many2one(
        "res.partner.category", "Customer Tag", ondelete="cascade", index="btree_not_null"
    )
    industry_id = fields.Many2one(
        "res.partner.industry", ondelete="cascade", index="btree_not_null"
    )
    country_id = fields.Many2one("res.country", ondelete="cascade", index="btree_not_null")
    factor = fields.Float(
        "Multiplier",
        required=True,
        default=1.0,
        digits=(5, 2),
        tracking=True,
        help="Proposed limits are multiplied by this: 0.7 when demand fell by 30 %.",
    )
    reason = fields.Char(required=True, tracking=True)

    _dates = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "It cannot end before it begins."
    )

    @api.model
    def _of(self, accounts, company, today):
        """The factor of each file's market: ``{account id: factor}``; the lowest that fits."""
        factors = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("date_from", "<=", today),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", today),
            ]
        )
        found = {}
        for account in accounts if factors else ():
            fitting = factors.filtered(lambda x, p=account.partner_id: x._fits(p))
            if fitting:
                found[account.id] = min(fitting, key=lambda x: x.factor)
        return found

    def _fits(self, partner):
        self.ensure_one()
        return (
            (not self.category_id or self.category_id in partner.category_id)
            and (not self.industry_id or self.industry_id == partner.industry_id)
            and (not self.country_id or self.country_id == partner.country_id)
        )
