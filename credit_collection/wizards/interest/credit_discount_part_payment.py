from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...core import discount as core
from ...tools.bounds import AMOUNT


class CreditDiscountPartPayment(models.TransientModel):
    """A payment of a part within the discount's time earns the discount on that part."""

    _name = "credit.discount.part.payment"
    _description = "Part Payment With Discount"
    _inherit = "credit.bounded"
    _credit_bounds = {"amount": AMOUNT}

    move_id = fields.Many2one("account.move", "Invoice", required=True)
    company_id = fields.Many2one(related="move_id.company_id")
    currency_id = fields.Many2one(related="move_id.currency_id")
    date = fields.Date(required=True, default=lambda self: self.env.company._credit_today())
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', 'parent_of', company_id)]",
        default=lambda self: self._default_journal(),
    )
    amount = fields.Monetary("Paid", required=True)
    percent = fields.Float("Discount (%)", compute="_compute_discount")
    discount = fields.Monetary(compute="_compute_discount")
    settled = fields.Monetary(compute="_compute_discount")
    left = fields.Monetary("Still Open", compute="_compute_discount")

    @api.model
    def _default_journal(self):
        return self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self.env.company),
                ("type", "in", ("bank", "cash")),
            ],
            limit=1,
        )

    @api.depends("move_id", "date", "amount")
    def _compute_discount(self):
        for wizard in self:
            move, paid = wizard.move_id, max(wizard.amount, 0.0)
            percent = move._credit_discount_on(wizard.date) if move and wizard.date else 0.0
            digits = move.currency_id.decimal_places
            discount, settled = core.part_payment(paid, wizard._share(percent), digits)
            wizard.percent = percent
            wizard.discount = discount
            wizard.settled = settled
            wizard.left = move.amount_residual - settled

    def _share(self, percent):
        """The discount in percent of the whole invoice, whether the tax is reduced or not."""
        term_line = self._term_line()
        if not percent or not term_line:
            return 0.0
        amount, _balance = term_line._credit_discount(percent)
        return abs(amount / term_line.amount_currency) * 100 if term_line.amount_currency else 0.0

    def _term_line(self):
        return self.move_id.line_ids.filtered(lambda line: line.display_type == "payment_term")[:1]

    def action_pay(self):
        """Register the payment with its discount and match it with the invoice."""
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only who does the invoicing can register payments."))
        self.move_id.check_access("write")
        move, line = self.move_id, self._term_line()
        if move.move_type != "out_invoice" or move.state != "posted" or not line:
            raise UserError(self.env._("A part payment is registered on a posted invoice."))
        if not self.percent:
            raise UserError(self.env._("On this day no discount is open any more."))
        above = move.currency_id.compare_amounts(self.settled, move.amount_residual) > 0
        if self.amount <= 0 or above:
            raise UserError(
                self.env._(
                    "With its discount this settles %(settled)s; only %(open)s is open.",
                    settled=move.currency_id.format(self.settled),
                    open=move.currency_id.format(move.amount_residual),
                )
            )
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": move.commercial_partner_id.id,
                "amount": self.amount,
                "currency_id": move.currency_id.id,
                "date": self.date,
                "journal_id": self.journal_id.id,
                "memo": move.payment_reference or move.name,
                "destination_account_id": line.account_id.id,
                "write_off_line_vals": self._discount_lines(line),
            }
        )
        payment.action_post()
        counterpart = payment.move_id.line_ids.filtered(
            lambda item: item.account_id == line.account_id and not item.reconciled
        )
        (counterpart | line).reconcile()
        return {"type": "ir.actions.act_window_close"}

    def _discount_lines(self, line):
        """The lines of Odoo's own discount, brought to the part that is paid."""
        move = self.move_id
        own = move._get_invoice_counterpart_amls_for_early_payment_discount_per_payment_term_line()
        balance = move.currency_id._convert(
            self.discount, move.company_currency_id, move.company_id, self.date
        )
        move._credit_scale_discount(own, line, self.discount, balance)
        return [
            {**grouping, **values}
            for key in ("base_lines", "tax_lines", "term_lines")
            for grouping, values in own[key][line].items()
        ]
