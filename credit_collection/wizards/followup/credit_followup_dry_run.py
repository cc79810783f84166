from markupsafe import Markup, escape
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import formatLang

from ...tools.environment import without_caller_context
from ...tools.reasons import say

SHOWN = 500


class CreditFollowupDryRun(models.TransientModel):
    """What would go out today?  Nothing is written: the answer is worked out when it is shown."""

    _name = "credit.followup.dry.run"
    _description = "What Would Go Out Today?"

    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company.root_id, index="btree_not_null"
    )
    date = fields.Date(default=lambda self: self.env.company._credit_today())
    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.depends("company_id", "date")
    def _compute_result(self):
        if not self.env.user.has_group("credit_collection.credit_collection_group_collector"):
            raise AccessError(self.env._("Only a collector can see follow-up messages."))
        allowed = self.env.companies.root_id
        for wizard in self:
            day = wizard.date or wizard.company_id._credit_today()
            wizard.result = (
                wizard._answer(wizard.company_id, day) if wizard.company_id in allowed else False
            )

    def _answer(self, company, today):
        """What would be planned and what waits already, listed, with what stops a part of it."""
        Followup = without_caller_context(self.env["credit.followup"].sudo(), company)
        stopped = Followup._policies(company)._bank_data_stop(today)
        book, steps = Followup._decide(company, today)
        letters = Followup._letters(book, steps)
        title = self.env._("%(count)s new messages would go out.", count=len(letters))
        body = Markup("<p>%s</p>") % title
        for why in stopped.values():
            body += Markup('<div class="alert alert-warning">%s</div>') % say(self.env, why)
        body += self._listed(self._new_rows(company, book, letters[:SHOWN]))
        if said := self._waiting(company):
            body += Markup("<p>%s</p>") % said
            body += self._listed(self._waiting_rows(company))
        return body

    def _waits(self, company):
        return [("company_id", "=", company.id), ("state", "in", ("draft", "queued"))]

    def _waiting(self, company):
        """The messages planned before that still wait, as a sentence."""
        groups = (
            self.env["credit.followup"]
            .sudo()
            ._read_group(self._waits(company), ["state"], ["__count"])
        )
        counts = dict(groups)
        if not counts:
            return ""
        return self.env._(
            "Planned already: %(to_approve)s wait for approval, %(to_send)s to be sent.",
            to_approve=counts.get("draft", 0),
            to_send=counts.get("queued", 0),
        )

    def _waiting_rows(self, company):
        """What the messages planned before that still wait say, each with its state."""
        Followup = without_caller_context(self.env["credit.followup"].sudo(), company)
        states = dict(Followup._fields["state"]._description_selection(self.env))
        return [
            (
                followup.partner_id.display_name,
                followup.level_id.name or "",
                str(len(followup.line_ids)),
                formatLang(self.env, followup.amount, currency_obj=company.currency_id),
                Followup._addresses(followup.partner_ids) or self.env._("no e-mail address"),
                states[followup.state],
            )
            for followup in Followup.search(self._waits(company), limit=SHOWN)
        ]

    def _new_rows(self, company, book, letters):
        levels = self.env["credit.followup.level"].sudo()
        partners = self.env["res.partner"].sudo()
        Followup = without_caller_context(self.env["credit.followup"].sudo(), company)
        recipients = Followup._recipients_of(book, letters)
        return [
            (
                partners.browse(at or book.files[step.account_id].partner_id).display_name,
                levels.browse(step.level_id).name,
                str(len(step.lines)),
                formatLang(self.env, step.amount, currency_obj=company.currency_id),
                Followup._addresses(to) or self.env._("no e-mail address"),
            )
            for (step, at), (to, _reason) in zip(letters, recipients, strict=True)
        ]

    def _listed(self, rows):
        """The rows under their headings; those of waiting messages end with their state."""
        if not rows:
            return Markup("")
        head = (
            self.env._("Customer"),
            self.env._("Level"),
            self.env._("Items"),
            self.env._("Amount"),
            self.env._("Recipient"),
            self.env["credit.followup"]._fields["state"]._description_string(self.env),
        )[: len(rows[0])]
        cells = Markup("").join(
            Markup("<tr>%s</tr>") % Markup("").join(Markup("<td>%s</td>") % escape(c) for c in row)
            for row in rows
        )
        return Markup(
            '<div class="table-responsive"><table class="table table-sm">'
            "<thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>"
        ) % (Markup("").join(Markup("<th>%s</th>") % name for name in head), cells)
