from odoo import fields, models

from ...tools.bounds import AMOUNT


class CreditPromiseLine(models.Model):
    """One payment of a promise; a simple promise has one of them."""

    _name = "credit.promise.line"
    _description = "Instalment of a Promise"
    _inherit = "credit.bounded"
    _order = "date, id"
    _credit_bounds = {
        "amount": AMOUNT,
    }

    promise_id = fields.Many2one(
        "credit.promise", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date = fields.Date("Pays By", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    currency_id = fields.Many2one(related="promise_id.currency_id")
    account_id = fields.Many2one(
        related="promise_id.account_id", store=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(
        related="promise_id.partner_id", store=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        related="promise_id.company_id", store=True, index="btree_not_null"
    )
    collector_id = fields.Many2one(
        related="promise_id.collector_id", store=True, index="btree_not_null"
    )
    state = fields.Selection(related="promise_id.state", store=True)

    _amount_positive = models.Constraint("CHECK(amount > 0)", "An instalment needs an amount.")

    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._(
                "%(customer)s: %(amount)s",
                customer=line.partner_id.display_name,
                amount=line.currency_id.format(line.amount),
            )

    def action_open_promise(self):
        """Open the promise that this payment is part of."""
        self.ensure_one()
        return self.promise_id.get_formview_action()
