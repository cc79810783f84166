from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.mail import plaintext2html

from ...tools.groups import MANAGER
from ...tools.reasons import Reason, reason
from ...tools.states import next_state

TRANSITIONS = {
    ("draft", "approve"): "queued",
    ("draft", "deliver"): "sent",
    ("queued", "deliver"): "sent",
    ("failed", "deliver"): "sent",
    ("draft", "fail"): "failed",
    ("queued", "fail"): "failed",
    ("sent", "fail"): "failed",
    ("failed", "retry"): "queued",
    ("queued", "wait"): "draft",
    ("draft", "cancel"): "cancelled",
    ("queued", "cancel"): "cancelled",
    ("failed", "cancel"): "cancelled",
}
STATES = [
    ("draft", "To Approve"),
    ("queued", "To Send"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
FAILURES = [
    ("address", "No Address"),
    ("bounce", "Came Back"),
    ("mail", "Mail Server"),
    ("unclear", "Interrupted"),
    ("error", "Error"),
]
EDITABLE = {"subject", "body", "partner_ids"}


class CreditFollowup(models.Model):
    """One message to one customer, planned, sent, and what came of it.

    Messages are no threads: a run creates thousands of them. What is sent appears in the
    discussion of the credit file.
    """

    _name = "credit.followup"
    _description = "Follow-up Message"
    _inherit = "credit.audited"
    _audited = (
        "account_id",
        "level_id",
        "date",
        "state",
        "amount",
        "user_id",
        "email_to",
        "recipient_reason",
        "printed_on",
        "failure_type",
        "mail_message_id",
    )
    _order = "date desc, id desc"

    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        string="Customer", related="account_id.partner_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    salesperson_id = fields.Many2one(related="account_id.salesperson_id")
    collector_id = fields.Many2one(
        related="account_id.collector_id", store=True, precompute=True, index="btree_not_null"
    )
    level_id = fields.Many2one(
        "credit.followup.level", index=True, ondelete="restrict", readonly=True
    )
    date = fields.Date(required=True, readonly=True, index=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="queued", index=True, copy=False
    )
    line_ids = fields.One2many("credit.followup.line", "followup_id", string="Items")
    amount = fields.Monetary(
        "Asked For",
        readonly=True,
        help="All items less the credits that are left for them, each currency by itself.",
    )
    credits = fields.Json(readonly=True, help="Unapplied credits at that moment.")
    user_id = fields.Many2one(
        "res.users", "Signed By", readonly=True, ondelete="restrict", index="btree_not_null"
    )

    addressee_id = fields.Many2one(
        "res.partner",
        "Invoice Address",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Whose invoices are asked for, where each invoice address gets a letter of its own.",
    )
    partner_ids = fields.Many2many("res.partner", string="Recipients")
    recipient_reason = Reason("Why Them", readonly=True)
    own_recipients = fields.Boolean("Recipients Chosen by Hand", readonly=True)
    email_to = fields.Char("E-mail Addresses", readonly=True)
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), "Language", readonly=True
    )
    subject = fields.Char(help="Empty: the level's text, in the customer's language.")
    body = fields.Html(
        "Text",
        sanitize="email_outgoing",
        help="Empty: the level's text, in the customer's language. The table of items is written "
        "anew when the message is sent.",
    )
    answer_by = fields.Date(
        compute="_compute_answer_by",
        help="The day that the level grants, counted in working days from the day it goes out.",
    )
    preview_subject = fields.Char("Subject as Sent", compute="_compute_preview")
    preview = fields.Html("Message", compute="_compute_preview", sanitize=False)

    mail_message_id = fields.Many2one(
        "mail.message", "E-mail", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    to_print = fields.Boolean("Letter to Print", readonly=True)
    printed_on = fields.Datetime(readonly=True)
    failure_type = fields.Selection(FAILURES, readonly=True)
    failure_reason = Reason(readonly=True)
    cancel_reason = Reason(readonly=True)
    run_id = fields.Many2one(
        "credit.followup.run", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _one_waiting = models.UniqueIndex(
        "(account_id, COALESCE(addressee_id, 0)) WHERE state IN ('draft', 'queued')",
        "A message to this customer is waiting already.",
    )
    _by_file_idx = models.Index("(account_id, date)")

    @api.depends("partner_id", "addressee_id", "level_id")
    def _compute_display_name(self):
        for followup in self:
            whom = followup.addressee_id or followup.partner_id
            names = [whom.display_name, followup.level_id.name]
            followup.display_name = " – ".join(name for name in names if name)

    @api.depends("date", "level_id.answer_days", "company_id")
    def _compute_answer_by(self):
        for followup in self:
            day = followup.date
            for _number in range(followup.level_id.answer_days):
                day = followup.company_id._credit_next_working_day(day)
            followup.answer_by = day

    @api.depends("subject", "body", "line_ids", "level_id", "state")
    def _compute_preview(self):
        for followup in self:
            try:
                subject, body = followup._preview()
            except Exception as error:  # a broken text must not hide the message
                subject, body = False, plaintext2html(followup._error_text(error))
            followup.preview_subject = subject
            followup.preview = body

    # ------------------------------------------------------------------
    # Only the text and the recipients of a waiting message change by hand
    # ------------------------------------------------------------------

    def write(self, vals):
        if not self.env.su:
            if not EDITABLE.issuperset(vals):
                raise AccessError(
                    self.env._("Only the text and the recipients of a message can be changed.")
                )
            if any(followup.state not in ("draft", "queued") for followup in self):
                raise UserError(self.env._("A message that has gone out does not change."))
            asked = [("followup_id", "in", self.ids), ("state", "=", "waiting")]
            decides = self.env.user.has_group(MANAGER)
            if not decides and self.env["credit.request"].sudo().search_count(asked, limit=1):
                raise UserError(self.env._("Somebody was asked to send it as it is."))
            if "partner_ids" in vals:
                self.sudo().write(
                    {
                        "own_recipients": True,
                        "recipient_reason": reason("chosen_by", user=self.env.user.name),
                    }
                )
        return super().write(vals)

    @api.constrains("partner_ids")
    def _check_recipients(self):
        for followup in self:
            strangers = followup.partner_ids.filtered(
                lambda partner, customer=followup.partner_id: (
                    partner.commercial_partner_id != customer
                )
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "%(contact)s does not belong to %(customer)s.",
                        contact=strangers[0].display_name,
                        customer=followup.partner_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Messages are kept as evidence: cancel this one with a reason instead.")
        )

    def _move(self, action, vals=None):
        """Take these messages (sudo) through one transition of the table, with more values.

        :raises UserError: one of them is in a state that does not allow the action
        """
        targets = {}
        for followup in self:
            target = next_state(followup, TRANSITIONS, action)
            targets.setdefault(target, self.browse())
            targets[target] |= followup
        for target, followups in targets.items():
            if action == "deliver":
                followups._keep_text()
            followups.write({**(vals or {}), "state": target})
        if action in ("deliver", "fail"):
            self.account_id._wake_holds()
        if action == "deliver":
            last = self.filtered("level_id.opens_case")
            self.env["credit.case"].sudo()._prepare_after_level(last.account_id)
        self._log_move(action)

    def _log_move(self, action):
        """Write what became of the messages; an e-mail stands in the history by itself."""
        titles = {
            "deliver": self.env._("Delivered without e-mail"),
            "fail": self.env._("Message not delivered"),
            "cancel": self.env._("Message cancelled"),
        }
        for followup in self if action in titles else ():
            if action != "deliver" or not followup.mail_message_id:
                followup._log(titles[action])

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
