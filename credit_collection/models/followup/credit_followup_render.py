import secrets
from functools import cache

from lxml import html
from markupsafe import Markup, escape
from odoo import api, fields, models
from odoo.tools.misc import format_date

from ...tools import sentences
from ...tools.environment import without_caller_context
from ...tools.readers import start_of_line

BLOCK = "o_credit_items"
SENDER = "o_credit_sender"
# What a level's text has in the place of the items until they are written there.
EMPTY_BLOCK = Markup('<div class="o_credit_items"></div>')
ITEMS_LATER = "credit_items_later"  # in the context; whoever sends starts from an empty one


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
        """Subject and body of one message, see :meth:`_render_texts`."""
        self.ensure_one()
        return self._render_texts()[self.id]

    def _render_texts(self):
        """Subjects and bodies: the level's text or the edited one, with the table of items.

        The messages (sudo) are in one language and company, that of the environment.

        :return: ``{message id: (str, Markup)}``
        """
        self._prefetch_text()
        blocks = self._items_blocks()
        subjects, bodies, senders, texts = {}, {}, {}, {}
        for template, followups in self.grouped(lambda f: f.level_id.mail_template_id).items():
            without_subject = followups.filtered(lambda followup: not followup.subject)
            if template and without_subject:
                subjects |= template.sudo()._render_field(
                    "subject", without_subject.ids, set_lang=self.env.lang
                )
            without_body = followups.filtered(lambda followup: not followup.body)
            if template and without_body:
                bodies |= without_body._render_bodies(template.sudo())
        for followup in self:
            subject = followup.subject or subjects.get(followup.id)
            body = followup.body or bodies.get(followup.id) or ""
            signer = followup._signer()
            # What is said of the sender is said once: a text that is signed already is.
            signed = bool(signer) and f"{escape(signer.name)}<br" in body
            if (signer, signed) not in senders:
                senders[signer, signed] = followup.account_id._sender_block(signer, signed)
            body = self._place(BLOCK, blocks[followup.id], body)
            body = self._place(SENDER, senders[signer, signed], body)
            texts[followup.id] = (subject or followup.display_name, body)
        return texts

    def _prefetch_text(self):
        """Read at once what the texts of all messages are made of."""
        moves = self.line_ids.move_line_id.move_id
        moves.line_ids.account_id.mapped("account_type")
        moves.line_ids.mapped("amount_residual_currency")
        self.partner_ids.mapped("name")
        self.account_id.partner_id.mapped("name")

    def _render_bodies(self, template):
        """The text of a level for each of these messages, the items left out.

        Odoo translates a text into code anew for each record that it is written for; here it is
        done once for all of them.

        :return: ``{message id: Markup}``
        """
        template = template.with_context(lang=self.env.lang, **{ITEMS_LATER: True})
        source = template.body_html
        if len(self) == 1 or not template._has_unsafe_expression_template_qweb(source, self._name):
            return template._render_field(
                "body_html", self.ids, set_lang=self.env.lang, options={"post_process": True}
            )
        one = html.fragment_fromstring(source, create_parent="div")
        one.tag = "t"
        one.set("t-call", "credit_collection.credit_own_values")
        each = html.Element("t")
        each.set("t-foreach", "objects")
        each.set("t-as", "object")
        each.append(one)
        last = html.Element("t")
        last.set("t-out", "text_end")
        each.append(last)
        end = f"<!--{secrets.token_hex(16)}-->"
        rendered = self.env["ir.qweb"]._render(
            each,
            {
                **template._render_eval_context(),
                "objects": list(template.env[self._name].browse(self.ids)),
                "text_end": Markup(end),
            },
        )
        texts = str(rendered).split(end)[:-1]
        return template._render_template_postprocess(
            self._name,
            {record_id: Markup(text) for record_id, text in zip(self.ids, texts, strict=True)},
        )

    @api.model
    def _place(self, name, block, body):
        """Write a block anew where ``body`` has one of this class, else below it."""
        if name not in body:
            return Markup(body or "<p></p>") + block
        if name == BLOCK and body.count(name) == 1 and str(EMPTY_BLOCK) in body:
            return Markup(str(body).replace(EMPTY_BLOCK, block.strip()))
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
        if self.env.context.get(ITEMS_LATER):
            return EMPTY_BLOCK
        return self._items_blocks()[self.id]

    def _items_blocks(self):
        """The tables of items and totals of these messages: ``{message id: Markup}``."""
        formats = self._formats()
        online = {
            company: company_messages._pays_online()
            for company, company_messages in self.grouped("company_id").items()
        }
        assigned = self.account_id._assigned_debts()
        blocks = {}
        for followup in self:
            groups = followup._groups(online[followup.company_id])
            blocks[followup.id] = self.env["ir.qweb"]._render(
                "credit_collection.credit_followup_items",
                {
                    "groups": groups,
                    "disputed": followup._has_dispute(),
                    "payments": followup.account_id._payments(groups, followup.line_ids.move_id),
                    "assigned": assigned.get(followup.account_id.id, []),
                    "with_qr": True,
                    "portal_url": followup._portal_url(),
                    **formats,
                },
            )
        return blocks

    def _formats(self):
        """Functions that write dates and amounts in the language of the environment."""
        return {
            "day": cache(lambda value: format_date(self.env, value)),
            "details": self.account_id._row_details,
            "start": start_of_line(self.env),
            "money": cache(lambda value, currency: sentences.money(self.env, value, currency)),
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

    def _groups(self, pays_online=False):
        """The items by currency: currencies are never added up.

        :param pays_online: whether the company takes payments online
        :return: list of dicts (currency, rows, credits, total, due_now, credit, to_pay)
        """
        self.ensure_one()
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

    def _promise_by(self):
        """The last day that a promise may name unasked, as a date in words (for templates)."""
        return format_date(
            self.env, self.account_id.effective_policy_id._promise_last_day(self.date)
        )

    def _oldest_days(self):
        """Days that the oldest item is late (for templates)."""
        return max(self.line_ids.mapped("days_overdue"), default=0)

    def _signer(self):
        """Who signs: known once it is sent, before that by the level's role (for templates)."""
        if self.state == "sent" and self.user_id:
            return self.user_id
        level, account = self.level_id, self.account_id
        return account._person(self.user_id, account._followup_user(level.role, level.user_id))
