from odoo import models
from odoo.exceptions import UserError

from ...tools.environment import without_caller_context


class CreditFollowup(models.Model):
    """Many messages at once: slice by slice, behind a progress bar that the client draws."""

    _inherit = "credit.followup"

    def action_approve_many(self):
        """Approve those of these messages that wait for it."""
        waiting = self.filtered(lambda followup: followup.state == "draft")
        return waiting._in_slices("approve_slice", 100, self.env._("Approving messages"))

    def action_send_many(self):
        """Send those of these messages that wait to be sent."""
        return self._waiting_to_send()._in_slices("send_slice", 20, self.env._("Sending messages"))

    def action_print_many(self):
        """Check and print these letters; the last slice opens them in one PDF."""
        printable = self.filtered(lambda f: f.state in ("draft", "queued", "sent"))
        action = printable._in_slices("print_slice", 50, self.env._("Printing letters"))
        action["params"]["finish"] = "action_print"
        return action

    def _in_slices(self, method, size, title):
        """The action that calls a method on these messages, slice by slice."""
        self._check_may_approve()
        if not self:
            raise UserError(self.env._("None of these messages waits for this."))
        return {
            "type": "ir.actions.client",
            "tag": "credit_collection.in_slices",
            "name": title,
            "target": "new",
            "params": {"model": self._name, "method": method, "ids": self.ids, "size": size},
        }

    def approve_slice(self):
        """Approve those that still wait; see ``action_approve`` for who may.

        :return: what came of them: list of [label, count]
        """
        waiting = self.filtered(lambda followup: followup.state == "draft")
        if waiting:
            waiting.action_approve()
        return waiting._tally()

    def send_slice(self):
        """Send those that still wait; see ``action_send`` for who may.

        :return: what came of them: list of [label, count]
        """
        waiting = self._waiting_to_send()
        if waiting:
            waiting.action_send()
        return waiting._tally()

    def print_slice(self):
        """Check the letters that wait, ready to be printed; see ``action_print`` for who may.

        :return: what came of them: list of [label, count]
        """
        self._check_may_approve()
        waiting = self.sudo().filtered(lambda f: f.state in ("draft", "queued"))
        for company, own in waiting.grouped("company_id").items():
            without_caller_context(own, company)._print_waiting(company._credit_today())
        waiting.filtered(lambda followup: followup.state == "sent").to_print = True
        return waiting.with_env(self.env)._tally()

    def _waiting_to_send(self):
        return self.filtered(lambda f: f.state in ("draft", "queued") and not f.mail_message_id)

    def _tally(self):
        """How many of these messages came to what: list of [label, count]."""
        self.check_access("read")
        labels = dict(self._fields["state"]._description_selection(self.env))
        counts = {}
        for followup in self.sudo():
            label = labels[followup.state]
            if followup.to_print:
                label = self.env._("Letters to print")
            elif followup.state == "queued" and followup.mail_message_id:
                label = self.env._("With the mail server")
            counts[label] = counts.get(label, 0) + 1
        return [[label, count] for label, count in counts.items()]
