from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...core import promise as promise_core
from ...core import schedule
from ...tools import sentences
from ...tools.bounds import AMOUNT
from ...tools.numbering import next_number
from ...tools.states import next_state

DRAFT, OFFERED, ACCEPTED = "draft", "offered", "accepted"
KEPT, BROKEN, ENDED = "kept", "broken", "ended"
STATES = [
    (DRAFT, "Draft"),
    (OFFERED, "Offered"),
    (ACCEPTED, "Accepted"),
    (KEPT, "Kept"),
    (BROKEN, "Broken"),
    (ENDED, "Ended"),
]
TRANSITIONS = {
    (DRAFT, "offer"): OFFERED,
    (OFFERED, "withdraw"): DRAFT,
    (DRAFT, "accept"): ACCEPTED,
    (OFFERED, "accept"): ACCEPTED,
    (DRAFT, "end"): ENDED,
    (OFFERED, "end"): ENDED,
    (ACCEPTED, "end"): ENDED,
    (ACCEPTED, "keep"): KEPT,
    (ACCEPTED, "break"): BROKEN,
    (KEPT, "break"): BROKEN,
    (BROKEN, "keep"): KEPT,
    (KEPT, "resume"): ACCEPTED,
    (BROKEN, "resume"): ACCEPTED,
}
EVENTS = {
    promise_core.OPEN: "resume",
    promise_core.KEPT: "keep",
    promise_core.PARTLY: "break",
    promise_core.BROKEN: "break",
}
INTEREST = [
    ("runs", "Runs on"),
    ("frozen", "Frozen while the plan is kept"),
    ("included", "Billed and part of the plan"),
]
COLLECTOR = "credit_collection.credit_collection_group_collector"
MANAGER = "credit_collection.credit_collection_group_manager"
INVOICING = "account.group_account_invoice"
OPEN_STATES = (DRAFT, OFFERED)
SIGNATURE = ("customer_signature", "customer_signed_by", "customer_signed_on")
RESULTS = {
    "state",
    "promise_id",
    "offered_by_id",
    "accepted_on",
    "accepted_by_id",
    "ended_on",
    "name",
    "fee_move_id",
    *SIGNATURE,
}


