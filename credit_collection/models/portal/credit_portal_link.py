import secrets
from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import hmac

from ...tools import sentences
from ...tools.groups import COLLECTOR

TOKEN_LENGTH = 64
OPENABLE = ("queued", "sent")


class CreditPortalLink(models.Model):
    """The link in a letter: opens this one letter for this one recipient, until a day.

    The token is worked out from the server's secret and kept nowhere; the database knows only its
    digest. It is enough to read, pay, promise and contest what the letter asks for.
    """

    _name = "credit.portal.link"
    _description = "Link of a Letter"
    _order = "id desc"
    _rec_name = "partner_id"

    followup_id = fields.Many2one(
        "credit.followup", "Letter", required=True, readonly=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        related="followup_id.account_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="followup_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Recipient", required=True, readonly=True, index=True, ondelete="cascade"
    )
    expires_on = fields.Date("Valid Until", required=True, readonly=True)
    revoked_on = fields.Datetime(readonly=True, copy=False)
    revoked_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null")
    opened_on = fields.Datetime("Last Opened", readonly=True, copy=False)
    open_count = fields.Integer("Times Opened", readonly=True, copy=False)
    state = fields.Selection(
        [("active", "Active"), ("expired", "Expired"), ("revoked", "Revoked")],
        compute="_compute_state",
        search="_search_state",
    )
    nonce = fields.Char(required=True, readonly=True, copy=False, groups=fields.NO_ACCESS)
    digest = fields.Char(required=True, readonly=True, copy=False, groups=fields.NO_ACCESS)

    _digest_uniq = models.UniqueIndex("(digest)")
    _recipient_uniq = models.UniqueIndex(
        "(followup_id, partner_id) WHERE revoked_on IS NULL",
        "A recipient has one valid link to a letter.",
    )

    def _page_words(self):
        """The sentences of the page behind the link."""
        self.ensure_one()
        return {
            "title": self.env._(
                "%(company)s: our letter of %(date)s",
                company=sentences.name(self.company_id.name),
                date=sentences.day(self.env, self.followup_id.date),
            ),
            "addressee": self.env._(
                "For %(customer)s. This is how it stands now.",
                customer=sentences.name(self.account_id.partner_id.name),
            ),
            "validity": self.env._(
                "This link is yours: please do not pass it on. It works until %(date)s.",
                date=sentences.day(self.env, self.expires_on),
            ),
        }

    @api.depends("expires_on", "revoked_on", "company_id")
    def _compute_state(self):
        for link in self:
            if link.revoked_on:
                link.state = "revoked"
            elif link.expires_on and link.expires_on < link.company_id._credit_today():
                link.state = "expired"
            else:
                link.state = "active"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._credit_today()
        domains = {
            "revoked": [("revoked_on", "!=", False)],
            "expired": [("revoked_on", "=", False), ("expires_on", "<", today)],
            "active": [("revoked_on", "=", False), ("expires_on", ">=", today)],
        }
        return fields.Domain.OR(domains[state] for state in value if state in domains)

    # ------------------------------------------------------------------
    # Making and finding
    # ------------------------------------------------------------------

    @api.model
    def _make(self, followups):
        """The valid links (sudo) of the recipients of these letters, made when missing."""
        links, vals_list = self.sudo(), []
        for followup in followups.sudo():
            company = followup.company_id
            people = followup.partner_ids or followup.partner_id
            present = followup.portal_link_ids.filtered(lambda link: link.state == "active")
            links |= present.filtered(lambda link, people=people: link.partner_id in people)
            missing = people - present.partner_id
            if not missing:
                continue
            expires = fields.Date.add(company._credit_today(), days=company.credit_portal_link_days)
            for partner in missing:
                nonce = secrets.token_hex(16)
                vals_list.append(
                    {
                        "followup_id": followup.id,
                        "partner_id": partner.id,
                        "expires_on": expires,
                        "nonce": nonce,
                        "digest": self._digest(self._sign(nonce)),
                    }
                )
        return links | links.create(vals_list)

    @api.model
    def _sign(self, nonce):
        return hmac(self.env(su=True), "credit-letter-link", nonce)

    @api.model
    def _digest(self, token):
        return sha256(token.encode()).hexdigest()

    def _url(self):
        """Where this link leads."""
        self.ensure_one()
        link = self.sudo()
        return f"{link.account_id.get_base_url()}/my/letter/{self._sign(link.nonce)}"

    @api.model
    def _find(self, token):
        """The valid link (sudo) of a token; empty for what is wrong, expired or revoked,
        and for who has left the customer, alike."""
        links = self.sudo()
        if not isinstance(token, str) or len(token) != TOKEN_LENGTH or not token.isalnum():
            return links
        link = links.search([("digest", "=", self._digest(token))], limit=1)
        if not link or link.state != "active" or link.followup_id.state not in OPENABLE:
            return links
        return link if link._is_still_theirs() else links

    def _is_still_theirs(self):
        """Whether the recipient still speaks for the customer and may use its pages."""
        self.ensure_one()
        person = self.partner_id
        return (
            person.active
            and person.commercial_partner_id == self.account_id.partner_id
            and not person.credit_portal_denied
        )

    def _note_opening(self):
        """Remember that the letter was read."""
        for link in self.sudo():
            link.write({"opened_on": fields.Datetime.now(), "open_count": link.open_count + 1})

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------

    def action_revoke(self):
        """Close these links: whoever holds them sees nothing any more."""
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can revoke the link of a letter."))
        self.check_access("read")
        self.sudo().filtered(lambda link: not link.revoked_on).write(
            {"revoked_on": fields.Datetime.now(), "revoked_by_id": self.env.uid}
        )
