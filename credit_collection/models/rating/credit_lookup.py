from urllib.parse import quote

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

HOLES = ("{name}", "{vat}", "{registry}")


class CreditLookupLink(models.Model):
    """Where a customer can be looked up in a country: register, courts, insolvency, tax number."""

    _name = "credit.lookup.link"
    _description = "Look-up Link"
    _order = "country_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", index=True, ondelete="cascade", help="Leave empty for all companies."
    )
    country_id = fields.Many2one("res.country", help="Leave empty for all countries.", index=True)
    kind = fields.Selection(
        [
            ("register", "Company register"),
            ("tax", "Tax number"),
            ("court", "Courts"),
            ("insolvency", "Insolvency"),
            ("enforcement", "Enforcement"),
            ("sanctions", "Sanctions"),
            ("other", "Other"),
        ],
        required=True,
        default="register",
    )
    url = fields.Char("Address", required=True, help="{name}, {vat} and {registry} are filled in.")

    @api.constrains("url")
    def _check_url(self):
        for link in self:
            if not link.url.startswith("https://"):
                raise ValidationError(self.env._("The address of a look-up begins with https://."))

    def _filled(self, partner):
        """The address with the customer's data; None when a number that it needs is missing."""
        self.ensure_one()
        values = {
            "{name}": partner.name,
            "{vat}": partner.vat,
            "{registry}": partner.company_registry,
        }
        url = self.url
        for hole in HOLES:
            if hole in url:
                if not values[hole]:
                    return None
                url = url.replace(hole, quote(values[hole], safe=""))
        return url

    @api.model
    def _links_of(self, account):
        """The look-ups of a customer's country as links."""
        partner = account.partner_id
        links = self.search(
            [
                ("country_id", "in", (partner.country_id.id, False)),
                ("company_id", "in", (account.company_id.id, False)),
            ]
        )
        found = Markup()
        for link in links:
            url = link._filled(partner)
            if url:
                found += Markup(
                    '<a class="me-3" href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
                ).format(url, link.name)
        return found


class CreditLookup(models.Model):
    """What was found when somebody looked a customer up."""

    _name = "credit.lookup"
    _description = "Look-up"
    _order = "date desc, id desc"
    _rec_name = "link_id"
    _check_company_auto = True

    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    link_id = fields.Many2one(
        "credit.lookup.link", "Where", required=True, ondelete="restrict", index=True
    )
    date = fields.Date(required=True, default=lambda self: self.env.company._credit_today())
    user_id = fields.Many2one(
        "res.users",
        "Looked Up By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        index=True,
        ondelete="restrict",
    )
    result = fields.Selection(
        [("clean", "Nothing against them"), ("found", "Something found"), ("none", "Not listed")],
        required=True,
        default="clean",
    )
    note = fields.Char()

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**vals, "user_id": self.env.uid} for vals in vals_list])

    def write(self, vals):
        if not self.env.su and (
            {"user_id", "account_id"} & vals.keys() or any(x.user_id != self.env.user for x in self)
        ):
            raise AccessError(self.env._("What somebody found stays theirs: look it up again."))
        return super().write(vals)
