from collections import defaultdict

from odoo import api, fields, models

from ...core import decision
from ...core.money import to_decimal
from ...tools.environment import without_caller_context
from ...tools.jobs import wake

FIGURES = (
    "receivable",
    "overdue",
    "draft",
    "ordered",
    "unallocated",
    "disputed",
    "exposure",
    "uncleared",
    "assigned",
    "covered",
    "uncovered",
    "credit_limit",
    "available",
    "utilisation",
    "unlimited",
    "limit_label",
    "limit_date_to",
    "oldest_due_date",
    "max_days_overdue",
    "on_hold",
)
# What a decision needs to know of a position.
CHECKED = (
    "receivable",
    "overdue",
    "draft",
    "ordered",
    "uncleared",
    "assigned",
    "unlimited",
    "credit_limit",
    "limit_expired_on",
    "max_days_overdue",
    "manual_hold",
    "policy_id",
    "currency_id",
)


class CreditAccount(models.Model):
    """The figures of a file, read from its position; nothing is stored here."""

    _inherit = "credit.account"

    receivable = fields.Monetary(compute="_compute_figures")
    overdue = fields.Monetary(compute="_compute_figures")
    draft = fields.Monetary("Draft Invoices", compute="_compute_figures")
    ordered = fields.Monetary(compute="_compute_figures")
    unallocated = fields.Monetary(compute="_compute_figures")
    disputed = fields.Monetary(compute="_compute_figures")
    exposure = fields.Monetary(compute="_compute_figures")
    uncleared = fields.Monetary(compute="_compute_figures")
    assigned = fields.Monetary("Assigned With Recourse", compute="_compute_figures")
    covered = fields.Monetary(compute="_compute_figures")
    uncovered = fields.Monetary(compute="_compute_figures")
    credit_limit = fields.Monetary(compute="_compute_figures")
    unlimited = fields.Boolean(compute="_compute_figures")
    limit_label = fields.Char("Limit", compute="_compute_figures")
    limit_date_to = fields.Date("Limit Ends", compute="_compute_figures")
    available = fields.Monetary(compute="_compute_figures")
    utilisation = fields.Float(compute="_compute_figures")
    oldest_due_date = fields.Date(compute="_compute_figures")
    max_days_overdue = fields.Integer("Days Overdue", compute="_compute_figures")
    on_hold = fields.Boolean(compute="_compute_figures")
    limit_ids = fields.One2many("credit.limit", "account_id", string="Limits")
    hold_ids = fields.One2many("credit.hold", "account_id", string="Holds")
    hold_count = fields.Integer(compute="_compute_hold_count")
    outcome = fields.Selection(
        lambda self: self.env["credit.verdict"]._selection_outcome(),
        "Credit",
        compute="_compute_verdict",
        help="Whether an order of this customer would be confirmed today.",
    )
    verdict = fields.Char("May They Order?", compute="_compute_verdict")
    verdict_remedy = fields.Text("What Would Lift It", compute="_compute_verdict_remedy")

    @api.depends_context("as_of")
    def _compute_figures(self):
        positions = {position.id: position for position in self._position()}
        empty = self.env["credit.position"]
        for account in self:
            position = positions.get(account._origin.id, empty)
            for name in FIGURES:
                account[name] = position[name]

    @api.depends_context("uid", "lang")
    def _compute_verdict(self):
        Verdict = self.env["credit.verdict"]
        said = Verdict._of_files(self._origin)
        for account in self:
            told = said.get(account._origin.id)
            account.outcome = told.outcome if told else False
            account.verdict = Verdict._sentence(told, account.currency_id) if told else False

    @api.depends_context("uid", "lang")
    def _compute_verdict_remedy(self):
        Verdict = self.env["credit.verdict"]
        said = Verdict._of_files(self._origin)
        for account in self:
            told = said.get(account._origin.id)
            account.verdict_remedy = (
                "\n".join(Verdict._remedies(told, account.currency_id)) if told else False
            )

    def credit_verdict(self, amount=0.0):
        """May the customer of this file order for ``amount``?

        See :meth:`res.partner.credit_verdict`.
        """
        self.ensure_one()
        return self.partner_id.credit_verdict(amount, self.company_id.id)

    @api.depends("hold_ids.state")
    def _compute_hold_count(self):
        counts = dict(
            self.env["credit.hold"]._read_group(
                [("account_id", "in", self.ids), ("state", "=", "held")],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.hold_count = counts.get(account._origin, 0)

    def _position(self, names=None, kinds=None):
        """The positions of these files, whatever company the user works in.

        :param names: figures to read, by default all; each costs something
        :param kinds: the kinds of items that this one file has, from :meth:`_claim`
        :return: ``credit.position`` (sudo), freshly read
        """
        Position = self.env["credit.position"].sudo()
        Position = Position.with_context(active_test=False, credit_one_file=len(self.ids) == 1)
        if not self.ids:
            return Position
        names = names or tuple(
            name for name, field in Position._fields.items() if field.store and name != "id"
        )
        Position.browse(self.ids).invalidate_recordset(flush=False)
        if len(self.ids) == 1:
            return Position._read_one(self.id, names, kinds)
        return Position.search_fetch([("account_id", "in", self.ids)], names)

    def _core_position(self, position, rules, with_items=False, items=None, facts=None):
        """The position of one file as plain values for the core.

        :param position: ``credit.position`` of this file
        :param rules: the core's rules that will look at it; only what they need is read
        :param with_items: read the open items in any case, to work out remedies
        :param items: the open items as far as the rules need them, when they were read for many
            files at once; see :meth:`_core_items_of_many`
        :param facts: what other rooms know, when it was read for many files at once; see
            :meth:`_rule_facts`
        """
        self.ensure_one()
        kinds = {rule.kind for rule in rules}
        digits = position.currency_id.decimal_places
        if items is None:
            wants = with_items or any(self._needs_items(position, rule) for rule in rules)
            items = self._core_items(digits) if wants else ()
        if facts is None:
            facts = self._rule_facts(rules).get(self.id, ())
        stops = self._followup_stops() if "followup_level" in kinds else ("", False, False)
        return decision.Position(
            receivable=to_decimal(position.receivable, digits),
            draft=to_decimal(position.draft, digits),
            ordered=to_decimal(position.ordered, digits),
            uncleared=to_decimal(position.uncleared, digits),
            assigned=to_decimal(position.assigned, digits),
            credit_limit=None if position.unlimited else to_decimal(position.credit_limit, digits),
            limit_expired_on=position.limit_expired_on or None,
            items=items,
            broken_promises=self._broken_promises() if "broken_promise" in kinds else (),
            followup_level=stops[0],
            stops_sales=stops[1],
            stops_shipments=stops[2],
            manual_hold=(self.manual_hold_reason or self.env._("Manual hold"))
            if position.manual_hold
            else "",
            digits=digits,
            facts=facts,
        )

    @api.model
    def _needs_items(self, position, rule):
        """Whether a rule can only be judged item by item; one query less when it cannot hold."""
        if position.overdue <= 0 or not decision.KINDS[rule.kind].reads_items:
            return False
        return rule.kind != "overdue_days" or position.max_days_overdue > rule.days

    def _core_items(self, digits):
        """The open items of this file as plain values, what is paid and not matched set off."""
        rows = self.env["credit.open.item"].sudo()._read_receivable(self)
        return decision.set_off((self._core_item(row, digits) for row in rows), digits)

    def _core_items_of_many(self):
        """The same of these files, in one query: ``{file id: (items)}``."""
        items = defaultdict(list)
        digits = {file.id: file.currency_id.decimal_places for file in self}
        rows = self.env["credit.open.item"].sudo()._read_receivable(self) if self else ()
        for row in rows:
            file = row["account_id"]
            items[file].append(self._core_item(row, digits[file]))
        return {file: decision.set_off(found, digits[file]) for file, found in items.items()}

    @api.model
    def _core_item(self, row, digits):
        """An open item, as a dict of its columns, as plain values."""
        foreign = self.env["res.currency"].browse(row["currency_id"]).decimal_places
        return decision.OpenItem(
            id=row["id"],
            name=row["name"] or "",
            amount=to_decimal(row["amount"], digits),
            date_due=row["date_due"] or None,
            days_overdue=row["days_overdue"],
            is_overdue=row["is_overdue"],
            disputed=to_decimal(row["disputed_amount"], digits),
            currency=row["currency_id"],
            amount_currency=to_decimal(row["amount_currency"], foreign),
            disputed_currency=to_decimal(row["disputed_currency"] or 0, foreign),
            alone_share=to_decimal(row["alone_share"] or 0, 6),
            is_credit_note=bool(row["is_refund"]),
        )

    def _wake_holds(self):
        """Look again at the held documents of these customers, soon and in the background."""
        if self and self.env["credit.hold"].sudo().search_count(
            [("account_id", "in", self.ids), ("state", "=", "held")], limit=1
        ):
            wake(self.env, "credit_hold_cron")

    def _sync_native_limit(self):
        """Keep the native limit of the customers equal to the effective one (one way)."""
        for company, accounts in self.sudo().grouped("company_id").items():
            without_caller_context(accounts, company)._sync_native_limit_in(company)

    def _sync_native_limit_in(self, company):
        found = self._position(("unlimited", "credit_limit"))
        positions = {position.id: position for position in found}
        for account in self:
            position = positions[account.id]
            partner = account.partner_id.with_company(company)
            limit = 0.0 if position.unlimited else position.credit_limit
            if account.currency_id.compare_amounts(partner.credit_limit, limit):
                partner.credit_limit = limit

    # ------------------------------------------------------------------
    # From the figures to what is behind them
    # ------------------------------------------------------------------

    def action_open_items(self):
        """Open what the customer owes, item by item."""
        return self.env["credit.position"].browse(self.ids).action_open_items()

    def _open_items_with(self, filter_name):
        """Open the items behind one figure: a filter of their list."""
        return {**self.action_open_items(), "context": {f"search_default_{filter_name}": 1}}

    def action_open_overdue(self):
        """Open the items behind what is overdue."""
        return self._open_items_with("overdue")

    def action_open_receivable(self):
        """Open the items behind what was invoiced and is not paid."""
        return self._open_items_with("receivable")

    def action_open_draft(self):
        """Open the draft invoices."""
        return self._open_items_with("draft")

    def action_open_ordered(self):
        """Open the confirmed orders."""
        return self._open_items_with("order")

    def action_open_unallocated(self):
        """Open the payments and credits that nothing was matched with."""
        return self._open_items_with("credits")

    def action_open_disputed(self):
        """Open the disputed items."""
        return self._open_items_with("disputed")

    def action_open_holds(self):
        """Open the holds of the customer, decided ones too."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_hold_action"
        )
        return {**action, "domain": [("account_id", "in", self.ids)], "context": {}}

    def action_open_partner(self):
        """Open the customer."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    @api.model
    def _sync_native_limits_soon(self):
        """Follow with all native limits what a policy allows now, in the background."""
        wake(self.env, "credit_limit_cron")
