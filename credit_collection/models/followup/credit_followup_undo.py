from datetime import timedelta

from odoo import fields, models, modules
from odoo.exceptions import AccessError, UserError

from ...tools.groups import COLLECTOR, MANAGER

SECONDS = 10


class CreditFollowup(models.Model):
    """*Undo*: a letter sent from the desk stays here for some seconds, and can be taken back."""

    _inherit = "credit.followup"

    def _seconds_to_undo(self):
        """How long a mail waits before it goes out; a test that is running waits for nothing."""
        return 0 if modules.module.current_test else SECONDS

    def _waiting_mails(self):
        """The mails (sudo) of these messages that wait for their seconds, locked."""
        mails = (
            self.env["mail.mail"]
            .sudo()
            .search([("mail_message_id", "in", self.sudo().mail_message_id.ids)])
        )
        now = fields.Datetime.now()
        return mails.try_lock_for_update().filtered(
            lambda mail: (
                mail.state == "outgoing" and mail.scheduled_date and mail.scheduled_date > now
            )
        )

    def action_undo(self):
        """Take a letter back that has not gone out yet; it waits for approval again."""
        self.ensure_one()
        self._check_may_work(COLLECTOR)
        followup, mails = self.sudo(), self._waiting_mails()
        if not mails or followup.state != "queued":
            raise UserError(self.env._("The message has gone out already."))
        if mails.create_uid - self.env.user and not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only who sent it can take it back."))
        made_on = min(mails.mapped("create_date"))
        message = followup.mail_message_id
        followup.mail_message_id = False
        mails.unlink()
        message.unlink()
        followup._forget_what_followed(made_on)
        followup._move("wait")
        followup.account_id._message_log(
            body=self.env._("Sending “%s” was undone.", followup.level_id.name or "")
        )
        return followup.account_id.with_env(self.env).get_formview_action()

    def _forget_what_followed(self, made_on):
        """The activity and the text message that the sending made go with it."""
        level = self.level_id
        if level.make_activity:
            self.account_id.activity_ids.filtered(
                lambda activity: (
                    activity.activity_type_id == level.activity_type_id
                    and activity.create_date >= made_on
                )
            ).unlink()
        if level.send_sms and level._has_sms():
            self.env["sms.sms"].search(
                [
                    ("partner_id", "in", self._with_number().ids),
                    ("state", "=", "outgoing"),
                    ("create_date", ">=", made_on),
                ]
            ).unlink()

    def action_send_waiting(self):
        """The seconds are over: the mails go out now."""
        self._check_may_work(COLLECTOR)
        mails = self._waiting_mails()
        mails.scheduled_date = False
        if mails:
            mails._send_soon()
        return True

    def _wait_with(self, mails, seconds):
        """Let mails wait; whoever looks after the queue sends them if nobody else does."""
        at = fields.Datetime.now() + timedelta(seconds=seconds)
        mails.scheduled_date = at
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(at + timedelta(seconds=seconds))
