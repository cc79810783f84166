from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.environment import without_caller_context
from ...tools.groups import COLLECTOR, MANAGER
from ...tools.jobs import wake
from ...tools.reasons import own_words


class CreditFollowup(models.Model):
    """What people do with messages; each button checks who presses it."""

    _inherit = "credit.followup"

    needs_approval = fields.Boolean(
        compute="_compute_needs_approval",
        help="A letter of this level is sent by a credit manager; others ask for it.",
    )

    def action_approve(self):
        """Let waiting messages go out with the next run.

        Those of levels that wait for approval need a credit manager, the others a collector.
        """
        self._check_may_approve()
        waiting = self.filtered(lambda followup: followup.state == "draft")
        if not waiting:
            raise UserError(self.env._("None of these messages waits for approval."))
        waiting.sudo()._move("approve")
        wake(self.env, "credit_followup_cron")

    def action_send(self):
        """Send these messages now, after reading everything again.

        Those of levels that wait for approval need a credit manager.  What came of each is on
        the message: sent, failed with a reason, or cancelled as nothing is left to ask for.
        """
        self._send_checked()

    def _send_checked(self, wait=0):
        """See :meth:`action_send`; the mails can be taken back for ``wait`` seconds."""
        self._check_may_approve()
        replied = self.account_id._with_unread_reply()
        if len(self) == 1 and replied:
            raise UserError(
                self.env._(
                    "%(customer)s replied, and nobody has read it yet. Read the reply on the "
                    "customer's file and mark its activity as done; then send.",
                    customer=replied.display_name,
                )
            )
        wrong = self.filtered(lambda followup: followup.state not in ("draft", "queued"))
        if wrong:
            wrong.sudo()._move("approve")
        fresh = self.sudo().filtered(lambda followup: not followup.mail_message_id)
        for company, followups in fresh.grouped("company_id").items():
            without_caller_context(followups, company)._send(company._credit_today(), wait)

    def action_retry(self):
        """Put failed messages back among those to send."""
        self._check_may_work(COLLECTOR)
        followups = self.sudo()
        for followup in followups:
            followup._check_can_retry()
            followup._move(
                "retry",
                {"failure_type": False, "failure_reason": False, "mail_message_id": False},
            )

    def _check_can_retry(self):
        """Raise when there is nothing to repeat, the customer has another message waiting, or had
        these levels since."""
        if not self.level_id:
            raise UserError(
                self.env._(
                    "%(customer)s could not be planned, so there is no message to send again. Mend "
                    "the cause and plan the customer anew.",
                    customer=self.partner_id.display_name,
                )
            )
        waiting = self.search(
            [
                ("account_id", "=", self.account_id.id),
                ("addressee_id", "=", self.addressee_id.id),
                ("state", "in", ("draft", "queued")),
            ],
            limit=1,
        )
        taken = self._levels_taken()
        if waiting or taken:
            raise UserError(
                self.env._(
                    "%(customer)s has a newer message with this level.",
                    customer=self.partner_id.display_name,
                )
            )

    def _levels_taken(self):
        """Lines of other messages, waiting or sent, with an item and level of this one."""
        pairs = {
            (line.move_line_id.id, line.level_id.id) for line in self.line_ids if line.level_id
        }
        lines = self.env["credit.followup.line"].search(
            [
                ("move_line_id", "in", self.line_ids.move_line_id.ids),
                ("state", "in", ("draft", "queued", "sent")),
                ("followup_id", "!=", self.id),
            ]
        )
        return lines.filtered(lambda line: (line.move_line_id.id, line.level_id.id) in pairs)

    def action_cancel(self, reason=None, paused_until=None):
        """Take messages back before they go out.

        :param str reason: why, required
        :param date paused_until: also leave the customers alone until this day
        """
        self._check_may_work(COLLECTOR)
        reason = own_words((reason or "").strip())
        if not reason:
            raise UserError(self.env._("Say why the message is cancelled."))
        handed_over = self.filtered(lambda f: f.mail_message_id and f.state == "queued")
        if handed_over:
            raise UserError(
                self.env._(
                    "%(message)s was handed to the mail server already.",
                    message=handed_over[0].display_name,
                )
            )
        self.sudo()._move("cancel", {"cancel_reason": reason})
        if paused_until:
            self.account_id.write({"followup_paused_until": paused_until})

    def action_edit_text(self):
        """Fill in the text as it would go out, ready to be changed."""
        self._check_may_work(COLLECTOR)
        for followup in self:
            subject, body = followup.sudo()._preview()
            followup.write({"subject": subject, "body": body})

    def action_reset_text(self):
        """Go back to the level's text."""
        self._check_may_work(COLLECTOR)
        self.write({"subject": False, "body": False})

    def action_open_cancel(self):
        """Ask for the reason of the cancellation."""
        self._check_may_work(COLLECTOR)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_followup_cancel_action"
        )
        return {**action, "context": {"default_followup_ids": self.ids}}

    @api.depends("state", "level_id.automatic")
    @api.depends_context("uid")
    def _compute_needs_approval(self):
        manager = self.env.user.has_group(MANAGER)
        for followup in self:
            followup.needs_approval = (
                followup.state == "draft" and not followup.level_id.automatic and not manager
            )

    def action_ask_approval(self):
        """Ask a credit manager to send this letter; it waits until then."""
        self.ensure_one()
        self._check_may_work(COLLECTOR)
        if self.state != "draft":
            raise UserError(self.env._("None of these messages waits for approval."))
        waiting = (
            self.env["credit.request"]
            .sudo()
            .search([("followup_id", "=", self.id), ("state", "=", "waiting")], limit=1)
        )
        if waiting:
            return waiting.with_env(self.env)._told()
        request = self.env["credit.request"]._ask(
            self.account_id,
            kind="letter",
            followup_id=self.id,
            currency_id=self.currency_id.id,
            amount=self.amount,
        )
        return request.with_env(self.env)._told()

    def _check_may_approve(self):
        """Waiting messages of levels without free passage need a manager."""
        self._check_may_work(COLLECTOR)
        waiting = self.filtered(lambda followup: followup.state == "draft")
        if any(not followup.level_id.automatic for followup in waiting):
            self._check_may_work(MANAGER)

    def _check_may_work(self, group):
        self.check_access("write")
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._("Only a credit manager can do this with messages to approve.")
                if group == MANAGER
                else self.env._("Only a collector can work on follow-up messages.")
            )

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
