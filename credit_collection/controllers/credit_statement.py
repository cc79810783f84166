from odoo.exceptions import UserError
from odoo.http import Controller, content_disposition, request, route

from .download import XLSX, record_id


class CreditStatement(Controller):
    @route(
        "/credit_collection/statement.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def statement(self, ids="", **_kwargs):
        """Download the statement of open items of the credit files ``ids`` (comma separated)."""
        numbers = [record_id(number.strip()) for number in ids.split(",") if number.strip()]
        accounts = request.env["credit.account"].browse(numbers).exists()
        accounts.check_access("read")
        if not accounts or not request.env["credit.account"]._may_read_statements():
            raise UserError(request.env._("Choose customers whose statement you may read."))
        name = accounts._statement_filename() if len(accounts) == 1 else "Statements"
        return request.make_response(
            accounts._statement_xlsx(),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ],
        )
