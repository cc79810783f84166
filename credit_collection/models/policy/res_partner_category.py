from odoo import api, models
from odoo.exceptions import UserError


class ResPartnerCategory(models.Model):
    _inherit = "res.partner.category"

    def write(self, vals):
        # EXTENDS 'base': the same link from its other end, see res.partner
        if "partner_ids" in vals:
            self.env["res.partner"]._credit_refuse_tags(self)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_chooses_policy(self):
        chosen = (
            self.env["credit.policy"]
            .sudo()
            .with_context(active_test=False)
            .search([("category_ids", "in", self.ids)])
        )
        if chosen:
            raise UserError(
                self.env._(
                    "These tags choose the credit policy %(policies)s. Take them off the policy "
                    "first.",
                    policies=", ".join(chosen.mapped("name")),
                )
            )
