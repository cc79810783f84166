from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ...tools.environment import without_caller_context
from ...tools.groups import COLLECTOR, MANAGER
from ...tools.readers import for_reader
from ..desk.credit_promise import ROLES

KINDS = [
    ("promise", "A longer promise"),
    ("plan", "A payment plan"),
    ("letter", "A letter that needs approval"),
]
WAITING, APPROVED, REFUSED, CANCELLED = "waiting", "approved", "refused", "cancelled"
STATES = [
    (WAITING, "Waiting"),
    (APPROVED, "Approved"),
    (REFUSED, "Refused"),
    (CANCELLED, "Cancelled"),
]
TRANSITIONS = {
    (WAITING, "approve"): APPROVED,
    (WAITING, "refuse"): REFUSED,
    (WAITING, "cancel"): CANCELLED,
}
ACTIVITY = "credit_collection.mail_activity_decide_request"
FREE_TO_CHANGE = {"decision_note", "responsible_id", "deadline"}


class CreditRequest(models.Model):
    """What a collector may not decide: asked of somebody who may, with a day, one click."""

    _name = "credit.request"
    _description = "Request of a Collector"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "state desc, deadline, id"
    _rec_name = "summary"

    kind = fields.Selection(KINDS, required=True, readonly=True)
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
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(readonly=True)
    until = fields.Date(readonly=True)
    summary = fields.Char("What Is Asked", compute="_compute_summary")
    note = fields.Text("Why", readonly=True)
    requester_id = fields.Many2one(
        "res.users", "Asked By", required=True, readonly=True, index=True, ondelete="restrict"
    )
    responsible_id = fields.Many2one(
        "res.users", "Decides", tracking=True, index="btree_not_null", ondelete="restrict"
    )
    deadline = fields.Datetime("Decide Before")
    promised = fields.Json(readonly=True, copy=False, groups=COLLECTOR)
    contact_id = fields.Many2one(
        "credit.contact", readonly=True, index="btree_not_null", ondelete="set null"
    )
    promise_id = fields.Many2one(
        "credit.promise", readonly=True, index="btree_not_null", ondelete="set null"
    )
    plan_id = fields.Many2one(
        "credit.plan", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    followup_id = fields.Many2one(
        "credit.followup", "Letter", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default=WAITING, index=True, tracking=True
    )
    decision_note = fields.Char("Answer")
    decided_by_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
    decided_on = fields.Datetime(readonly=True)
    may_decide = fields.Boolean("I May Decide", compute="_compute_may_decide")

    _plan_uniq = models.UniqueIndex(
        "(plan_id) WHERE state = 'waiting'", "The plan waits for a decision already."
    )
    _letter_uniq = models.UniqueIndex(
        "(followup_id) WHERE state = 'waiting'", "The letter waits for a decision already."
    )

    @api.depends("kind", "amount", "until", "plan_id", "followup_id")
    @api.depends_context("lang")
    def _compute_summary(self):
        for request in self:
            amount = request.currency_id.format(request.amount) if request.currency_id else ""
            day = format_date(self.env, request.until) if request.until else ""
            if request.kind == "promise":
                request.summary = self.env._(
                    "Promise of %(amount)s by %(day)s", amount=amount, day=day
                )
            elif request.kind == "plan":
                request.summary = self.env._(
                    "Plan over %(amount)s until %(day)s", amount=amount, day=day
                )
            else:
                request.summary = self.env._(
                    "Letter “%(level)s” over %(amount)s",
                    level=request.sudo().followup_id.level_id.name or "",
                    amount=amount,
                )

    @api.depends("state", "kind", "until", "amount")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        for request in self:
            request.may_decide = request.state == WAITING and request._may_decide(self.env.user)

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A request is made where the work is done, not by hand."))
        return super().create(vals_list)

    def write(self, vals):
        kept = {name for name in vals if not name.startswith(("message_", "activity_"))}
        if not self.env.su and kept - FREE_TO_CHANGE:
            raise AccessError(self.env._("A request says what was asked. Approve or refuse it."))
        if not self.env.su and "decision_note" in kept and not all(r.may_decide for r in self):
            raise AccessError(self.env._("Whoever decides writes the answer, before deciding."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A request is part of the history: it cannot be deleted."))

    @api.model
    def _ask(self, account, **values):
        """Ask somebody who may decide; whoever calls has checked that the user may ask.

        :param account: ``credit.account``
        :return: the request (sudo)
        """
        account = account.sudo()
        policy = account.effective_policy_id
        request = self.sudo().create(
            {
                "account_id": account.id,
                "requester_id": self.env.uid,
                "deadline": self.env["credit.hold"]._deadline(
                    account.company_id, policy.answer_hours
                ),
                **values,
            }
        )
        request.responsible_id = request._who_decides()
        if request.responsible_id:
            told = for_reader(request, request.responsible_id)
            told.activity_schedule(
                ACTIVITY,
                date_deadline=account.company_id._credit_day(request.deadline),
                user_id=request.responsible_id.id,
                summary=told.summary,
                note=request.note or False,
            )
        account._message_log(
            body=self.env._("%(who)s asks: %(what)s.", who=self.env.user.name, what=request.summary)
        )
        return request

    def _who_decides(self):
        """The policy's officer if they may, else the first who may."""
        self.ensure_one()
        officer = self.account_id.effective_policy_id.responsible_id
        company = self.company_id
        able = self.account_id._approvers(0)
        able = able.filtered(lambda user: user != self.requester_id and self._may_decide(user))
        works = officer._credit_working_in(company)
        return works if works in able else able[:1]

    def _may_decide(self, user):
        """Whether a user has the role and the authority for what is asked."""
        self.ensure_one()
        request = self.sudo()
        if request.company_id not in user.sudo().company_ids.root_id:
            return False
        if request.kind == "letter":
            return user.has_group(MANAGER)
        if request.kind == "plan":
            return request.plan_id._may_accept(user)
        policy, today = request.account_id.effective_policy_id, request.company_id._credit_today()
        needed = policy._promise_role_needed(today, request.until)
        return any(
            user.has_group(f"credit_collection.credit_collection_group_{role}")
            for role in ROLES[ROLES.index(needed) :]
        )

    def _told(self):
        """The notification for whoever asked: who decides, and by when."""
        self.ensure_one()
        request = self.sudo()
        who = request.responsible_id.name or self.env._("A credit officer")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.env._("Waits for %s", who),
                "message": self.env._(
                    "%(what)s: to be decided by %(day)s.",
                    what=request.summary,
                    day=format_date(self.env, request.company_id._credit_day(request.deadline)),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _ask_for_promise(self, values, contact):
        """Ask for a promise that is too long for the user.

        :param dict values: the values of a new ``credit.promise``
        :param contact: ``credit.contact`` in which it was said
        """
        account = self.env["credit.account"].browse(values["account_id"])
        lines = [command[2] for command in values.get("line_ids") or []]
        day = max([fields.Date.to_date(line["date"]) for line in lines], default=None)
        amount = sum(line["amount"] for line in lines)
        return self._ask(
            account,
            kind="promise",
            currency_id=values["currency_id"],
            amount=amount or values["amount"],
            until=day or values["date"],
            note=contact.note,
            contact_id=contact.id,
            promised=self._as_json(values, lines),
        )

    @api.model
    def _as_json(self, values, lines):
        """The values of a promise as plain JSON."""
        kept = {**values, "line_ids": [{**line, "date": str(line["date"])} for line in lines]}
        kept["move_line_ids"] = [item for command in values["move_line_ids"] for item in command[2]]
        return {
            name: str(value) if isinstance(value, date) else value for name, value in kept.items()
        }

    # ------------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------------

    def action_approve(self):
        """Do what is asked, in one's own name and within one's own authority."""
        self._check_decides()
        for request in self:
            request._carry_out()
            request._move("approve")
            request._answer(self.env._("Approved"))
        return True

    def action_refuse(self):
        """Leave it; whoever asked is told."""
        self._check_decides()
        for request in self:
            request._move("refuse")
            request._answer(self.env._("Refused"))
        return True

    def action_cancel(self):
        """Take one's own request back."""
        self.check_access("read")
        for request in self:
            if request.requester_id != self.env.user and not request.may_decide:
                raise AccessError(self.env._("Only who asked can take a request back."))
            request._move("cancel")
        return True

    def action_open(self):
        """Open what is asked for: the plan, the letter, else the customer's page."""
        self.ensure_one()
        self.check_access("read")
        return (self.plan_id or self.followup_id or self.account_id).get_formview_action()

    def _check_decides(self):
        self.check_access("read")
        for request in self:
            if request.state == WAITING and not request.may_decide:
                raise AccessError(
                    self.env._(
                        "%(what)s is above your authority. %(who)s can decide.",
                        what=request.summary,
                        who=request.responsible_id.name or self.env._("A credit manager"),
                    )
                )

    def _carry_out(self):
        """Make the promise, accept the plan or send the letter, as the user who approves."""
        self.ensure_one()
        if self.state != WAITING:
            return
        if self.kind == "plan":
            plan = self.plan_id
            if (
                plan.currency_id != self.currency_id
                or self.currency_id.compare_amounts(plan.planned, self.amount)
                or plan.last_date != self.until
            ):
                raise UserError(
                    self.env._("The plan was changed after it was asked for: ask again.")
                )
            plan.action_accept()
        elif self.kind == "letter":
            self.followup_id.action_send()
        else:
            values = dict(self.sudo().promised)
            values["move_line_ids"] = [fields.Command.set(values["move_line_ids"])]
            values["line_ids"] = [fields.Command.create(line) for line in values["line_ids"]]
            promise = self.env["credit.promise"].create(values)
            self.sudo().promise_id = promise
            self.sudo().contact_id.promise_id = promise

    def _move(self, event):
        for request in self.sudo():
            target = TRANSITIONS.get((request.state, event))
            if not target:
                states = dict(request._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(what)s is %(state)s: that cannot be done any more.",
                        what=request.summary,
                        state=states[request.state],
                    )
                )
            request.write(
                {
                    "state": target,
                    "decided_by_id": self.env.uid,
                    "decided_on": fields.Datetime.now(),
                }
            )
            request.activity_unlink([ACTIVITY])

    def _answer(self, what):
        """Tell whoever asked, on the request and on the file."""
        self.ensure_one()
        request = without_caller_context(self.sudo(), self.company_id)
        body = self.env._(
            "%(what)s by %(who)s: %(request)s. %(note)s",
            what=what,
            who=self.env.user.name,
            request=self.summary,
            note=self.decision_note or "",
        ).strip()
        people = request.requester_id._credit_working_in(request.company_id).partner_id
        request.message_post(
            body=body, partner_ids=people.ids, author_id=self.env.user.partner_id.id
        )
        request.account_id._message_log(body=body)
