from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from .credit_portal import LETTER, PAGE, CreditPortal


class CreditPortalAnswer(CreditPortal):
    """Promising to pay, and contesting."""

    @http.route(f"{PAGE}/promise", type="http", auth="user", website=True, methods=["POST"])
    def portal_credit_promise(self, date=None, **_kwargs):
        """Promise to pay what is chosen by a day."""
        return self._say(self._visit(), self._promise, date)

    @http.route(
        f"{LETTER}/<string:token>/promise",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_letter_promise(self, token, date=None, **_kwargs):
        """The same for what one letter asks for."""
        visit, link = self._letter_visit(token)
        return self._say(visit, self._promise, date) if visit else link

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

    @http.route(f"{PAGE}/dispute", type="http", auth="user", website=True, methods=["POST"])
    def portal_credit_dispute(self, item=None, reason=None, amount=None, note=None, **_kwargs):
        """Contest an item or a part of it."""
        return self._say(self._visit(), self._dispute, item, reason, amount, note)

    @http.route(
        f"{LETTER}/<string:token>/dispute",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_letter_dispute(
        self, token, item=None, reason=None, amount=None, note=None, **_kwargs
    ):
        """The same for what one letter asks for."""
        visit, link = self._letter_visit(token)
        return self._say(visit, self._dispute, item, reason, amount, note) if visit else link

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
