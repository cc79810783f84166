from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools.groups import COLLECTOR
from ...tools.jobs import each_safely
from ...tools.readers import for_reader
from ...tools.states import next_state
from .credit_dispute import LEFT_ALONE, TRANSITIONS

ACTIVITY = "credit_collection.mail_activity_settle_dispute"
LATE = "credit_collection.mail_activity_late_dispute"


class CreditDispute(models.Model):
    """How a dispute ends: decided by its owner, or by itself when the item clears."""

    _inherit = "credit.dispute"

    def action_accept(self):
        """The customer is right: the amount waits for its credit note."""
        self._decide("accept")

    def action_reject(self):
        """The customer is wrong: the amount is chased again."""
        self._decide("reject")

    def action_close(self):
        """The matter is settled."""
        self._decide("close")

    def _decide(self, step):
        self.check_access("write")
        if not self.env.user.has_group(COLLECTOR) and self.owner_id - self.env.user:
            raise AccessError(self.env._("Only its owner or a collector can decide on a dispute."))
        self.sudo()._move(step)

    def _move(self, step, outcome=None):
        """Move disputes (sudo) along ``TRANSITIONS``.

        :raises UserError: when one of them is in no state for it
        """
        for dispute in self:
            state = next_state(dispute, TRANSITIONS, step)
            dispute.write(
                {
                    "state": state,
                    "closed_on": False
                    if state in LEFT_ALONE
                    else dispute.company_id._credit_today(),
                    "outcome": outcome or dispute.outcome,
                }
            )
        ended = self.filtered(lambda dispute: dispute.state not in LEFT_ALONE)
        ended.activity_unlink([ACTIVITY, LATE])
        self._log_states()
        self.account_id._wake_holds()

    # ------------------------------------------------------------------
    # By itself
    # ------------------------------------------------------------------

    @api.model
    def _settle(self, lines):
        """Close disputes on items that cleared, or whose disputed part was credited since."""
        disputes = self.sudo().search(
            [("move_line_id", "in", lines.ids), ("state", "in", LEFT_ALONE)]
        )
        credited = disputes._credited()
        for dispute in disputes:
            line = dispute.move_line_id
            if dispute.credited != credited[dispute.id]:
                dispute.credited = credited[dispute.id]
            if line.reconciled or line.company_currency_id.is_zero(line.amount_residual):
                dispute._move("close", self.env._("The item was cleared."))
            elif dispute.currency_id.compare_amounts(credited[dispute.id], dispute.amount) >= 0:
                dispute._move("close", self.env._("The disputed amount was credited."))

    def _credited(self):
        """What was credited, discounted or written off of each disputed item since, in the item's
        currency."""
        credited = dict.fromkeys(self.ids, 0.0)
        if self.ids:
            self.flush_model(["move_line_id", "partial_floor"])
            credited.update(
                (dispute_id, float(amount))
                for dispute_id, amount in self.env.execute_query(
                    SQL(
                        """
                        SELECT dispute.id, SUM(settled.debit_amount_currency)
                          FROM credit_dispute dispute
                          JOIN (%(natures)s) AS settled
                            ON settled.debit_move_id = dispute.move_line_id
                           AND settled.id > COALESCE(dispute.partial_floor, 0)
                           AND settled.nature IN ('credit_note', 'discount', 'write_off')
                         WHERE dispute.id IN %(disputes)s
                         GROUP BY dispute.id
                        """,
                        natures=self.env["account.partial.reconcile"]._credit_natures_sql(
                            SQL("partial.debit_move_id IN %s", tuple(self.move_line_id.ids))
                        ),
                        disputes=tuple(self.ids),
                    )
                )
            )
        return credited

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------

    def _notify_made(self):
        """Give the owners their activity and note the disputes in the files."""
        for dispute in self.sudo():
            dispute._schedule(ACTIVITY, dispute.owner_id, dispute.deadline)
        self._log_states()

    def _schedule(self, activity, user, deadline):
        user = user or self.env.user
        told = for_reader(self, user)
        told.activity_schedule(
            activity,
            date_deadline=deadline,
            user_id=user.id,
            summary=told.env._(
                "%(customer)s disputes %(amount)s of %(item)s: %(reason)s",
                customer=told.partner_id.display_name,
                amount=told.currency_id.format(told.amount),
                item=told.move_id.name or "",
                reason=told.reason_id.name,
            ),
        )

    def _reassign(self):
        """The activity follows the owner and the deadline."""
        for dispute in self.sudo().filtered(lambda d: d.state in LEFT_ALONE):
            dispute.activity_unlink([ACTIVITY])
            dispute._schedule(ACTIVITY, dispute.owner_id, dispute.deadline)

    def _log_states(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        for dispute in self.sudo():
            dispute.account_id._message_log(
                body=self.env._(
                    "%(dispute)s (%(reason)s): %(state)s",
                    dispute=dispute.display_name,
                    reason=dispute.reason_id.name,
                    state=states[dispute.state],
                )
            )

    @api.model
    def _cron_late(self, today=None):
        """Tell the collectors of disputes whose deadline has passed, once each."""
        open_ones = self.sudo().search(
            [
                ("state", "=", "open"),
                ("escalated", "=", False),
                ("deadline", "!=", False),
                ("company_id.active", "=", True),
            ]
        )
        late = open_ones.browse()
        for company, disputes in open_ones.grouped("company_id").items():
            day = fields.Date.to_date(today) or company._credit_today()
            late |= each_safely(
                disputes.filtered(lambda dispute, day=day: dispute.deadline < day),
                lambda dispute, day=day: dispute._escalate(day),
                "Telling of late disputes",
            )
        return late

    def _escalate(self, today):
        account = self.account_id
        user = account._person(account._responsible_collector(), self.owner_id)
        self._schedule(LATE, user, today)
        self.escalated = True