class CreditPlan(models.Model):
    """An agreement on how a debt is paid in instalments.

    It is the grown-up sister of a promise: when it is accepted it becomes a promise in instalments,
    and the promise's judge alone says whether it is kept (``credit.promise._judge``).
    """

    _name = "credit.plan"
    _description = "Payment Plan"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.bounded", "credit.audited"]
    _order = "id desc"
    _check_company_auto = True
    _credit_bounds = {
        "down_payment": AMOUNT,
        "fee": AMOUNT,
        "instalment_count": (1, 600),
        "months": (1, 12),
    }

    _audited = (
        "account_id",
        "currency_id",
        "state",
        "owed",
        "planned",
        "last_date",
        "interest",
        "new_due_dates",
        "promise_id",
        "accepted_by_id",
    )

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    account_id = fields.Many2one(
        "credit.account", "Credit File", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    collector_id = fields.Many2one(related="account_id.collector_id", store=True, index=True)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, readonly=False
    )
    item_ids = fields.One2many("credit.plan.item", "plan_id", "Items", copy=False)
    owed = fields.Monetary("Acknowledged", compute="_compute_owed", store=True)
    down_payment = fields.Monetary()
    down_date = fields.Date("Down Payment By")
    instalment_count = fields.Integer("Instalments", default=3, required=True)
    months = fields.Integer("Months Between", default=1, required=True)
    first_date = fields.Date("First Instalment By")
    line_ids = fields.One2many("credit.plan.line", "plan_id", "Payments", copy=False)
    planned = fields.Monetary(compute="_compute_planned", store=True)
    last_date = fields.Date("Last Payment", compute="_compute_planned", store=True)
    interest = fields.Selection(INTEREST, default="runs", required=True, tracking=True)
    fee = fields.Monetary(help="What the customer pays for the deferral; billed as an invoice.")
    fee_move_id = fields.Many2one(
        "account.move", "Fee Billed By", readonly=True, copy=False, index="btree_not_null"
    )
    new_due_dates = fields.Boolean(
        tracking=True,
        help="The items fall due with their instalments: they are not overdue before, and orders "
        "are not held for them. Their original due dates come back if the plan breaks.",
    )
    contact_partner_id = fields.Many2one("res.partner", "Signed By", index="btree_not_null")
    guarantees = fields.Text(help="What secures the plan.")
    guarantee_ids = fields.Many2many("ir.attachment", string="Guarantees Attached", copy=False)
    signed_document = fields.Binary("Signed Agreement", attachment=True, copy=False)
    signed_name = fields.Char(copy=False)
    offered_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null")
    customer_signature = fields.Binary(
        "Customer's Signature", readonly=True, attachment=True, copy=False
    )
    customer_signed_by = fields.Char("Signed Online By", readonly=True, copy=False)
    customer_signed_on = fields.Datetime("Signed Online On", readonly=True, copy=False)
    state = fields.Selection(
        STATES, required=True, readonly=True, default=DRAFT, copy=False, index=True, tracking=True
    )
    promise_id = fields.Many2one(
        "credit.promise", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    paid = fields.Monetary(related="promise_id.paid", store=True)
    missing = fields.Monetary(related="promise_id.missing", store=True)
    next_date = fields.Date(related="promise_id.next_date", store=True)
    accepted_on = fields.Date(readonly=True, copy=False)
    accepted_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null")
    ended_on = fields.Date(readonly=True, copy=False)
    note = fields.Text()
    may_accept = fields.Boolean(compute="_compute_may_accept")
    request_ids = fields.One2many("credit.request", "plan_id", "Requests", readonly=True)

    @api.depends("item_ids.move_line_id")
    def _compute_currency_id(self):
        for plan in self:
            currencies = plan.item_ids.move_line_id.currency_id
            if len(currencies) == 1:
                plan.currency_id = currencies
            elif not plan.currency_id:
                plan.currency_id = plan.company_id.currency_id or self.env.company.currency_id

    @api.depends("item_ids.amount")
    def _compute_owed(self):
        for plan in self:
            plan.owed = sum(plan.item_ids.mapped("amount"))

    @api.depends("line_ids.amount", "line_ids.date")
    def _compute_planned(self):
        for plan in self:
            plan.planned = sum(plan.line_ids.mapped("amount"))
            plan.last_date = max((line.date for line in plan.line_ids if line.date), default=False)

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = self.env._(
                "%(name)s, %(customer)s",
                name=plan.name,
                customer=plan.sudo().partner_id.display_name or "",
            )

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_collector()
        for vals in vals_list:
            if not self.env.su and RESULTS & vals.keys():
                raise AccessError(self.env._("A new plan is a draft."))
            vals["name"] = next_number(self.env, "credit.plan")
        plans = super().create(vals_list)
        for plan in plans.filtered(lambda plan: not plan.item_ids):
            plan._add_overdue_items()
        return plans

    def write(self, vals):
        if not self.env.su:
            papers = {"signed_document", "signed_name"} & vals.keys()
            if papers and any(plan.sudo().customer_signed_on for plan in self):
                raise UserError(self.env._("The customer signed online: that paper stays."))
            fixed = vals.keys() - {"note", "signed_document", "signed_name", "guarantee_ids"}
            fixed = {name for name in fixed if not name.startswith(("message_", "activity_"))}
            if RESULTS & fixed:
                raise AccessError(self.env._("A plan is judged from the payments, not by hand."))
            if fixed and any(plan.state not in OPEN_STATES for plan in self):
                raise UserError(
                    self.env._("An accepted plan does not change: end it and agree on a new one.")
                )
            if fixed:
                self._check_unsigned()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(plan.state != DRAFT for plan in self):
            raise UserError(self.env._("A plan that was offered is part of the history: end it."))

    def _is_audited(self):
        # EXTENDS credit.audited: a draft is no decision yet
        return super()._is_audited() and self.state != DRAFT

    def _check_collector(self):
        if not self.env.su and not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can agree on a payment plan."))

    def _add_overdue_items(self):
        """Propose what is due, in the currency that most of it is in."""
        self.ensure_one()
        today = self.company_id._credit_today()
        items = (
            self.account_id.sudo()
            ._open_items()
            .filtered(
                lambda item: item.amount > 0 and item.date_due <= today and not item.promised_until
            )
        )
        if not items:
            return
        totals = {
            currency: sum(own.mapped("amount"))
            for currency, own in items.grouped("currency_id").items()
        }
        currency = max(totals, key=totals.get)
        self.item_ids = [
            Command.create({"move_line_id": item.move_line_id.id})
            for item in items
            if item.currency_id == currency
        ]

    # ------------------------------------------------------------------
    # Drafting
    # ------------------------------------------------------------------

    def action_generate(self):
        """Work the payments out: the down payment, then equal instalments from the first day."""
        self.check_access("write")
        self._check_collector()
        for plan in self:
            plan._check_unsigned()
            plan._check_open()
            today = plan.company_id._credit_today()
            start = plan.first_date or schedule.add_months(today, plan.months)
            rest = plan.currency_id.round(plan.owed - plan.down_payment)
            rows = []
            if plan.down_payment:
                rows.append((plan.down_date or today, plan.down_payment))
            if rest > 0:
                try:
                    rows += schedule.instalments(
                        rest,
                        plan.instalment_count,
                        start,
                        plan.months,
                        plan.currency_id.decimal_places,
                    )
                except ValueError as problem:
                    raise UserError(str(problem)) from problem
            elif rest < 0:
                raise UserError(self.env._("The down payment is more than what is owed."))
            plan.line_ids = [
                Command.clear(),
                *(Command.create({"date": day, "amount": amount}) for day, amount in rows),
            ]

    def action_add_interest(self):
        """Bill the interest to date and make it an item of the plan."""
        self.ensure_one()
        self.check_access("write")
        self._check_unsigned()
        self._check_open()
        claims = self.env["credit.interest.claim"]._make(self.account_id)
        claims = claims.filtered(lambda claim: claim.currency_id == self.currency_id)
        if not claims:
            raise UserError(self.env._("No interest is open in this currency."))
        claims.action_bill()
        self._add_bills(claims.sudo().bill_move_id)
        self.interest = "included"
        self.action_generate()

    def action_bill_fee(self):
        """Bill the fee and make it an item of the plan."""
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        if not self.env.su and not self.env.user.has_group(INVOICING):
            raise AccessError(self.env._("Only who does the invoicing can bill a fee."))
        if self.currency_id.compare_amounts(self.fee, 0) <= 0 or self.fee_move_id:
            raise UserError(self.env._("Enter a fee that is not billed yet."))
        company = self.company_id.sudo()
        bill = self.env["account.move"].sudo().with_company(company).create(self._prepare_fee())
        company._credit_check_open_period(bill.date, bill.journal_id)
        bill.action_post()
        self.sudo().fee_move_id = bill
        self._add_bills(bill)
        self.action_generate()

    def _prepare_fee(self):
        """The invoice of the fee: by the company's product with its taxes, else like interest."""
        company, today = self.company_id.sudo(), self.company_id._credit_today()
        product = company.credit_plan_fee_product_id
        line = {
            "name": self.env._("Fee for payment plan %s", self.name),
            "quantity": 1,
            "price_unit": self.fee,
        }
        if product:
            line["product_id"] = product.id
        else:
            account = company._credit_account_for("credit_interest_account_id")
            line |= {"account_id": account.id, "tax_ids": [Command.clear()]}
        return {
            "move_type": "out_invoice",
            "company_id": company.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": today,
            "invoice_date_due": today,
            "invoice_payment_term_id": False,
            "invoice_origin": self.name,
            "invoice_line_ids": [Command.create(line)],
        }

    def _add_bills(self, moves):
        bills = moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.item_ids = [Command.create({"move_line_id": line.id}) for line in bills]

    def _check_open(self):
        if any(plan.state not in OPEN_STATES for plan in self):
            raise UserError(
                self.env._("An accepted plan does not change: end it and agree on a new one.")
            )

    def _check_unsigned(self):
        """What the customer has signed stays as it was signed."""
        if any(plan.state in OPEN_STATES and plan.sudo().customer_signed_on for plan in self):
            raise UserError(
                self.env._("The customer has signed it: take the offer back to change it.")
            )
        if "waiting" in self.sudo().request_ids.mapped("state"):
            raise UserError(
                self.env._("Somebody was asked to accept it: take the request back to change it.")
            )

    def _check_complete(self):
        """Refuse what nobody could keep or sign.

        :raises ValidationError: naming what is missing
        """
        for plan in self:
            if not plan.item_ids or not plan.line_ids:
                raise ValidationError(
                    self.env._("A plan needs items and payments: choose items, then Generate.")
                )
            if plan.currency_id.compare_amounts(plan.planned, plan.owed):
                raise ValidationError(
                    self.env._(
                        "The payments come to %(planned)s, and %(owed)s are acknowledged.",
                        planned=plan.currency_id.format(plan.planned),
                        owed=plan.currency_id.format(plan.owed),
                    )
                )
            items = plan.item_ids.sudo()
            for item in items:
                item._check_item()

    # ------------------------------------------------------------------
    # Agreeing
    # ------------------------------------------------------------------

    def _move(self, event, **values):
        """Take a step of ``TRANSITIONS``; an unknown one is refused."""
        for plan in self:
            state = next_state(plan, TRANSITIONS, event)
            plan.sudo().write({"state": state, **values})

    def action_offer(self):
        """Offer the plan: the agreement is printed to be signed."""
        self.check_access("write")
        self._check_collector()
        self._check_complete()
        self._move("offer", offered_by_id=self.env.uid)
        return self.action_print()

    def action_withdraw(self):
        """Take the offer back to change it."""
        self.check_access("write")
        self._check_collector()
        self._move("withdraw", **dict.fromkeys(SIGNATURE, False))

    def action_print(self):
        """The agreement."""
        self.check_access("read")
        return self.env.ref("credit_collection.credit_plan_report").report_action(self)

    def action_accept(self):
        """Both sides agree: letters stop while the plan is kept.

        :raises AccessError: above the user's authority by amount or by length
        """
        self.check_access("write")
        self._check_collector()
        for plan in self:
            plan.account_id.sudo()._serialize()
            plan._check_complete()
            plan._check_authority()
            today = plan.company_id._credit_today()
            promise = plan.env["credit.promise"].sudo().create(plan._prepare_promise())
            plan._move(
                "accept",
                promise_id=promise.id,
                accepted_on=today,
                accepted_by_id=self.env.uid,
            )
            if plan.new_due_dates:
                plan.item_ids.sudo()._move_due_dates()
            plan.account_id.sudo()._wake_holds()

    def _prepare_promise(self):
        self.ensure_one()
        return {
            "account_id": self.account_id.id,
            "plan_id": self.id,
            "currency_id": self.currency_id.id,
            "contact_partner_id": self.contact_partner_id.id,
            "channel": "letter",
            "move_line_ids": [Command.set(self.item_ids.move_line_id.ids)],
            "line_ids": [
                Command.create({"date": line.date, "amount": line.amount}) for line in self.line_ids
            ],
        }

    def _may_accept(self, user):
        """Whether the amount and the length of the plan are within a user's authority."""
        self.ensure_one()
        if user.has_group(MANAGER) and self.company_id in user.sudo().company_ids.root_id:
            return True
        return bool(
            self.last_date
            and user._has_credit_authority(self.planned, self.currency_id, self.company_id)
            and self.last_date <= self._latest_of_officers()
        )

    def _latest_of_officers(self):
        policy = self.account_id.sudo().effective_policy_id
        today = self.company_id._credit_today()
        return schedule.add_months(today, policy.plan_officer_months)

    @api.depends("planned", "last_date", "currency_id", "account_id")
    @api.depends_context("uid")
    def _compute_may_accept(self):
        for plan in self:
            plan.may_accept = bool(
                plan.last_date and plan.account_id and plan._may_accept(self.env.user)
            )

    def action_ask(self):
        """Ask somebody who may to accept the plan; the letters wait for nobody meanwhile."""
        self.ensure_one()
        self.check_access("write")
        self._check_collector()
        self._check_open()
        self._check_complete()
        request = self.env["credit.request"]._ask(
            self.account_id,
            kind="plan",
            plan_id=self.id,
            currency_id=self.currency_id.id,
            amount=self.planned,
            until=self.last_date,
            note=self.note,
        )
        return request._told()

    def _check_authority(self):
        self.ensure_one()
        user = self.env.user
        if self._may_accept(user):
            return
        if not user._has_credit_authority(self.planned, self.currency_id, self.company_id):
            raise AccessError(
                self.env._(
                    "A plan over %s is above what you may decide. Ask a credit manager.",
                    self.currency_id.format(self.planned),
                )
            )
        raise AccessError(
            self.env._(
                "You may accept plans of up to %(months)s months, until %(date)s. Ask a credit "
                "manager.",
                months=self.account_id.sudo().effective_policy_id.plan_officer_months,
                date=format_date(self.env, self._latest_of_officers()),
            )
        )

    def action_end(self):
        """End the plan: what is open falls due as before."""
        self.check_access("write")
        self._check_collector()
        for plan in self:
            today = plan.company_id._credit_today()
            if plan.state == ACCEPTED:
                plan._check_authority()
            plan._move("end", ended_on=today)
            plan.promise_id.sudo()._end_with_plan(today)
            plan.item_ids.sudo()._restore_due_dates()

    def _follow_promise(self):
        """Take over what the judge said of the plan's promise, and what follows from it."""
        for plan in self.sudo():
            event = EVENTS.get(plan.promise_id.state)
            state = TRANSITIONS.get((plan.state, event))
            if not state or state == plan.state:
                continue
            today = plan.company_id._credit_today()
            plan._move(event, ended_on=today if state in (KEPT, BROKEN) else False)
            if state == BROKEN:
                plan.item_ids._restore_due_dates()
            elif plan.new_due_dates:
                plan.item_ids._move_due_dates()

    def action_open_promise(self):
        """The promise by which the plan is judged."""
        self.ensure_one()
        self.check_access("read")
        return self.promise_id.get_formview_action()

    @api.model
    def _lets_pass_sql(self, line: SQL) -> SQL:
        """SQL of whether a plan that is being kept takes a journal item out of what holds orders:
        the customer's policy says so."""
        self.flush_model(["state", "account_id"])
        self.env["credit.plan.item"].flush_model(["plan_id", "move_line_id"])
        self.env["credit.policy"].flush_model(["plans_let_orders_pass"])
        return SQL(
            """
            EXISTS (SELECT FROM credit_plan_item planned
                      JOIN credit_plan plan ON plan.id = planned.plan_id
                      JOIN credit_account debtor ON debtor.id = plan.account_id
                      JOIN credit_policy deal ON deal.id = %(policy)s
                     WHERE planned.move_line_id = %(line)s AND plan.state = %(kept)s
                       AND deal.plans_let_orders_pass)
            """,
            policy=self.env["credit.policy"]._effective_policy_sql(
                SQL("debtor.policy_id"), SQL("debtor.partner_id"), SQL("debtor.company_id")
            ),
            line=line,
            kept=ACCEPTED,
        )

    def _agreement_lang(self):
        self.ensure_one()
        plan = self.sudo()
        return self.env["credit.followup"]._language(plan.partner_id, plan.company_id)

    def _agreement_words(self):
        """The sentences of the agreement."""
        self.ensure_one()
        company, partner = self.company_id.name, self.partner_id
        signer = self.contact_partner_id
        if self.interest == "frozen":
            missed = self.env._(
                "While the plan is kept, nothing further is demanded. If a payment is missed, all "
                "that is open falls due at once, and interest is charged from the original due "
                "dates."
            )
        else:
            missed = self.env._(
                "While the plan is kept, nothing further is demanded. If a payment is missed, all "
                "that is open falls due at once."
            )
        return {
            "opening": self.env._(
                "%(customer)s acknowledges to owe %(company)s %(amount)s from the documents "
                "below, and pays this amount as follows.",
                customer=sentences.name(partner.name, strong=True),
                company=sentences.name(company, strong=True),
                amount=sentences.money(self.env, self.owed, self.currency_id, strong=True),
            ),
            "missed": missed,
            "their_signature": sentences.signature(
                self.env,
                f"{partner.name} ({signer.name})" if signer and signer != partner else partner.name,
            ),
            "our_signature": sentences.signature(self.env, company),
        }

    def _filename(self):
        self.ensure_one()
        number = (self.name or "").replace("/", "-")
        return self.env._("Payment plan %s", number)


class CreditPlanItem(models.Model):
    """An item of a plan, with its due date before and by the plan."""

    _name = "credit.plan.item"
    _description = "Item of a Payment Plan"
    _order = "date_original, id"
    _rec_name = "move_line_id"

    plan_id = fields.Many2one("credit.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    account_id = fields.Many2one(related="plan_id.account_id", store=True, index=True)
    state = fields.Selection(related="plan_id.state", store=True)
    move_line_id = fields.Many2one(
        "account.move.line", "Item", required=True, index=True, ondelete="restrict"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document")
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=True)
    date_original = fields.Date("Original Due Date", readonly=True)
    date_new = fields.Date("New Due Date", readonly=True)

    _once = models.UniqueIndex("(plan_id, move_line_id)", "An item is in a plan once.")

    @api.depends("move_line_id")
    def _compute_amount(self):
        """What is open when the item is added: that is what the debtor acknowledges."""
        for item in self:
            item.amount = item.sudo().move_line_id.amount_residual_currency

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            line = self.env["account.move.line"].sudo().browse(vals.get("move_line_id"))
            vals["date_original"] = line.date_maturity or line.date
            vals.pop("date_new", None)
        items = super().create(vals_list)
        items.plan_id._check_unsigned()
        items.plan_id._check_open()
        for item in items:
            item.sudo()._check_item()
        return items

    def write(self, vals):
        if not self.env.su:
            raise AccessError(self.env._("Take the item out of the plan and add the right one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self.plan_id._check_unsigned()
        self.plan_id._check_open()

    def _check_item(self):
        """An item (sudo) must be an open debt of the plan's customer."""
        line, plan = self.move_line_id, self.plan_id
        own = (
            line.account_id.account_type == "asset_receivable"
            and line.parent_state == "posted"
            and line.amount_residual_currency > 0
            and line.company_id.root_id == plan.company_id
            and line.partner_id.commercial_partner_id == plan.partner_id
        )
        if not own:
            raise ValidationError(
                self.env._(
                    "%(item)s is no open debt of %(customer)s.",
                    item=line.move_id.name or "",
                    customer=plan.partner_id.display_name,
                )
            )

    def _move_due_dates(self):
        """Let each item (sudo) fall due with the instalment that pays its last part."""
        for plan, items in self.grouped("plan_id").items():
            lines, reached, wanted = list(plan.line_ids.sorted("date")), 0.0, 0.0
            for item in items.sorted("date_original"):
                wanted = plan.currency_id.round(wanted + item.amount)
                while lines and plan.currency_id.compare_amounts(reached, wanted) < 0:
                    line = lines.pop(0)
                    reached = plan.currency_id.round(reached + line.amount)
                    day = line.date
                item.date_new = max(day, item.date_original)
                item.move_line_id.date_maturity = item.date_new

    def _restore_due_dates(self):
        """Everything is due again as it was before the plan."""
        for item in self.filtered("date_new"):
            item.move_line_id.date_maturity = item.date_original
            item.date_new = False


class CreditPlanLine(models.Model):
    _name = "credit.plan.line"
    _description = "Payment of a Plan"
    _inherit = "credit.bounded"
    _order = "date, id"
    _rec_name = "date"
    _credit_bounds = {"amount": AMOUNT}

    plan_id = fields.Many2one("credit.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    account_id = fields.Many2one(related="plan_id.account_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    date = fields.Date("Pays By", required=True)
    amount = fields.Monetary(required=True)

    _amount_positive = models.Constraint("CHECK(amount > 0)", "An instalment needs an amount.")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.plan_id._check_unsigned()
        lines.plan_id._check_open()
        return lines

    def write(self, vals):
        self.plan_id._check_unsigned()
        self.plan_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self.plan_id._check_unsigned()
        self.plan_id._check_open()
