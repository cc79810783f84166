from odoo import fields, models


class PaymentTransaction(models.Model):
    """A payment of chosen instalments: it settles those, not the oldest of their invoices."""

    _inherit = "payment.transaction"

    credit_line_ids = fields.Many2many(
        "account.move.line",
        "credit_transaction_item_rel",
        "transaction_id",
        "move_line_id",
        string="Instalments Paid",
        readonly=True,
        copy=False,
        groups="account.group_account_invoice",
    )
    credit_discount_day = fields.Date(
        "Discount As Of",
        readonly=True,
        copy=False,
        groups="account.group_account_invoice",
        help="The day on which the customer began this payment: it earns the early payment "
        "discount of that day, however long the bank takes.",
    )

    def _create_payment(self, **extra_create_values):
        # EXTENDS 'account_payment': match with the chosen instalments alone
        self.ensure_one()
        lines = self.sudo().credit_line_ids or self._credit_lines_in_dispute()
        if not lines:
            return super()._create_payment(**extra_create_values)
        invoices = self.invoice_ids
        # What Odoo sees, it matches from the oldest instalment on.
        self.invoice_ids = False
        payment = super()._create_payment(
            **{
                "destination_account_id": lines.account_id[:1].id,
                "invoice_ids": invoices,
                "write_off_line_vals": self._credit_discount_lines(lines),
                **extra_create_values,
            }
        )
        self.invoice_ids = invoices
        received = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == payment.destination_account_id and not line.reconciled
        )[:1]
        # What is disputed in part comes last: the part that is not disputed was paid.
        disputed = self.env["credit.dispute"]._amounts_left_alone(lines)
        pairs = {(lines.partner_id.commercial_partner_id[:1].id, lines.company_id.root_id[:1].id)}
        file = self.env["credit.account"]._of_pairs(pairs)
        for line in file._in_settlement_order(lines).sorted(lambda line: line.id in disputed):
            if line.reconciled or received.reconciled or line.account_id != received.account_id:
                continue
            (received + line).reconcile()
        return payment

    def _credit_discount_lines(self, lines):
        """The lines of the payment that book the discounts which the chosen instalments earn."""
        day = self.sudo().credit_discount_day
        if not day:
            return []
        found = []
        # What is disputed in part was granted no discount.
        disputed = self.env["credit.dispute"]._amounts_left_alone(lines)
        for line in lines.filtered(lambda x: not x.reconciled and x.id not in disputed):
            # Asked for its day first: a later tier is booked by the day that was asked for.
            [values] = line._get_installments_data(payment_date=day)
            if values["type"] != "early_payment_discount":
                continue
            item = {
                "aml": line,
                "amount_currency": -line.amount_residual_currency,
                "balance": -line.balance,
            }
            counterparts = line.move_id._get_invoice_counterpart_amls_for_early_payment_discount(
                [item], values["discount_amount"]
            )
            for counterpart in (row for rows in counterparts.values() for row in rows):
                found.append({**counterpart, "partner_id": line.partner_id.id})
        return found

    def _credit_lines_in_dispute(self):
        """The open instalments of invoices paid together, when one is disputed in part."""
        lines = self.env["account.move.line"].sudo()
        for invoice in self.invoice_ids:
            lines |= invoice._credit_payable_lines()
        disputed = self.env["credit.dispute"]._amounts_left_alone(lines)
        return lines if len(lines) > 1 and disputed else lines.browse()
