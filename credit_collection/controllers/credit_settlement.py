from odoo.http import Controller, request, route
from werkzeug.exceptions import NotFound

from .download import file_response, record_id


class CreditSettlement(Controller):
    @route(
        "/credit_collection/allowance.xlsx",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def allowance(self, allowance=None):
        """The working paper of an allowance, read with the rights of the user who asks."""
        record = request.env["credit.allowance"].browse(record_id(allowance))
        if not record.exists():
            raise NotFound
        record.check_access("read")
        content = request.env["credit.allowance.xlsx"]._build(record)
        return file_response(content, f"allowance-{record.date}.xlsx")
