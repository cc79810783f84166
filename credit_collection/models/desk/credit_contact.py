from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL, html2plaintext
from odoo.tools.misc import format_date

from ...tools.jobs import each_safely
from ...tools.sql import ids_sql
from ...tools.write_guards import fields_outside, reset_context

KINDS = [
    ("call", "Call"),
    ("meeting", "Meeting"),
    ("visit", "Visit"),
    ("letter", "Letter"),
    ("email", "E-mail"),
    ("portal", "Customer's page"),
]
OUTCOMES = [
    ("no_answer", "No answer"),
    ("message", "Left a message"),
    ("promised", "Promised to pay"),
    ("disputed", "Disputes It"),
    ("refuses", "Refuses to pay"),
    ("paid", "Says it is paid"),
    ("call_back", "Call back"),
    ("copy_sent", "Copy of the invoice sent"),
    ("talked", "Talked, nothing agreed"),
]
# Attempts that reached nobody.
UNANSWERED = ("no_answer", "message")
# What can be said of a new contact; who logs it is filled in.
WRITABLE_ON_CREATE = {
    "account_id",
    "contact_partner_id",
    "kind",
    "outcome",
    "date",
    "note",
    "next_step",
    "next_date",
    "promise_id",
    "dispute_id",
    "user_id",
    "excuse_id",
    "inbound",
    "conduct_reason",
}


class CreditContact(models.Model):
    """One conversation with a customer, or an attempt at it; it is never changed afterwards."""

    _name = "credit.contact"
    _description = "Contact with a Customer"
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
        related="account_id.partner_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    contact_partner_id = fields.Many2one(
        "res.partner", "With", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True, readonly=True, default="call")
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "Contacted By", required=True, readonly=True, index=True)
    note = fields.Text(readonly=True)
    next_step = fields.Char(readonly=True)
    next_date = fields.Date("Next Step On", readonly=True)
    promise_id = fields.Many2one(
        "credit.promise", readonly=True, ondelete="set null", index="btree_not_null"
    )
    dispute_id = fields.Many2one(
        "credit.dispute", readonly=True, ondelete="set null", index="btree_not_null"
    )

    request_ids = fields.One2many("credit.request", "contact_id", "Requests", readonly=True)
    excuse_id = fields.Many2one(
        "credit.excuse",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="What the customer said instead of paying.",
    )
    inbound = fields.Boolean("The Customer Called", readonly=True)
    conduct_reason = fields.Char(
        "Why Outside the Rules",
        readonly=True,
        help="Why the customer was contacted outside the hours or more often than the policy says.",
    )

    _account_date_idx = models.Index("(account_id, date)")

    @api.depends("kind", "outcome", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        for contact in self:
            contact.display_name = self.env._(
                "%(kind)s: %(outcome)s",
                kind=kinds.get(contact.kind, ""),
                outcome=outcomes.get(contact.outcome, ""),
            )

    @api.constrains("date", "account_id", "contact_partner_id", "promise_id", "dispute_id")
    def _check_contact(self):
        for contact in self:
            if contact.date > fields.Datetime.now():
                raise ValidationError(self.env._("A contact cannot be in the future."))
            other = contact.contact_partner_id.sudo().commercial_partner_id - contact.partner_id
            if other:
                raise ValidationError(
                    self.env._(
                        "%(person)s does not belong to %(customer)s.",
                        person=contact.contact_partner_id.display_name,
                        customer=contact.partner_id.display_name,
                    )
                )
            followed = contact.promise_id.account_id | contact.dispute_id.account_id
            if followed - contact.account_id:
                raise ValidationError(
                    self.env._("The promise or dispute belongs to another customer.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        self = reset_context(self)
        if not self.env.user.has_group("credit_collection.credit_collection_group_collector"):
            raise AccessError(self.env._("Only a collector can log a contact."))
        for vals in vals_list:
            if not self.env.su and fields_outside(vals, WRITABLE_ON_CREATE):
                raise AccessError(self.env._("A contact says what was said, nothing else."))
            if not (self.env.su and vals.get("user_id")):
                vals["user_id"] = self.env.uid
            self.env["credit.account"].browse(vals.get("account_id")).check_access("read")
        contacts = super().create(vals_list)
        contacts._log()
        reached = contacts.filtered(lambda contact: contact.outcome not in UNANSWERED)
        for contact in reached:
            contact.account_id._reply_read(self.env._("Spoken with the customer."), contact.outcome)
        return contacts

    def _log(self):
        """Write the contacts into the history of their files."""
        for contact in self:
            company = contact.company_id
            today, day = company._credit_today(), company._credit_day(contact.date)
            parts = [
                contact.display_name,
                format_date(self.env, day) if day != today else None,
                contact.contact_partner_id.display_name,
                contact.note,
                contact.next_step,
            ]
            contact.account_id.sudo()._message_log(body=" / ".join(part for part in parts if part))

    @api.model
    def _forget_old_notes(self):
        """Empty the notes (sudo) that are older than their company keeps them."""
        each_safely(
            self.env["res.company"].search([("credit_note_months", ">", 0)]),
            self._forget_notes_of,
            "Emptying old notes",
        )

    @api.model
    def _forget_notes_of(self, company):
        before = fields.Date.subtract(company._credit_today(), months=company.credit_note_months)
        self.search(
            [
                ("company_id", "=", company.id),
                ("date", "<", fields.Datetime.to_datetime(before)),
                ("note", "!=", False),
            ]
        )._forget_notes()

    def _forget_notes(self):
        """Empty what was noted of these talks (sudo), in the history of their files too."""
        for account, talks in self.filtered("note").grouped("account_id").items():
            notes = {f" / {' '.join(note.split())} / " for note in talks.mapped("note")}
            for message in account.message_ids.filtered("body"):
                # A talk is logged as parts between strokes: only a whole part is a note.
                before = f" / {' '.join(html2plaintext(message.body).split())} / "
                after = before
                for note in notes:
                    after = after.replace(note, " / … / ")
                if after != before:
                    message.body = Markup("<p>%s</p>") % after[3:-3]
        self.write({"note": False})

    @api.model
    def _last_dates(self, account_ids):
        """The company's day of the last contact that reached somebody: ``{file id: date}``."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT contact.account_id, MAX(%(day)s)
                      FROM credit_contact contact
                     WHERE contact.account_id = ANY(%(files)s)
                       AND contact.outcome NOT IN %(unanswered)s
                     GROUP BY contact.account_id
                    """,
                    day=self.env["res.company"]._credit_day_sql(
                        SQL("contact.company_id"), SQL("contact.date")
                    ),
                    files=ids_sql(account_ids),
                    unanswered=UNANSWERED,
                    to_flush=self._fields["date"],
                )
            )
        )
