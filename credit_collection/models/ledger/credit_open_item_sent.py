from odoo import api, fields, models
from odoo.tools.misc import format_date

FAILED = ("bounce", "exception")


class CreditOpenItem(models.Model):
    """Was the invoice behind an item sent, when, to whom, and did the customer open it?"""

    _inherit = "credit.open.item"

    invoice_sent = fields.Char(
        "Sent",
        compute="_compute_invoice_sent",
        help="When the invoice was sent, to whom, and when it was opened on the customer's pages.",
    )

    @api.depends("move_id")
    @api.depends_context("lang")
    def _compute_invoice_sent(self):
        moves = self.move_id.sudo()
        mails = self._invoice_mails(moves)
        for item in self:
            move = item.move_id.sudo()
            item.invoice_sent = move.is_sale_document() and item._sent_in_words(
                move, mails.get(move.id)
            )

    @api.model
    def _invoice_mails(self, moves):
        """The last mail to the customer with each of these invoices: ``{id: mail.message}``."""
        mails = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", "account.move"),
                    ("res_id", "in", moves.ids),
                    ("attachment_ids", "!=", False),
                    ("notification_ids.notification_type", "=", "email"),
                    ("notification_ids.res_partner_id.partner_share", "=", True),
                ],
                order="date, id",
            )
        )
        return {mail.res_id: mail for mail in mails}

    @api.model
    def _sent_in_words(self, move, mail):
        """What became of the sending of an invoice."""
        company = move.company_id
        if mail:
            sent = mail.notification_ids.filtered(lambda each: each.res_partner_id.partner_share)
            values = {
                "day": format_date(self.env, company._credit_day(mail.date)),
                "who": ", ".join(sent.res_partner_id.mapped("name")),
            }
            if any(each.notification_status in FAILED for each in sent):
                told = self.env._("%(day)s to %(who)s: not delivered", **values)
            else:
                told = self.env._("%(day)s to %(who)s", **values)
        else:
            told = self.env._("sent or printed") if move.is_move_sent else self.env._("not sent")
        if not move.credit_opened_on:
            return told
        opened = format_date(self.env, company._credit_day(move.credit_opened_on))
        return self.env._("%(sent)s; opened on %(day)s", sent=told, day=opened)
