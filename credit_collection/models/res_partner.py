from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit_account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        compute="_compute_credit_account_id",
        groups="credit_collection.credit_collection_group_collector,sales_team.group_sale_salesman",
        help="The file of the whole customer: contacts and addresses share it.",
    )
    credit_exposure = fields.Monetary(
        compute="_compute_credit_account_id",
        groups="credit_collection.credit_collection_group_collector,sales_team.group_sale_salesman",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_credit_account_id(self):
        accounts = self.env["credit.account"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.root_id.id),
            ]
        )
        by_partner = {account.partner_id: account for account in accounts}
        for partner in self:
            account = by_partner.get(partner.commercial_partner_id, accounts.browse())
            partner.credit_account_id = account
            partner.credit_exposure = account.exposure

    def action_open_credit_account(self):
        """Open the customer's credit file in the current company, made when missing."""
        self.ensure_one()
        self.check_access("read")
        self.env["credit.account"].check_access("read")
        account = self.env["credit.account"]._get(self, self.env.company)
        return account.get_formview_action()
