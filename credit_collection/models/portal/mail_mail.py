from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _personalize_outgoing_body(self, body, partner=False, doc_to_followers=None):
        # EXTENDS 'mail': each recipient of a letter gets their own link
        body = super()._personalize_outgoing_body(body, partner, doc_to_followers)
        if not partner or not body or self.model != "credit.account":
            return body
        letter = self._credit_followups()[:1]
        shown = letter and letter._portal_url()
        own = letter.portal_link_ids.filtered(
            lambda link: link.partner_id == partner and link.state == "active"
        )[:1]
        return body.replace(shown, own._url()) if shown and own else body
