from odoo import http
from odoo.http import request

from ..download import file_response


class CreditMoveIn(http.Controller):
    """The spreadsheet for moving in."""

    @http.route("/credit_collection/move-in.xlsx", type="http", auth="user", methods=["GET"])
    def template(self):
        """An empty spreadsheet with the columns that are understood."""
        records = request.env["credit.move.in"]
        records.check_access("create")
        return file_response(records._template_xlsx(), "moving-in.xlsx")
