from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.environment import without_caller_context


class CreditFollowup(models.Model):
    """Paper: letters, and what is attached to mails."""

    _inherit = "credit.followup"

    def action_print(self):
        """Print these letters in one PDF; waiting ones are read again and count as delivered.

        Messages that went out before are printed as they were.
        """
        self._check_may_approve()
        followups = self.sudo()
        waiting = followups.filtered(lambda f: f.state in ("draft", "queued"))
        for company, own in waiting.grouped("company_id").items():
            without_caller_context(own, company)._print_waiting(company._credit_today())
        stale = followups._drop_stale_letters()
        letters = followups.filtered(lambda f: f.state == "sent") - stale
        if not letters:
            raise UserError(
                self.env._(
                    "Nothing is left to print: %(reason)s",
                    reason=followups[:1].cancel_reason
                    or followups[:1].failure_reason
                    or self.env._("the items were paid meanwhile."),
                )
            )
        letters.write({"printed_on": fields.Datetime.now(), "to_print": False})
        letters._keep_letters()
        return self.env.ref("credit_collection.credit_followup_report").report_action(
            letters.with_env(self.env)
        )

    def _print_waiting(self, today):
        """Check these messages of a company again; what is left counts as delivered on paper."""
        self.filtered(lambda followup: not followup.mail_message_id)._check_bank_data(today)
        self._lock()
        book = self._read_book(self.company_id, today, self.account_id, sending=self)
        # What is with the mail server already was renewed when it was handed over.
        posted = self.filtered("mail_message_id")
        letters = posted | (self - posted)._renew(book, self._recipients_now(book), today)
        letters._sign()
        letters._portal_make_links()
        letters._move("deliver")

    def _drop_stale_letters(self):
        """Letters of messages whose e-mail arrived are not printed once an item has changed."""
        stale = self.filtered(
            lambda followup: (
                followup.to_print
                and followup.state == "sent"
                and any(
                    line.amount_currency > line.move_line_id.amount_residual_currency
                    for line in followup.line_ids
                )
            )
        )
        stale.to_print = False
        return stale

    def _attachments(self):
        """What the level wants attached: list of (file name, content)."""
        self.ensure_one()
        files = []
        if self.level_id.attach_statement:
            files.append(self._statement_pdf())
        if self.level_id.attach_invoices:
            files += self._invoice_pdfs()
        return files

    def _statement_pdf(self):
        Report = self.env["ir.actions.report"].with_context(
            credit_statement_lang=self.lang, credit_statement_addressee=self.addressee_id.id
        )
        content, _type = Report._render_qweb_pdf(
            "credit_collection.credit_statement_report", self.account_id.ids
        )
        return (f"{self.account_id._statement_filename()}.pdf", content)

    def _invoice_pdfs(self):
        """The invoices asked for, as they were sent before or printed now; what is only listed, and
        not due yet, stays out."""
        files = []
        asked = self.line_ids.filtered(lambda line: line.level_id or line.days_overdue >= 0)
        for move in asked.move_id.filtered(lambda move: move.is_sale_document()):
            document = move._get_invoice_legal_documents("pdf")
            if document:
                files.append((document["filename"], document["content"]))
                continue
            content, _type = self.env["ir.actions.report"]._render_qweb_pdf(
                "account.account_invoices", move.ids
            )
            files.append((f"{move.name.replace('/', '_')}.pdf", content))
        return files
