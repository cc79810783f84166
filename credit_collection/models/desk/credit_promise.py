from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_date

from ...core import promise as core
from ...tools import sentences
from ...tools.bounds import AMOUNT, number_given
from ...tools.numbering import next_number
from ...tools.registry_cache import clear_registry_cache
from ...tools.write_guards import fields_outside, reset_context
from .credit_contact import KINDS

STATES = [
    (core.OPEN, "Open"),
    (core.KEPT, "Kept"),
    (core.PARTLY, "Partly Kept"),
    (core.BROKEN, "Broken"),
    ("cancelled", "Cancelled"),
]
ROLES = ("collector", "officer", "manager")
FREE_TO_CHANGE = {"note"}
# What can be said of a new promise; who noted it and when is filled in.
WRITABLE_ON_CREATE = {
    "account_id",
    "date",
    "amount",
    "currency_id",
    "move_line_ids",
    "line_ids",
    "contact_partner_id",
    "channel",
    "note",
    "made_on",
    "user_id",
}


class CreditPromise(models.Model):
    """What a customer promised to pay, on which items, by when.

    A promise is what was said: it does not change, it is cancelled and a new one noted.  Whether
    it was kept is judged from the payments (:meth:`_judge`).
    """

    _name = "credit.promise"
    _description = "Promise to Pay"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "credit.bounded",
        "credit.audited",
        "credit.empty.list",
    ]
    _audited = (
        "account_id",
        "amount",
        "currency_id",
        "date",
        "state",
        "made_on",
        "user_id",
        "paid",
        "missing",
        "broken_on",
        "judged_on",
    )
    _order = "date desc, id desc"
    _credit_bounds = {
        "amount": AMOUNT,
    }

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    collector_id = fields.Many2one(related="account_id.collector_id", store=True, index=True)
    made_on = fields.Date("Promised On", required=True, readonly=True)
    date = fields.Date(
        "Pays By", required=True, readonly=True, help="The day of the last payment promised."
    )
    amount = fields.Monetary(required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount_company = fields.Monetary(
        "Amount in Company Currency", readonly=True, currency_field="company_currency_id"
    )
    next_date = fields.Date(
        "Next Payment",
        compute="_compute_next_date",
        store=True,
        help="The first instalment that is not paid yet.",
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        "credit_promise_item_rel",
        "promise_id",
        "move_line_id",
        string="Items",
        readonly=True,
        copy=False,
    )
    lost_move_ids = fields.Many2many(
        "account.move",
        "credit_promise_lost_move_rel",
        "promise_id",
        "move_id",
        string="Invoices Being Changed",
        readonly=True,
        copy=False,
        help="Drafts that were split anew: their items come back when they are posted.",
    )
    line_ids = fields.One2many("credit.promise.line", "promise_id", "Instalments", readonly=True)
    plan_id = fields.Many2one(
        "credit.plan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The payment plan that is judged by this promise.",
    )
    is_instalment = fields.Boolean(compute="_compute_is_instalment")
    contact_partner_id = fields.Many2one(
        "res.partner", "Promised By", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    channel = fields.Selection(KINDS, readonly=True, default="call")
    user_id = fields.Many2one(
        "res.users", "Noted By", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    note = fields.Text()
    state = fields.Selection(
        STATES, required=True, readonly=True, default=core.OPEN, copy=False, index=True
    )
    paid = fields.Monetary(readonly=True, copy=False, help="Paid since, late payments included.")
    missing = fields.Monetary(readonly=True, copy=False)
    unmatched = fields.Monetary(
        readonly=True, copy=False, help="What nothing is matched with yet, money on account apart."
    )
    judged_on = fields.Date(readonly=True, copy=False, help="The day its state changed last.")
    broken_on = fields.Date(readonly=True, copy=False)
    # What was matched with the items before, so that only later payments count: see _payments.
    partial_floor = fields.Integer(readonly=True, copy=False)
    matched_before = fields.Monetary(readonly=True, copy=False)

    _account_broken_idx = models.Index("(account_id, broken_on) WHERE broken_on IS NOT NULL")
    _amount_positive = models.Constraint("CHECK(amount > 0)", "A promise needs an amount.")

    @api.depends("line_ids")
    def _compute_is_instalment(self):
        for promise in self:
            promise.is_instalment = len(promise.line_ids) > 1

    @api.depends("state", "paid", "line_ids.date", "line_ids.amount")
    def _compute_next_date(self):
        for promise in self:
            left = promise.paid
            promise.next_date = False
            for line in promise.line_ids.sorted("date") if promise.state == core.OPEN else ():
                left = promise.currency_id.round(left - line.amount)
                if left < 0:
                    promise.next_date = line.date
                    break

    @api.depends("name", "amount", "date", "currency_id")
    def _compute_display_name(self):
        for promise in self:
            if not promise.date or not promise.currency_id:
                promise.display_name = promise.name
                continue
            promise.display_name = self.env._(
                "%(name)s: %(amount)s by %(date)s",
                name=promise.name,
                amount=promise.currency_id.format(promise.amount),
                date=format_date(self.env, promise.date),
            )

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _any(self):
        """Whether there ever was a promise: else no query asks for one, item by item."""
        return bool(self.sudo().search_count([], limit=1))

    @api.model_create_multi
    def create(self, vals_list):
        self = reset_context(self)
        self._check_may_promise()
        instalments = []
        for vals in vals_list:
            instalments.append(self._complete(vals))
        promises = super().create(vals_list)
        if not self._any():
            clear_registry_cache(self.env)
        promises._check_files()
        for promise, lines in zip(promises, instalments, strict=True):
            promise.sudo().line_ids = [fields.Command.create(line) for line in lines]
        promises._fill_items()
        promises._check_promise()
        promises._remember_matched()
        promises._notify_made()
        return promises

    def _check_may_promise(self):
        if not self.env.user.has_group("credit_collection.credit_collection_group_collector"):
            raise AccessError(self.env._("Only a collector can note a promise to pay."))

    @api.model
    def _complete(self, vals):
        """Fill what a promise needs; return its instalments as values of lines."""
        if not self.env.su and fields_outside(vals, WRITABLE_ON_CREATE):
            raise AccessError(self.env._("A promise is judged from the payments, not by hand."))
        account = self.env["credit.account"].browse(vals.get("account_id"))
        if not account.exists():
            raise UserError(self.env._("Say which customer made the promise."))
        account.check_access("read")
        account = account.sudo()
        lines = [
            {"date": fields.Date.to_date(line.get("date")), "amount": line.get("amount") or 0.0}
            for line in self._lines_of(vals.pop("line_ids", None) or [])
        ]
        if not lines:
            lines = [
                {"date": fields.Date.to_date(vals.get("date")), "amount": vals.get("amount") or 0.0}
            ]
        if not all(line["date"] for line in lines):
            raise UserError(self.env._("Say by which day the customer will pay."))
        if not (self.env.su and vals.get("made_on")):
            vals["made_on"] = account.company_id._credit_today()
        if not (self.env.su and vals.get("user_id")):
            vals["user_id"] = self.env.uid
        items = self.env["account.move.line"].browse(self._items_of(vals)).sudo()
        vals["currency_id"] = vals.get("currency_id") or (
            items.currency_id.id if len(items.currency_id) == 1 else account.currency_id.id
        )
        currency = self.env["res.currency"].browse(vals["currency_id"])
        for line in lines:
            line["amount"] = currency.round(number_given(self, "amount", line["amount"]))
            if line["amount"] <= 0:
                raise ValidationError(self.env._("The promised amount must be above zero."))
        vals["date"] = max(line["date"] for line in lines)
        vals["amount"] = currency.round(sum(line["amount"] for line in lines))
        if vals.get("name", "/") == "/":
            vals["name"] = next_number(self.env, "credit.promise")
        return sorted(lines, key=lambda line: line["date"])

    @api.model
    def _lines_of(self, commands):
        if any(command[0] != fields.Command.CREATE for command in commands):
            raise UserError(self.env._("Instalments are given with their dates and amounts."))
        return [command[2] for command in commands]

    @api.model
    def _items_of(self, vals):
        """Ids of the journal items in the values of a new promise."""
        ids = []
        for command in vals.get("move_line_ids") or []:
            if isinstance(command, int):
                ids.append(command)
            elif command[0] == fields.Command.LINK:
                ids.append(command[1])
            elif command[0] == fields.Command.SET:
                ids.extend(command[2])
        return ids

    def _fill_items(self):
        """A promise without items covers the oldest open ones, up to its amount."""
        for promise in self.filtered(lambda p: not p.sudo().move_line_ids):
            chosen, left = promise.env["account.move.line"].sudo(), promise.amount
            for item in promise._promisable():
                if promise.currency_id.compare_amounts(left, 0) <= 0:
                    break
                left -= promise._in_promised_currency(item)
                chosen |= item.move_line_id
            promise.sudo().move_line_ids = chosen

    def _promisable(self):
        """Open items (sudo) of the file that no open promise covers yet, oldest first."""
        self.ensure_one()
        return (
            self.account_id.sudo()
            ._open_items()
            .filtered(
                lambda item: (
                    item.amount > 0
                    and not item.promised_until
                    and self.currency_id in (item.currency_id | item.company_currency_id)
                )
            )
        )

    def _in_promised_currency(self, item):
        same = self.currency_id == item.currency_id
        return item.amount_currency if same else item.amount

    def _extend(self, day, amount):
        """Promise (sudo) more of the same items: one more instalment, judged with the others.

        What was said before stays: its days and amounts are judged as they were.

        :param day: ``date`` by which ``amount`` is paid
        """
        self.ensure_one()
        self._check_files()
        if self.state != core.OPEN or self.plan_id:
            raise UserError(self.env._("Only an open promise can be added to."))
        matched = self.currency_id.round(self.amount - self.unmatched)
        self.write(
            {
                "line_ids": [fields.Command.create({"date": day, "amount": amount})],
                "amount": self.currency_id.round(self.amount + amount),
                "date": max(self.date, day),
            }
        )
        self.amount_company = self._in_company_currency()
        self._check_items(matched)
        self._judge()
        self._log(self.env._("More was promised"))

    # ------------------------------------------------------------------
    # Only the note changes
    # ------------------------------------------------------------------

    def write(self, vals):
        if not self.env.su and fields_outside(vals, FREE_TO_CHANGE):
            raise AccessError(
                self.env._("A promise is what was said. Cancel it and note a new one instead.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A promise is part of the history: cancel it instead."))

    def action_cancel(self):
        """Take open promises off: their items are chased again."""
        self.check_access("write")
        self._check_may_promise()
        self._check_still_open()
        for promise in self.filtered("plan_id"):
            raise UserError(
                self.env._("End the payment plan %s instead.", promise.sudo().plan_id.name)
            )
        for company, promises in self.sudo().grouped("company_id").items():
            promises.write({"state": "cancelled", "judged_on": company._credit_today()})
        self._log(self.env._("Promise cancelled"))

    def _end_with_plan(self, today):
        """The plan that promises (sudo) stand for has ended: its items are chased again."""
        self.filtered(lambda promise: promise.state == core.OPEN).write(
            {"state": "cancelled", "judged_on": today}
        )

    def _check_still_open(self):
        """A promise whose time is over, or that money on account has kept, is judged, though nobody
        did so yet."""
        if not self:
            return
        # What is refused changes nothing, whoever goes on after the error.
        with self.env.cr.savepoint():
            self._judge()
            if any(promise.state != core.OPEN for promise in self.sudo()):
                raise UserError(self.env._("Only an open promise can be cancelled."))

    def _agreement_words(self):
        """The sentences of the payment agreement."""
        self.ensure_one()
        company, partner = self.company_id.name, self.partner_id
        signer = self.contact_partner_id
        return {
            "opening": self.env._(
                "%(customer)s acknowledges to owe %(company)s the items below and promises to pay "
                "%(amount)s as follows.",
                customer=sentences.name(partner.name),
                company=sentences.name(company),
                amount=sentences.money(self.env, self.amount, self.currency_id, strong=True),
            ),
            "their_signature": sentences.signature(
                self.env,
                f"{partner.name} ({signer.name})" if signer and signer != partner else partner.name,
            ),
            "our_signature": sentences.signature(self.env, company),
        }

    def action_print_agreement(self):
        """Print the agreement to sign."""
        self.check_access("read")
        report = self.env.ref("credit_collection.credit_promise_report")
        return report.report_action(self)
