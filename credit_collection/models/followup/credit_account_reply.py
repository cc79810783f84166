from odoo import fields, models
from odoo.tools import SQL, html2plaintext

from ...tools.environment import without_caller_context

REPLY = "credit_collection.mail_activity_customer_reply"


class CreditAccount(models.Model):
    """What a customer answers: it reaches the collector, and the next message waits for that.

    A reply is unread as long as its activity is to be done.
    """

    _inherit = "credit.account"

    reply_ids = fields.One2many(
        "credit.reply",
        "account_id",
        "Replies",
        readonly=True,
        copy=False,
        groups="credit_collection.credit_collection_group_collector",
    )

    def _message_post_after_hook(self, message, msg_vals):
        # EXTENDS 'mail': an e-mail that came in from outside is an answer to follow-up
        result = super()._message_post_after_hook(message, msg_vals)
        if message.message_type == "email" and self._is_from_outside(message):
            self._take_reply(message)
        return result

    def _is_from_outside(self, message):
        users = message.sudo().author_id.user_ids
        return not any(user._is_internal() for user in users)

    def _take_reply(self, message):
        """Tell who works on this customer: the collector, else who signed the last message."""
        self.ensure_one()
        account = without_caller_context(self.sudo(), self.company_id)
        last = account.followup_ids.filtered("mail_message_id").sorted("id")[-1:]
        user = account._person(account.collector_id, last.user_id)
        user = user or account._followup_user("collector") or account._followup_fallback_user()
        account.env["credit.reply"]._take(account, message.sudo())
        account = account.with_context(lang=user.lang)
        subject = account.env._("%(customer)s replied", customer=account.partner_id.display_name)
        account._schedule_followup(
            account.env.ref(REPLY),
            subject,
            user,
            account.company_id._credit_today(),
            message.body,
        )
        account.message_notify(
            partner_ids=user.partner_id.ids,
            author_id=message.author_id.id or None,
            email_from=message.email_from,
            subject=subject,
            body=message.body,
            force_send=False,
        )

    def _unread_replies_sql(self) -> SQL:
        """The ids of the files with a reply that nobody has read."""
        self.env["mail.activity"].flush_model(["activity_type_id", "res_model", "res_id", "active"])
        kind = self.env.ref(REPLY, raise_if_not_found=False)
        return SQL(
            "SELECT res_id FROM mail_activity WHERE activity_type_id = %s AND active"
            " AND res_model = 'credit.account'",
            kind.id if kind else 0,
        )

    def _with_unread_reply(self):
        """Those of these files whose customer replied, and nobody has read it."""
        kind = self.env.ref(REPLY, raise_if_not_found=False)
        return self.filtered(
            lambda file: kind and kind in file.sudo().activity_ids.activity_type_id
        )

    def _reply_read(self, feedback, outcome="read"):
        """Somebody spoke with these customers: what they had written is read.

        :param str outcome: what came of it, one of ``credit.reply.outcome``
        """
        self.sudo().reply_ids._close(outcome)
        kind = self.env.ref(REPLY, raise_if_not_found=False)
        if kind:
            self.sudo().activity_feedback([REPLY], feedback=html2plaintext(feedback or ""))
