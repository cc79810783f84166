from odoo import models


class CreditFollowup(models.Model):
    """Text messages, where Odoo's SMS app is installed: no app, no text message, no dependency."""

    _inherit = "credit.followup"

    def _send_sms(self):
        """Queue the level's text message; returns whether there is a number to send it to."""
        self.ensure_one()
        people = self._with_number()
        if not people or not self.env["credit.followup.level"]._has_sms():
            return False
        message = self._in_language()
        message.account_id._message_sms(
            message._sms_text(), partner_ids=people.ids, put_in_queue=True
        )
        return True

    def _with_number(self):
        """The recipients with a phone number, else who is called about payments."""
        self.ensure_one()
        people = self.partner_ids.filtered("phone")
        return people or self.account_id._whom_to_call().filtered("phone")

    def _sms_text(self):
        """The level's words with the message's own values, in the language of the environment."""
        self.ensure_one()
        text = self.level_id.sms_text or self.env._(
            "{company}: {amount} is due. Please pay, or answer our letter."
        )
        values = {
            "company": self.company_id.name,
            "customer": self.partner_id.name or "",
            "amount": self.company_id.currency_id.format(self.amount),
        }
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text
