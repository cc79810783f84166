from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

TRANSITIONS = {
    ("requested", "approve"): "approved",
    ("requested", "refuse"): "refused",
    ("approved", "supersede"): "superseded",
    ("approved", "expire"): "expired",
}
DECISION_FIELDS = {
    "account_id", "amount", "unlimited", "currency_id", "date_from", "date_to", "kind", "reason",
    "state", "requested_by_id", "decided_by_id", "decided_on",
}  # fmt: skip


class CreditLimit(models.Model):
    _name = "credit.limit"
    _description = "Credit Limit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"

    account_id = fields.Many2one(
        "credit.account", "Credit File", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="account_id.partner_id")
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    kind = fields.Selection(
        [("permanent", "Permanent"), ("temporary", "Temporary addition")],
        required=True,
        default="permanent",
        help="A temporary addition is added to the permanent limit while it is valid.",
    )
    unlimited = fields.Boolean(help="The customer may owe any amount.")
    amount = fields.Monetary(
        help="The customer may owe up to this amount. Zero means no credit: prepayment only."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount_company = fields.Monetary(
        "Amount in Company Currency",
        compute="_compute_amount_company",
        store=True,
        currency_field="company_currency_id",
        help="At the rate of the day from which the limit is valid.",
    )
    company_currency_id = fields.Many2one(
        related="account_id.currency_id", string="Company Currency"
    )
    date_from = fields.Date("Valid From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Valid Until", help="Leave empty when the limit has no end.")
    review_date = fields.Date("Review On")
    reason = fields.Text(help="Why this limit is right. Required to ask for one.")
    refusal_reason = fields.Text(readonly=True)
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("approved", "Approved"),
            ("superseded", "Superseded"),
            ("refused", "Refused"),
            ("expired", "Expired"),
        ],
        required=True,
        default="requested",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    requested_by_id = fields.Many2one(
        "res.users", default=lambda self: self.env.user, readonly=True, copy=False
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_on = fields.Datetime(readonly=True, copy=False)
    amount_label = fields.Char("Limit", compute="_compute_amount_label")

    _amount_positive = models.Constraint(
        "CHECK(amount IS NULL OR amount >= 0)",
        "A credit limit cannot be negative. Zero means prepayment only.",
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A credit limit cannot end before it begins.",
    )
    _temporary_has_end = models.Constraint(
        "CHECK(kind != 'temporary' OR (date_to IS NOT NULL AND unlimited IS NOT TRUE))",
        "A temporary addition needs an amount and the day on which it ends.",
    )
    _current_idx = models.Index("(account_id, date_from DESC) WHERE state = 'approved'")

    @api.depends("account_id")
    def _compute_currency_id(self):
        for limit in self:
            limit.currency_id = limit.currency_id or limit.account_id.currency_id

    @api.depends("amount", "currency_id", "date_from", "account_id")
    def _compute_amount_company(self):
        for limit in self:
            company = limit.account_id.company_id
            limit.amount_company = limit.currency_id._convert(
                limit.amount,
                company.currency_id,
                company,
                limit.date_from or fields.Date.context_today(limit),
            )

    @api.depends("unlimited", "amount", "currency_id")
    @api.depends_context("lang")
    def _compute_amount_label(self):
        Words = self.env["credit.words"]
        for limit in self:
            limit.amount_label = Words._limit_label(
                limit.unlimited, limit.amount, limit.currency_id
            )

    @api.depends("account_id", "amount_label")
    def _compute_display_name(self):
        for limit in self:
            limit.display_name = f"{limit.account_id.display_name}: {limit.amount_label}"

    # ------------------------------------------------------------------
    # Nobody writes a decision by hand
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                vals.update(state="requested", requested_by_id=self.env.uid)
                vals.pop("decided_by_id", None)
                vals.pop("decided_on", None)
            self._check_values(vals)
        limits = super().create(vals_list)
        limits.filtered(lambda limit: limit.state == "approved")._after_decision()
        return limits

    def write(self, vals):
        if not self.env.su and DECISION_FIELDS.intersection(vals):
            if {"state", "decided_by_id", "decided_on", "requested_by_id"}.intersection(vals):
                raise AccessError(self.env._("Use Approve or Refuse to decide on a limit."))
            if any(limit.state != "requested" for limit in self):
                raise UserError(
                    self.env._(
                        "A decided limit does not change any more. Ask for a new one instead."
                    )
                )
        for limit in self:
            limit._check_values({"date_from": limit.date_from, "date_to": limit.date_to} | vals)
        return super().write(vals)

    @api.model
    def _check_values(self, vals):
        """Say in words what the database would refuse."""
        if vals.get("amount", 0) and vals["amount"] < 0:
            raise ValidationError(
                self.env._("A credit limit cannot be negative. Zero means prepayment only.")
            )
        start = fields.Date.to_date(vals.get("date_from")) or fields.Date.context_today(self)
        end = fields.Date.to_date(vals.get("date_to"))
        if end and end < start:
            raise ValidationError(
                self.env._(
                    "The limit would end on %(end)s, before it begins on %(start)s.",
                    end=end,
                    start=start,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(limit.state != "requested" for limit in self):
            raise UserError(self.env._("A decided limit is part of the customer's history."))

    # ------------------------------------------------------------------
    # Decisions
    # ------------------------------------------------------------------

    def action_approve(self):
        """Put the limits in force; needs authority for the resulting limit."""
        self.check_access("write")
        for limit in self:
            limit._check_authority()
        self._move("approve")
        return True

    def action_refuse(self, reason=None):
        """Refuse the requests.

        :param str reason: shown to whoever asked
        """
        self.check_access("write")
        for limit in self:
            limit._check_authority()
        self._move("refuse", refusal_reason=reason or False)
        return True

    def _check_authority(self):
        """Managers and officers up to their authority; nobody above it, not even for oneself."""
        self.ensure_one()
        user = self.env.user
        account = self.account_id.sudo()
        amount = self._resulting_limit()
        if amount is None:
            allowed = account.company_id in user.sudo().company_ids.root_id and user.has_group(
                "credit_collection.credit_collection_group_manager"
            )
        else:
            allowed = user._has_credit_authority(amount, account.currency_id, account.company_id)
        if not allowed:
            raise AccessError(
                self.env._(
                    "A limit of %(limit)s for %(customer)s is above your authority. Ask a credit "
                    "manager.",
                    limit=self.amount_label,
                    customer=account.partner_id.display_name,
                )
            )

    def _resulting_limit(self):
        """The limit after approval in the company's currency, None when unlimited."""
        self.ensure_one()
        if self.unlimited:
            return None
        account = self.account_id.sudo()
        amount = self.currency_id._convert(
            self.amount, account.currency_id, account.company_id, self.date_from
        )
        if self.kind == "permanent":
            return amount
        position = account._position()
        return None if position.unlimited else position.credit_limit + amount

    def _move(self, event, **values):
        """Move the limits through :data:`TRANSITIONS` and apply what follows."""
        for limit in self:
            target = TRANSITIONS.get((limit.state, event))
            if not target:
                raise UserError(
                    self.env._(
                        "The limit %(limit)s is %(state)s: it cannot be decided again.",
                        limit=limit.display_name,
                        state=dict(limit._fields["state"]._description_selection(self.env))[
                            limit.state
                        ],
                    )
                )
            decided = (
                {"decided_by_id": self.env.uid, "decided_on": fields.Datetime.now()}
                if event in ("approve", "refuse")
                else {}
            )
            limit.sudo().write({"state": target, **decided, **values})
            limit.sudo()._log_on_account(event)
        self.sudo()._after_decision()

    def _log_on_account(self, event):
        """Tell the story on the customer's file."""
        self.ensure_one()
        texts = {
            "approve": self.env._("Limit approved: %(limit)s from %(date_from)s%(until)s."),
            "refuse": self.env._("Limit refused: %(limit)s."),
            "expire": self.env._("Limit expired: %(limit)s."),
        }
        if event in texts:
            until = (
                self.env._(" until %(date)s", date=self.date_to) if self.date_to else ""
            )
            self.account_id.message_post(
                body=texts[event]
                % {"limit": self.amount_label, "date_from": self.date_from, "until": until}
            )

    def _after_decision(self):
        """Supersede what the new limits replace, keep the native limit equal, wake holds."""
        today = fields.Date.context_today(self)
        for limit in self.filtered(lambda x: x.state == "approved" and x.kind == "permanent"):
            older = self.search(
                [
                    ("account_id", "=", limit.account_id.id),
                    ("kind", "=", "permanent"),
                    ("state", "=", "approved"),
                    ("id", "!=", limit.id),
                    ("date_from", "<=", min(limit.date_from, today)),
                ]
            )
            if limit.date_from <= today:
                older._move("supersede")
        accounts = self.account_id
        accounts._sync_native_limit()
        accounts._wake_holds()

    @api.model
    def _cron_expire(self):
        """Expire what has ended and put in force what begins; keep the native limits equal."""
        today = fields.Date.context_today(self)
        ended = self.sudo().search([("state", "=", "approved"), ("date_to", "<", today)])
        ended._move("expire")
        started = self.sudo().search(
            [("state", "=", "approved"), ("kind", "=", "permanent"), ("date_from", "=", today)]
        )
        started._after_decision()

    @api.model
    def _effective_sql(self, account: SQL, today) -> SQL:
        """SQL of one row (amount, unlimited, source, date_to, expired_on) of an account's limit.

        The permanent limit is the latest that has begun and not ended; temporary additions are
        added to it, or to the policy's default.  ``amount`` is in the company's currency.

        :param account: the file's id
        :param today: the day for which the limit is asked
        """
        return SQL(
            """
            SELECT base.id IS NOT NULL AS has_limit,
                   base.amount AS amount,
                   COALESCE(base.unlimited, FALSE) AS unlimited,
                   base.date_to,
                   COALESCE(extra.amount, 0) AS extra,
                   CASE WHEN base.id IS NULL THEN past.date_to END AS expired_on
              FROM (SELECT 1) AS one
              LEFT JOIN LATERAL (
                   SELECT l.id, l.amount_company AS amount, l.unlimited, l.date_to
                     FROM credit_limit l
                    WHERE l.account_id = %(account)s AND l.state = 'approved'
                      AND l.kind = 'permanent' AND l.date_from <= %(today)s
                      AND (l.date_to IS NULL OR l.date_to >= %(today)s)
                    ORDER BY l.date_from DESC, l.id DESC
                    LIMIT 1) AS base ON TRUE
              LEFT JOIN LATERAL (
                   SELECT SUM(l.amount_company) AS amount
                     FROM credit_limit l
                    WHERE l.account_id = %(account)s AND l.state = 'approved'
                      AND l.kind = 'temporary' AND l.date_from <= %(today)s
                      AND l.date_to >= %(today)s) AS extra ON TRUE
              LEFT JOIN LATERAL (
                   SELECT MAX(l.date_to) AS date_to
                     FROM credit_limit l
                    WHERE l.account_id = %(account)s AND l.state IN ('approved', 'expired')
                      AND l.kind = 'permanent' AND l.date_to < %(today)s) AS past ON TRUE
            """,
            account=account,
            today=today,
        )

    @api.model
    def _take_over_native(self):
        """Native limits found at install become approved limits.

        Only limits set on the customer count; a company-wide default stays what it was: the
        policy's default, if a credit manager wants it.
        """
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        for company in self.env["res.company"].sudo().search([("parent_id", "=", False)]):
            partners = Partner.with_company(company).search(
                [("credit_limit", ">", 0), ("parent_id", "=", False)]
            )
            own = partners.filtered("use_partner_credit_limit")
            files = self.env["credit.account"]._ensure_missing(
                {(partner.id, company.id) for partner in own.commercial_partner_id}
            )
            files = files.filtered(lambda file: not file.limit_ids)
            self.sudo().create(
                [
                    {
                        "account_id": file.id,
                        "amount": file.partner_id.with_company(company).credit_limit,
                        "reason": self.env._("Taken over from the customer's previous limit."),
                        "state": "approved",
                        "decided_on": fields.Datetime.now(),
                    }
                    for file in files
                ]
            )
