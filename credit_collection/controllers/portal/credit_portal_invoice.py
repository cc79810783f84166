from odoo import fields, http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from .credit_portal import CreditPortal


class CreditPortalInvoice(CreditPortal):
    """Odoo's own page of an invoice: that the customer opened it is kept for the desk."""

    @http.route()
    def portal_my_invoice_detail(self, invoice_id, access_token=None, **kw):
        # EXTENDS 'account'
        if not request.env.user._is_internal():
            self._keep_opening(invoice_id, access_token)
        return super().portal_my_invoice_detail(invoice_id, access_token=access_token, **kw)

    def _keep_opening(self, invoice_id, access_token):
        """Note when the invoice was first opened by who may see it."""
        try:
            invoice = self._document_check_access("account.move", invoice_id, access_token)
        except (AccessError, MissingError):
            return
        if not invoice.credit_opened_on:
            invoice.credit_opened_on = fields.Datetime.now()
