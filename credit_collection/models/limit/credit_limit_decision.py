from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ...tools.environment import without_caller_context
from ...tools.groups import MANAGER
from ...tools.jobs import all_safely, each_safely
from ...tools.readers import for_reader
from ...tools.states import next_state

TRANSITIONS = {
    ("requested", "approve"): "approved",
    ("requested", "refuse"): "refused",
    ("approved", "supersede"): "superseded",
    ("approved", "expire"): "expired",
}


ACTIVITY = "credit_collection.mail_activity_decide_limit"


class CreditLimit(models.Model):
    """How a limit is decided on and which one counts on a day."""

    _inherit = "credit.limit"

    # ------------------------------------------------------------------
    # Decisions
    # ------------------------------------------------------------------

    def action_approve(self):
        """Put the limits in force; needs authority for the resulting limit."""
        self.check_access("write")
        self.account_id.sudo()._serialize()
        for limit in self:
            if limit.date_to and limit.date_to < limit.company_id._credit_today():
                raise UserError(
                    self.env._(
                        "The limit %(limit)s ended on %(date)s: it cannot be approved any more.",
                        limit=limit.display_name,
                        date=format_date(self.env, limit.date_to),
                    )
                )
            limit._check_authority()
            limit._move("approve")
        return True

    def action_refuse(self, reason=None):
        """Refuse the requests; any officer of the company may.

        :param str reason: shown to whoever asked
        """
        self.check_access("write")
        for limit in self:
            account = limit.account_id.sudo()
            if not self.env.user._has_credit_authority(0, account.currency_id, account.company_id):
                raise AccessError(self.env._("Only a credit officer can refuse a limit."))
        self._move("refuse", refusal_reason=reason or False)
        return True

    def _check_authority(self):
        """Managers and officers up to their authority; nobody above it, not even for oneself."""
        self.ensure_one()
        account = self.account_id.sudo()
        if not self._is_within_authority():
            raise AccessError(
                self.env._(
                    "A limit of %(limit)s for %(customer)s is above your authority. Ask a credit "
                    "manager.",
                    limit=self.amount_label,
                    customer=account.partner_id.display_name,
                )
            )

    def _is_within_authority(self):
        """Whether I may approve what would follow from this limit."""
        self.ensure_one()
        user, account = self.env.user, self.account_id.sudo()
        amount = self._resulting_limit()
        if amount is None:
            works_there = account.company_id in user.sudo().company_ids.root_id
            return works_there and user.has_group(MANAGER)
        return user._has_credit_authority(amount, account.currency_id, account.company_id)

    def _resulting_limit(self):
        """The highest limit that may follow from approving, in the company's currency.

        None when unlimited.  Whatever else is approved for any day of the limit's life counts,
        so that many small additions are not each within an authority that their sum exceeds.
        """
        self.ensure_one()
        if self.unlimited:
            return None
        limit = without_caller_context(self.sudo(), self.company_id)
        beside = limit._approved_beside()
        added = sum(x._amount_today() for x in beside if x.kind == "temporary")
        if limit.kind == "permanent":
            return limit._amount_today() + added
        permanent = beside.filtered(lambda x: x.kind == "permanent")
        if any(permanent.mapped("unlimited")):
            return None
        bases = [x._amount_today() for x in permanent]
        position = limit.account_id._position()
        if position.limit_source == "default":
            if position.unlimited:
                return None
            bases.append(position.policy_id.default_limit)
        return max(bases, default=0.0) + added + limit._amount_today()

    def _approved_beside(self):
        """The other approved limits of the file that count on some day of this one's life."""
        self.ensure_one()
        start = max(self.date_from, self.company_id._credit_today())
        return (self.account_id.limit_ids - self).filtered(
            lambda x: (
                x.state == "approved"
                and (not x.date_to or x.date_to >= start)
                and (not self.date_to or x.date_from <= self.date_to)
            )
        )

    def _move(self, event, **values):
        """Move the limits through :data:`TRANSITIONS` and apply what follows."""
        for limit in self:
            target = next_state(limit, TRANSITIONS, event)
            if event in ("approve", "refuse"):
                values.update(decided_by_id=self.env.uid, decided_on=fields.Datetime.now())
            limit.sudo().write({"state": target, **values})
            limit.sudo()._log_on_account(event)
        self.sudo()._after_decision()
        self.sudo()._end_request(event)
        return self

    def _log_on_account(self, event):
        """Tell the story on the customer's file."""
        self.ensure_one()
        texts = {
            "approve": self.env._("Limit approved: %(limit)s from %(date_from)s until %(date_to)s.")
            if self.date_to
            else self.env._("Limit approved: %(limit)s from %(date_from)s."),
            "refuse": self.env._("Limit refused: %(limit)s."),
            "expire": self.env._("Limit expired: %(limit)s."),
        }
        if event in texts:
            self.account_id.message_post(
                body=texts[event]
                % {
                    "limit": self.amount_label,
                    "date_from": format_date(self.env, self.date_from),
                    "date_to": format_date(self.env, self.date_to),
                }
            )

    def _after_decision(self):
        """Supersede what a limit that has begun replaces, keep the native limit equal, wake holds.

        A decision that begins today or earlier replaces all that have begun, whatever the day
        from which they were valid: it is the latest word.
        """
        for limit in self.filtered(lambda x: x._has_begun()):
            begun = limit.account_id.limit_ids.filtered(lambda x: x._has_begun())
            (begun - limit)._move("supersede")
        self.account_id._sync_native_limit()
        self.account_id._wake_holds()

    def _has_begun(self):
        """Whether this is an approved permanent limit whose first day has come."""
        self.ensure_one()
        return (
            self.state == "approved"
            and self.kind == "permanent"
            and self.date_from <= self.company_id._credit_today()
        )

    @api.model
    def _cron_expire(self):
        """Move the limits that have begun or ended, and keep all native limits equal.

        Which limit counts follows from the dates alone; this only moves the states after them.
        """
        approved = self.sudo().search([("state", "=", "approved"), ("kind", "=", "permanent")])
        begun = approved.filtered(lambda x: x._has_begun())
        for limits in begun.grouped("account_id").values():
            if len(limits) > 1:
                each_safely(
                    max(limits, key=lambda x: x._in_force_since()),
                    lambda limit: limit._after_decision(),
                    "Putting limits in force",
                )
        for company in self.env["res.company"].sudo().search([("parent_id", "=", False)]):
            ended = [
                ("state", "=", "approved"),
                ("company_id", "=", company.id),
                ("date_to", "<", company._credit_today()),
            ]
            each_safely(
                self.sudo().search(ended), lambda limit: limit._move("expire"), "Ending limits"
            )
        all_safely(
            self.env["credit.account"].sudo().search([]),
            lambda files: files._sync_native_limit(),
            "Keeping Odoo's own limit equal",
        )

    def _in_force_since(self):
        """When an approved limit began to count: its first day, or its approval if later."""
        self.ensure_one()
        first = fields.Datetime.to_datetime(self.date_from)
        return max(first, self.decided_on or first), self.id

    # ------------------------------------------------------------------
    # Asking: on its way to somebody who may approve it, and back
    # ------------------------------------------------------------------

    def _ask_approver(self):
        """Put the requests before somebody whose authority suffices, if there is anybody."""
        for limit in self.sudo():
            approver = limit._limit_approvers()[:1]
            limit.account_id.message_post(
                body=self.env._(
                    "%(who)s asks for a limit of %(limit)s: %(reason)s",
                    who=self.env.user.name,
                    limit=limit.amount_label,
                    reason=limit.reason or "–",
                )
            )
            if approver:
                told = for_reader(limit, approver)
                told.activity_schedule(
                    ACTIVITY,
                    user_id=approver.id,
                    summary=told.env._("Decide on a limit of %s", told.amount_label),
                )

    def _limit_approvers(self):
        """Who may approve: smallest sufficient authority first, the requester last."""
        self.ensure_one()
        amount = self._resulting_limit()
        users = self.account_id._approvers(amount or 0.0)
        if amount is None:
            manager = "credit_collection.credit_collection_group_manager"
            users = users.filtered(lambda user: user.has_group(manager))
        return (users - self.requested_by_id) | users

    def _end_request(self, event):
        """Nothing waits any more, and whoever asked hears of the decision."""
        for limit in self:
            limit.activity_unlink([ACTIVITY])
            if event in ("approve", "refuse") and limit.requested_by_id != self.env.user:
                limit._tell_requester()

    def _tell_requester(self):
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        self.message_post(
            body=self.env._(
                "%(state)s by %(who)s. %(reason)s",
                state=states[self.state],
                who=self.decided_by_id.name,
                reason=self.refusal_reason or "",
            ),
            partner_ids=self.requested_by_id._credit_working_in(self.company_id).partner_id.ids,
        )
