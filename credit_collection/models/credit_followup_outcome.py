from odoo import models


class CreditFollowup(models.Model):
    """What came of the mails: delivered, failed, came back."""

    _inherit = "credit.followup"

    def _take_outcome(self):
        """Read the notifications of these messages (sudo) and move them accordingly.

        One recipient reached is enough; while any mail is on its way nothing changes.
        """
        for followup in self.filtered(lambda f: f.state in ("queued", "sent", "failed")):
            notices = followup.mail_message_id.notification_ids.filtered(
                lambda notice: notice.notification_type == "email"
            )
            statuses = set(notices.mapped("notification_status"))
            if "sent" in statuses:
                followup._arrived(notices)
            elif statuses and not statuses & {"ready", "process", "pending"}:
                followup._came_back(notices)

    def _arrived(self, notices):
        lost = notices.filtered(lambda notice: notice.notification_status == "bounce")
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
        self._fail(failure_type, self._failure_text(notices))
        # Nobody sends the old mail behind the back of the next plan.
        notices.mail_mail_id.exists().filtered(lambda mail: mail.state != "sent").cancel()
        return None

    def _tell_about(self, notices):
        self.account_id._tell_collector(
            self.env._("A recipient of the follow-up message was not reached"),
            self._failure_text(notices),
        )

    def _failure_text(self, notices):
        labels = dict(notices._fields["failure_type"]._description_selection(self.env))
        return "; ".join(
            ": ".join(
                part
                for part in (
                    notice.res_partner_id.email or notice.res_partner_id.name,
                    labels.get(notice.failure_type),
                    (notice.failure_reason or "").strip()[:500],
                )
                if part
            )
            for notice in notices
            if notice.notification_status != "sent"
        )


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # EXTENDS 'mail': the result is final here, before it only looks like a failure
        followups = self._credit_followups()
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
        followups._take_outcome()
        return result

    def cancel(self):
        # EXTENDS 'mail': a mail taken out of the queue never arrives
        followups = self._credit_followups()
        result = super().cancel()
        for followup in followups.filtered(lambda followup: followup.state == "queued"):
            followup._fail("mail", followup.env._("The e-mail was cancelled before it was sent."))
        return result

    def _credit_followups(self):
        """The follow-up messages (sudo) that these mails carry."""
        messages = self.mail_message_id.filtered(lambda m: m.model == "credit.account")
        return (
            self.env["credit.followup"]
            .sudo()
            .search([("mail_message_id", "in", messages.ids)] if messages else [(0, "=", 1)])
        )


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def write(self, vals):
        # EXTENDS 'mail': a bounce comes after the mail was sent
        result = super().write(vals)
        if vals.get("notification_status") == "bounce":
            messages = self.sudo().mail_message_id.filtered(lambda m: m.model == "credit.account")
            if messages:
                followups = self.env["credit.followup"].sudo()
                followups.search([("mail_message_id", "in", messages.ids)])._take_outcome()
        return result
