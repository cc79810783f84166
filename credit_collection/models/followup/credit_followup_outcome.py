import logging

import psycopg2
from odoo import api, models
from odoo.tools import SQL
from odoo.tools.mail import plaintext2html

from ...tools.reasons import reason, say

_logger = logging.getLogger(__name__)


class CreditFollowup(models.Model):
    """What came of the mails: delivered, failed, came back."""

    _inherit = "credit.followup"

    def _take_outcome(self):
        """Read the notifications of these messages (sudo) and move them accordingly.

        One recipient reached is enough; while any mail is on its way nothing changes.
        """
        for followup in self.filtered(lambda f: f.state in ("queued", "sent", "failed")):
            notices = followup._notices()
            statuses = set(notices.mapped("notification_status"))
            if "sent" in statuses:
                followup._arrived(notices)
            elif statuses and not statuses & {"ready", "process", "pending"}:
                followup._came_back(notices)

    def _notices(self):
        """What Odoo knows of each recipient's e-mail."""
        return self.mail_message_id.notification_ids.filtered(
            lambda notice: notice.notification_type == "email"
        )

    def _interrupted(self):
        """Sending these messages (sudo) broke off: people decide, as they may have arrived."""
        for followup in self:
            waiting = followup._notices().filtered(lambda n: n.notification_status == "ready")
            waiting.write(
                {
                    "notification_status": "exception",
                    "failure_type": "unknown",
                    "failure_reason": self._interrupted_text(),
                }
            )
            followup._take_outcome()
            if followup.state == "failed":
                followup.write({"failure_type": "unclear", "failure_reason": reason("interrupted")})

    @api.model
    def _interrupted_text(self):
        return say(self.env, reason("interrupted"))

    @api.model
    def _take_up_interrupted(self):
        """Tell of messages (sudo) whose sender died, or whose mail was deleted from the queue.

        Somebody who is sending has them locked, but for an instant after marking the mail.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT f.id
                  FROM credit_followup f
                  JOIN mail_notification n ON n.mail_message_id = f.mail_message_id
                   AND n.notification_type = 'email' AND n.notification_status = 'ready'
                  LEFT JOIN mail_mail m ON m.id = n.mail_mail_id
                 WHERE f.state = 'queued'
                   AND (m.id IS NULL
                        OR m.state = 'exception' AND m.failure_type = 'unknown'
                       AND m.write_date < now() AT TIME ZONE 'UTC' - INTERVAL '1 minute')
                   FOR UPDATE OF f SKIP LOCKED
                """
            )
        )
        for followup in self.browse([row[0] for row in rows]):
            try:
                with self.env.cr.savepoint():
                    followup._interrupted()
            except psycopg2.OperationalError:
                raise
            except Exception:  # the mails of everybody else wait behind this one
                _logger.exception("Follow-up %s broke off, and nobody could be told", followup.id)

    def _arrived(self, notices):
        lost = notices.filtered(lambda n: n.notification_status in ("bounce", "exception"))
        if lost:
            self._tell_about(lost)
        if self.state == "queued" or (self.state == "failed" and not self._levels_taken()):
            self._move("deliver", {"failure_type": False, "failure_reason": False})

    def _came_back(self, notices):
        if self.printed_on or self.state == "failed":
            return
        if self.to_print and self.state == "queued":
            return self._tell_about(notices)  # the letter is still to be printed
        bounced = "bounce" in notices.mapped("notification_status")
        wrong = {"mail_bounce", "mail_email_invalid", "mail_email_missing"}
        failure_type = "mail"
        if bounced:
            failure_type = "bounce"
        elif wrong.intersection(notices.mapped("failure_type")):
            failure_type = "address"
        self._fail(failure_type, self._not_reached(notices))
        # Nobody sends the old mail behind the back of the next plan.
        notices.mail_mail_id.exists().filtered(lambda mail: mail.state != "sent").cancel()
        return None

    def _tell_about(self, notices):
        self.account_id._tell_collector(
            lambda env: env._("A recipient of the follow-up message was not reached"),
            say(self.env, self._not_reached(notices)),
        )

    @api.model
    def _not_reached(self, notices):
        """Why e-mails did not arrive, as a kept reason."""
        return reason(
            "not_reached",
            notices=[
                (
                    notice.res_partner_id.email or notice.res_partner_id.name or "",
                    notice.failure_type or "",
                    (notice.failure_reason or "").strip()[:500],
                )
                for notice in notices
                if notice.notification_status != "sent"
            ],
        )

    def _fail(self, failure_type, why):
        """The message did not arrive: its levels are open again and somebody is told."""
        for followup in self:
            followup._move("fail", {"failure_type": failure_type, "failure_reason": why})
            followup.account_id._tell_collector(
                lambda env: env._("Follow-up message not delivered"),
                plaintext2html(say(self.env, why) or ""),
            )
