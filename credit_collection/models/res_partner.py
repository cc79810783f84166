from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

GROUPS = "credit_collection.credit_collection_group_collector,sales_team.group_sale_salesman"


class ResPartner(models.Model):
    """The figures of the customer's credit file, for those who may read it; none is stored."""

    _inherit = "res.partner"

    type = fields.Selection(
        selection_add=[("collections", "Collections")], ondelete={"collections": "set default"}
    )
    credit_account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        compute="_compute_credit_account_id",
        groups=GROUPS,
        help="The file of the whole customer: contacts and addresses share it.",
    )
    credit_file_visible = fields.Boolean(compute="_compute_credit_account_id", groups=GROUPS)
    credit_exposure = fields.Monetary(compute="_compute_credit_account_id", groups=GROUPS)
    credit_available = fields.Monetary(compute="_compute_credit_account_id", groups=GROUPS)
    credit_overdue = fields.Monetary(compute="_compute_credit_account_id", groups=GROUPS)
    credit_oldest_due_date = fields.Date(compute="_compute_credit_account_id", groups=GROUPS)
    credit_unlimited = fields.Boolean(compute="_compute_credit_account_id", groups=GROUPS)
    credit_limit_label = fields.Char(compute="_compute_credit_account_id", groups=GROUPS)
    credit_on_hold = fields.Boolean(compute="_compute_credit_account_id", groups=GROUPS)

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_credit_account_id(self):
        accounts = self.env["credit.account"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.root_id.id),
            ]
        )
        by_partner = {account.partner_id: account for account in accounts}
        sees_all = self.env.user.has_group("credit_collection.credit_collection_group_collector")
        for partner in self:
            customer = partner.commercial_partner_id
            account = by_partner.get(customer, accounts.browse())
            partner.credit_account_id = account
            partner.credit_file_visible = sees_all or customer.user_id == self.env.user
            partner.credit_exposure = account.exposure
            partner.credit_available = account.available
            partner.credit_overdue = account.overdue
            partner.credit_oldest_due_date = account.oldest_due_date
            partner.credit_unlimited = account.unlimited
            partner.credit_limit_label = account.limit_label
            partner.credit_on_hold = account.on_hold

    def action_open_credit_account(self):
        """Open the customer's credit file in the current company, made when missing."""
        self.ensure_one()
        self.check_access("read")
        self.env["credit.account"].check_access("read")
        account = self.env["credit.account"]._get(self, self.env.company)
        return account.get_formview_action()

    # ------------------------------------------------------------------
    # What chooses a policy is set by who may choose one
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._credit_refuse_tags(partners.category_id)
        return partners

    def copy_data(self, default=None):
        # EXTENDS 'base': a duplicate is no reason to refuse, but no way to a policy either
        vals_list = super().copy_data(default)
        guarded = self.env["credit.policy"]._guarded_tags()
        if guarded and "category_id" not in (default or {}):
            for partner, vals in zip(self, vals_list, strict=True):
                vals["category_id"] = [Command.set((partner.category_id - guarded).ids)]
        return vals_list

    @api.model
    def _credit_refuse_tags(self, changed):
        """Raise if a tag among ``changed`` chooses a policy and the user may not."""
        refused = changed & self.env["credit.policy"]._guarded_tags()
        if refused:
            raise AccessError(
                self.env._(
                    "%(tags)s chooses a credit policy: only a credit manager can give it to a "
                    "customer or take it away.",
                    tags=", ".join(refused.mapped("display_name")),
                )
            )

    def write(self, vals):
        # EXTENDS 'base': a customer who joins another company brings the credit file along
        tags = {partner: partner.category_id for partner in self if "category_id" in vals}
        result = super().write(vals)
        for partner, before in tags.items():
            now = partner.category_id
            self._credit_refuse_tags((before | now) - (before & now))
        if {"parent_id", "is_company"} & vals.keys():
            files = self.env["credit.account"].sudo().search([("partner_id", "in", self.ids)])
            for file in files:
                if file.partner_id.commercial_partner_id != file.partner_id:
                    file._move_to(file.partner_id)
        return result
