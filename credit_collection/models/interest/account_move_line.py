from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _credit_wake_interest(self):
        """What is matched or unmatched also settles the bills of interest."""
        lines = self.filtered(lambda line: line.balance > 0)
        if lines:
            self.env["credit.interest.claim"]._follow_payments(lines)

    def _credit_discount(self, percent):
        """``(amount in currency, balance)`` of a discount on an instalment, with its sign."""
        self.ensure_one()
        move = self.move_id
        amount, balance = self.amount_currency, self.balance
        if move.invoice_payment_term_id.early_pay_discount_computation != "included":
            # Never on the tax: it stays as it was invoiced.
            sign = 1 if amount > 0 else -1
            amount = sign * abs(move.amount_untaxed)
            balance = sign * abs(move.amount_untaxed_signed)
        return (
            self.currency_id.round(amount * percent / 100),
            self.company_currency_id.round(balance * percent / 100),
        )

    def _credit_discount_now(self):
        """``(amount, last day)`` of the early payment discount that paying today would earn.

        Of an instalment (sudo); ``(0, False)`` for none.
        """
        self.ensure_one()
        move = self.move_id
        tiers = move._credit_discount_tiers()
        if self.display_type != "payment_term" or self.reconciled or not tiers:
            return 0.0, False
        today = move.company_id._credit_today()
        [values, *others] = self._get_installments_data(payment_date=today)
        if others or values["type"] != "early_payment_discount":
            return 0.0, False
        until = min(day for _percent, day in tiers if day >= today)
        return self.currency_id.round(values["discount_amount_currency"]), until

    def _get_installments_data(
        self, payment_currency=None, payment_date=None, next_payment_date=None
    ):
        # EXTENDS 'account': the amount of the tier that the day of payment earns
        installments = super()._get_installments_data(
            payment_currency, payment_date, next_payment_date
        )
        move = self.move_id
        day = payment_date or move.company_id._credit_today()
        for values in installments:
            if values["type"] != "early_payment_discount":
                continue
            if not move.invoice_payment_term_id.credit_tier_ids:
                continue
            line, sign = values["line"], move.direction_sign
            discount, balance = line._credit_discount(move._credit_discount_on(day))
            values.update(
                amount_residual_currency=line.amount_currency - discount,
                amount_residual=line.balance - balance,
                amount_residual_currency_unsigned=-sign * (line.amount_currency - discount),
                amount_residual_unsigned=-sign * (line.balance - balance),
                discount_amount_currency=discount,
                discount_amount=balance,
            )
        return installments
