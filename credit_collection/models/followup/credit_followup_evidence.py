import hashlib

from odoo import fields, models


class CreditFollowup(models.Model):
    """What went out is kept as it went: the text, the printed letter, and a digest of both."""

    _inherit = "credit.followup"

    sent_subject = fields.Char("Subject Sent", readonly=True, copy=False)
    sent_body = fields.Html("Text Sent", readonly=True, copy=False, sanitize=False)

    def _keep_text(self):
        """Keep the words of messages (sudo) that leave without an e-mail, which keeps its own.

        The customer may be renamed and the level rewritten: what they got was this.
        """
        for followup in self:
            level = followup.level_id
            if followup.mail_message_id or not (level.send_email or level.print_letter):
                continue
            subject, body = followup._in_language()._render_text()
            followup.write({"sent_subject": subject, "sent_body": body})

    def _keep_letters(self):
        """Make the PDF of each of these letters (sudo) once; from then on it is printed again as
        it was."""
        report = self.env.ref("credit_collection.credit_followup_report")
        for letter in self:
            if not letter._letter_file():
                report._render_qweb_pdf(report.report_name, letter.ids)
        self._audit("printed")

    def _letter_file(self):
        """The kept PDF of the letter (sudo), if it was printed."""
        self.ensure_one()
        report = self.env.ref("credit_collection.credit_followup_report").sudo()
        return report.retrieve_attachment(self.sudo()) or self.env["ir.attachment"]

    # ------------------------------------------------------------------
    # In the audit chain
    # ------------------------------------------------------------------

    def _is_audited(self):
        # EXTENDS credit.audited: a message that waits may still change
        self.ensure_one()
        waits = self.state in ("draft", "queued")
        tried = self.failure_type or self.mail_message_id or self.printed_on
        return super()._is_audited() and bool(not waits or tried)

    def _audit_values(self):
        # EXTENDS credit.audited: the items asked for, and digests of what the customer got
        values = super()._audit_values()
        mail = self.mail_message_id
        body = mail.body if mail else self.sent_body
        none = self.env["ir.attachment"]
        values["items"] = sorted(
            [line.move_line_id.id or 0, line.level_id.id or 0, round(line.amount_currency, 9) + 0]
            for line in self.line_ids
        )
        values["text"] = hashlib.sha256(str(body).encode()).hexdigest() if body else None
        values["files"] = sorted(
            [file.name, file.checksum]
            for file in mail.attachment_ids | (self._letter_file() if self.printed_on else none)
        )
        return values
