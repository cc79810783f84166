from odoo import api, models
from odoo.tools import SQL
from odoo.tools.mail import formataddr

# Kinds of messages that go out, as Odoo's own threads prefer them for what a mail refers to.
OUTGOING = ["comment", "auto_comment", "email", "email_outgoing"]
LAYOUT = "credit_collection.credit_followup_mail_layout"
# Who a letter is posted to, or by whom, follows the credit file no more than before.
FOLLOWED_BY_NOBODY = {
    "mail_create_nosubscribe": True,
    "mail_post_autofollow": False,
    "mail_post_autofollow_author_skip": True,
    "mail_notify_author": True,
}


class CreditFollowup(models.Model):
    """Posting: the e-mails of many messages, made in batches.

    What ``message_post`` does for one message at a time, and what a run of thousands would spend
    most of its time on: the text is rendered for all messages of a level and language at once, and
    messages, mails and notifications are created in one go.
    """

    _inherit = "credit.followup"

    def _post_mails(self):
        """Post the messages (sudo) on their credit files, for their recipients alone, as e-mails.

        Recipients who read messages inside the application get them there: theirs go through the
        discussion, one by one.
        """
        inside = self._read_inside()
        for (company, lang), followups in (
            (self - inside).grouped(lambda followup: (followup.company_id, followup.lang)).items()
        ):
            followups._post_in(company, lang)
        for followup in inside:
            followup._post_in_discussion()

    def _read_inside(self):
        """Those of these messages of which a recipient reads Odoo's messages in the application."""
        readers = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", self.partner_ids.ids),
                    ("notification_type", "=", "inbox"),
                    ("share", "=", False),
                ]
            )
            .partner_id
        )
        return self.filtered(lambda followup: followup.partner_ids & readers)

    def _post_in(self, company, lang):
        """Post those of one company and language."""
        messages = self[:1]._in_language().browse(self.ids)
        texts = messages._render_texts()
        posted = messages._create_messages(texts)
        messages._create_mails(posted, company, lang)
        self._write_each(
            {
                followup.id: {"mail_message_id": message.id}
                for followup, message in zip(self, posted, strict=True)
            }
        )

    def _author_values(self):
        """From whom the message comes."""
        self.ensure_one()
        return {
            "author_id": (self.user_id.partner_id or self.company_id.partner_id).id,
            "email_from": self.user_id.email_formatted or self.company_id.email_formatted or None,
        }

    def _create_messages(self, texts):
        """The entries in the discussions of the credit files, as ``mail.message``, in order."""
        accounts = self.account_id
        Thread = accounts.with_context(mail_create_nosubscribe=True)
        subtype = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        aliases = accounts.sudo()._mail_get_alias_domains(default_company=self.env.company)
        replies, values_list = {}, []
        for followup in self:
            subject, body = texts[followup.id]
            account, author = followup.account_id, followup._author_values()
            key = (author["author_id"], author["email_from"])
            if key not in replies:
                replies[key] = accounts._notify_get_reply_to(
                    default=author["email_from"], author_id=author["author_id"]
                )
            values = {
                **author,
                "author_guest_id": False,
                "model": account._name,
                "res_id": account.id,
                "body": body,
                "subject": subject or False,
                "message_type": "comment",
                "subtype_id": subtype,
                "partner_ids": followup.partner_ids.filtered("email_normalized").ids,
                "email_layout_xmlid": LAYOUT,
                "email_add_signature": True,
                "record_alias_domain_id": aliases[account.id].id,
                "record_company_id": followup.company_id.id,
                "reply_to": replies[key][account.id],
            }
            attachments = followup._attachments()
            if attachments:
                values |= account._process_attachments_for_post(attachments, [], values)
            values_list.append(values)
        return Thread._message_create(values_list)

    def _create_mails(self, posted, company, lang):
        """The mails and the notifications of messages just posted."""
        references = self._references(posted)
        mails, notices = [], []
        for followup, message in zip(self, posted, strict=True):
            recipients = message.partner_ids
            headers = followup._mail_headers(message, recipients)
            mails.append(
                {
                    "mail_message_id": message.id,
                    "references": references[message.id],
                    "subject": " ".join((message.subject or "").splitlines()),
                    "auto_delete": False,  # in one go, see mail.mail._delete_sent
                    "headers": repr(headers) if headers else False,
                    "recipient_ids": [(4, partner.id) for partner in recipients],
                    "body_html": followup._in_layout(message, company, lang),
                }
            )
        made = self.env["mail.mail"].sudo().create(mails)
        for mail, message in zip(made, posted, strict=True):
            notices += [
                {
                    "author_id": message.author_id.id,
                    "is_read": True,
                    "mail_message_id": message.id,
                    "mail_mail_id": mail.id,
                    "notification_status": "ready",
                    "notification_type": "email",
                    "res_partner_id": partner.id,
                }
                for partner in message.partner_ids
            ]
        self.env["mail.notification"].sudo().create(notices)

    def _in_layout(self, message, company, lang):
        """The whole mail around the body of a message."""
        return self.env["ir.qweb"]._render(
            LAYOUT,
            {
                "message": message,
                "company": company.sudo(),
                "record": self.account_id,
                "record_name": self.account_id.display_name,
                "lang": lang,
            },
            minimal_qcontext=True,
            lang=lang,
        )

    def _mail_headers(self, message, recipients):
        """Reply to all reaches the other recipients; what bounces comes back."""
        account = self.account_id
        headers = {}
        others = [
            formataddr((partner.name or "", partner.email_normalized))
            for partner in recipients
            if partner.partner_share
        ]
        if others and len(others) < account._CUSTOMER_HEADERS_LIMIT_COUNT:
            headers["X-Msg-To-Add"] = ",".join(others)
        bounce = message.sudo().record_alias_domain_id.bounce_email
        if bounce:
            headers["Return-Path"] = bounce
        return account._notify_by_email_get_headers(headers=headers)

    @api.model
    def _references(self, posted):
        """What each of these messages follows in its customer's mailbox: its last three ancestors
        in the file's discussion, and itself."""
        self.env["mail.message"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT message.id, ancestor.message_id
                  FROM mail_message message
                  JOIN LATERAL (
                       SELECT latest.id, latest.message_id
                         FROM (SELECT past.id, past.message_id, past.message_type,
                                      past.is_internal IS NOT TRUE
                                      AND subtype.internal IS NOT TRUE AS outside
                                 FROM mail_message past
                                 JOIN mail_message_subtype subtype ON subtype.id = past.subtype_id
                                WHERE past.model = message.model AND past.res_id = message.res_id
                                  AND past.id < message.id AND past.message_id IS NOT NULL
                                ORDER BY past.id DESC LIMIT 32) AS latest
                        ORDER BY latest.outside DESC, latest.message_type = ANY(%(outgoing)s) DESC,
                                 latest.id DESC
                        LIMIT 3) AS ancestor ON TRUE
                 WHERE message.id = ANY(%(posted)s)
                 ORDER BY message.id, ancestor.id
                """,
                outgoing=OUTGOING,
                posted=posted.ids,
            )
        )
        before = {}
        for message_id, reference in rows:
            before.setdefault(message_id, []).append(reference)
        return {
            message.id: " ".join([*before.get(message.id, ()), message.message_id])
            for message in posted.sudo()
        }

    def _post_in_discussion(self):
        """Post one message on its credit file through the discussion."""
        message = self._in_language()
        subject, body = message._render_texts()[self.id]
        posted = message.account_id.with_context(**FOLLOWED_BY_NOBODY).message_post(
            body=body,
            subject=subject,
            partner_ids=self.partner_ids.filtered("email_normalized").ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=message._attachments(),
            email_layout_xmlid=LAYOUT,
            force_email_lang=message.env.lang,
            force_send=False,
            notify_skip_followers=True,
            **message._author_values(),
        )
        self.mail_message_id = posted
        if not posted.sudo().notification_ids.filtered(lambda n: n.notification_type == "email"):
            self._move("deliver")  # the recipient reads messages inside the application
