from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

BY_ACTION_ONLY = {
    "manual_hold",
    "manual_hold_reason",
    "partner_id",
    "company_id",
    "check_count",
    "rating_id",
    "grade_id",
    "behaviour_class",
    "size_class",
    "newcomer_on",
    "newcomer_findings",
    "statement_sent_on",
    "came_from_id",
    "followup_planned_on",
}


class CreditAccount(models.Model):
    _name = "credit.account"
    _description = "Credit File"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.bounded"]
    _order = "id desc"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id"]

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    salesperson_id = fields.Many2one(related="partner_id.user_id")
    policy_id = fields.Many2one(
        "credit.policy",
        "Own Policy",
        domain="[('company_id', '=', company_id)]",
        ondelete="restrict",
        tracking=True,
        help="Leave empty to use the policy of the customer's tags or of the company.",
        index="btree_not_null",
    )
    manual_hold = fields.Boolean(
        readonly=True,
        tracking=True,
        help="Every new order and delivery is held until somebody lifts this. It never ends by "
        "itself.",
    )
    manual_hold_reason = fields.Char("Hold Reason", readonly=True, tracking=True)
    collector_id = fields.Many2one(
        "res.users", domain=lambda self: self._collector_domain(), tracking=True, index=True
    )
    followup_paused_until = fields.Date("Follow-up Paused Until", tracking=True)
    review_date = fields.Date("Next Review", tracking=True)
    note = fields.Html("Internal Notes")
    check_count = fields.Integer(
        "Checks",
        readonly=True,
        copy=False,
        help="Counts the decisions made on this file. Raising it inside a decision makes "
        "PostgreSQL refuse a second decision on the same file at the same time.",
    )

    _partner_company_uniq = models.UniqueIndex(
        "(partner_id, company_id)", "A customer has only one credit file per company."
    )

    @api.constrains("partner_id", "company_id")
    def _check_owner(self):
        for account in self:
            if account.company_id.parent_id:
                raise ValidationError(
                    self.env._("A credit file belongs to a whole company, not to a branch.")
                )
            if account.partner_id != account.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(customer)s: the credit file is the "
                        "customer's.",
                        contact=account.partner_id.display_name,
                        customer=account.partner_id.commercial_partner_id.display_name,
                    )
                )

    @api.constrains("policy_id", "company_id")
    def _check_policy(self):
        for account in self:
            if account.policy_id and account.policy_id.company_id != account.company_id:
                raise ValidationError(
                    self.env._(
                        "%(policy)s is a policy of %(company)s.",
                        policy=account.policy_id.display_name,
                        company=account.policy_id.company_id.display_name,
                    )
                )

    @api.constrains("followup_paused_until", "review_date")
    def _check_dates(self):
        for account in self:
            today = account.company_id._credit_today()
            paused = account.followup_paused_until
            if paused and paused < today and account._origin:
                raise ValidationError(
                    self.env._("Follow-up cannot be paused until a day that has passed.")
                )

    @api.depends("partner_id", "company_id")
    def _compute_display_name(self):
        for account in self:
            # The customer's record may be another company's; the file is readable all the same.
            account.display_name = account.partner_id.sudo().display_name

    # ------------------------------------------------------------------
    # What decides on holds is not written by hand
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_by_hand({key for key in vals if vals[key]} - {"partner_id", "company_id"})
        return super().create(vals_list)

    def write(self, vals):
        self._check_by_hand(set(vals))
        result = super().write(vals)
        if "policy_id" in vals or "contract_terms" in vals:
            self._sync_native_limit()
        return result

    @api.model
    def _check_by_hand(self, names):
        """A hold has its buttons; a laxer policy lifts holds, so managers alone choose it."""
        if self.env.su:
            return
        if BY_ACTION_ONLY & names:
            raise AccessError(self.env._("Use Hold Customer and Lift Hold on the credit file."))
        if "policy_id" in names and not self.env.user.has_group(
            "credit_collection.credit_collection_group_manager"
        ):
            raise AccessError(
                self.env._("Only a credit manager can choose the policy of a customer.")
            )
        self._check_segment_by_hand(names)
