import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools import sentences
from ...tools.amount_words import amount_words
from ...tools.groups import COLLECTOR
from ...tools.jobs import each_safely
from ...tools.papers import claim_papers
from ...tools.rooms import is_on

ANSWER = {
    "confirmed_on",
    "confirmed_by",
    "confirmed_position",
    "confirmed_authority",
    "signature",
    "signed_copy_ids",
    "their_closing",
}


class CreditBalanceConfirmation(models.Model):
    """What both sides say is owed: the documents of a period in one currency, frozen when sent.

    Confirmed, it is evidence and, where the law says so, starts the clock of limitation anew; the
    next one opens with its closing balance.
    """

    _name = "credit.balance.confirmation"
    _description = "Balance Confirmation"
    _inherit = ["credit.file.document", "credit.audited"]
    _audited = (
        "account_id",
        "currency_id",
        "date_from",
        "date_to",
        "opening",
        "closing",
        "figures_hash",
        "pdf_hash",
        "state",
        "confirmed_on",
        "confirmed_by",
        "confirmed_position",
        "confirmed_authority",
        "their_closing",
    )
    _order = "date_to desc, id desc"
    _sequence = "credit.balance.confirmation"
    _results = frozenset(
        {
            "opening",
            "debit",
            "credit",
            "closing",
            "figures_hash",
            "pdf_id",
            "pdf_hash",
            "sent_on",
            "confirmed_on",
            "previous_id",
        }
    )
    _transitions = {
        ("draft", "queue"): "queued",
        ("queued", "unqueue"): "draft",
        ("draft", "send"): "sent",
        ("queued", "send"): "sent",
        ("sent", "confirm"): "confirmed",
        ("no_answer", "confirm"): "confirmed",
        ("contested", "confirm"): "confirmed",
        ("sent", "contest"): "contested",
        ("no_answer", "contest"): "contested",
        ("contested", "contest"): "contested",
        ("sent", "late"): "no_answer",
        ("draft", "cancel"): "cancelled",
        ("queued", "cancel"): "cancelled",
        ("sent", "cancel"): "cancelled",
        ("contested", "cancel"): "cancelled",
        ("no_answer", "cancel"): "cancelled",
    }

    currency_id = fields.Many2one("res.currency", required=True)
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("To", required=True)
    reply_by = fields.Date("Answer By")
    previous_id = fields.Many2one(
        "credit.balance.confirmation",
        "Opens With",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The last one that was confirmed.",
    )
    line_ids = fields.One2many("credit.balance.confirmation.line", "confirmation_id", "Documents")
    opening = fields.Monetary(readonly=True)
    debit = fields.Monetary("Invoiced", readonly=True)
    credit = fields.Monetary("Paid and Credited", readonly=True)
    closing = fields.Monetary(readonly=True, tracking=True)
    closing_words = fields.Char("In Words", compute="_compute_closing_words")
    figures_hash = fields.Char("Hash of the Figures", readonly=True, copy=False)
    pdf_id = fields.Many2one(
        "ir.attachment", "PDF", readonly=True, copy=False, index="btree_not_null"
    )
    pdf_hash = fields.Char("Hash of the PDF", readonly=True, copy=False)
    sent_on = fields.Datetime(readonly=True, copy=False)
    confirmed_on = fields.Date(readonly=True, copy=False)
    confirmed_by = fields.Char("Signed By", copy=False)
    confirmed_position = fields.Char("Job Position", copy=False)
    confirmed_authority = fields.Char(
        "Right to Sign", copy=False, help="Register, power of attorney: why this person may sign."
    )
    signature = fields.Binary(copy=False, attachment=True)
    signed_copy_ids = fields.Many2many(
        "ir.attachment",
        "credit_balance_confirmation_copy_rel",
        "confirmation_id",
        "attachment_id",
        string="Signed Copies",
        copy=False,
    )
    their_closing = fields.Monetary("Their Balance", copy=False)
    difference = fields.Monetary(compute="_compute_difference", help="Ours less theirs.")
    explained = fields.Monetary(compute="_compute_difference")
    unexplained = fields.Monetary(compute="_compute_difference")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("queued", "Will Be Sent"),
            ("sent", "Sent"),
            ("confirmed", "Confirmed"),
            ("contested", "Contested"),
            ("no_answer", "No Answer"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )

    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)", "The period ends before it begins."
    )
    _once = models.UniqueIndex(
        "(account_id, currency_id, date_from, date_to) WHERE state != 'cancelled'",
        "There is a confirmation of this customer, currency and period already.",
    )

    @api.depends("closing", "currency_id", "partner_id.lang")
    def _compute_closing_words(self):
        for confirmation in self:
            confirmation.closing_words = amount_words(
                confirmation.closing,
                confirmation.currency_id.name or "",
                confirmation.partner_id.lang or self.env.lang,
            )

    @api.depends("closing", "their_closing", "line_ids.contested", "line_ids.explains")
    def _compute_difference(self):
        for confirmation in self:
            difference = confirmation.closing - confirmation.their_closing
            explained = sum(confirmation.line_ids.mapped("explains"))
            confirmation.difference = difference
            confirmation.explained = explained
            confirmation.unexplained = confirmation.currency_id.round(difference - explained)

    @api.depends("name", "partner_id", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for confirmation in self:
            day = format_date(self.env, confirmation.date_to)
            confirmation.display_name = (
                f"{confirmation.name} {confirmation.partner_id.name or ''} {day}"
            )

    def write(self, vals):
        frozen = {"currency_id", "date_from", "date_to"} & vals.keys()
        if not self.env.su and frozen and any(c.state != "draft" for c in self):
            raise UserError(self.env._("Its figures are frozen: cancel it and make a new one."))
        answered = (ANSWER - {"signed_copy_ids"}) & vals.keys()
        if not self.env.su and answered and any(c.state == "confirmed" for c in self):
            raise UserError(self.env._("What was confirmed stays as it was signed."))
        signed = {each: each.signed_copy_ids for each in self if each.state == "confirmed"}
        result = super().write(vals)
        if "signed_copy_ids" in vals:
            claim_papers(self, "signed_copy_ids")
            if not self.env.su and any(
                copies - each.signed_copy_ids for each, copies in signed.items()
            ):
                raise UserError(self.env._("What was confirmed stays as it was signed."))
        return result

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------

    def action_send(self):
        """Send at once; many are sent in the background."""
        self._check_role(COLLECTOR)
        if len(self) == 1:
            self.sudo()._send()
            return
        self._move("queue")
        self.env.ref("credit_collection.credit_balance_confirmation_cron").sudo()._trigger()

    def _send(self):
        """Freeze the figures, keep the PDF with its hash, write to the customer."""
        self.ensure_one()
        confirmation = self.with_context(lang=self.partner_id.lang or self.env.lang)
        report = self.env.ref("credit_collection.credit_balance_confirmation_report").sudo()
        confirmation._move("send", {"sent_on": fields.Datetime.now()})
        content, extension = report.with_env(confirmation.env)._render(
            report.report_name, confirmation.ids
        )
        pdf = self.env["ir.attachment"].create(
            {
                "name": f"{self.name.replace('/', '-')}.{extension}",
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        confirmation.write(
            {
                "pdf_id": pdf.id,
                "pdf_hash": hashlib.sha256(content).hexdigest(),
                "figures_hash": self._figures_hash(),
            }
        )
        template = self.env.ref("credit_collection.credit_balance_confirmation_template")
        template.with_context(lang=confirmation.env.lang).send_mail(
            self.id, email_values={"attachment_ids": [(4, pdf.id)]}
        )

    def _figures_hash(self):
        """SHA-256 of all figures, in a form that does not depend on who asks."""
        self.ensure_one()
        digits = max(self.currency_id.decimal_places, 2)
        figures = {
            "account": self.account_id.id,
            "currency": self.currency_id.name,
            "from": str(self.date_from),
            "to": str(self.date_to),
            "opening": f"{self.opening:.{digits}f}",
            "closing": f"{self.closing:.{digits}f}",
            "rows": [
                [str(line.date), line.name, f"{line.debit:.{digits}f}", f"{line.credit:.{digits}f}"]
                for line in self.line_ids.filtered(lambda row: row.kind != "theirs").sorted("id")
            ],
        }
        return hashlib.sha256(json.dumps(figures, sort_keys=True).encode()).hexdigest()

    def _is_intact(self):
        """Whether figures and PDF are those that were sent."""
        self.ensure_one()
        if not self.figures_hash:
            return True
        pdf = self.sudo().pdf_id.raw or b""
        return (
            self._figures_hash() == self.figures_hash
            and hashlib.sha256(pdf).hexdigest() == self.pdf_hash
        )

    def _page_words(self):
        """The sentences of the confirmation."""
        self.ensure_one()
        ours = sentences.name(self.company_id.name, strong=True)
        theirs = sentences.name(self.partner_id.name, strong=True)
        date = sentences.day(self.env, self.date_to)
        if self.currency_id.is_zero(self.closing):
            result = self.env._("As of %(date)s neither side owes the other anything.", date=date)
        else:
            result = self.env._(
                "As of %(date)s %(debtor)s owes %(creditor)s %(amount)s (%(in_words)s).",
                date=date,
                debtor=theirs if self.closing > 0 else ours,
                creditor=ours if self.closing > 0 else theirs,
                amount=sentences.money(self.env, abs(self.closing), self.currency_id, strong=True),
                in_words=self.closing_words,
            )
        return {
            "parties": self.env._(
                "Between %(company)s and %(customer)s, from %(date_from)s to %(date_to)s, in "
                "%(currency)s.",
                company=ours,
                customer=theirs,
                date_from=sentences.day(self.env, self.date_from),
                date_to=date,
                currency=self.currency_id.name,
            ),
            "our_books": self.env._("By the books of %(party)s", party=ours),
            "their_books": self.env._("By the books of %(party)s", party=theirs),
            "result": result,
            "answer": self.reply_by
            and self.env._(
                "Please answer by %(date)s. Mark what differs in the columns on the right.",
                date=sentences.day(self.env, self.reply_by, strong=True),
            ),
            "we_sign": self.env._("For %(party)s", party=ours),
            "they_sign": self.env._("For %(party)s", party=theirs),
        }

    def action_verify(self):
        """Say whether figures and PDF are those that were sent."""
        self.ensure_one()
        self.check_access("read")
        intact = self._is_intact()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if intact else "danger",
                "message": self.env._("Figures and PDF are those that were sent.")
                if intact
                else self.env._("Figures or PDF were changed after they were sent."),
            },
        }

    @api.model
    def _cron_send(self):
        """Send what waits, one by one; then mark what was not answered in time."""
        if not is_on(self.env, "confirmations"):
            return
        waiting = self.sudo().search([("state", "=", "queued")], order="id")
        left = len(waiting)
        for confirmation in waiting:
            each_safely(confirmation, lambda one: one._send(), "Balance confirmation")
            left -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                return
        late = (
            self.sudo()
            .search([("state", "=", "sent"), ("reply_by", "!=", False)])
            .filtered(lambda c: c.reply_by < c.company_id._credit_today())
        )
        late._move("late")
        for confirmation in late:
            confirmation.account_id._schedule_followup(
                self.env.ref("credit_collection.mail_activity_confirmation"),
                lambda env, name=confirmation.name: env._(
                    "No answer to the balance confirmation %s", name
                ),
                confirmation.account_id._responsible_collector(),
                confirmation.company_id._credit_today(),
            )

    def action_cancel(self):
        """Give it up."""
        self._check_role(COLLECTOR)
        self._move("cancel")

    # ------------------------------------------------------------------
    # The answer
    # ------------------------------------------------------------------

    def action_confirm(self):
        """The customer agrees; who signed, as what and by which authority is on the form."""
        self._check_role(COLLECTOR)
        for confirmation in self:
            if not (confirmation.signed_copy_ids or confirmation.signature):
                raise UserError(self.env._("Attach the signed copy first."))
            confirmation.sudo()._confirm({})

    def _confirm(self, answer):
        """Take the customer's agreement.

        :param answer: values of ``ANSWER``: who signed, position, authority, signature
        """
        self.ensure_one()
        answer = {name: value for name, value in answer.items() if name in ANSWER}
        today = self.company_id._credit_today()
        if not (answer.get("confirmed_by") or self.confirmed_by or "").strip():
            raise UserError(self.env._("Say who signed."))
        if not (answer.get("confirmed_authority") or self.confirmed_authority or "").strip():
            raise UserError(self.env._("Say by which authority they signed."))
        if any(line.contested and not line.dispute_id for line in self.line_ids):
            raise UserError(self.env._("Rows are contested: contest it, or take them back."))
        self._move("confirm", {"confirmed_on": today, "their_closing": self.closing, **answer})
        self.env["credit.limitation"]._refresh(self.account_id)

    def action_contest(self):
        """The customer does not agree: contested rows become disputes."""
        self._check_role(COLLECTOR)
        for confirmation in self:
            confirmation._contest()

    def _contest(self):
        self.ensure_one()
        theirs = self.line_ids.filtered(lambda line: line.kind == "theirs")
        contested = self.line_ids.filtered("contested")
        if not theirs and not contested:
            raise UserError(self.env._("Mark what they contest, or add what they have."))
        self._move("contest")
        contested._open_disputes()
