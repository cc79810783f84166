from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # EXTENDS 'base': merge the credit files first, or those of the merged contacts would be
        # deleted with their whole history; whose limit counts is not chosen by merging
        owner = dst_partner.commercial_partner_id
        for partner in src_partners:
            if partner.commercial_partner_id != owner:
                orders = partner._credit_brings_orders()
                partner._credit_refuse_move(partner._credit_heavy_files() or orders)
        files = self.env["credit.account"].sudo().search([("partner_id", "in", src_partners.ids)])
        files._move_to(dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
