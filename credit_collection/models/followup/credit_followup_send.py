import logging

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core import dunning
from ...tools.environment import without_caller_context
from ...tools.reasons import own_words, reason, say

_logger = logging.getLogger(__name__)


class CreditFollowup(models.Model):
    """Sending: everything is read again, in the transaction that sends."""

    _inherit = "credit.followup"

    def _send(self, today, wait=0):
        """Send these messages (sudo), waiting or not yet approved; the caller checked rights.

        The mails are created here and sent by the mail server after the transaction; the message
        counts as sent when they are delivered.

        :param int wait: seconds for which the mails can be taken back, see ``action_undo``
        :return: ``mail.mail`` to send, already scheduled to go after this transaction
        """
        self._check_bank_data(today)
        mails = self._hand_over(today)
        if mails and wait:
            self._wait_with(mails, wait)
        elif mails:
            mails._send_soon()
        return mails

    def _check_bank_data(self, today):
        """Raise when the bank data is so old that a customer may have paid already."""
        for why in self.account_id.effective_policy_id._bank_data_stop(today).values():
            raise UserError(say(self.env, why))

    def _hand_over(self, today):
        """Check each message again and make its mail, letter or activity.

        :return: ``mail.mail`` made
        """
        self._lock()
        for company, followups in self.grouped("company_id").items():
            waiting = followups.filtered(lambda followup: followup.state in ("draft", "queued"))
            book = self._read_book(company, today, waiting.account_id, sending=waiting)
            waiting._all_at_once(book, waiting._recipients_now(book), today)
        return (
            self.env["mail.mail"]
            .sudo()
            .search(
                [
                    ("mail_message_id", "in", self.mail_message_id.ids),
                    ("state", "=", "outgoing"),
                ]
            )
        )

    def _lock(self):
        """Let nobody pay, mute or send what is in these messages until the transaction ends.

        What somebody else changed since this transaction began makes PostgreSQL refuse it
        (REPEATABLE READ), and it is tried again with fresh figures.
        """
        if not self:
            return
        self.env.flush_all()
        self.account_id.sorted("id")._serialize()
        self.env.execute_query(
            SQL(
                "SELECT id FROM credit_followup WHERE id IN %s ORDER BY id FOR UPDATE",
                tuple(self.ids),
            )
        )
        self.env.execute_query(
            SQL(
                """
                SELECT id FROM account_move_line
                 WHERE id IN (SELECT move_line_id FROM credit_followup_line
                               WHERE followup_id IN %s)
                 ORDER BY id FOR NO KEY UPDATE
                """,
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["state"])

    def _all_at_once(self, book, recipients, today):
        """Renew and deliver messages together; where that fails, each by itself, and what goes
        wrong with one stays with it."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self._renew(book, recipients, today)._deliver(today)
            return
        except psycopg2.OperationalError:
            raise  # somebody else was faster: the whole transaction is tried again
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if len(self) == 1:
                _logger.warning("Follow-up %s could not be sent: %s", self.id, error, exc_info=True)
                self._fail("error", self._error_text(error))
                return
        for followup in self:
            followup._all_at_once(book, recipients, today)

    @api.model
    def _error_text(self, error):
        """The end of an error's text: where rendering fails, the cause stands there."""
        lines = [line.strip() for line in str(error).splitlines() if line.strip() not in ("", ")")]
        return own_words("\n".join(lines[-6:])) or type(error).__name__

    def _renew(self, book, recipients, today):
        """Bring the messages up to now; where nothing is left, the message is cancelled.

        :return: those that have something to say
        """
        values, steps = {}, {}
        for followup in self:
            explanation = followup._explain_now(book, today)
            if explanation and explanation.step:
                steps[followup.id] = explanation.step
                values[followup.id] = followup._renewed_values(
                    book, explanation.step, recipients, today
                )
            elif explanation and explanation.reason == dunning.REPLY:
                if followup.state == "queued":
                    followup._move("wait")
            else:
                followup._move("cancel", {"cancel_reason": followup._kept_reason(explanation)})
        renewed = self.browse(values)
        planned = {followup.id: followup.level_id for followup in renewed}
        renewed._write_each(values)
        stale = renewed.filtered(lambda followup: not followup._has_lines_of(steps[followup.id]))
        if stale:
            stale.line_ids.unlink()
            self._create_lines(book, {followup.id: steps[followup.id] for followup in stale})
        return renewed.filtered(lambda followup: followup._is_approved_for(planned[followup.id]))

    def _renewed_values(self, book, step, recipients, today):
        """What changes in this message now, as field values."""
        vals = {**self._step_vals(book, step), "date": today}
        to = self.partner_ids.filtered(
            lambda partner: partner.active and partner.commercial_partner_id == self.partner_id
        )
        if not self.own_recipients or not to:
            to, vals["recipient_reason"] = recipients[self.id]
            vals["lang"] = self._language(to, self.company_id)
        if to != self.partner_ids:
            vals["partner_ids"] = [fields.Command.set(to.ids)]
        vals["email_to"] = self._addresses(to)
        return {
            name: value
            for name, value in vals.items()
            if name == "partner_ids"
            or value != self._fields[name].convert_to_write(self[name], self)
        }

    def _has_lines_of(self, step):
        """Whether the items of this message are those of a step, amounts and days included."""
        wanted = {
            (line.item_id, line.level_id or False, line.amount, line.days_overdue)
            for line in step.lines
        }
        return wanted == {
            (line.move_line_id.id, line.level_id.id, line.amount, line.days_overdue)
            for line in self.line_ids
        }

    def _is_approved_for(self, planned_level):
        """Whether who let the planned level go may let this one go, too: levels are replaced while
        messages wait. What only a manager approves waits for it."""
        if self.level_id.automatic or not planned_level.automatic:
            return True
        if self.state == "queued":
            self._move("wait")
        return False

    def _renew_waiting(self):
        """Bring those of these messages (sudo) up to now that wait and are not with the mail
        server yet."""
        waiting = self.filtered(
            lambda followup: followup.state in ("draft", "queued") and not followup.mail_message_id
        )
        for company, followups in waiting.grouped("company_id").items():
            fresh, today = without_caller_context(followups, company), company._credit_today()
            book = fresh._read_book(company, today, fresh.account_id, sending=fresh)
            fresh._renew(book, fresh._recipients_now(book), today)

    def _recipients_now(self, book):
        """Who would get each of these messages (sudo) now: {message id: (people, kept reason)}."""
        pairs = [(message.partner_id, message.addressee_id) for message in self]
        return dict(zip(self.ids, self._recipients_by_pair(pairs, book), strict=True))

    def _explain_now(self, book, today):
        if self.account_id.id not in book.files:
            return None
        found = self._explain(self.company_id, book, self.account_id.id, today, self.level_id.id)
        return self._explain_addressee(book, found) if found.step and self.addressee_id else found

    def _explain_addressee(self, book, explanation):
        """The same for the letter of one invoice address."""
        address, step = self.addressee_id.id, explanation.step
        settings = self._settings(book, step.account_id)
        part = dict(self._take_apart(book, step, settings)).get(address)
        if part:
            return explanation._replace(step=part)
        homes = book.homes(step.account_id)
        own = [line for line in step.lines if homes[line.item_id] == address]
        why = dunning.COVERED if any(line.level_id for line in own) else dunning.NOT_YET
        return explanation._replace(step=None, reason=why if own else dunning.NOTHING_OPEN)

    @api.model
    def _kept_reason(self, explanation):
        """Why nothing goes out, as it is kept."""
        if explanation is None:
            return reason("nothing_open")
        why = reason(explanation.reason)
        return reason("again_from", why=why, on=explanation.on) if explanation.on else why

    @api.model
    def _reason(self, explanation):
        """Why nothing goes out, as a sentence."""
        return say(self.env, self._kept_reason(explanation))

    # ------------------------------------------------------------------
    # Delivering
    # ------------------------------------------------------------------

    def _deliver(self, today):
        """Make the mails, mark the letters, plan the activities of renewed messages."""
        self._sign()
        self.filtered(lambda followup: followup.state == "draft")._move("approve")
        self._portal_make_links()
        mailed = printed = done = self.browse()
        for followup in self:
            level = followup.level_id
            by_mail = level.send_email and followup.email_to
            obstacle = followup._obstacle()
            if obstacle:
                followup._fail("address", obstacle)
                continue
            if level.make_activity:
                followup._schedule_activity(today)
            if level.print_letter:
                printed |= followup
            if by_mail:
                mailed |= followup
            elif not level.print_letter:
                done |= followup
        printed.to_print = True
        if mailed:
            mailed._post_mails()
        if done:
            done._move("deliver")

    def _obstacle(self):
        """Why this message cannot reach anybody, as a sentence, or ``None``; a text message is
        queued on the way."""
        level = self.level_id
        if not self.partner_id.active:
            return self._archived()
        if level.send_email and not self.email_to and not level.print_letter:
            return self._no_address()
        texted = level.send_sms and self._send_sms()
        if level.send_sms and not (texted or level.send_email or level.print_letter):
            return self._no_number()
        return None

    def _sign(self):
        """Write down who signs."""
        signers = {followup.id: followup._signer() for followup in self}
        for signer, followups in self.grouped(lambda followup: signers[followup.id]).items():
            changed = followups.filtered(lambda followup, signer=signer: followup.user_id != signer)
            if changed:
                changed.user_id = signer

    def _schedule_activity(self, today):
        """Plan the activity that the level asks for."""
        level = self.level_id
        self.account_id._schedule_followup(
            level.activity_type_id,
            level.with_context(lang=self.user_id.lang).activity_summary or level.name,
            self.user_id,
            fields.Date.add(today, days=level.activity_days),
        )

    def _archived(self):
        return self.env._(
            "%(customer)s is archived. Take the customer back into use, or write off what is open.",
            customer=self.partner_id.name,
        )

    def _no_number(self):
        return self.env._(
            "None of the recipients has a phone number: %(names)s.",
            names=", ".join(self.partner_ids.mapped("display_name")) or self.partner_id.name,
        )

    def _no_address(self):
        return self.env._(
            "None of the recipients has an e-mail address: %(names)s.",
            names=", ".join(self.partner_ids.mapped("display_name")) or self.partner_id.name,
        )
