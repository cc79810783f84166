from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ...models.desk.credit_account_playbook import LIMITED_KINDS
from ...models.desk.credit_contact import KINDS, OUTCOMES, UNANSWERED
from ...models.desk.credit_playbook import MOODS, SITUATIONS
from ...tools.bounds import AMOUNT, DAYS
from ...tools.readers import for_reader


class CreditContactLog(models.TransientModel):
    """*Log a contact*: the contact and what follows from it, in one step or not at all."""

    _name = "credit.contact.log"
    _description = "Log a Contact"
    _inherit = "credit.bounded"
    _credit_bounds = {
        "promise_amount": AMOUNT,
        "paid_amount": AMOUNT,
        "instalment_count": (0, 1_000),
        "instalment_days": DAYS,
        "dispute_amount": AMOUNT,
    }

    account_id = fields.Many2one(
        "credit.account", "Customer", required=True, readonly=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer Record")
    currency_id = fields.Many2one(related="account_id.currency_id")
    kind = fields.Selection(KINDS, required=True, default="call")
    outcome = fields.Selection(OUTCOMES, required=True, default="no_answer")
    contact_partner_id = fields.Many2one("res.partner", "With", index="btree_not_null")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    note = fields.Text()
    next_step = fields.Char()
    next_date = fields.Date("Next Step On")
    item_ids = fields.Many2many("account.move.line", string="Items")
    item_choice_ids = fields.Many2many("account.move.line", compute="_compute_item_choice_ids")

    paid_on = fields.Date()
    paid_amount = fields.Monetary(currency_field="currency_id")
    paid_reference = fields.Char("Their Reference", help="What stands on the transfer.")

    promise_date = fields.Date("Pays By")
    promise_amount = fields.Monetary("Amount", currency_field="promise_currency_id")
    promise_currency_id = fields.Many2one("res.currency", compute="_compute_promise_currency_id")
    in_instalments = fields.Boolean()
    instalment_count = fields.Integer("Number of Instalments", default=3)
    instalment_days = fields.Integer("Days Between", default=7)
    instalment_ids = fields.One2many(
        "credit.contact.log.instalment",
        "log_id",
        compute="_compute_instalment_ids",
        store=True,
        readonly=False,
    )

    excuse_id = fields.Many2one("credit.excuse", index="btree_not_null")
    excuse_question = fields.Text(related="excuse_id.question", string="Ask")
    excuse_answer = fields.Text(related="excuse_id.answer", string="Answer")
    excuse_offer = fields.Text(related="excuse_id.offer", string="Offer")
    situation = fields.Selection(
        SITUATIONS, compute="_compute_situation", store=True, readonly=False
    )
    mood = fields.Selection(MOODS)
    playbook = fields.Html(compute="_compute_playbook", sanitize=False)
    inbound = fields.Boolean("The Customer Called")
    conduct_warning = fields.Char(compute="_compute_conduct_warning")
    conduct_reason = fields.Char(
        "Why All the Same",
        help="A credit officer may log a call outside the rules with a reason.",
    )

    dispute_line_id = fields.Many2one("account.move.line", "Disputed Item", index="btree_not_null")
    dispute_amount = fields.Monetary("Disputed Amount", currency_field="dispute_currency_id")
    dispute_currency_id = fields.Many2one(
        related="dispute_line_id.currency_id", string="Dispute Currency"
    )
    dispute_reason_id = fields.Many2one("credit.dispute.reason", "Reason", index="btree_not_null")

    # ------------------------------------------------------------------
    # Proposals
    # ------------------------------------------------------------------

    @api.depends("account_id", "outcome")
    def _compute_item_choice_ids(self):
        for log in self:
            items = log._items()
            if log.outcome == "promised":
                items = items.filtered(lambda item: not item.promised_until)
            log.item_choice_ids = items.move_line_id

    def _items(self):
        """What the customer owes, oldest first (sudo)."""
        account = self.account_id._origin or self.account_id
        return account.sudo()._open_items().filtered(lambda item: item.amount > 0)

    @api.onchange("account_id", "outcome")
    def _onchange_outcome(self):
        today = self.account_id.sudo().company_id._credit_today()
        policy = self.account_id.sudo().effective_policy_id
        items = self._items()
        if self.outcome == "promised":
            due = items.filtered(lambda item: item.is_overdue and not item.promised_until)
            self.item_ids = due.move_line_id
            self.promise_date = today + timedelta(days=policy.promise_max_days or 7)
            self._onchange_item_ids()
        elif self.outcome == "disputed":
            self.dispute_line_id = items[:1].move_line_id
            self._onchange_dispute_line_id()
        follow_up = self.outcome in (*UNANSWERED, "call_back", "copy_sent", "paid")
        company = self.account_id.sudo().company_id
        self.next_date = company._credit_next_working_day() if follow_up and company else False
        if self.outcome == "paid":
            self.paid_on = today
            self.paid_amount = sum(item.amount for item in items if item.is_overdue)

    @api.depends("account_id")
    def _compute_situation(self):
        for log in self:
            account = log.account_id._origin or log.account_id
            log.situation = account.playbook_situation or "before_due"

    @api.depends("situation", "mood", "account_id")
    def _compute_playbook(self):
        for log in self:
            account = log.account_id._origin or log.account_id
            log.playbook = account and account._render_playbook(
                log.situation, account.debtor_kind, log.mood
            )

    @api.depends("kind", "date", "inbound", "account_id")
    def _compute_conduct_warning(self):
        for log in self:
            log.conduct_warning = log._conduct_sentence()

    def _conduct_sentence(self):
        """What this contact breaks of the policy's hours and frequency; ``False`` when nothing."""
        account = self.account_id._origin or self.account_id
        if self.kind not in LIMITED_KINDS or self.inbound or not account or not self.date:
            return False
        return account._conduct_sentence(account._conduct_broken(self.date))

    @api.onchange("excuse_id")
    def _onchange_excuse_id(self):
        """Propose what usually follows from an excuse; what is chosen already stays."""
        excuse = self.excuse_id
        if not excuse:
            return
        if excuse.next_outcome and self.outcome in (False, *UNANSWERED):
            self.outcome = excuse.next_outcome
            self._onchange_outcome()
        if excuse.next_days and self.outcome not in ("promised", "disputed"):
            today = self.account_id.company_id._credit_today()
            self.next_date = today + timedelta(excuse.next_days)
            self.next_step = self.next_step or excuse.name

    @api.onchange("item_ids")
    def _onchange_item_ids(self):
        if self.outcome != "promised":
            return
        lines = self.item_ids._origin
        in_own = len(lines.currency_id) == 1
        self.promise_amount = sum(
            self._undisputed(item) * (item.amount_currency if in_own else item.amount)
            for item in self._items()
            if item.move_line_id in lines
        )

    @api.model
    def _undisputed(self, item):
        """The part of an open item that nobody disputes, between 0 and 1."""
        return 1 - item.disputed_amount / item.amount if item.amount else 1.0

    @api.onchange("dispute_line_id")
    def _onchange_dispute_line_id(self):
        line = self.dispute_line_id._origin
        item = self._items().filtered(lambda item: item.move_line_id == line)
        self.dispute_amount = item.amount_currency * self._undisputed(item)

    @api.depends("item_ids", "account_id")
    def _compute_promise_currency_id(self):
        for log in self:
            own = log.item_ids.currency_id
            log.promise_currency_id = own if len(own) == 1 else log.account_id.currency_id

    @api.depends(
        "in_instalments", "instalment_count", "instalment_days", "promise_amount", "promise_date"
    )
    def _compute_instalment_ids(self):
        for log in self:
            log.instalment_ids = [fields.Command.clear()] + [
                fields.Command.create(vals) for vals in log._prepare_instalments()
            ]

    def _prepare_instalments(self):
        """Equal parts, beginning on the promised day; the last one takes the rounding."""
        count = self.instalment_count
        if not self.in_instalments or not self.promise_date or count < 1 or count > 60:
            return []
        part = self.promise_currency_id.round(self.promise_amount / count)
        last = self.promise_currency_id.round(self.promise_amount - part * (count - 1))
        step = max(self.instalment_days, 1)
        return [
            {
                "date": self.promise_date + timedelta(days=step * number),
                "amount": part if number < count - 1 else last,
            }
            for number in range(count)
        ]

    # ------------------------------------------------------------------
    # Logging
    # ------------------------------------------------------------------

    def action_log(self):
        """Make the contact and what follows from it; what is too long for the user is asked for."""
        contact = self._log()
        asked = contact.sudo().request_ids
        following = asked._told() if asked else {"type": "ir.actions.act_window_close"}
        return self._with_undo(self._logged(), following)

    def action_log_next(self):
        """The same, then the next customer of the list."""
        self._log()
        return self._with_undo(self._logged(), self.account_id.action_next())

    def _log(self):
        self.ensure_one()
        self.account_id.check_access("write")
        self._check_conduct()
        values = self._prepare_contact()
        asked = self.outcome == "promised" and self._is_for_somebody_else()
        if self.outcome == "promised" and not asked:
            promise = self.env["credit.promise"].create(self._prepare_promise())
            values["promise_id"] = promise.id
        elif self.outcome == "disputed":
            dispute = self.env["credit.dispute"].create(self._prepare_dispute())
            values["dispute_id"] = dispute.id
        contact = self.env["credit.contact"].create(values)
        if asked:
            self._try_promise()
            self.env["credit.request"]._ask_for_promise(self._prepare_promise(), contact)
        self.sudo().write({"contact_id": contact.id, "logged_on": fields.Datetime.now()})
        made = self._look_for_money() if self.outcome == "paid" else self.env["mail.activity"]
        self.sudo().made = (made | self._schedule_next_step()).ids
        return contact

    def _is_for_somebody_else(self):
        """Whether the promise is longer than the user may accept."""
        days = self.instalment_ids.mapped("date") if self.in_instalments else [self.promise_date]
        last = max(filter(None, days), default=None)
        return self.env["credit.promise"]._is_for_a_higher_role(self.account_id, last)

    def _try_promise(self):
        """Refuse at once what nobody could accept, whoever is asked.

        The promise is made as far as its length and taken back again.
        """
        values = self._prepare_promise()
        today = self.account_id.sudo().company_id._credit_today()
        for command in values["line_ids"]:
            command[2]["date"] = today
        self.env["credit.promise"]._try({**values, "date": today})

    def _look_for_money(self):
        """Somebody in accounting looks for the money that is said to be on its way."""
        account = self.account_id.sudo()
        finder = self._who_looks_for_money()
        told = for_reader(account, finder)
        summary = told.env._(
            "Look for a payment of %(amount)s of %(date)s",
            amount=told.currency_id.format(self.paid_amount),
            date=format_date(told.env, self.paid_on) if self.paid_on else "–",
        )
        return told.activity_schedule(
            "credit_collection.mail_activity_find_payment",
            summary=summary,
            note=self.paid_reference or False,
            user_id=finder.id,
        )

    def _who_looks_for_money(self):
        """An accountant of the company other than who asks, else who asks.

        Those with Odoo's full accounting come before those who write invoices.
        """
        company = self.account_id.sudo().company_id
        users = self.env["res.users"].sudo()
        for group in ("account.group_account_user", "account.group_account_invoice"):
            users = users.search(
                [
                    ("all_group_ids", "in", self.env.ref(group).ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                    ("id", "!=", self.env.uid),
                ],
                order="id",
                limit=1,
            )
            if users:
                break
        return users or self.env.user

    def _check_conduct(self):
        """Refuse a call outside the policy's rules, unless an officer says why.

        :raises UserError: the sentence says what is broken
        """
        sentence = self._conduct_sentence()
        officer = self.env.user.has_group("credit_collection.credit_collection_group_officer")
        if sentence and not (officer and (self.conduct_reason or "").strip()):
            raise UserError(
                self.env._(
                    "%(rule)s If the customer called, say so; an exception needs a credit "
                    "officer and a reason.",
                    rule=sentence,
                )
            )

    def _prepare_contact(self):
        if self.outcome == "paid" and not self.paid_on:
            raise UserError(self.env._("Ask on which day they paid."))
        if self.outcome == "call_back" and not self.next_date:
            raise UserError(self.env._("Say on which day to call back."))
        if self.next_date and self.next_date < self.account_id.sudo().company_id._credit_today():
            raise UserError(self.env._("The next step cannot be on a day that has passed."))
        return {
            "account_id": self.account_id.id,
            "kind": self.kind,
            "outcome": self.outcome,
            "contact_partner_id": self.contact_partner_id.id,
            "date": self.date,
            "note": self._note(),
            "next_step": self.next_step,
            "next_date": self.next_date,
            "excuse_id": self.excuse_id.id,
            "inbound": self.inbound,
            "conduct_reason": self.conduct_reason if self._conduct_sentence() else False,
        }

    def _note(self):
        """What was said, with what they say about their payment."""
        if self.outcome != "paid":
            return self.note
        account = self.account_id.sudo()
        said = self.env._(
            "%(amount)s on %(date)s, reference: %(reference)s",
            amount=account.currency_id.format(self.paid_amount),
            date=format_date(self.env, self.paid_on),
            reference=self.paid_reference or "–",
        )
        return "\n".join(part for part in (said, self.note) if part)

    def _prepare_promise(self):
        if self.in_instalments and not self.instalment_ids:
            raise UserError(self.env._("Say which instalments the customer will pay."))
        instalments = [
            fields.Command.create({"date": line.date, "amount": line.amount})
            for line in self.instalment_ids
        ]
        return {
            "account_id": self.account_id.id,
            "date": self.promise_date,
            "amount": self.promise_amount,
            "currency_id": self.promise_currency_id.id,
            "move_line_ids": [fields.Command.set(self.item_ids.ids)],
            "line_ids": instalments if self.in_instalments else [],
            "contact_partner_id": self.contact_partner_id.id,
            "channel": self.kind,
            "note": self.note,
        }

    def _prepare_dispute(self):
        return {
            "account_id": self.account_id.id,
            "move_line_id": self.dispute_line_id.id,
            "amount": self.dispute_amount,
            "reason_id": self.dispute_reason_id.id,
            "note": self.note,
        }

    def _schedule_next_step(self):
        """The activity of the next step, in the place of the one before."""
        activity = "credit_collection.mail_activity_call_back"
        kind = self.env.ref(activity)
        self.sudo().before = [
            {"date": str(planned.date_deadline), "summary": planned.summary}
            for planned in self.account_id.activity_ids
            if planned.activity_type_id == kind and planned.user_id == self.env.user
        ]
        self.account_id.activity_unlink([activity], user_id=self.env.uid)
        made = self.env["mail.activity"]
        if self.next_date:
            made = self.account_id.activity_schedule(
                activity,
                date_deadline=self.next_date,
                user_id=self.env.uid,
                summary=self.next_step or self.env._("Call again"),
            )
        return made


class CreditContactLogInstalment(models.TransientModel):
    _name = "credit.contact.log.instalment"
    _description = "Instalment to Promise"
    _inherit = "credit.bounded"
    _order = "date, id"
    _credit_bounds = {
        "amount": AMOUNT,
    }

    log_id = fields.Many2one(
        "credit.contact.log", required=True, ondelete="cascade", index="btree_not_null"
    )
    currency_id = fields.Many2one(related="log_id.promise_currency_id")
    date = fields.Date("Pays By", required=True)
    amount = fields.Monetary(required=True)
