import re

from odoo import http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.http import request

from .credit_portal import PAGE, CreditPortal, letter_page, own_page

PAYMENTS = (60, 60)


class CreditPortalPayment(CreditPortal):
    """Paying: what is chosen on *My Account* or in one letter, one payment per currency."""

    @own_page("/pay", methods=["GET", "POST"])
    def portal_credit_pay(self, **_kwargs):
        """Pay what is chosen, one payment per currency."""
        return self._pay_page(self._visit())

    @letter_page("/pay", methods=["GET", "POST"])
    def portal_letter_pay(self, token, **_kwargs):
        """The same for what one letter asks for."""
        return self._by_letter(token, self._pay_page)

    def _pay_page(self, visit):
        rows = visit.rows(self._chosen())
        try:
            if self._is_colleague():
                raise UserError(request.env._("Only the customer can pay here."))
            visit.files._portal_check_payable(rows)
        except UserError as error:
            values = {**self._refusal(visit, error), "payments": []}
            return request.render("credit_collection.portal_credit_pay", values)
        payments = visit.files._portal_payments(rows)
        # Odoo shows one payment form at a time; the others follow on the way back.
        payment, *others = payments
        rest = self._joined([row for other in others for row in other["rows"]])
        landing = f"{visit.home}/pay?items={rest}" if others else visit.home
        values = {"page_name": "credit_account", "visit": visit, "error": None}
        values.update(payments=payments, **self._payment_values(visit, payment, landing))
        return request.render("credit_collection.portal_credit_pay", values)

    def _overdue_invoices_get_page_view_values(self, overdue_invoices, **kwargs):
        # EXTENDS 'account_payment': what is open of them and neither disputed nor promised
        payable = overdue_invoices.filtered(lambda invoice: invoice.sudo()._has_to_be_paid())
        values = super()._overdue_invoices_get_page_view_values(payable, **kwargs)
        if "payment" in values:
            asked = [invoice._get_invoice_next_payment_values() for invoice in payable.sudo()]
            amount = values["currency"].round(sum(next_["next_amount_to_pay"] for next_ in asked))
            values.update(amount=amount, payment={**values["payment"], "amount": amount})
        return values

    def _payment_values(self, visit, payment, landing):
        values = self._get_common_page_view_values(
            invoices_data={
                "partner": visit.person,
                "company": payment["company"],
                "total_amount": payment["amount"],
                "currency": payment["currency"],
                "amount_residual": payment["amount"],
                "landing_route": landing,
                "transaction_route": f"{PAGE}/transaction/{self._joined(payment['rows'])}",
            },
            access_token=visit.token,
        )
        values.update(
            amount=payment["amount"],
            res_company=payment["company"],
            reference_prefix=", ".join({row["name"]: 1 for row in payment["rows"]}),
        )
        if visit.token:
            # The link is the letter's recipient, whoever else may be logged in.
            values.update(partner_id=visit.person.id, tokens_sudo=values["tokens_sudo"].browse())
        return values

    @http.route(f"{PAGE}/transaction/<string:items>", type="jsonrpc", auth="public")
    def portal_credit_transaction(self, items, access_token=None, **kwargs):
        """Begin the payment of the items; what is asked is worked out here, not believed."""
        visit = self._transaction_visit(access_token)
        attempts = request.env["credit.portal.attempt"].sudo()
        if not attempts._hit("payment", visit.key, *PAYMENTS):
            raise UserError(request.env._("Too many requests. Please try again later."))
        ids = self._ids(items)
        rows = visit.rows(ids)
        if not rows or len(rows) != len(ids):
            raise ValidationError(request.env._("The access token is invalid."))
        visit.files._portal_check_payable(rows)
        [payment, *others] = visit.files._portal_payments(rows)
        self._validate_transaction_kwargs(kwargs)
        asked = self._cast_as_float(kwargs.pop("amount", None))
        if others or asked is None or payment["currency"].compare_amounts(asked, payment["amount"]):
            raise UserError(
                request.env._("Something changed meanwhile. Please look at your account again.")
            )
        landing = str(kwargs.get("landing_route"))
        if not re.fullmatch(rf"{re.escape(visit.home)}(/pay\?items=[\d-]+)?", landing):
            landing = visit.home
        kwargs.update(landing_route=landing, is_validation=False)
        if visit.token:
            # A link pays this letter: it neither uses nor leaves a card of its recipient.
            kwargs["tokenization_requested"] = False
        self._check_provider(payment, visit, kwargs)
        transaction = self._create_transaction(
            amount=payment["amount"],
            currency_id=payment["currency"].id,
            partner_id=visit.person.id,
            reference_prefix=None,
            custom_create_values={
                "invoice_ids": [Command.set([row["line"].move_id.id for row in rows])],
                "credit_line_ids": [Command.set([row["id"] for row in rows])],
                "credit_discount_day": payment["company"].root_id._credit_today()
                if any(row["discount"] for row in rows)
                else False,
            },
            **kwargs,
        )
        return transaction._get_processing_values()

    def _transaction_visit(self, token):
        if not token:
            if request.env.user._is_public():
                raise AccessError(request.env._("Please log in."))
            return self._visit()
        visit, _link = self._letter_visit(token)
        if not visit or self._is_colleague():
            raise ValidationError(request.env._("The access token is invalid."))
        return visit

    def _check_provider(self, payment, visit, kwargs):
        """Only what the page offers: providers of the company, after log-in also saved cards."""
        offered = (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                payment["company"].id,
                visit.person.id,
                payment["amount"],
                currency_id=payment["currency"].id,
            )
        )
        if kwargs.get("provider_id") not in offered.ids or (
            kwargs.get("flow") == "token" and visit.token
        ):
            raise ValidationError(request.env._("This way of paying is not offered."))
