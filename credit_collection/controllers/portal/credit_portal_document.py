import base64
import binascii
import math
import re
from urllib.parse import urlencode

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from ..download import file_response
from .credit_portal import PAGE, CreditPortal, own_page

PLAN = "credit.plan"
CONFIRMATION = "credit.balance.confirmation"
OWN_ROWS = 3
LARGEST_SIGNATURE = 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n"


class CreditPortalDocument(CreditPortal):
    """Payment plans and balance confirmations: read, signed, contested."""

    def _own(self, visit, shown, record_id):
        """A document of the visitor's own files; empty for what is foreign or is not there."""
        own = request.env[shown].sudo()
        for file in visit.files:
            own |= file._portal_plans() if shown == PLAN else file._portal_confirmations()
        return own.filtered(lambda record: record.id == record_id)

    def _document_page(self, shown, record_id, template, **values):
        visit = self._visit()
        record = self._own(visit, shown, record_id)
        if not record:
            return request.not_found()
        company = record.company_id
        values.update(
            page_name="credit_account",
            visit=visit,
            document=record,
            company=company,
            res_company=company,
        )
        return self._private(request.render(template, values))

    @own_page("/plan/<int:plan_id>")
    def portal_credit_plan(self, plan_id, said=None, **_kwargs):
        """A payment plan: what is acknowledged, when it is paid, and where to sign an offer."""
        return self._document_page(
            PLAN, plan_id, "credit_collection.portal_credit_plan", said=said == "plan"
        )

    @own_page("/plan/<int:plan_id>/pdf")
    def portal_credit_plan_pdf(self, plan_id, **_kwargs):
        """The agreement: as it was signed, else as it is offered."""
        visit = self._visit()
        plan = self._own(visit, PLAN, plan_id)
        if not plan:
            return request.not_found()
        if not self._may_print(visit):
            return self._too_many()
        if plan.customer_signed_on and plan.signed_document:
            content = base64.b64decode(plan.signed_document)
        else:
            content, _type = (
                request.env["ir.actions.report"]
                .sudo()
                ._render_qweb_pdf("credit_collection.credit_plan_report", plan.ids)
            )
        return file_response(content, f"{plan._filename()}.pdf", "application/pdf")

    @own_page("/plan/<int:plan_id>/sign/<string:terms>", type="jsonrpc")
    def portal_credit_plan_sign(self, plan_id, terms, name=None, signature=None, **_kwargs):
        """Sign an offer as it was read (Odoo's own signature form)."""
        return self._signed(
            PLAN,
            plan_id,
            lambda plan, visit: plan._portal_sign(
                terms, self._words(name), self._picture(signature), visit.person
            ),
            f"{PAGE}/plan/{plan_id}?said=plan",
        )

    @own_page("/confirmation/<int:confirmation_id>")
    def portal_credit_confirmation(
        self, confirmation_id, said=None, position=None, authority=None, **_kwargs
    ):
        """A balance confirmation: its documents, and the answer to it."""
        return self._document_page(
            CONFIRMATION,
            confirmation_id,
            "credit_collection.portal_credit_confirmation",
            said=said if said in ("confirmed", "contested") else None,
            position=self._short(position),
            authority=self._short(authority),
            sign_url=f"{PAGE}/confirmation/{confirmation_id}/sign?"
            + urlencode({"position": self._short(position), "authority": self._short(authority)}),
            own_rows=range(OWN_ROWS),
        )

    @own_page("/confirmation/<int:confirmation_id>/pdf")
    def portal_credit_confirmation_pdf(self, confirmation_id, **_kwargs):
        """The document as it was sent."""
        confirmation = self._own(self._visit(), CONFIRMATION, confirmation_id)
        if not confirmation.pdf_id:
            return request.not_found()
        name = f"{confirmation.name.replace('/', '-')}.pdf"
        return file_response(confirmation.pdf_id.raw, name, "application/pdf")

    @own_page("/confirmation/<int:confirmation_id>/sign", type="jsonrpc")
    def portal_credit_confirmation_sign(
        self, confirmation_id, name=None, signature=None, **_kwargs
    ):
        """Agree to a balance; as what and by which authority stands in the address."""
        said = request.httprequest.args
        return self._signed(
            CONFIRMATION,
            confirmation_id,
            lambda confirmation, visit: confirmation._portal_confirm(
                self._words(name),
                self._words(said.get("position")),
                self._words(said.get("authority")),
                self._picture(signature),
                visit.person,
            ),
            f"{PAGE}/confirmation/{confirmation_id}?said=confirmed",
        )

    @own_page("/confirmation/<int:confirmation_id>/contest", methods=["POST"])
    def portal_credit_confirmation_contest(self, confirmation_id, **said):
        """Contest a balance line by line; what only the customer has is added."""
        visit = self._visit()
        confirmation = self._own(visit, CONFIRMATION, confirmation_id)
        if not confirmation:
            return request.not_found()
        place = f"confirmation/{confirmation_id}"
        return self._say(visit, self._contest, confirmation, said, place=place)

    def _contest(self, visit, confirmation, said):
        ticked = self._ids("-".join(request.httprequest.form.getlist("contested")))
        # Whoever says what is wrong with a row contests it, ticked or not.
        typed = {
            int(found.group(1))
            for name, value in said.items()
            if value and (found := re.fullmatch(r"(?:their|note)_(\d{1,10})", name))
        }
        contested = {
            line: (
                self._amount(said.get(f"their_{line}")) or 0.0,
                self._short(said.get(f"note_{line}")),
            )
            for line in ticked | typed
        }
        theirs = []
        for number in range(OWN_ROWS):
            name = self._short(said.get(f"own_name_{number}"))
            amount = self._amount(said.get(f"own_amount_{number}"))
            if not name and not amount:
                continue
            day = self._day(said.get(f"own_date_{number}"))
            if not name or not amount or not day:
                raise UserError(
                    request.env._("Say day, document and amount of what only you have.")
                )
            theirs.append(
                {
                    "date": day,
                    "name": name,
                    "debit": max(amount, 0.0),
                    "credit": max(-amount, 0.0),
                }
            )
        closing = self._amount(said.get("their_closing"))
        confirmation._portal_contest(contested, theirs, closing, visit.person)
        return "contested"

    def _signed(self, shown, record_id, sign, landing):
        """Let the visitor sign one of their documents; the form's own kind of answer."""
        visit = self._visit()
        if self._is_colleague():
            return {"error": request.env._("Only the customer can do this here.")}
        record = self._own(visit, shown, record_id)
        if not record:
            return {"error": request.env._("This document is not there any more.")}
        if not self._may_say(visit):
            return {"error": request.env._("Too many requests. Please try again later.")}
        try:
            with request.env.cr.savepoint():
                sign(record, visit)
        except (UserError, ValidationError) as error:
            return {"error": str(error)}
        return {"force_refresh": True, "redirect_url": landing}

    def _words(self, text):
        """What has to be said, as one short line."""
        if not self._short(text):
            raise UserError(request.env._("Say who signs, as what and by which authority."))
        return self._short(text)

    @staticmethod
    def _short(text):
        return " ".join(str(text or "").split())[:200]

    def _picture(self, text):
        """The signature (base64 of a PNG), refused when it is none."""
        try:
            content = base64.b64decode(str(text or ""), validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if not content.startswith(PNG) or len(content) > LARGEST_SIGNATURE:
            raise UserError(request.env._("Signature is missing."))
        return text

    def _amount(self, text):
        """A number that somebody typed; ``None`` for nothing."""
        if not str(text or "").strip():
            return None
        amount = self._cast_as_float(text)
        if amount is None or not math.isfinite(amount) or abs(amount) >= 1e13:
            raise UserError(request.env._("The amount is not a number."))
        return amount

    @staticmethod
    def _day(text):
        try:
            return fields.Date.to_date(text or False)
        except ValueError:
            return None
