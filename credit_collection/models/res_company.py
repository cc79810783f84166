from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_policy_id = fields.Many2one(
        "credit.policy",
        string="Default Credit Policy",
        domain="[('company_id', '=', id)]",
        ondelete="restrict",
        help="Applies to every customer without a policy of their own or of one of their tags.",
    )

    @api.constrains("credit_policy_id", "parent_id")
    def _check_credit_policy_id(self):
        for company in self:
            if company.credit_policy_id and company.credit_policy_id.company_id != company:
                raise ValidationError(
                    self.env._(
                        "%(policy)s is a policy of %(company)s; branches use their company's.",
                        policy=company.credit_policy_id.display_name,
                        company=company.credit_policy_id.company_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._create_default_credit_policies()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "credit_policy_id" in vals:
            self.env["credit.account"]._sync_native_limits_soon()
        return result

    def _create_default_credit_policies(self):
        """Give every root company without a default policy one; branches use their root's."""
        Policy = self.env["credit.policy"].sudo()
        for company in self.filtered(lambda c: c == c.root_id and not c.credit_policy_id):
            company.credit_policy_id = Policy.create(Policy._prepare_default_policy(company))

    @api.model
    def _credit_root_sql(self, company_alias: str) -> SQL:
        """SQL of the id of the root of the company in table alias ``company_alias``."""
        return SQL(
            "split_part(%s, '/', 1)::int",
            SQL.identifier(company_alias, "parent_path"),
        )
