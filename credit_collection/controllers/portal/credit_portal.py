import base64
import binascii
import math
import re
from typing import NamedTuple
from urllib.parse import urlencode

from odoo import fields, http
from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.http import request

from ..download import file_response

PLAN = "credit.plan"
CONFIRMATION = "credit.balance.confirmation"
PAGE = "/my/credit"
LETTER = "/my/letter"
# How many (requests, minutes) one address, letter or person may make.
WRONG_LINKS = (30, 10)
LETTER_VIEWS = (120, 10)
STATEMENTS = (30, 10)
WORDS = (20, 24 * 60)
PAYMENTS = (60, 60)
MOST_ITEMS = 200
OWN_ROWS = 3
LARGEST_SIGNATURE = 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n"


class Visit(NamedTuple):
    """Who looks at a customer's account, and what they may see of it."""

    files: object  # credit.account (sudo)
    person: object  # res.partner (sudo) who pays, promises, contests
    lines: object | None  # account.move.line of a letter; None is everything
    home: str
    token: str | None
    key: str

    def rows(self, ids=None):
        """What is open, or those of it that are chosen; what is foreign is simply not there."""
        rows = self.files._portal_rows(self.lines)
        return rows if ids is None else [row for row in rows if row["id"] in ids]


class CreditPortal(PortalAccount):
    """The customer's own pages: *My Account* after log-in, one letter by its link."""

    # ------------------------------------------------------------------
    # Who is there
    # ------------------------------------------------------------------

    def _visit(self):
        """The person who is logged in; nothing where the pages are switched off."""
        person = request.env.user.partner_id.sudo()
        files = request.env["credit.account"]
        files = files._portal_files(person) if self._is_on() else files.sudo()
        return Visit(files, person, None, PAGE, None, f"partner {person.id}")

    def _letter_visit(self, token):
        """Who holds the link of a letter.

        :return: (``Visit`` or None, link (sudo) or the answer that refuses)
        """
        attempts, address = request.env["credit.portal.attempt"].sudo(), self._address()
        if attempts._is_over("wrong link", address, *WRONG_LINKS):
            return None, self._too_many()
        link = request.env["credit.portal.link"]._find(token) if self._is_on() else None
        if not link:
            attempts._hit("wrong link", address, *WRONG_LINKS)
            return None, self._no_such_letter()
        if not attempts._hit("letter", f"link {link.id}", *LETTER_VIEWS):
            return None, self._too_many()
        visit = Visit(
            link.account_id,
            link.partner_id,
            link.followup_id.line_ids.move_line_id,
            f"{LETTER}/{token}",
            token,
            f"link {link.id}",
        )
        return visit, link

    def _is_on(self):
        return request.env["credit.followup"]._portal_is_on()

    def _address(self):
        return request.httprequest.remote_addr or ""

    def _is_colleague(self):
        """Whether an employee looks at the page as the customer sees it."""
        return request.env.user._is_internal()

    def _no_such_letter(self):
        """The same answer for what never was, is over or was revoked."""
        return request.render("credit_collection.portal_no_letter", {}, status=404)

    def _too_many(self):
        return request.render("credit_collection.portal_too_many", {}, status=429)

    # ------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        # EXTENDS 'portal'
        values = super()._prepare_home_portal_values(counters)
        if "credit_file_count" in counters:
            values["credit_file_count"] = len(self._visit().files)
        return values

    @http.route(PAGE, type="http", auth="user", website=True, methods=["GET"])
    def portal_my_credit(self, said=None, **_kwargs):
        """*My Account*: what is open, with every company, in every currency."""
        visit = self._visit()
        values = self._page_values(visit, said)
        values["sections"] = visit.files._portal_sections()
        values["files"] = visit.files
        return request.render("credit_collection.portal_my_credit", values)

    @http.route(
        f"{LETTER}/<string:token>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
    )
    def portal_letter(self, token, said=None, **_kwargs):
        """One letter and what it asks for, as it stands now."""
        visit, link = self._letter_visit(token)
        if not visit:
            return link
        if not self._is_colleague():
            link._note_opening()
        values = self._page_values(visit, said)
        rows = visit.rows()
        company = link.company_id
        values.update(
            link=link,
            letter=link.followup_id,
            res_company=company,
            company=company,
            currencies=link.account_id._portal_currencies(rows, {}),
            cases=link.account_id._portal_cases(link.account_id),
            settled=link.followup_id.line_ids.filtered(
                lambda line: line.move_line_id.id not in {row["id"] for row in rows}
            ),
        )
        return self._private(request.render("credit_collection.portal_letter", values))

    def _page_values(self, visit, said):
        files = visit.files
        return {
            "page_name": "credit_account",
            "visit": visit,
            "said": said if said in ("promise", "dispute") else None,
            "reasons": request.env["credit.dispute.reason"].sudo().search([]),
            "last_days": {file.id: file._portal_last_promise_day() for file in files},
            "todays": {file.id: file.company_id._credit_today() for file in files},
            "is_colleague": visit.token and self._is_colleague(),
        }

    def _private(self, response):
        """The address of the page is its key: it is neither kept nor passed on."""
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    # ------------------------------------------------------------------
    # Paying
    # ------------------------------------------------------------------

    @http.route(f"{PAGE}/pay", type="http", auth="user", website=True, methods=["GET", "POST"])
    def portal_credit_pay(self, **_kwargs):
        """Pay what is chosen, one payment per currency."""
        return self._pay_page(self._visit())

    @http.route(
        f"{LETTER}/<string:token>/pay",
        type="http",
        auth="public",
        website=True,
        methods=["GET", "POST"],
        sitemap=False,
    )
    def portal_letter_pay(self, token, **_kwargs):
        """The same for what one letter asks for."""
        visit, link = self._letter_visit(token)
        return self._private(self._pay_page(visit)) if visit else link

    def _pay_page(self, visit):
        rows = visit.rows(self._chosen())
        values = {"page_name": "credit_account", "visit": visit, "error": None}
        try:
            if self._is_colleague():
                raise UserError(request.env._("Only the customer can pay here."))
            visit.files._portal_check_payable(rows)
        except UserError as error:
            values.update(error=str(error), payments=[])
            return request.render("credit_collection.portal_credit_pay", values)
        payments = visit.files._portal_payments(rows)
        # Odoo shows one payment form at a time; the others follow on the way back.
        payment, *others = payments
        rest = self._joined([row for other in others for row in other["rows"]])
        landing = f"{visit.home}/pay?items={rest}" if others else visit.home
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
        self._check_provider(payment, visit.person, kwargs)
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

    def _check_provider(self, payment, person, kwargs):
        """Only what the page offers: providers of the company, tokens of the person."""
        offered = (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                payment["company"].id,
                person.id,
                payment["amount"],
                currency_id=payment["currency"].id,
            )
        )
        if kwargs.get("provider_id") not in offered.ids or (
            kwargs.get("flow") == "token" and request.env.user._is_public()
        ):
            raise ValidationError(request.env._("This way of paying is not offered."))

    # ------------------------------------------------------------------
    # Promising and contesting
    # ------------------------------------------------------------------

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

    def _say(self, visit, what, *args, place=None):
        """Do what a customer says, or show the page with the reason why not.

        :param place: the page below the visitor's own that shows it
        """
        attempts = request.env["credit.portal.attempt"].sudo()
        if not attempts._hit("said", visit.key, *WORDS):
            return self._too_many()
        try:
            if self._is_colleague():
                raise UserError(request.env._("Only the customer can do this here."))
            with request.env.cr.savepoint():
                said = what(visit, *args)
        except (UserError, ValidationError) as error:
            values = {"page_name": "credit_account", "visit": visit, "error": str(error)}
            return request.render("credit_collection.portal_refused", values, status=400)
        page = f"{visit.home}/{place}" if place else visit.home
        return request.redirect(f"{page}?said={said}")

    # ------------------------------------------------------------------
    # Plans and balance confirmations
    # ------------------------------------------------------------------

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

    @http.route(f"{PAGE}/plan/<int:plan_id>", type="http", auth="user", website=True)
    def portal_credit_plan(self, plan_id, said=None, **_kwargs):
        """A payment plan: what is acknowledged, when it is paid, and where to sign an offer."""
        return self._document_page(
            PLAN, plan_id, "credit_collection.portal_credit_plan", said=said == "plan"
        )

    @http.route(f"{PAGE}/plan/<int:plan_id>/pdf", type="http", auth="user", website=True)
    def portal_credit_plan_pdf(self, plan_id, **_kwargs):
        """The agreement: as it was signed, else as it is offered."""
        visit = self._visit()
        plan = self._own(visit, PLAN, plan_id)
        if not plan:
            return request.not_found()
        if (
            not request.env["credit.portal.attempt"]
            .sudo()
            ._hit("statement", visit.key, *STATEMENTS)
        ):
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

    @http.route(
        f"{PAGE}/plan/<int:plan_id>/sign/<string:terms>",
        type="jsonrpc",
        auth="user",
        website=True,
    )
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

    @http.route(
        f"{PAGE}/confirmation/<int:confirmation_id>", type="http", auth="user", website=True
    )
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

    @http.route(
        f"{PAGE}/confirmation/<int:confirmation_id>/pdf", type="http", auth="user", website=True
    )
    def portal_credit_confirmation_pdf(self, confirmation_id, **_kwargs):
        """The document as it was sent."""
        confirmation = self._own(self._visit(), CONFIRMATION, confirmation_id)
        if not confirmation.pdf_id:
            return request.not_found()
        name = f"{confirmation.name.replace('/', '-')}.pdf"
        return file_response(confirmation.pdf_id.raw, name, "application/pdf")

    @http.route(
        f"{PAGE}/confirmation/<int:confirmation_id>/sign",
        type="jsonrpc",
        auth="user",
        website=True,
    )
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

    @http.route(
        f"{PAGE}/confirmation/<int:confirmation_id>/contest",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
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
        if not request.env["credit.portal.attempt"].sudo()._hit("said", visit.key, *WORDS):
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

    # ------------------------------------------------------------------
    # Statements
    # ------------------------------------------------------------------

    @http.route(
        f"{PAGE}/statement.<any(pdf,xlsx):kind>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_credit_statement(self, kind, file=None, date_from=None, date_to=None, **_kwargs):
        """The statement of a period, of one of the person's own companies."""
        visit = self._visit()
        attempts = request.env["credit.portal.attempt"].sudo()
        if not attempts._hit("statement", visit.key, *STATEMENTS):
            return self._too_many()
        account = visit.files.filtered(lambda own: own.id in self._ids(file))
        try:
            first, last = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        except ValueError:
            first = last = None
        if len(account) != 1 or not first or not last:
            return request.not_found()
        account = account.with_context(lang=account._statement_lang())
        try:
            account._check_period(first, last)
        except UserError as error:
            values = {"page_name": "credit_account", "visit": visit, "error": str(error)}
            return request.render("credit_collection.portal_refused", values, status=400)
        name = f"{account._period_filename(first, last)}.{kind}"
        if kind == "xlsx":
            return file_response(account._period_xlsx(first, last), name)
        content, _type = (
            request.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf(
                "credit_collection.credit_period_report",
                account.ids,
                data={"date_from": first, "date_to": last},
            )
        )
        return file_response(content, name, "application/pdf")

    # ------------------------------------------------------------------
    # Reading what was sent
    # ------------------------------------------------------------------

    def _chosen(self):
        """Ids of what is ticked in the form, or named in the address."""
        return self._ids("-".join(request.httprequest.values.getlist("items")))

    @staticmethod
    def _ids(text):
        """The ids in a text like 12-15-16; what cannot be one is left out."""
        found = re.findall(r"\d{1,10}", str(text or ""))
        return {int(number) for number in found[:MOST_ITEMS] if int(number) < 2**31}

    @staticmethod
    def _joined(rows):
        return "-".join(str(row["id"]) for row in rows)
