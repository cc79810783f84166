from odoo import fields, models

from ...core import decision
from ...core.money import ZERO, to_decimal


class SaleOrder(models.Model):
    """What of an order was checked, and whether it is worth more by now.

    ``credit_checked_amount`` is what was vouched for.  It never outlives the order: as soon as the
    order is worth less, because it was lowered, its deliveries were cancelled or goods came back,
    the amount falls with it, and coming up again is a raise like any other.
    """

    _inherit = "sale.order"

    def _credit_checked(self, case):
        """The amount that a passing case vouches for.

        Nothing if it passed as paid up front, or if it does not count yet because it is to be
        delivered beyond the policy's horizon: it is asked about when its day has come.
        """
        request, order = case.request, case.document
        exempt = request.pays_up_front or request.prepaid >= request.document_amount
        return ZERO if exempt or order._credit_is_far(case) else request.document_amount

    def _credit_is_far(self, case):
        """Whether the order is to be delivered beyond the horizon of the policy."""
        horizon = case.policy._horizon_days(case.policy.id)
        expected = self.commitment_date or self.date_order
        if not (horizon and expected):
            return False
        return self.company_id._credit_day(expected) > fields.Date.add(case.today, days=horizon)

    def _credit_worth_in_the_end(self):
        """What the order will have invoiced in the end, in the company's currency, exact.

        That is its total, less what will not be delivered any more, more what was delivered or
        invoiced beyond it; never below zero.
        """
        self.ensure_one()
        digits = self.company_id.currency_id.decimal_places
        apart = sum(line._credit_apart() for line in self.order_line)
        worth = self._credit_amount()
        if apart:
            worth += to_decimal(apart / (self.currency_rate or 1.0), digits)
        return max(worth, ZERO)

    def _credit_exceeding(self):
        """The orders worth more than what was checked, or between another customer and company.

        Orders that were confirmed before there was a check count as checked until they change.
        """
        exceeding = self.browse()
        for order in self.sudo():
            file = order.credit_checked_account_id
            if file and (
                file.partner_id != order._credit_partner().commercial_partner_id
                or file.company_id != order.company_id.root_id
                or order.company_id.currency_id.compare_amounts(
                    float(order._credit_worth_in_the_end()), order.credit_checked_amount
                )
                > 0
            ):
                exceeding |= order
        return exceeding

    def _credit_begin_check(self, commitment, worth):
        """Vouch for an order that was confirmed before there was a check, as it was until now."""
        self.ensure_one()
        company = self.env["res.company"].browse(commitment.company_id)
        payer = self.env["res.partner"].browse(commitment.payer_id)
        account = self.env["credit.account"].sudo()._get(payer, company)
        self.write(self._credit_note(account.id, worth))

    def _credit_lower_check(self):
        """Let what was vouched for fall with what these confirmed orders are worth now."""
        for order in self.sudo():
            if order.state != "sale" or not order.credit_checked_amount:
                continue
            currency = order.company_id.currency_id
            worth = float(order._credit_worth_in_the_end())
            if self.env["credit.policy"]._has_horizon():
                # What was put off beyond it is asked about when its day has come.
                counted, rest = order._credit_open_amounts(currency.decimal_places)
                worth -= float(max(rest - counted, ZERO))
            if currency.compare_amounts(worth, order.credit_checked_amount) < 0:
                order.credit_checked_amount = worth

    def _credit_is_raised(self):
        """Whether a confirmed order exceeds its check: its deliveries are checked again."""
        self.ensure_one()
        if not self.credit_checked_account_id or self._credit_pays_up_front():
            return False
        return bool(self._credit_exceeding())

    def _credit_raised_banner(self):
        """What the salesperson sees of it."""
        banner = self._credit_banner()
        if banner["outcome"] == decision.HOLD and not banner["observe"]:
            title = self.env._("Raised since it was checked: the next delivery will be held.")
        else:
            title = self.env._("Raised since it was checked: the next delivery will pass.")
        return {**banner, "title": title}

    def _credit_unchecked(self):
        """The orders to be checked again before anything is delivered: worth more and not paid."""
        return self._credit_exceeding().filtered(lambda order: not order._credit_is_paid())

    def _credit_is_paid(self):
        """Whether all of the order is paid, online or on its invoices."""
        self.ensure_one()
        order = self.sudo()
        amount = order._credit_worth_in_the_end()
        captured, _booked = order._credit_captured()
        if captured >= amount:
            return True
        paid = sum(line._credit_paid_on_invoices() for line in order.order_line)
        return to_decimal(paid, order.company_id.currency_id.decimal_places) >= amount

    def _credit_mark_checked(self, account):
        """Remember that the orders were checked as they are now, for the file ``account``."""
        for order in self.sudo()._credit_unchecked():
            order.credit_checked_account_id = account
            order.credit_checked_amount = float(order._credit_worth_in_the_end())
