from base64 import b64encode

from odoo import api, fields, models
from reportlab.graphics.barcode import createBarcodeDrawing

from ...tools import rooms

QR_SIZE = 180


class CreditFollowup(models.Model):
    """The link to the customer's page that goes with a letter."""

    _inherit = "credit.followup"

    portal_link_ids = fields.One2many(
        "credit.portal.link",
        "followup_id",
        "Links",
        groups="credit_collection.credit_collection_group_collector",
    )

    @api.model
    def _portal_is_on(self):
        return rooms.is_on(self.env, "portal")

    def _portal_url(self):
        """The link of the letter's first recipient, ``False`` before it goes out (templates).

        Each recipient's own link takes its place in the mail that goes to them.
        """
        self.ensure_one()
        if not self._portal_is_on():
            return False
        links = self.sudo().portal_link_ids.filtered(lambda link: link.state == "active")
        people = self.partner_ids or self.partner_id
        own = links.filtered(lambda link: link.partner_id == people[:1]) or links[:1]
        return own._url() if own else False

    def _portal_qr(self):
        """The same link as a QR code for paper: a data URI, or ``False`` (templates).

        Drawn as SVG: a picture of pixels needs a library that not every server has, and a letter
        must not wait for it.
        """
        url = self._portal_url()
        if not url:
            return False
        image = createBarcodeDrawing("QR", value=url, width=QR_SIZE, height=QR_SIZE, barBorder=4)
        return f"data:image/svg+xml;base64,{b64encode(image.asString('svg').encode()).decode()}"

    def _portal_make_links(self):
        """Make the links of letters that go out now."""
        if self and self._portal_is_on():
            self.env["credit.portal.link"]._make(self)

    def action_open_links(self):
        """The links of this letter: who opened it, and the button to revoke."""
        self.ensure_one()
        self.check_access("read")
        self.env["credit.portal.link"].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.portal.link",
            "view_mode": "list,form",
            "domain": [("followup_id", "=", self.id)],
            "name": self.env._("Links"),
        }
