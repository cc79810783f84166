from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.bounds import AMOUNT, DAYS
from ...tools.groups import OFFICER
from ...tools.jobs import each_safely
from ...tools.readers import for_reader
from ...tools.registry_cache import clear_registry_cache
from ...tools.rooms import is_on

KINDS = [
    ("deposit", "Cash Deposit"),
    ("retention", "Retention of Title"),
    ("pledge", "Pledge"),
    ("surety", "Surety"),
    ("guarantee", "Bank Guarantee"),
    ("letter_of_credit", "Letter of Credit"),
    ("insurance", "Credit Insurance"),
]
# While called, a security still covers what it will pay; it raises no limit any more.
COVERS = ("in_force", "called")
ENDED = ("expired", "returned")
# What was agreed when it came into force: another value is another security.
AGREED = frozenset({"kind", "value", "currency_id", "date_from"})


class CreditCollateral(models.Model):
    """What secures a customer's debt: it may raise the limit, cover exposure, or both."""

    _name = "credit.collateral"
    _description = "Security"
    _inherit = ["credit.file.document", "credit.audited"]
    _order = "account_id, sequence, id"
    _audited = (
        "account_id",
        "kind",
        "provider_id",
        "number",
        "value",
        "currency_id",
        "raises_limit",
        "raises_percent",
        "covers_exposure",
        "covers_percent",
        "own_share_percent",
        "discretionary_limit",
        "date_from",
        "date_to",
        "state",
        "called_amount",
        "received_amount",
    )
    _sequence = "credit.collateral"
    _results = frozenset(
        {"in_force_on", "ended_on", "called_on", "called_amount", "received_amount"}
    )
    _credit_bounds = {
        "value": AMOUNT, "amount_to_call": AMOUNT, "discretionary_limit": AMOUNT,
        "raises_percent": (0, 100), "covers_percent": (0, 100), "own_share_percent": (0, 100),
        "max_terms_days": DAYS, "extension_days": DAYS, "notice_days": DAYS,
        "handover_days": DAYS, "warn_days": DAYS,
    }  # fmt: skip
    _transitions = {
        ("offered", "accept"): "in_force",
        ("offered", "decline"): "returned",
        ("in_force", "expire"): "expired",
        ("in_force", "call"): "called",
        ("called", "paid"): "called",
        ("in_force", "give_back"): "returned",
        ("called", "give_back"): "returned",
        ("expired", "give_back"): "returned",
    }

    sequence = fields.Integer("Order of Use", default=10)
    kind = fields.Selection(KINDS, required=True, default="guarantee", tracking=True)
    provider_id = fields.Many2one(
        "res.partner", "Given By", index="btree_not_null", help="Bank, insurer, surety or owner."
    )
    number = fields.Char("Their Number")
    value = fields.Monetary(required=True, tracking=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    value_company = fields.Monetary(
        "Value in Company Currency",
        compute="_compute_value_company",
        store=True,
        currency_field="company_currency_id",
        help="At the latest rate known.",
    )
    raises_limit = fields.Boolean("Raises the Limit")
    raises_percent = fields.Float("Raises By (%)", default=100.0, tracking=True)
    covers_exposure = fields.Boolean(default=True)
    covers_percent = fields.Float("Covers By (%)", default=100.0, tracking=True)
    own_share_percent = fields.Float(
        "Own Share (%)", help="What the insurer leaves to us of every loss."
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        "credit_collateral_item_rel",
        "collateral_id",
        "move_line_id",
        string="Only These Documents",
        help="Leave empty when it secures whatever the customer owes.",
    )
    date_from = fields.Date(
        "Valid From", required=True, default=lambda self: self.env.company._credit_today()
    )
    date_to = fields.Date("Valid Until", tracking=True)
    conditions = fields.Text()
    state = fields.Selection(
        [
            ("offered", "Offered"),
            ("in_force", "In Force"),
            ("called", "Called"),
            ("expired", "Expired"),
            ("returned", "Returned"),
        ],
        required=True,
        readonly=True,
        default="offered",
        copy=False,
        tracking=True,
        index=True,
    )
    in_force_on = fields.Date(readonly=True, copy=False)
    ended_on = fields.Date(readonly=True, copy=False)
    called_on = fields.Date(readonly=True, copy=False)
    called_amount = fields.Monetary("Called", readonly=True, copy=False)
    received_amount = fields.Monetary("Received", readonly=True, copy=False)
    amount_to_call = fields.Monetary(
        "Amount to Call or Received", help="For the buttons Call and Money Received."
    )
    used = fields.Monetary(
        compute="_compute_used",
        currency_field="company_currency_id",
        help="How much of what the customer owes today it covers, in the order of use.",
    )
    # The insurer's terms
    max_terms_days = fields.Integer("Longest Terms", help="Days from invoice to due date.")
    discretionary_limit = fields.Monetary(
        help="Up to this amount we decide ourselves, without asking the insurer: so much is "
        "covered even where the insurer's own limit is lower."
    )
    extension_days = fields.Integer(
        "Longest Extension", help="Days past the due date; after them new deliveries are uncovered."
    )
    notice_days = fields.Integer(
        "Notice", help="Days from the invoice within which the insurer must hear of a delay."
    )
    handover_days = fields.Integer(
        "Hand-Over", help="Days after the longest extension within which the insurer gets the case."
    )
    warn_days = fields.Integer("Warn Before", default=7, help="Days before cover is lost.")
    deadline_ids = fields.One2many("credit.cover.deadline", "collateral_id", "Calendar")

    _account_valid_idx = models.Index("(account_id) WHERE state IN ('in_force', 'called')")
    _value_positive = models.Constraint("CHECK(value > 0)", "A security needs a value.")
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "A security ends after it begins."
    )

    @api.depends("account_id")
    def _compute_currency_id(self):
        for collateral in self:
            collateral.currency_id = (
                collateral.currency_id or collateral.account_id.company_id.currency_id
            )

    @api.depends("value", "currency_id", "account_id")
    def _compute_value_company(self):
        for collateral in self:
            company = collateral.account_id.company_id
            day = (company or self.env.company)._credit_today()
            collateral.value_company = (
                collateral.currency_id._convert(collateral.value, company.currency_id, company, day)
                if company
                else collateral.value
            )

    @api.depends("name", "kind", "number")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for collateral in self:
            collateral.display_name = self.env._(
                "%(number)s: %(kind)s",
                number=collateral.number or collateral.name,
                kind=kinds.get(collateral.kind, ""),
            )

    @api.constrains("move_line_ids", "account_id")
    def _check_items(self):
        for collateral in self:
            if collateral._own_items(collateral.move_line_ids) != collateral.move_line_ids.sudo():
                raise ValidationError(
                    self.env._("A security covers only documents of its own customer.")
                )

    def write(self, vals):
        self._check_agreed(vals)
        before = {collateral.id: collateral._raises() for collateral in self}
        result = super().write(vals)
        if not self.env.su:
            self.filtered(lambda c: c._raises_more(*before[c.id]))._check_authority()
        self._changed()
        return result

    def _check_agreed(self, vals):
        """Once in force it stays what was agreed on; what has ended does not change at all."""
        if self.env.su:
            return
        agreed, told = AGREED & vals.keys(), vals.keys() & set(self._audited)
        for collateral in self:
            if collateral.state in COVERS and agreed or collateral.state in ENDED and told:
                raise AccessError(
                    self.env._("Use the buttons: this is written by their steps alone.")
                )

    def _raises(self):
        """``(by how much it raises the limit, first day, last day)`` of one in force."""
        self.ensure_one()
        raises = self.state == "in_force" and self.raises_limit
        value = self.value_company * self.raises_percent / 100 if raises else 0.0
        return value, self.date_from, self.date_to or date.max

    def _raises_more(self, value, first, last):
        """Whether it raises the limit by more, or on more days, than this."""
        now, from_day, to_day = self._raises()
        return bool(now) and (now > value or from_day < first or to_day > last)

    def _check_authority(self):
        """Whoever raises a limit by a security needs the authority for the limit that follows."""
        self.env.flush_all()
        accounts = self.account_id.sudo()
        positions = {one.id: one for one in accounts._position(("credit_limit", "unlimited"))}
        for collateral in self:
            raised, _first, _last = collateral._raises()
            account = collateral.account_id.sudo()
            position = positions[account.id]
            if not raised or position.unlimited:
                continue
            counted = collateral._is_valid(("in_force",))
            limit = position.credit_limit + (0.0 if counted else raised)
            currency, company = account.currency_id, account.company_id
            if not self.env.user._has_credit_authority(limit, currency, company):
                raise AccessError(
                    self.env._(
                        "A limit of %(limit)s for %(customer)s is above your authority. Ask a "
                        "credit manager.",
                        limit=currency.format(limit),
                        customer=account.partner_id.display_name,
                    )
                )

    def _is_audited(self):
        """An offer is no security yet."""
        return self.state != "offered" and super()._is_audited()

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def action_accept(self):
        """The security is in force from today, or from its first day."""
        self._check_role(OFFICER)
        for collateral in self:
            today = collateral.company_id._credit_today()
            collateral._move("accept", {"in_force_on": max(today, collateral.date_from)})
        self._check_authority()

    def action_decline(self):
        """The offer is not taken."""
        self._check_role(OFFICER)
        self._end("decline")

    def action_call(self):
        """Demand payment of *Amount to Call*, by default the whole value."""
        self._check_role(OFFICER)
        for collateral in self:
            amount = collateral.amount_to_call or collateral.value
            if collateral.currency_id.compare_amounts(amount, collateral.value) > 0:
                raise UserError(self.env._("More cannot be called than it is worth."))
            collateral._move(
                "call",
                {
                    "called_on": collateral.company_id._credit_today(),
                    "called_amount": amount,
                    "amount_to_call": 0.0,
                },
            )
            collateral.sudo().activity_schedule(
                "credit_collection.mail_activity_collateral",
                user_id=self.env.uid,
                summary=self.env._("Follow the money of the called security"),
            )

    def action_received(self):
        """Note that *Amount Received* has come of what was called."""
        self._check_role(OFFICER)
        for collateral in self:
            amount = collateral.amount_to_call or (
                collateral.called_amount - collateral.received_amount
            )
            received = collateral.received_amount + amount
            if collateral.currency_id.compare_amounts(received, collateral.called_amount) > 0:
                raise UserError(self.env._("More has come than was called: call more first."))
            collateral._move("paid", {"received_amount": received, "amount_to_call": 0.0})

    def action_give_back(self):
        """The security goes back to whoever gave it."""
        self._check_role(OFFICER)
        self._end("give_back")

    def _end(self, step):
        for collateral in self:
            collateral._move(step, {"ended_on": collateral.company_id._credit_today()})

    def _changed(self):
        """Limits and holds follow what is secured."""
        if not self._any():
            clear_registry_cache(self.env)
        accounts = self.sudo().account_id
        self.env.flush_all()
        accounts._sync_native_limit()
        accounts._wake_holds()

    # ------------------------------------------------------------------
    # By night
    # ------------------------------------------------------------------

    @api.model
    def _cron_daily(self):
        """End what has run out, value foreign ones anew, write the insurers' calendar."""
        if not is_on(self.env, "cover"):
            return

        def look(company):
            today = company._credit_today()
            own = self.sudo().search([("company_id", "=", company.id), ("state", "in", COVERS)])
            own.filtered(lambda c: c.currency_id != c.company_currency_id)._compute_value_company()
            over = own._run_out(today)
            over._end("expire")
            (own - over)._warn_before_end(today)
            (own - over)._ask_insurers()
            self.env["credit.cover.deadline"]._follow(company, today)

        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        each_safely(companies, look, "Securities")

    def _run_out(self, today):
        """Those in force whose last day has passed."""
        return self.filtered(lambda c: c.state == "in_force" and c.date_to and c.date_to < today)

    def _warn_before_end(self, today):
        """Tell the officer before a security runs out, once."""
        for collateral in self:
            if not collateral.date_to or (collateral.date_to - today).days > collateral.warn_days:
                continue
            collateral._remind(
                lambda env: env._("The security ends: renew it, or call it in time"),
                collateral.date_to,
            )

    def _ask_insurers(self):
        """Tell the officer, once, where a limit is above what is insured and above what we may
        decide without asking."""
        insured = self.filtered(lambda c: c.kind == "insurance" and c.state == "in_force")
        limits = {
            position.id: 0.0 if position.unlimited else position.credit_limit
            for position in insured.account_id._position(("credit_limit", "unlimited"))
        }
        for collateral in insured:
            if limits.get(collateral.account_id.id, 0.0) > collateral._insured_value():
                collateral._remind(
                    lambda env: env._("The limit is above what is insured: ask the insurer"), None
                )

    def _remind(self, summary, deadline):
        """Plan an activity, unless one of the same words and day is open.

        :param summary: a function that makes the words in the environment of their reader
        :param deadline: None is today, unless one of the same words is open for any day
        """
        self.ensure_one()
        user = self.account_id.effective_policy_id.responsible_id
        user = user or self.account_id._followup_fallback_user()
        told = for_reader(self, user)
        summary = summary(told.env)
        same = self.activity_ids.filtered(
            lambda a: a.summary == summary and deadline in (None, a.date_deadline)
        )
        if same:
            return
        told.activity_schedule(
            "credit_collection.mail_activity_collateral",
            date_deadline=deadline or self.company_id._credit_today(),
            user_id=user.id,
            summary=summary,
        )
