import logging
import smtplib

import psycopg2
from odoo import api, models, modules
from odoo.modules.registry import Registry
from odoo.tools import SQL

from ...tools.jobs import wake

_logger = logging.getLogger(__name__)

# What of a mail becomes headers.
HEADERS = ("subject", "email_to", "email_to_raw", "email_cc", "reply_to", "headers")


class MailMail(models.Model):
    """Mails that carry follow-up messages: each has one sender, and is sent at most once.

    Odoo asks the mail server first and writes down the answer afterwards.  Where the process dies
    in between, or PostgreSQL refuses the writing because somebody else was faster, the mail is
    sent again.  A follow-up mail is therefore claimed before: it is marked as interrupted, and
    this is committed; then all rows are locked in which the answer will be written.  What dies
    stays marked and is never sent again by itself: people are told.
    """

    _inherit = "mail.mail"

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        # EXTENDS 'mail'
        how = {
            "auto_commit": auto_commit,
            "raise_exception": raise_exception,
            "smtp_session": smtp_session,
            "alias_domain_id": alias_domain_id,
            "mail_server": mail_server,
            "post_send_callback": post_send_callback,
        }
        carrying = self._carrying_followups()
        carrying._read_ahead()
        ours = carrying if auto_commit else self.browse()
        result = super(MailMail, self - ours)._send(**how)
        for mail in ours:
            if mail._claim():
                try:
                    super(MailMail, mail)._send(**how)
                except (psycopg2.Error, smtplib.SMTPServerDisconnected) as error:
                    self.env.cr.rollback()
                    mail._credit_followups()._interrupted()
                    self._commit()
                    if isinstance(error, smtplib.SMTPServerDisconnected):
                        raise  # this connection sends no other mail either
        carrying._delete_sent()
        return result

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        # EXTENDS 'mail': an imported name with a line break in it would stop the mail for ever
        outgoing = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        for values in outgoing:
            values.update({name: _in_one_line(values[name]) for name in HEADERS if name in values})
        return outgoing

    def _delete_sent(self):
        """Delete those of these mails that are sent, as Odoo deletes notifications: together, as
        each time a record is deleted everything read before is forgotten."""
        sent = self.exists().filtered(lambda mail: mail.state == "sent")
        if sent:
            sent.unlink()

    def _claim(self):
        """Take this mail for this process alone; ``False`` when somebody else has or had it.

        Commits twice; afterwards everything that is written about the mail is locked.
        """
        self.ensure_one()
        self._commit()
        try:
            taken = self._take_waiting()
            self._commit()
            if taken:
                self._lock_outcome()
            return taken
        except psycopg2.OperationalError:
            self.env.cr.rollback()
            return False

    def _commit(self):
        """Keep what is done: the mail queue commits after each mail, too."""
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _take_waiting(self):
        """Mark the mail as interrupted, if it waits; ``False`` when it is not there to be taken."""
        cr = self.env.cr
        cr.execute(
            SQL(
                """
                UPDATE mail_mail
                   SET state = 'exception', failure_type = 'unknown', failure_reason = %(reason)s,
                       write_date = now() AT TIME ZONE 'UTC'
                 WHERE id IN (SELECT id FROM mail_mail WHERE id = %(mail)s AND state = 'outgoing'
                                 FOR UPDATE SKIP LOCKED)
                """,
                reason=self.env["credit.followup"]._interrupted_text(),
                mail=self.id,
            ),
            log_exceptions=False,
        )
        return bool(cr.rowcount)

    def _lock_outcome(self):
        """Lock what the answer of the mail server will change, and let Odoo send the mail."""
        # By their ids: joined, PostgreSQL may read all lines for one mail of a table just filled.
        followups = self._credit_followups()
        self.env.cr.execute(
            SQL(
                """
                WITH followup AS (
                     SELECT id FROM credit_followup WHERE id = ANY(%(followups)s)
                        FOR NO KEY UPDATE),
                     line AS (
                     SELECT id FROM credit_followup_line WHERE id = ANY(%(lines)s)
                        FOR NO KEY UPDATE),
                     notice AS (
                     SELECT id FROM mail_notification WHERE mail_mail_id = %(mail)s
                        FOR NO KEY UPDATE),
                     waiting AS (
                     UPDATE mail_mail
                        SET state = 'outgoing', failure_type = NULL, failure_reason = NULL
                      WHERE id = %(mail)s AND state = 'exception')
                SELECT (SELECT COUNT(*) FROM followup), (SELECT COUNT(*) FROM line),
                       (SELECT COUNT(*) FROM notice)
                """,
                followups=followups.ids,
                lines=followups.line_ids.ids,
                mail=self.id,
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(["state", "failure_type", "failure_reason"], flush=False)
        followups.invalidate_recordset(["state"], flush=False)

    def _read_ahead(self):
        """Read what sending these mails needs for all of them at once; what others may change
        meanwhile is read again under the lock."""
        if not self:
            return
        self.fetch(["body_html", "email_to", "email_cc", "headers", "mail_server_id"])
        self.mail_message_id.fetch(["model", "res_id", "subject", "email_from", "reply_to"])
        self.mail_message_id.notification_ids.fetch(["notification_type", "notification_status"])
        self.recipient_ids.fetch(["name", "email"])
        self._credit_followups().line_ids.fetch(["state", "amount_currency"])

    def _carrying_followups(self):
        """Those of these mails that carry a follow-up message; others may have vanished."""
        if not self.ids:
            return self.browse()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.id FROM mail_mail m
                 WHERE m.id IN %s AND EXISTS (SELECT 1 FROM credit_followup f
                                               WHERE f.mail_message_id = m.mail_message_id)
                 ORDER BY m.id
                """,
                tuple(self.ids),
            )
        )
        return self.browse([row[0] for row in rows])

    def _send_soon(self):
        """Send these mails after this transaction."""
        if modules.module.current_test:
            self.send()
            return
        ids, database = self.ids, self.env.cr.dbname

        @self.env.cr.postcommit.add
        def send_now():
            with Registry(database).cursor() as cr:
                api.Environment(cr, api.SUPERUSER_ID, {})["mail.mail"].browse(ids)._send_now()

    def _send_now(self):
        """Send these mails, each in a transaction of its own; what cannot go stays in the queue."""
        try:
            self.exists().send(auto_commit=not modules.module.current_test)
        except (psycopg2.OperationalError, smtplib.SMTPServerDisconnected) as error:
            _logger.info("Follow-up: some mails are left to the mail queue: %s", error)
            self.env.cr.rollback()
            wake(self.env, "mail.ir_cron_mail_scheduler_action")

    def process_email_queue(self, email_ids=(), batch_size=1000):
        # EXTENDS 'mail': whoever looks after the queue finds what was left in the middle
        try:
            with self.env.cr.savepoint():
                self.env["credit.followup"].sudo()._take_up_interrupted()
                # Whoever sent these died before deleting them.
                self.sudo().search(
                    [("state", "=", "sent"), ("model", "=", "credit.account")]
                )._carrying_followups()._delete_sent()
        except psycopg2.OperationalError as error:
            _logger.info("Follow-up: another transaction was faster, left to the next: %s", error)
            self.env.invalidate_all(flush=False)
        return super().process_email_queue(email_ids=email_ids, batch_size=batch_size)

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
        messages = self.sudo().mail_message_id.filtered(lambda m: m.model == "credit.account")
        return messages.credit_followup_ids


def _in_one_line(value):
    """Text, or a list or dict of texts, without line breaks."""
    if isinstance(value, dict):
        return {name: _in_one_line(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_in_one_line(each) for each in value]
    return " ".join(value.split()) if isinstance(value, str) else value
