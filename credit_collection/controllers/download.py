from odoo import fields, http
from odoo.http import content_disposition, request
from werkzeug.exceptions import BadRequest, NotFound

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_response(content, name, mimetype=XLSX):
    """A file to save."""
    headers = [
        ("Content-Type", mimetype),
        ("Content-Length", len(content)),
        ("Content-Disposition", content_disposition(name)),
        ("X-Content-Type-Options", "nosniff"),
    ]
    return request.make_response(content, headers)


def record_id(text):
    """The id that a query names; BadRequest when it cannot be one."""
    if not (text or "").isdecimal() or len(text) > 10 or not 0 < int(text) < 2**31:
        raise BadRequest("An id is a whole number.")
    return int(text)


class CreditDownload(http.Controller):
    """Workbooks to download, read with the rights of the user who asks."""

    @http.route("/credit_collection/aging.xlsx", type="http", auth="user", methods=["GET"])
    def aging(self, as_of=None, compare_from=None, company=None):
        """The aging of a day of one of the user's companies, by default the first.

        ``compare_from`` adds what moved since an earlier day.
        """
        # Its control totals are the company's: leaders of a team read their rows on the screen.
        request.env["credit.aging.ask"].check_access("read")
        company = self._company(company)
        as_of, compare_from = self._day(as_of), self._day(compare_from)
        as_of = as_of or company._credit_today()
        if compare_from and compare_from >= as_of:
            raise BadRequest("compare_from must be before as_of")
        own = request.env.user.company_ids.filtered(lambda own: own.root_id == company)
        workbook = request.env["credit.aging.xlsx"].with_context(allowed_company_ids=own.ids)
        content = workbook._build(company, as_of, compare_from)
        return file_response(content, f"aging-{as_of}.xlsx")

    @http.route("/credit_collection/kpi.xlsx", type="http", auth="user", methods=["GET"])
    def kpi(self, sheet=None):
        """A sheet of figures and bonuses."""
        record = request.env["credit.kpi.sheet"].browse(record_id(sheet))
        record.check_access("read")
        if not record.exists():
            raise NotFound
        content = request.env["credit.kpi.xlsx"]._build(record)
        return file_response(content, f"kpi-{record.date_from}-{record.date_to}.xlsx")

    def _company(self, text):
        """The root company that a query names, one of the user's; by default the user's own."""
        if not text:
            return request.env.company.root_id
        company = request.env["res.company"].browse(record_id(text))
        if company not in request.env.user.company_ids.root_id:
            raise NotFound
        return company

    def _day(self, text):
        try:
            return fields.Date.to_date(text)
        except ValueError as error:
            raise BadRequest("A date is written 2026-01-31.") from error
