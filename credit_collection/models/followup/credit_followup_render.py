from lxml import html
from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang

from ...tools.environment import without_caller_context

BLOCK = "o_credit_items"
SENDER = "o_credit_sender"


class CreditFollowup(models.Model):
    """The words of a message, in the recipient's language."""

    _inherit = "credit.followup"

    language_notice = fields.Char(compute="_compute_language_notice")

    def _in_language(self):
        """This message (sudo) in its own language and company."""
        self.ensure_one()
        message = without_caller_context(self.sudo(), self.company_id).with_company(self.company_id)
        return message.with_context(lang=self.lang or self.env.lang)

    @api.depends("lang", "level_id", "body")
    def _compute_language_notice(self):
        """Told to the collector where the level has no text in the customer's language."""
        titles = dict(self.env["res.lang"].get_installed())
        for followup in self:
            followup.language_notice = False
            template = followup.sudo().level_id.mail_template_id
            lang = followup.lang
            edited = followup.body or followup.sudo().mail_message_id
            if not template or not lang or lang.startswith("en") or edited:
                continue
            if template.with_context(lang=lang).body_html == (
                template.with_context(lang="en_US").body_html
            ):
                followup.language_notice = self.env._(
                    "The customer reads %(language)s, and “%(text)s” is written in English only. "
                    "Translate the text, or edit this message.",
                    language=titles.get(lang, lang),
                    text=template.name,
                )

    def _preview(self):
        """Subject and body as they would go out now, or as they went out."""
        self.ensure_one()
        sent = self.sudo().mail_message_id
        if sent:
            return sent.subject or "", sent.body
        if self.sudo().sent_body:
            return self.sudo().sent_subject or "", self.sudo().sent_body
        return self._in_language()._render_text()

    def _render_text(self):
        """Subject and body: the level's text or the edited one, with the table of items.

        :return: (str, Markup)
        """
        self.ensure_one()
        template = self.level_id.mail_template_id.sudo()
        subject, body = self.subject, self.body
        if not subject:
            subject = (
                template
                and template._render_field("subject", self.ids, set_lang=self.env.lang)[self.id]
            )
        if not body:
            body = (
                template
                and template._render_field(
                    "body_html", self.ids, set_lang=self.env.lang, options={"post_process": True}
                )[self.id]
            )
        body = self._place(BLOCK, self._items_block(), body or "")
        sender = self.account_id._sender_block(self._signer())
        return subject or self.display_name, self._place(SENDER, sender, body)

    @api.model
    def _place(self, name, block, body):
        """Write a block anew where ``body`` has one of this class, else below it."""
        root = html.fragment_fromstring(str(body) or "<p></p>", create_parent="div")
        block = html.fragment_fromstring(str(block).strip(), create_parent=False)
        old = root.xpath(f"//div[contains(concat(' ', @class, ' '), ' {name} ')]")
        for node in old[1:]:
            node.drop_tree()
        if old:
            block.tail = old[0].tail
            old[0].getparent().replace(old[0], block)
        else:
            root.append(block)
        inner = (root.text or "") + "".join(
            html.tostring(child, encoding="unicode") for child in root
        )
        return Markup(inner)

    def _items_block(self):
        """The table of items and totals of this message, as HTML (for the templates)."""
        self.ensure_one()
        groups = self._groups()
        return self.env["ir.qweb"]._render(
            "credit_collection.credit_followup_items",
            {
                "groups": groups,
                "disputed": self._has_dispute(),
                "payments": self.account_id._payments(groups, self.line_ids.move_id),
                "with_qr": True,
                "portal_url": self._portal_url(),
                **self._formats(),
            },
        )

    def _formats(self):
        """Functions that write dates and amounts in the language of the environment."""
        return {
            "day": lambda value: format_date(self.env, value),
            "details": self.account_id._row_details,
            "money": lambda value, currency: formatLang(self.env, value, currency_obj=currency),
        }

    def _has_dispute(self):
        return any(
            line.currency_id.compare_amounts(
                line.amount_currency, line.move_line_id.amount_residual_currency
            )
            < 0
            for line in self.line_ids
            if line.move_line_id
        )

    def _groups(self):
        """The items by currency: currencies are never added up.

        :return: list of dicts (currency, rows, credits, total, due_now, credit, to_pay)
        """
        self.ensure_one()
        pays_online = self._pays_online()
        rows = [
            {
                "currency": line.currency_id or line.company_currency_id,
                "name": line.name or "",
                "reference": line.move_id.payment_reference or line.name or "",
                "date": line.move_id.invoice_date or line.move_id.date,
                "date_due": line.date_due,
                "move_line_id": line.move_line_id.id,
                "days": line.days_overdue,
                "amount": line.amount_currency,
                "url": line._online_url() if pays_online else False,
            }
            for line in self.line_ids.sorted(lambda line: (line.date_due, line.id))
        ]
        currencies = self.env["res.currency"].sudo()
        credits = [
            {**credit, "currency": currencies.browse(credit["currency_id"])}
            for credit in self.credits or []
        ]
        return self.env["credit.account"]._group_by_currency(rows, credits)

    def _pays_online(self):
        """Whether the company takes payments online."""
        return bool(
            self.env["payment.provider"]
            .sudo()
            .search_count(
                [
                    ("state", "=", "enabled"),
                    ("company_id", "parent_of", self.company_id.ids),
                ],
                limit=1,
            )
        )

    def _salutation(self):
        """The name to greet: of the person written to, else of the customer (for templates)."""
        self.ensure_one()
        people = self.partner_ids.filtered(lambda partner: not partner.is_company and partner.name)
        return (people[:1] or self.partner_id).name or ""

    def _answer_by(self):
        """The day that the level grants, as a date in words (for templates)."""
        return format_date(self.env, self.answer_by)

    def _oldest_days(self):
        """Days that the oldest item is late (for templates)."""
        return max(self.line_ids.mapped("days_overdue"), default=0)

    def _signer(self):
        """Who signs: known once it is sent, before that by the level's role (for templates)."""
        if self.state == "sent" and self.user_id:
            return self.user_id
        level, account = self.level_id, self.account_id
        return account._person(self.user_id, account._followup_user(level.role, level.user_id))
