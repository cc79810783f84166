from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.bounds import AMOUNT


class CreditLimitRequest(models.TransientModel):
    """Ask for a credit limit from the customer's form or credit file."""

    _name = "credit.limit.request"
    _description = "Ask for a Credit Limit"
    _inherit = "credit.bounded"
    _credit_bounds = {
        "amount": AMOUNT,
    }

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, index="btree_not_null")
    account_id = fields.Many2one(
        "credit.account", "Credit File", readonly=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    present_label = fields.Char("Present Limit", compute="_compute_present")
    kind = fields.Selection(
        [("permanent", "Permanent"), ("temporary", "Temporary addition")],
        required=True,
        default="permanent",
        help="A temporary addition is added to the permanent limit while it is valid.",
    )
    unlimited = fields.Boolean()
    amount = fields.Monetary()
    date_from = fields.Date(
        "Valid From", required=True, default=lambda self: self.env.company._credit_today()
    )
    date_to = fields.Date("Valid Until")
    review_date = fields.Date("Review On")
    reason = fields.Text(required=True)

    @api.depends("account_id", "partner_id")
    def _compute_company_id(self):
        for wizard in self:
            own = wizard.account_id.company_id or wizard.partner_id.company_id.root_id
            wizard.company_id = own or wizard.company_id or self.env.company.root_id

    @api.depends("company_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.company_id.currency_id

    @api.depends("account_id", "partner_id", "company_id")
    def _compute_present(self):
        for wizard in self:
            wizard.present_label = wizard._account(make=False).limit_label

    def _account(self, make=True):
        """The file that the limit is for; made when missing."""
        self.ensure_one()
        if self.account_id:
            return self.account_id
        Account = self.env["credit.account"]
        if make:
            return Account._get(self.partner_id, self.company_id)
        return Account.search(
            [
                ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("company_id", "=", self.company_id.root_id.id),
            ],
            limit=1,
        )

    def action_request(self):
        """Make the request and put it before somebody who may approve it."""
        self.ensure_one()
        if not (self.account_id or self.partner_id):
            raise UserError(self.env._("Choose the customer first."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why this limit is right."))
        if self.kind == "temporary" and not self.date_to:
            raise UserError(self.env._("A temporary addition needs the day on which it ends."))
        unlimited = self.unlimited and self.kind == "permanent"
        limit = self.env["credit.limit"].create(
            {
                "account_id": self._account().id,
                "kind": self.kind,
                "unlimited": unlimited,
                "amount": 0.0 if unlimited else self.amount,
                "currency_id": self.currency_id.id,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "review_date": self.review_date,
                "reason": self.reason,
            }
        )
        limit._ask_approver()
        return limit.get_formview_action()
