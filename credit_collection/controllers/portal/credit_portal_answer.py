from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request

from .credit_portal import CreditPortal, letter_page, own_page


class CreditPortalAnswer(CreditPortal):
    """Promising to pay, and contesting."""

    @own_page("/promise", methods=["POST"])
    def portal_credit_promise(self, date=None, **_kwargs):
        """Promise to pay what is chosen by a day."""
        return self._say(self._visit(), self._promise, date)

    @letter_page("/promise", methods=["POST"])
    def portal_letter_promise(self, token, date=None, **_kwargs):
        """The same for what one letter asks for."""
        return self._by_letter(token, self._say, self._promise, date)

    def _promise(self, visit, date):
        rows = visit.rows(self._chosen())
        try:
            day = fields.Date.to_date(date)
        except ValueError:
            day = None
        if not rows or not day:
            raise UserError(request.env._("Choose what you will pay, and by which day."))
        for file in {row["file"] for row in rows}:
            own = [row for row in rows if row["file"] == file]
            for currency in {row["currency"] for row in own}:
                file._portal_promise(
                    [row for row in own if row["currency"] == currency], day, visit.person
                )
        return "promise"

    @own_page("/dispute", methods=["POST"])
    def portal_credit_dispute(self, item=None, reason=None, amount=None, note=None, **_kwargs):
        """Contest an item or a part of it."""
        return self._say(self._visit(), self._dispute, item, reason, amount, note)

    @letter_page("/dispute", methods=["POST"])
    def portal_letter_dispute(
        self, token, item=None, reason=None, amount=None, note=None, **_kwargs
    ):
        """The same for what one letter asks for."""
        return self._by_letter(token, self._say, self._dispute, item, reason, amount, note)

    def _dispute(self, visit, item, reason, amount, note):
        rows = visit.rows(self._ids(item))
        reasons = request.env["credit.dispute.reason"].sudo()
        reason = reasons.search([("id", "in", list(self._ids(reason)))])
        if len(rows) != 1 or len(reason) != 1:
            raise UserError(request.env._("Choose one item and the reason."))
        part = self._cast_as_float(amount) if amount else None
        if part is not None and not 0 < part < 1e15:
            raise UserError(request.env._("The disputed amount must be above zero."))
        if amount and part is None:
            raise UserError(request.env._("The amount is not a number."))
        files = [
            (sent.filename, sent.read(), sent.mimetype)
            for sent in request.httprequest.files.getlist("files")
            if sent.filename
        ]
        rows[0]["file"]._portal_dispute(rows[0], reason, part, note, files, visit.person)
        return "dispute"
