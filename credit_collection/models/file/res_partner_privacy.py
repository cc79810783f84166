import json

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.groups import MANAGER

# What tells of a person, and goes when the person does.
PERSONAL = (
    "email",
    "phone",
    "street",
    "street2",
    "city",
    "zip",
    "state_id",
    "vat",
    "function",
    "website",
    "comment",
)


class ResPartner(models.Model):
    """What we hold on a person: a copy for them, and forgetting them without breaking evidence."""

    _inherit = "res.partner"

    def action_credit_personal_data(self):
        """Hand over a file with everything of ours that names this contact."""
        self.ensure_one()
        self._credit_check_privacy("read")
        content = json.dumps(self._credit_personal_data(), indent=1, ensure_ascii=False)
        file = self.env["ir.attachment"].create(
            {
                "name": f"credit-personal-data-{self.id}.json",
                "raw": content.encode(),
                "mimetype": "application/json",
            }
        )
        return {"type": "ir.actions.act_url", "url": f"/web/content/{file.id}?download=true"}

    def _credit_personal_data(self):
        """``{title of a model: [{field: value}]}`` of the records that name this contact."""
        self.ensure_one()
        found = {}
        for name, model in sorted(self.env.registry.items()):
            if not name.startswith("credit.") or model._abstract or model._transient:
                continue
            if not model._auto:
                continue
            Model = self.env[name].sudo().with_context(active_test=False)
            naming = [
                field.name
                for field in Model._fields.values()
                if field.store and field.comodel_name == "res.partner"
            ]
            domain = ["|"] * (len(naming) - 1) + [(field, "in", self.ids) for field in naming]
            records = Model.search(domain, order="id") if naming else Model
            if records:
                found[Model._description] = [_as_read(record) for record in records]
        return found

    def action_credit_anonymise(self):
        """Forget a person: their data, what was noted of talks with them and their ways in go.

        What was decided, sent and promised has to be kept for as long as the law says: it stays,
        under the number of the contact.
        """
        self._credit_check_privacy("write")
        for partner in self:
            if partner == partner.commercial_partner_id and partner._credit_owes():
                raise UserError(
                    self.env._(
                        "%(name)s still has open items: anonymise the customer when they are "
                        "settled.",
                        name=partner.display_name,
                    )
                )
            talks = (
                self.env["credit.contact"]
                .sudo()
                .search([("contact_partner_id", "=", partner.id), ("note", "!=", False)])
            )
            talks._forget_notes()
            partner._credit_close_doors()
            partner.sudo().write(
                {
                    **dict.fromkeys(PERSONAL, False),
                    "name": self.env._("Anonymised contact %(number)s", number=partner.id),
                    "image_1920": False,
                    "active": False,
                }
            )
        return True

    def _credit_close_doors(self):
        """Who is forgotten has no way in: no link of a letter, no log-in to the portal."""
        links = self.env["credit.portal.link"].sudo()
        links.search([("partner_id", "=", self.id), ("revoked_on", "=", False)]).write(
            {"revoked_on": fields.Datetime.now(), "revoked_by_id": self.env.uid}
        )
        for user in self.sudo().with_context(active_test=False).user_ids.filtered("share"):
            user.write({"active": False, "login": f"anonymised-{user.id}"})

    def _credit_owes(self):
        files = self.env["credit.account"].sudo().search([("partner_id", "=", self.id)])
        return bool(files._open_items())

    def _credit_check_privacy(self, operation):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a credit manager answers for personal data."))
        self.check_access(operation)


def _as_read(record):
    """The stored values of a record as plain text by the fields' titles, binary ones left out."""
    values = {}
    for field in record._fields.values():
        if not field.store or field.type in ("binary", "json") or field.name.startswith("message_"):
            continue
        value = record[field.name]
        if field.type in ("many2one", "many2many", "one2many"):
            value = value.mapped("display_name")
        elif field.type == "datetime":
            value = fields.Datetime.to_string(value)
        elif field.type == "date":
            value = fields.Date.to_string(value)
        if value not in (False, None, "", []):
            values[field.string] = value if isinstance(value, int | float | list) else str(value)
    return values
