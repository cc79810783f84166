from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...core import dispute as core
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

    def _move(self, step, outcome=None, by_itself=False):
        """Move disputes (sudo) along ``TRANSITIONS``.

        :param by_itself: what closes them may be undone, and they are open again
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
                    "reopens_as": dispute.state if by_itself else False,
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
        """Close disputes on items that cleared, or whose disputed part was credited since; open
        them again when that is undone."""
        disputes = self.sudo().search([("move_line_id", "in", lines.ids)])
        disputes._share_credits()
        for dispute in disputes:
            line = dispute.move_line_id
            cleared = line.reconciled or line.company_currency_id.is_zero(line.amount_residual)
            credited = dispute.currency_id.compare_amounts(dispute.credited, dispute.amount) >= 0
            if dispute.state in LEFT_ALONE and cleared:
                dispute._move("close", self.env._("The item was cleared."), by_itself=True)
            elif dispute.state in LEFT_ALONE and credited:
                dispute._move("close", self.env._("The disputed amount was credited."), True)
            elif dispute.reopens_as and not (cleared or credited):
                dispute._reopen()

    def _reopen(self):
        """What closed the dispute by itself was undone: it is where it was."""
        self.ensure_one()
        self.outcome = False
        self._move("accept again" if self.reopens_as == "accepted" else "reopen")
        self._schedule(ACTIVITY, self.owner_id, self.deadline)

    def _share_credits(self):
        """Share what was credited or written off of each item since out over its disputes.

        A credit lowers one dispute only: each keeps what it took, then come those accepted, then
        the oldest.  What a dispute took is kept with its match and day, for past days.
        """
        found = self._credits()
        for line, disputes in self.grouped("move_line_id").items():
            credits = found[line.id]
            amounts = {number: amount for number, (_day, amount) in credits.items()}
            digits = line.currency_id.decimal_places
            before = core.share(disputes._ended_before_shares(), amounts, digits)
            shares = core.share(
                [dispute._as_shared(before.get(dispute.id)) for dispute in disputes],
                amounts,
                digits,
            )
            for dispute in disputes:
                own = shares[dispute.id]
                by = {str(number): [credits[number][0], own[number]] for number in own}
                credited = dispute.currency_id.round(sum(own.values()))
                if not (by or dispute.credited_by or dispute._as_shared().waiting):
                    continue  # ended before shares were kept, by what is no credit any more
                if (dispute.credited_by or {}) != by or dispute.credited != credited:
                    dispute.write({"credited_by": by, "credited": credited})

    def _ended_before_shares(self):
        """Those that ended before it was kept which credits they took: they took the first."""
        return [
            core.Dispute(dispute.id, dispute.credited, {}, dispute.partial_floor)
            for dispute in self
            if dispute.credited > 0 and not dispute.credited_by and not dispute._as_shared().waiting
        ]

    def _as_shared(self, taken=None):
        self.ensure_one()
        if taken is None:
            taken = {int(key): amount for key, (_day, amount) in (self.credited_by or {}).items()}
        waiting = self.state in LEFT_ALONE or bool(self.reopens_as)
        accepted = "accepted" in (self.state, self.reopens_as)
        return core.Dispute(self.id, self.amount, taken, self.partial_floor, waiting, accepted)

    def _credits(self):
        """What was credited or written off of each disputed item, in the item's currency.

        A discount is taken on what the customer pays, not on what they dispute.

        :return: ``{item id: {partial id: (day as text, amount)}}``
        """
        found = defaultdict(dict)
        lines = self.move_line_id
        if lines:
            natures = self.env["account.partial.reconcile"]._credit_natures_sql(
                SQL("partial.debit_move_id IN %s", tuple(lines.ids))
            )
            for line_id, partial_id, day, amount in self.env.execute_query(
                SQL(
                    """
                    SELECT debit_move_id, id, date, SUM(debit_amount_currency)
                      FROM (%s) AS settled
                     WHERE nature IN ('credit_note', 'write_off')
                     GROUP BY debit_move_id, id, date
                    """,
                    natures,
                )
            ):
                found[line_id][partial_id] = (fields.Date.to_string(day), float(amount))
        return found

    @api.model
    def _amounts_left_alone(self, lines):
        """What is left disputed of journal items, in their currency: ``{line id: amount}``."""
        left = defaultdict(float)
        for dispute in self.sudo().search(
            [("move_line_id", "in", lines.ids), ("state", "in", LEFT_ALONE)]
        ):
            left[dispute.move_line_id.id] += max(dispute.amount - dispute.credited, 0.0)
        return dict(left)

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
