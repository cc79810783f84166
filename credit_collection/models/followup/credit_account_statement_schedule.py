from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.environment import without_caller_context
from ...tools.jobs import each_safely
from .credit_followup_post import FOLLOWED_BY_NOBODY

BATCH = 20
TEMPLATE = "credit_collection.mail_template_statement"


class CreditAccount(models.Model):
    """Statements of open items by schedule: once a month, to who wants them."""

    _inherit = "credit.account"

    statement_monthly = fields.Selection(
        [("yes", "Every month"), ("no", "Never")],
        "Monthly Statement",
        tracking=True,
        help="Whether the customer gets a statement of open items each month. Empty: as the credit "
        "policy says.",
    )
    statement_sent_on = fields.Date(
        "Last Monthly Statement",
        readonly=True,
        copy=False,
        help="The day on which the monthly statement was sent, or nothing was open to state.",
    )

    @api.model
    def _wanting_statements(self, company, today):
        """The files of a company that are to get this month's statement and have not had it."""
        start = fields.Date.start_of(today, "month")
        policies = (
            self.env["credit.policy"]
            .sudo()
            .search([("company_id", "=", company.id), ("statement_monthly", "=", True)])
        )
        due = Domain("statement_sent_on", "=", False) | Domain("statement_sent_on", "<", start)
        own = Domain("company_id", "=", company.id) & Domain("partner_id.active", "=", True)
        files = self.sudo().search(own & due, order="id")
        said = files.filtered(lambda file: file.statement_monthly == "yes")
        by_policy = files.filtered(lambda file: not file.statement_monthly) if policies else said
        return said | by_policy.filtered(lambda file: file.effective_policy_id in policies)

    @api.model
    def _cron_statements(self):
        """Send this month's statements from the company's day on; can be stopped and run again."""
        for company in self.env["res.company"].sudo().search([("parent_id", "=", False)]):
            today = company._credit_today()
            if not company.credit_statement_day or today.day < company.credit_statement_day:
                continue
            waiting = without_caller_context(self.sudo(), company)._wanting_statements(
                company, today
            )
            remaining = len(waiting)
            for start in range(0, len(waiting), BATCH):
                batch = waiting[start : start + BATCH]
                each_safely(
                    batch, lambda one, day=today: one._send_statement(day), "Monthly statement"
                )
                remaining -= len(batch)
                self.env["ir.cron"]._commit_progress(len(batch), remaining=remaining)

    def _send_statement(self, today):
        """Send one file's (sudo) statement, once a month; nothing open needs none."""
        self.ensure_one()
        self._serialize()
        self.statement_sent_on = today
        if not any(group["rows"] or group["credits"] for group in self._statement_groups()):
            return
        recipients, _reason = self.env["credit.followup"]._recipients(self.partner_id)[
            self.partner_id.id
        ]
        reached = recipients.filtered("email_normalized")
        if not reached:
            self._tell_collector(
                lambda env: env._("Monthly statement not delivered"),
                self.env._("None of the recipients has an e-mail address."),
            )
            return
        self._post_statement(reached, today)

    def _post_statement(self, recipients, today):
        """Post the statement on the file, for its recipients alone, as an e-mail with the PDF."""
        lang = self._statement_lang()
        account = self.with_context(lang=lang)
        template = self.env.ref(TEMPLATE)
        [subject] = template._render_field("subject", account.ids, set_lang=lang).values()
        [body] = template._render_field("body_html", account.ids, set_lang=lang).values()
        content, _type = (
            self.env["ir.actions.report"]
            .with_context(credit_statement_lang=lang)
            ._render_qweb_pdf("credit_collection.credit_statement_report", self.ids)
        )
        sender = self._statement_sender()
        account.with_context(**FOLLOWED_BY_NOBODY).message_post(
            body=body,
            subject=subject,
            partner_ids=recipients.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=(sender.partner_id or self.company_id.partner_id).id,
            email_from=sender.email_formatted or self.company_id.email_formatted or None,
            attachments=[(f"{account._statement_filename()}.pdf", content)],
            email_layout_xmlid="credit_collection.credit_followup_mail_layout",
            force_email_lang=lang,
            force_send=False,
            notify_skip_followers=True,
        )

    def _statement_day(self):
        """Today, in words of the environment's language, for the text of the mail."""
        self.ensure_one()
        return format_date(self.env, self.sudo().company_id._credit_today())

    def _statement_sender(self):
        """Who signs the statement's mail (sudo)."""
        self.ensure_one()
        account = self.sudo()
        return account._person(account.collector_id) or account._followup_user("collector")
