import re
from typing import NamedTuple

from odoo import http
from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

PAGE = "/my/credit"
LETTER = "/my/letter"
# How many (requests, minutes) one address, letter or person may make.
WRONG_LINKS = (30, 10)
LETTER_VIEWS = (120, 10)
STATEMENTS = (30, 10)
WORDS = (20, 24 * 60)
MOST_ITEMS = 200


def own_page(place="", *, type="http", **options):
    """The route of a page of *My Account*, for who is logged in."""
    return http.route(f"{PAGE}{place}", type=type, auth="user", website=True, **options)


def letter_page(place="", **options):
    """The route of a page of one letter, for who holds its link."""
    return http.route(
        f"{LETTER}/<string:token>{place}",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        **options,
    )


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

    def _by_letter(self, token, answer, *args):
        """What ``answer(visit, *args)`` says to who holds the link of a letter, or the refusal."""
        visit, refusal = self._letter_visit(token)
        return self._private(answer(visit, *args)) if visit else refusal

    def _is_on(self):
        return request.env["credit.followup"]._portal_is_on()

    def _may_say(self, visit):
        """Count one more word of a visitor: whether one may say so many."""
        return request.env["credit.portal.attempt"].sudo()._hit("said", visit.key, *WORDS)

    def _may_print(self, visit):
        """Count one more document that is printed: whether one may ask for so many."""
        return request.env["credit.portal.attempt"].sudo()._hit("statement", visit.key, *STATEMENTS)

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
    # Answering
    # ------------------------------------------------------------------

    def _private(self, response):
        """The address of the page is its key: it is neither kept nor passed on."""
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _say(self, visit, what, *args, place=None):
        """Do what a customer says, or show the page with the reason why not.

        :param place: the page below the visitor's own that shows it
        """
        if not self._may_say(visit):
            return self._too_many()
        try:
            if self._is_colleague():
                raise UserError(request.env._("Only the customer can do this here."))
            with request.env.cr.savepoint():
                said = what(visit, *args)
        except (UserError, ValidationError) as error:
            return self._refused(visit, error)
        page = f"{visit.home}/{place}" if place else visit.home
        return request.redirect(f"{page}?said={said}")

    def _refused(self, visit, error):
        """The page that says why not."""
        values = self._refusal(visit, error)
        return request.render("credit_collection.portal_refused", values, status=400)

    def _refusal(self, visit, error):
        """What such a page shows: under the name of the seller, where there is one alone."""
        values = {"page_name": "credit_account", "visit": visit, "error": str(error)}
        if len(visit.files.company_id) == 1:
            values["res_company"] = visit.files.company_id
        return values

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
