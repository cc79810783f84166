from odoo.http import Controller, request, route
from werkzeug.exceptions import NotFound

from .download import file_response, record_id


class CreditRecovery(Controller):
    @route(
        "/credit_collection/agency.xlsx", type="http", auth="user", methods=["GET"], readonly=True
    )
    def agency(self, agency=None):
        """The hand-over file of an agency, read with the rights of the user who asks."""
        record = self._record("credit.collection.agency", agency)
        return file_response(record._hand_over_xlsx(), f"hand-over-{record.id}.xlsx")

    @route(
        "/credit_collection/dossier.zip", type="http", auth="user", methods=["GET"], readonly=True
    )
    def dossier(self, dossier=None):
        """A dossier that is ready."""
        record = self._record("credit.case.dossier", dossier)
        attachment = record.sudo().attachment_id
        if not attachment:
            raise NotFound
        return file_response(attachment.raw, attachment.name, "application/zip")

    @route(
        "/credit_collection/cover.xlsx", type="http", auth="user", methods=["GET"], readonly=True
    )
    def cover(self, security=None, month=None):
        """The turnover of a month to declare to the insurer."""
        record = self._record("credit.collateral", security)
        content, name = record._declaration_xlsx(month)
        return file_response(content, name)

    def _record(self, model, text):
        record = request.env[model].browse(record_id(text))
        if not record.exists():
            raise NotFound
        record.check_access("read")
        return record
