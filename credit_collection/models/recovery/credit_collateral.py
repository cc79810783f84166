from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...core import cover
from ...tools.bounds import AMOUNT, DAYS
from ...tools.jobs import each_safely
from ...tools.readers import for_reader
from ...tools.registry_cache import clear_registry_cache
from ...tools.rooms import is_on
from ...tools.workbook import Book, Column
from ..file.credit_file_document import OFFICER

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

    def _compute_used(self):
        accounts = self.account_id.sudo()
        exposures = {position.id: position.exposure for position in accounts._position()}
        for account in accounts:
            own = account.collateral_ids.filtered(lambda c: c._covers_today())
            parts = cover.used(
                float(exposures.get(account.id, 0.0)), [each._security() for each in own]
            )
            for collateral, part in zip(own, parts, strict=True):
                (collateral.with_env(self.env) & self).used = part
        for collateral in self:
            if not collateral._covers_today():
                collateral.used = 0.0

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
        result = super().write(vals)
        self._changed()
        return result

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------

    def action_accept(self):
        """The security is in force from today, or from its first day."""
        self._check_role(OFFICER)
        for collateral in self:
            today = collateral.company_id._credit_today()
            collateral._move("accept", {"in_force_on": max(today, collateral.date_from)})

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
    # Declaration to the insurer
    # ------------------------------------------------------------------

    def action_declaration(self):
        """Download the turnover of last month to declare to the insurer."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/credit_collection/cover.xlsx?security={self.id}",
            "target": "download",
        }

    def _declaration_xlsx(self, month=None):
        """The month's insured turnover of all securities under the same policy number.

        :param month: any day of the month, default last month
        :return: bytes, file name
        """
        self.ensure_one()
        today = self.company_id._credit_today()
        day = fields.Date.to_date(month) or fields.Date.subtract(today, months=1)
        first, last = fields.Date.start_of(day, "month"), fields.Date.end_of(day, "month")
        book = Book(self.company_currency_id.decimal_places)
        book.add_sheet(
            self.env._("Turnover"),
            self.env._("Monthly declaration: policy %s", self.number or self.name),
            self.env._(
                "%(company)s, %(first)s to %(last)s, in %(currency)s",
                company=self.company_id.name,
                first=format_date(self.env, first),
                last=format_date(self.env, last),
                currency=self.company_currency_id.name,
            ),
            [
                Column(self.env._("Customer")),
                Column(self.env._("Tax number")),
                Column(self.env._("Country")),
                Column(self.env._("Invoices"), "number", total=True),
                Column(self.env._("Turnover"), "money", total=True),
                Column(self.env._("Insured up to"), "money"),
                Column(self.env._("Terms too long"), "number", total=True),
            ],
            list(self._declaration_rows(first, last)),
            self.env._("Total"),
        )
        return book.close(), f"declaration-{first:%Y-%m}.xlsx"

    def _declaration_rows(self, first, last):
        """A row for each customer insured by the same insurer under the same number."""
        Collateral = self.env["credit.collateral"].sudo()
        insured = self
        if self.number:
            insured = Collateral.search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("kind", "=", "insurance"),
                    ("number", "=", self.number),
                    ("provider_id", "=", self.provider_id.id),
                    ("state", "!=", "offered"),
                ]
            )
        for security in insured.sudo().sorted("partner_id"):
            moves = (
                self.env["account.move"]
                .sudo()
                .search(
                    [
                        ("commercial_partner_id", "=", security.partner_id.id),
                        ("company_id", "child_of", self.company_id.id),
                        ("state", "=", "posted"),
                        ("move_type", "in", ("out_invoice", "out_refund")),
                        ("invoice_date", ">=", first),
                        ("invoice_date", "<=", last),
                    ]
                )
            )
            longest = security.max_terms_days
            too_long = moves.filtered(
                lambda move, longest=longest: (
                    longest
                    and move.invoice_date_due
                    and (move.invoice_date_due - move.invoice_date).days > longest
                )
            )
            yield (
                security.partner_id.name,
                security.partner_id.vat or None,
                security.partner_id.country_id.name or None,
                len(moves),
                sum(moves.mapped("amount_total_signed")),
                security.value_company,
                len(too_long),
            )

    def _is_audited(self):
        """An offer is no security yet."""
        return self.state != "offered" and super()._is_audited()

    # ------------------------------------------------------------------
    # What it is worth
    # ------------------------------------------------------------------

    def _covers_today(self):
        """Whether it covers anything today."""
        return self._is_valid(COVERS)

    def _is_valid(self, states):
        self.ensure_one()
        today = (self.company_id or self.env.company)._credit_today()
        return (
            self.state in states
            and self.date_from <= today
            and (not self.date_to or self.date_to >= today)
        )

    def _insured_value(self):
        """What it is good for: of an insurance the discretionary limit, where that is larger."""
        self.ensure_one()
        if self.kind != "insurance" or not self.value:
            return self.value_company
        ours = self.discretionary_limit * self.value_company / self.value
        return max(self.value_company, ours)

    @api.model
    def _cover_values(self, accounts):
        """``{file id: amount}`` that the securities of files cover at most."""
        found = {}
        for collateral in self.sudo().search([("account_id", "in", accounts.ids)]):
            if collateral.covers_exposure and collateral._covers_today():
                value, percent, own_share = collateral._security()
                part = value * percent / 100 * (1 - own_share / 100)
                found[collateral.account_id.id] = found.get(collateral.account_id.id, 0.0) + part
        return found

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

    def _security(self):
        """``(value, covers percent, own share percent)`` as the core takes it."""
        self.ensure_one()
        value = self._insured_value()
        if self.state == "called":
            value *= 1 - self.received_amount / self.value
        if self.move_line_ids:
            open_amount = sum(self.sudo().move_line_ids.mapped("amount_residual"))
            value = min(value, max(open_amount, 0.0))
        return (value, self.covers_percent if self.covers_exposure else 0, self.own_share_percent)

    @api.model
    @tools.ormcache()
    def _any(self):
        """Whether there is any security at all: else no query asks for one."""
        return bool(self.sudo().search_count([("state", "!=", "offered")], limit=1))

    @api.model
    def _raised_sql(self) -> SQL:
        """By how much the securities of file ``account`` raise its limit; see core.cover."""
        if not self._any():
            return SQL("0")
        ended = SQL(" AND (c.called_on IS NULL OR c.called_on > %s)", self._sql_day())
        return SQL(
            """COALESCE((SELECT SUM(c.value_company * c.raises_percent::numeric / 100)
                           FROM credit_collateral c
                          WHERE c.account_id = account.id AND c.raises_limit AND %s), 0)""",
            self._valid_sql(SQL("c.state = 'in_force'"), ended),
        )

    @api.model
    def _covered_sql(self, exposure: SQL) -> SQL:
        """How much of its exposure the securities of file ``account`` cover; see core.cover."""
        if not self._any():
            return SQL("0::numeric")
        return SQL(
            """LEAST(GREATEST(%(exposure)s, 0), COALESCE((
                    SELECT SUM(LEAST(
                        LEAST(
                            CASE WHEN c.kind = 'insurance'
                                 THEN GREATEST(c.value_company, COALESCE(c.discretionary_limit, 0)
                                               * c.value_company / c.value)
                                 ELSE c.value_company END
                            * CASE WHEN c.state = 'called'
                                THEN 1 - COALESCE(c.received_amount, 0) / c.value ELSE 1 END,
                            (SELECT CASE WHEN COUNT(*) > 0
                                         THEN GREATEST(SUM(secured.amount_residual), 0) END
                               FROM credit_collateral_item_rel rel
                               JOIN account_move_line secured ON secured.id = rel.move_line_id
                              WHERE rel.collateral_id = c.id)
                        ) * c.covers_percent::numeric / 100,
                        GREATEST(%(exposure)s, 0)
                            * (1 - COALESCE(c.own_share_percent, 0)::numeric / 100)))
                      FROM credit_collateral c
                     WHERE c.account_id = account.id AND c.covers_exposure AND %(valid)s), 0))""",
            exposure=exposure,
            valid=self._valid_sql(SQL("c.state IN ('in_force', 'called')"), SQL()),
        )

    @api.model
    def _secures_sql(self, account: SQL, line: SQL) -> SQL:
        """Whether securities in force cover a journal item: by name, or all the customer owes."""
        if not self._any():
            return SQL("FALSE")
        return SQL(
            """(SELECT owed.amount_residual FROM account_move_line owed WHERE owed.id = %(line)s)
               <= (SELECT COALESCE(SUM(c.value_company * c.covers_percent / 100), 0)
                     FROM credit_collateral c
                 WHERE c.account_id = %(account)s AND c.covers_exposure AND %(valid)s
                   AND (NOT EXISTS (SELECT FROM credit_collateral_item_rel rel
                                     WHERE rel.collateral_id = c.id)
                        OR EXISTS (SELECT FROM credit_collateral_item_rel rel
                                    WHERE rel.collateral_id = c.id
                                      AND rel.move_line_id = %(line)s)))""",
            account=account,
            line=line,
            valid=self._valid_sql(SQL("c.state IN ('in_force', 'called')"), SQL()),
        )

    @api.model
    def _sql_day(self):
        return self.env["credit.open.item"]._today()

    @api.model
    def _valid_sql(self, now: SQL, then: SQL) -> SQL:
        """Whether a security counts: by its state today, by its days on a past day."""
        day = self._sql_day()
        if self.env["credit.open.item"]._is_past():
            now = SQL(
                "c.in_force_on <= %s AND (c.ended_on IS NULL OR c.ended_on > %s)%s", day, day, then
            )
        return SQL(
            "%s AND c.date_from <= %s AND (c.date_to IS NULL OR c.date_to >= %s)", now, day, day
        )

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
