from odoo import api, fields, models

from ...core import promise
from .credit_contact import OUTCOMES


class CreditExcuse(models.Model):
    """What customers say instead of paying: what it means, how to test it, what to offer."""

    _name = "credit.excuse"
    _description = "Excuse"
    _inherit = "credit.bounded"
    _order = "sequence, id"
    _credit_bounds = {"next_days": (0, 90)}

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    meaning = fields.Text("What It Means", translate=True)
    question = fields.Text("The Question That Tests It", translate=True)
    answer = fields.Text("What to Answer", translate=True)
    offer = fields.Text("What to Offer", translate=True)
    next_outcome = fields.Selection(
        OUTCOMES, "Usual Outcome", help="Proposed in Log a Contact when this excuse is chosen."
    )
    next_days = fields.Integer(
        "Next Step After (days)", help="Proposed for the next step; 0 proposes none."
    )
    contact_ids = fields.One2many("credit.contact", "excuse_id", "Contacts")
    contact_count = fields.Integer("Times Heard", compute="_compute_effect")
    promise_count = fields.Integer("Promises That Followed", compute="_compute_effect")
    kept_share = fields.Float(
        "Promises Kept",
        compute="_compute_effect",
        help="Of the promises given together with this excuse that came to their end, the share "
        "that was kept in full.",
    )

    @api.depends("contact_ids.promise_id.state")
    def _compute_effect(self):
        """How often an excuse was heard, and what came of the promises given with it."""
        Contact = self.env["credit.contact"]
        heard = dict(
            Contact._read_group([("excuse_id", "in", self.ids)], ["excuse_id"], ["__count"])
        )
        promised = Contact.search_fetch(
            [("excuse_id", "in", self.ids), ("promise_id", "!=", False)],
            ["excuse_id", "promise_id"],
        )
        promised.promise_id.fetch(["state"])
        for excuse in self:
            own = promised.filtered(lambda contact, excuse=excuse: contact.excuse_id == excuse)
            states = [state for state in own.promise_id.mapped("state") if state != "cancelled"]
            excuse.contact_count = heard.get(excuse, 0)
            excuse.promise_count = len(states)
            excuse.kept_share = promise.kept_share(states) or 0.0

    def action_open_contacts(self):
        """The contacts in which this excuse was heard."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_contact_action"
        )
        action["domain"] = [("excuse_id", "=", self.id)]
        action["context"] = {}
        return action
