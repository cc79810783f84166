from odoo import models


class CreditFollowup(models.Model):
    """What became of each message, in the history of the customer's file beside what was said."""

    _inherit = "credit.followup"

    def _move(self, action, vals=None):
        # EXTENDS: an e-mail stands in the history by itself
        result = super()._move(action, vals)
        titles = {
            "deliver": self.env._("Delivered without e-mail"),
            "fail": self.env._("Message not delivered"),
            "cancel": self.env._("Message cancelled"),
        }
        for followup in self if action in titles else ():
            if action != "deliver" or not followup.mail_message_id:
                followup._log(titles[action])
        return result

    def _log(self, title):
        """Write one line in the history of the message's file."""
        self.ensure_one()
        reason = {"failed": self.failure_reason, "cancelled": self.cancel_reason}.get(self.state)
        line = self.env._(
            "%(title)s: %(level)s, %(amount)s",
            title=title,
            level=self.level_id.name,
            amount=self.currency_id.format(self.amount),
        )
        self.account_id._message_log(body=f"{line} ({reason})" if reason else line)
