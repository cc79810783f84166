from odoo import api, fields, models


class CreditUndoneMatch(models.Model):
    """A payment that had settled a document until the match was undone.

    When money bounces, Odoo forgets what it had paid.  This is remembered, so that the money is
    taken back from the salesperson to whom it had been credited.
    """

    _name = "credit.undone.match"
    _description = "Undone Match"
    _order = "id desc"

    debit_move_id = fields.Many2one(
        "account.move.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    credit_move_id = fields.Many2one(
        "account.move.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index="btree_not_null"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(readonly=True)

    @api.model
    def _pays(self, partial):
        """Whether a match is one of money with a document."""
        return partial.debit_move_id.move_id.is_sale_document(
            include_receipts=True
        ) != partial.credit_move_id.move_id.is_sale_document(include_receipts=True)

    @api.model
    def _forget(self, partials):
        """Money that settles a document anew was matched by mistake before: that is forgotten."""
        anew = partials.sudo().filtered(self._pays)
        money = (anew.debit_move_id | anew.credit_move_id).filtered(
            lambda line: not line.move_id.is_sale_document(include_receipts=True)
        )
        if money:
            self.sudo().search(
                ["|", ("debit_move_id", "in", money.ids), ("credit_move_id", "in", money.ids)]
            ).unlink()

    @api.model
    def _remember(self, partials):
        """Keep what ``partials`` say about documents paid by money, before they go."""
        receivable = set(self.env["credit.open.item"]._receivable_account_ids())
        paid = partials.sudo().filtered(
            lambda partial: (
                partial.debit_move_id.account_id.id in receivable and self._pays(partial)
            )
        )
        return self.sudo().create(
            [
                {
                    "debit_move_id": partial.debit_move_id.id,
                    "credit_move_id": partial.credit_move_id.id,
                    "company_id": partial.company_id.id,
                    "amount": partial.amount,
                }
                for partial in paid
            ]
        )
