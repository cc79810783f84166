from odoo import models

ACTIVITY = "credit_collection.mail_activity_decide_limit"


class CreditLimit(models.Model):
    """A requested limit on its way to somebody who may approve it, and back."""

    _inherit = "credit.limit"

    def _ask_approver(self):
        """Put the requests before somebody whose authority suffices, if there is anybody."""
        for limit in self.sudo():
            approver = limit._approvers()[:1]
            limit.account_id.message_post(
                body=self.env._(
                    "%(who)s asks for a limit of %(limit)s: %(reason)s",
                    who=self.env.user.name,
                    limit=limit.amount_label,
                    reason=limit.reason or "–",
                )
            )
            if approver:
                limit.activity_schedule(
                    ACTIVITY,
                    user_id=approver.id,
                    summary=self.env._("Decide on a limit of %s", limit.amount_label),
                )

    def _approvers(self):
        """Who may approve: smallest sufficient authority first, the requester last."""
        self.ensure_one()
        amount = self._resulting_limit()
        users = self.env["credit.hold"]._approvers(self.account_id, amount or 0.0)
        if amount is None:
            manager = "credit_collection.credit_collection_group_manager"
            users = users.filtered(lambda user: user.has_group(manager))
        return (users - self.requested_by_id) | users

    def _move(self, event, **values):
        # EXTENDS: nothing waits any more, and whoever asked hears of the decision
        result = super()._move(event, **values)
        for limit in self.sudo():
            limit.activity_unlink([ACTIVITY])
            if event in ("approve", "refuse") and limit.requested_by_id != self.env.user:
                limit._tell_requester()
        return result

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
