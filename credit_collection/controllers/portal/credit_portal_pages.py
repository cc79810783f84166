from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request

from ..download import file_response
from .credit_portal import CreditPortal, letter_page, own_page


class CreditPortalPages(CreditPortal):
    """*My Account*, one letter by its link, and the statement of a period."""

    def _prepare_home_portal_values(self, counters):
        # EXTENDS 'portal'
        values = super()._prepare_home_portal_values(counters)
        if "credit_file_count" in counters:
            values["credit_file_count"] = len(self._visit().files)
        return values

    @own_page(methods=["GET"])
    def portal_my_credit(self, said=None, **_kwargs):
        """*My Account*: what is open, with every company, in every currency."""
        visit = self._visit()
        values = self._page_values(visit, said)
        values["sections"] = visit.files._portal_sections()
        values["files"] = visit.files
        return request.render("credit_collection.portal_my_credit", values)

    @letter_page(methods=["GET"])
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

    @own_page("/statement.<any(pdf,xlsx):kind>", methods=["GET"])
    def portal_credit_statement(self, kind, file=None, date_from=None, date_to=None, **_kwargs):
        """The statement of a period, of one of the person's own companies."""
        visit = self._visit()
        if not self._may_print(visit):
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
            return self._refused(visit, error)
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
