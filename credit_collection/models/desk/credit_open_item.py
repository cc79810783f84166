from collections import defaultdict

from odoo import api, models

CREDIT_NOTE = "credit_note"


class CreditOpenItem(models.Model):
    """What credit notes will settle that are matched with nothing yet."""

    _inherit = "credit.open.item"

    @api.model
    def _settled_by_notes(self, files, promised, items=None):
        """What unapplied credit notes will settle of each item of these files.

        A note settles the invoice that it was made for; else what is disputed, then what is
        promised, then the oldest: as letters set it off, see ``core.dunning.credits``.

        :param promised: journal items, those that are settled first at the beginning
        :param items: the open items of these files, when they were just read
        :return: ``{journal item id: (amount in its currency, in the company's)}``
        """
        if items is None:
            items = self.with_context(as_of=None)._posted_of(files)
        credits = items.filtered(lambda item: item.amount_currency < 0)
        if not credits:
            return {}
        natures = credits.move_line_id._credit_natures()
        disputed = self.env["credit.dispute"]._amounts_left_alone(items.move_line_id)
        rank = {line.id: number for number, line in enumerate(promised)}
        settled = defaultdict(float)
        for own in items.grouped(lambda item: (item.account_id, item.currency_id)).values():
            debts = own.filtered(lambda item: item.amount_currency > 0)
            for note in own.filtered(lambda item: item.amount_currency < 0):
                part = natures[note.move_line_id.id].get(CREDIT_NOTE, 0.0)
                debts._settle_with_note(note, -note.amount_currency * part, disputed, rank, settled)
        rates = {
            item.move_line_id.id: item.amount / item.amount_currency
            for item in items
            if item.amount_currency
        }
        return {line_id: (amount, amount * rates[line_id]) for line_id, amount in settled.items()}

    def _settle_with_note(self, note, amount, disputed, rank, settled):
        """Share a note out over these debts; ``disputed`` and ``settled`` change."""
        last = len(rank)
        by_rank = self.sorted(lambda item: rank.get(item.move_line_id.id, last))
        made_for = note.move_id.sudo().reversed_entry_id
        own = self.filtered(lambda item: made_for and item.move_id == made_for)
        for items, only_disputed in ((own, False), (self, True), (by_rank, False)):
            for item in items:
                line_id = item.move_line_id.id
                most = item.amount_currency - settled[line_id]
                if only_disputed:
                    most = min(most, disputed.get(line_id, 0.0))
                taken = min(amount, most)
                if taken > 0:
                    amount -= taken
                    settled[line_id] += taken
                    if line_id in disputed:
                        disputed[line_id] -= min(taken, disputed[line_id])
