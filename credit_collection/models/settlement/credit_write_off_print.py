from odoo import models

from ...tools import sentences
from ...tools.amount_words import amount_words


class CreditWriteOff(models.Model):
    """The papers that a write-off is decided on: inventory of what is owed, note, order."""

    _inherit = "credit.write.off"

    def _print_words(self):
        """The sentences of the papers."""
        self.ensure_one()
        customer = sentences.name(self.partner_id.name, strong=True)
        total = sentences.money(self.env, self.amount, self.company_currency_id, strong=True)
        words = amount_words(self.amount, self.company_currency_id.name, self.env.lang)
        day = sentences.day(self.env, self.date)
        return {
            "inventory": self.env._(
                "What %(customer)s owes %(company)s as of %(day)s, by our books.",
                customer=customer,
                company=sentences.name(self.company_id.name, strong=True),
                day=day,
            ),
            "order": self.env._(
                "%(amount)s (%(in_words)s) owed by %(customer)s is written off as of %(day)s. "
                "Reason: %(reason)s.",
                amount=total,
                in_words=words,
                customer=customer,
                day=day,
                reason=sentences.name(self.reason_id.name),
            ),
            "watch": self.env._(
                "It stays in the register and is watched until %(day)s.",
                day=sentences.day(self.env, self.watch_until or self._watch_end(self.date)),
            ),
        }

    def _print_rows(self):
        """The items with the last day to sue, as dicts."""
        clocks = {
            row.move_line_id: row.last_day
            for row in self.env["credit.limitation"].search(
                [("move_line_id", "in", self.line_ids.move_line_id.ids)]
            )
        }
        return [{"line": line, "last_day": clocks.get(line.move_line_id)} for line in self.line_ids]
