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
        """The planned messages as an HTML table, with what stops a part of them."""
        Followup = without_caller_context(self.env["credit.followup"].sudo(), company)
        stopped = Followup._policies(company)._bank_data_stop(today)
        book, steps = Followup._decide(company, today)
        letters = Followup._letters(book, steps)
        title = self.env._("%(count)s new messages would go out.", count=len(letters))
        body = Markup("<p>%s %s</p>") % (title, self._waiting(company))
        for why in stopped.values():
            body += Markup('<div class="alert alert-warning">%s</div>') % say(self.env, why)
        return body + self._overview(company, book, letters[:SHOWN]) if letters else body

    def _waiting(self, company):
        """The messages planned before that still wait, as a sentence."""
        groups = (
            self.env["credit.followup"]
            .sudo()
            ._read_group(
                [("company_id", "=", company.id), ("state", "in", ("draft", "queued"))],
                ["state"],
                ["__count"],
            )
        )
        counts = dict(groups)
        if not counts:
            return ""
        return self.env._(
            "Planned already: %(to_approve)s wait for approval, %(to_send)s to be sent.",
            to_approve=counts.get("draft", 0),
            to_send=counts.get("queued", 0),
        )

    def _overview(self, company, book, letters):
        levels = self.env["credit.followup.level"].sudo()
        partners = self.env["res.partner"].sudo()
        Followup = without_caller_context(self.env["credit.followup"].sudo(), company)
        recipients = Followup._recipients_of(book, letters)
        rows = [
            (
                partners.browse(at or book.files[step.account_id].partner_id).display_name,
                levels.browse(step.level_id).name,
                str(len(step.lines)),
                formatLang(self.env, step.amount, currency_obj=company.currency_id),
                Followup._addresses(to) or self.env._("no e-mail address"),
            )
            for (step, at), (to, _reason) in zip(letters, recipients, strict=True)
        ]
        head = (
            self.env._("Customer"),
            self.env._("Level"),
            self.env._("Items"),
            self.env._("Amount"),
            self.env._("Recipient"),
        )
        cells = Markup("").join(
            Markup("<tr>%s</tr>") % Markup("").join(Markup("<td>%s</td>") % escape(c) for c in row)
            for row in rows
        )
        return Markup('<table class="table table-sm"><thead><tr>%s</tr></thead>%s</table>') % (
            Markup("").join(Markup("<th>%s</th>") % name for name in head),
            Markup("<tbody>%s</tbody>") % cells,
        )
