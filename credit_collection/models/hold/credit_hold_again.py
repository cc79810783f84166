import logging

import psycopg2
from odoo import api, models
from odoo.exceptions import UserError

from ...core import decision

_logger = logging.getLogger(__name__)


class CreditHold(models.Model):
    """Looking again: with today's figures, which may clear a hold, or with the frozen ones."""

    _inherit = "credit.hold"

    def action_reevaluate(self):
        """Look again with today's figures; what passes now is cleared.  Says what came out."""
        self.check_access("read")
        waiting = self.filtered(lambda hold: hold.state == "held")
        waiting.sudo()._reevaluate()
        states = dict(self._fields["state"]._description_selection(self.env))
        lines = [
            self.env._(
                "%(document)s: still on hold. %(why)s", document=hold.document_name, why=hold.reason
            )
            if hold.state == "held"
            else self.env._(
                "%(document)s: %(state)s.", document=hold.document_name, state=states[hold.state]
            )
            for hold in waiting
        ]
        free = waiting.filtered(lambda hold: hold.state != "held")
        title = self.env._(
            "Re-checked: %(free)s of %(all)s are free now.", free=len(free), all=len(waiting)
        )
        return self._came_out(title, lines, "success" if free else "info")

    def action_recompute(self):
        """Decide again on the frozen figures and show the outcome."""
        self.ensure_one()
        self.check_access("read")
        again = decision.replay(self.sudo().frozen)
        changed = self.env["credit.audit.entry"]._difference_of(self)
        same = not changed and [f.to_dict() for f in again.findings] == self.sudo().findings
        outcome = self.env._("hold") if again.holds else self.env._("pass")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if same else "danger",
                "title": self.env._("Decided again on the frozen figures: %s", outcome),
                "message": changed
                or "\n".join(
                    self.env["credit.message"]._finding(f.to_dict(), self.currency_id)
                    for f in again.findings
                ),
                "sticky": not same,
            },
        }

    def _reevaluate(self):
        """Clear the holds whose cause is gone; by policy, confirm their orders."""
        for hold in self:
            document = hold._document()
            if not document or not document._credit_waits(hold.checkpoint):
                hold._move("cancel", decision_note=self.env._("Nothing is waiting any more."))
                continue
            [case] = self.env["credit.check"]._judge(document, hold.checkpoint)
            if case.holds:
                continue
            hold._move("clear")
            hold._notify_decision(self.env._("Cleared: nothing speaks against it any more"), "")
            hold.picking_id._credit_resume()
            if case.policy.auto_confirm:
                hold._confirm_orders()

    @api.model
    def _cron_reevaluate(self):
        """Look at all held documents again; one that fails does not stop the others.

        All of them, even when the scheduler's time is up: the next run would begin with the same
        ones, and those at the end would never have their turn.
        """
        holds = self.sudo().search([("state", "=", "held")], order="id")
        remaining = len(holds)
        for hold in holds:
            remaining -= 1
            try:
                with self.env.cr.savepoint():
                    hold._reevaluate()
            except psycopg2.OperationalError:
                raise
            except Exception as error:
                self.env.invalidate_all(flush=False)
                if not isinstance(error, UserError):
                    _logger.exception("Looking at %s again failed, the others go on", hold)
                hold.message_post(body=self.env._("Could not look again: %s", error))
            self.env["ir.cron"]._commit_progress(1, remaining=remaining)
