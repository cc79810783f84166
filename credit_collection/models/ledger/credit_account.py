from odoo import api, fields, models

from ...core.payer import words


class CreditAccount(models.Model):
    """Finding customers by their name in what a bank wrote."""

    _inherit = "credit.account"

    # As a bank may write it: small, without accents, legal forms left out.
    payer_word = fields.Char("First Word of the Name", compute="_compute_payer_word", store=True)

    _payer_word_idx = models.Index("(payer_word, company_id)")

    @api.depends("partner_id.name")
    def _compute_payer_word(self):
        for account in self:
            account.payer_word = next(iter(words(account.partner_id.sudo().name)), "")

    @api.model
    def _names_in(self, texts, root):
        """The customers of a company whose name may stand in one of these texts.

        :return: ``{customer (sudo): words of the name}``
        """
        said = {word for text in texts for word in words(text)}
        files = self.sudo().search([("company_id", "=", root.id), ("payer_word", "in", list(said))])
        return {customer: words(customer.name) for customer in files.partner_id}
