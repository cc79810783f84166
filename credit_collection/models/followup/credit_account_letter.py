from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.groups import COLLECTOR


class CreditAccount(models.Model):
    """The letter on the page of the customer: what would go out now, sent or printed from there."""

    _inherit = "credit.account"

    letter_id = fields.Many2one("credit.followup", compute="_compute_letter", groups=COLLECTOR)
    letter_to = fields.Char("Recipient", compute="_compute_letter", groups=COLLECTOR)
    letter_recipient_reason = fields.Char("Why Them", compute="_compute_letter", groups=COLLECTOR)
    letter_subject = fields.Char("Subject", compute="_compute_letter", groups=COLLECTOR)
    letter_failure = fields.Text(
        "Not Delivered", compute="_compute_letter_failure", groups=COLLECTOR
    )
    letter_language_notice = fields.Char(compute="_compute_letter", groups=COLLECTOR)
    letter_preview = fields.Html(compute="_compute_letter", sanitize=False, groups=COLLECTOR)

    @api.depends("followup_ids.state", "followup_ids.mail_message_id")
    def _compute_letter(self):
        """The message that waits and is not with the mail server yet, as it would go out now."""
        for account in self:
            letter = (
                account.sudo()
                .followup_ids.filtered(
                    lambda message: (
                        message.state in ("draft", "queued") and not message.mail_message_id
                    )
                )
                .sorted("id")[:1]
            )
            account.letter_id = letter
            account.letter_to = letter._addresses(letter.partner_ids)
            account.letter_recipient_reason = letter.recipient_reason
            account.letter_subject = letter.preview_subject
            account.letter_preview = letter.preview
            account.letter_language_notice = letter.language_notice

    def _failed_letter(self):
        """The last message (sudo), if it failed and none waits since."""
        self.ensure_one()
        last = self.sudo().followup_ids.filtered(lambda message: message.state != "cancelled")
        last = last.sorted("id")[-1:]
        return last if last.state == "failed" else last[:0]

    @api.depends("followup_ids.state")
    def _compute_letter_failure(self):
        for account in self:
            failed = account._failed_letter()
            account.letter_failure = (
                (failed.failure_reason or self.env._("The message was not delivered."))
                if failed
                else False
            )

    def action_try_again(self):
        """Send the message that failed once more, now."""
        self.ensure_one()
        self.check_access("write")
        failed = self._failed_letter().with_env(self.env)
        if not failed:
            raise UserError(self.env._("No message of this customer has failed."))
        failed.action_retry()
        failed.action_send()
        return self._letter_came_out(failed)

    def action_prepare_letter(self):
        """Plan today's message now, to be seen on the page before it goes out."""
        self._prepare_letter()

    def action_send_letter(self):
        """Send the letter shown on the page and say what came of it."""
        letter = self._prepare_letter().with_env(self.env)
        if letter.needs_approval:
            return letter.action_ask_approval()
        wait = letter._seconds_to_undo()
        letter._send_checked(wait)
        came_out = self._letter_came_out(letter)
        if not (wait and letter._waiting_mails()):
            return came_out
        return {
            "type": "ir.actions.client",
            "tag": "credit_collection.with_undo",
            "params": {
                "message": came_out["params"]["message"],
                "model": letter._name,
                "ids": letter.ids,
                "undo": "action_undo",
                "go": "action_send_waiting",
                "seconds": wait,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _letter_came_out(self, letter):
        """Say what came of sending a letter."""
        outcome = letter.sudo()
        if outcome.state == "failed":
            return self._notify_letter("danger", outcome.failure_reason)
        if outcome.state == "cancelled":
            return self._notify_letter("warning", outcome.cancel_reason)
        if not outcome.email_to:
            return self._notify_letter("success", self.env._("The message is on its way."))
        return self._notify_letter(
            "success", self.env._("The message is on its way to %s.", outcome.email_to)
        )

    def action_print_letter(self):
        """Print the letter shown on the page; it counts as delivered."""
        return self._prepare_letter().with_env(self.env).action_print()

    def _notify_letter(self, kind, text):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": text,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
