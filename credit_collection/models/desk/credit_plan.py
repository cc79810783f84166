from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from ...core import promise as promise_core
from ...tools.bounds import AMOUNT
from ...tools.groups import COLLECTOR
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
