from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, html2plaintext

from ...core import reply as core
from ...tools.groups import COLLECTOR
from ..desk.credit_contact import OUTCOMES

PROPOSALS = [
    (core.PROMISE, "Promises to pay"),
    (core.DISPUTE, "Disputes It"),
    (core.PAID, "Says it is paid"),
    (core.COPY, "Wants a copy"),
    (core.CALL_BACK, "Wants a call"),
    (core.AUTOMATIC, "Automatic answer"),
    (core.NOTHING, "To be read"),
]
READ = [("read", "Read, nothing to do")]
# What a reason of a dispute is recognized by, besides its own name.
REASONS = (
    ("price", ("price", "discount", "preis", "rabatt", "cen", "цен", "价")),
    ("quantity", ("missing", "short", "menge", "fehlt", "ilo", "колич", "数量")),
    ("quality", ("damaged", "defective", "broken", "beschädigt", "uszkodz", "брак", "损坏")),
    ("order", ("ordered", "bestellt", "zamówi", "заказ", "订")),
    ("document", ("invoice", "rechnung", "faktur", "счет", "счёт", "发票")),
)


class CreditReply(models.Model):
    """A customer's answer to a letter, with what it seems to ask for; a person decides."""

    _name = "credit.reply"
    _description = "Customer's Reply"
    _order = "handled_on desc nulls first, received_on, id"
    _rec_name = "partner_id"

    account_id = fields.Many2one(
        "credit.account", "Credit File", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    collector_id = fields.Many2one(
        related="account_id.collector_id", store=True, index="btree_not_null"
    )
    currency_id = fields.Many2one(related="account_id.currency_id")
    message_id = fields.Many2one("mail.message", required=True, index=True, ondelete="cascade")
    author_id = fields.Many2one(related="message_id.author_id", related_sudo=True, string="Sender")
    email_from = fields.Char("Address", related="message_id.email_from", related_sudo=True)
    subject = fields.Char(related="message_id.subject", related_sudo=True)
    answer = fields.Text(compute="_compute_answer", compute_sudo=True)
    received_on = fields.Datetime(required=True, readonly=True)
    proposal = fields.Selection(PROPOSALS, required=True, readonly=True)
    proposed_date = fields.Date("Day Named", readonly=True)
    proposed_amount = fields.Float("Amount Named", readonly=True, aggregator=None)
    item_ids = fields.Many2many("account.move.line", string="Invoices Named", readonly=True)
    said = fields.Char("It Seems", compute="_compute_said")
    outcome = fields.Selection(OUTCOMES + READ, "What Was Done", readonly=True, index=True)
    handled_on = fields.Datetime(readonly=True, index=True)
    handled_by_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
    waited_hours = fields.Float(
        "Hours Waited",
        readonly=True,
        aggregator="avg",
        help="From the customer's answer until somebody dealt with it.",
    )
    waits_days = fields.Integer("Days Waiting", compute="_compute_waits_days", aggregator=None)

    _message_uniq = models.UniqueIndex("(message_id)", "An answer stands in the inbox once.")

    @api.depends("message_id.body")
    def _compute_answer(self):
        for reply in self:
            reply.answer = core.own_words(html2plaintext(reply.message_id.body or ""))

    @api.depends("received_on", "handled_on")
    def _compute_waits_days(self):
        for reply in self:
            company = reply.sudo().company_id
            waits = not reply.handled_on and reply.received_on
            reply.waits_days = (
                (company._credit_today() - company._credit_day(reply.received_on)).days
                if waits
                else 0
            )

    @api.depends("proposal", "proposed_date", "proposed_amount", "item_ids")
    @api.depends_context("lang")
    def _compute_said(self):
        titles = dict(self._fields["proposal"]._description_selection(self.env))
        for reply in self:
            numbers = ", ".join(reply.sudo().item_ids.move_id.mapped("name"))
            parts = [
                titles[reply.proposal],
                reply.proposed_amount and reply.currency_id.format(reply.proposed_amount),
                reply.proposed_date and format_date(self.env, reply.proposed_date),
                numbers,
            ]
            reply.said = ", ".join(part for part in parts if part)

    # ------------------------------------------------------------------
    # Coming in
    # ------------------------------------------------------------------

    @api.model
    def _take(self, account, message):
        """Put an answer that came in into the inbox, with what it seems to say.

        :param account: ``credit.account`` (sudo) of the customer
        :param message: ``mail.message`` that came in
        """
        items = account._open_items().filtered(lambda item: item.amount > 0)
        by_number = {item.move_id.name: item.move_line_id for item in items if item.move_id.name}
        found = core.read(
            html2plaintext(message.body or ""),
            account.company_id._credit_today(),
            tuple(by_number),
            self._month_first(message.author_id.lang or account.partner_id.lang),
        )
        return self.sudo().create(
            {
                "account_id": account.id,
                "message_id": message.id,
                "received_on": message.date or fields.Datetime.now(),
                "proposal": found.kind,
                "proposed_date": found.day,
                "proposed_amount": float(found.amount or 0),
                "item_ids": [
                    fields.Command.set([by_number[number].id for number in found.documents])
                ],
            }
        )

    @api.model
    def _month_first(self, code):
        """Whether people of a language write the month before the day."""
        order = self.env["res.lang"]._lang_get(code or self.env.lang or "en_US").date_format or ""
        month, day = order.find("%m"), order.find("%d")
        return -1 < month < day

    # ------------------------------------------------------------------
    # Dealing with it
    # ------------------------------------------------------------------

    def _close(self, outcome):
        """Note of replies (sudo) that wait what was done about them, and after how long."""
        now = fields.Datetime.now()
        for reply in self.filtered(lambda reply: not reply.handled_on):
            reply.write(
                {
                    "outcome": outcome,
                    "handled_on": now,
                    "handled_by_id": self.env.uid,
                    "waited_hours": (now - reply.received_on).total_seconds() / 3600,
                }
            )

    def _check_may_handle(self):
        self.check_access("read")
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can deal with customers' replies."))
        for reply in self:
            if reply.handled_on:
                raise UserError(
                    self.env._("The reply of %s was dealt with already.", reply.partner_id.name)
                )

    def action_accept(self):
        """Do what the answer seems to say, in one click; what it does not say is asked."""
        self.ensure_one()
        self._check_may_handle()
        if self.proposal in (core.AUTOMATIC, core.NOTHING):
            return self.action_read()
        if self.proposal == core.PROMISE and not self.proposed_date:
            return self.action_log()
        if self.proposal == core.COPY:
            self._send_copies()
        log = self.env["credit.contact.log"].create(self._prepare_log(self.proposal))
        return log.action_log()

    def action_log(self):
        """Open *Log a contact* with what the answer says; the context may name the outcome."""
        self.ensure_one()
        self._check_may_handle()
        known = dict(OUTCOMES)
        outcome = self.env.context.get("credit_outcome")
        if outcome not in known:
            outcome = self.proposal if self.proposal in known else core.CALL_BACK
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_contact_log_action"
        )
        values = self._prepare_log(outcome)
        action["context"] = {f"default_{name}": value for name, value in values.items()}
        return action

    def action_read(self):
        """Nothing follows from the answer; the customer's next message may go out again."""
        self._check_may_handle()
        for reply in self:
            reply.account_id._reply_read(self.env._("Read, nothing to do."))
        return self._noted(self.env._("Read."))

    def action_open_account(self):
        """The customer's page."""
        self.ensure_one()
        return self.account_id.get_formview_action()

    def _noted(self, sentence):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": sentence,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _prepare_log(self, outcome):
        """The values of a contact that is logged from this answer."""
        company = self.sudo().company_id
        values = {
            "account_id": self.account_id.id,
            "kind": "email",
            "inbound": True,
            "outcome": outcome,
            "contact_partner_id": self._who_wrote().id,
            "note": (self.answer or "")[:2000],
        }
        items = self._items_meant(outcome)
        if outcome == core.PROMISE:
            values |= {
                "promise_date": self.proposed_date,
                "promise_amount": self.proposed_amount
                or sum(
                    items.mapped(
                        "amount_residual_currency"
                        if len(items.currency_id) == 1
                        else "amount_residual"
                    )
                ),
                "item_ids": [fields.Command.set(items.ids)],
            }
        elif outcome == core.DISPUTE:
            line = items[:1]
            values |= {
                "dispute_line_id": line.id,
                "dispute_amount": line.amount_residual_currency,
                "dispute_reason_id": self._reason_meant().id,
            }
        elif outcome == core.PAID:
            values |= {
                "paid_on": self.proposed_date or company._credit_day(self.received_on),
                "paid_amount": self.proposed_amount or sum(items.mapped("amount_residual")),
                "paid_reference": ", ".join(items.move_id.mapped("name")) or False,
                "next_date": company._credit_next_working_day(),
            }
        else:
            values["next_date"] = company._credit_next_working_day()
        return values

    def _who_wrote(self):
        """The person who answered, if the customer's."""
        author = self.sudo().author_id
        mine = author.commercial_partner_id == self.sudo().partner_id
        return author if mine else author.browse()

    def _items_meant(self, outcome):
        """The items the answer names, else what is overdue, else what is open (sudo)."""
        open_ = self.account_id.sudo()._open_items().filtered(lambda item: item.amount > 0)
        if outcome == core.PROMISE:
            open_ = open_.filtered(lambda item: not item.promised_until)
        named = self.sudo().item_ids & open_.move_line_id
        if named:
            return named
        overdue = open_.filtered("is_overdue")
        return (overdue or open_[:1]).move_line_id

    def _reason_meant(self):
        """The reason of a dispute that the answer's words point to, else the first."""
        text = (self.answer or "").lower()
        reasons = self.env["credit.dispute.reason"].search([])
        for name, words in REASONS:
            reason = self.env.ref(
                f"credit_collection.credit_dispute_reason_{name}", raise_if_not_found=False
            )
            if reason in reasons and any(word in text for word in words):
                return reason
        return reasons[:1]

    def _send_copies(self):
        """Send the invoices that are asked for once more, by mail."""
        moves = self._items_meant(core.COPY).move_id.filtered(lambda move: move.is_sale_document())
        if not moves:
            raise UserError(self.env._("No invoice is open of which a copy could be sent."))
        self.env["account.move.send"]._generate_and_send_invoices(
            moves.with_env(self.env), sending_methods=["email"], allow_fallback_pdf=True
        )
