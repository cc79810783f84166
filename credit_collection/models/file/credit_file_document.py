from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.groups import COLLECTOR
from ...tools.numbering import next_number
from ...tools.states import next_state


class CreditFileDocument(models.AbstractModel):
    """A document of one credit file: numbered, of one company, moved from state to state.

    A model says in ``_transitions`` which step leads from which state to which, in ``_results``
    which fields only its steps write, and in ``_sequence`` where its numbers come from.
    """

    _name = "credit.file.document"
    _description = "Document of a Credit File"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.bounded"]

    _transitions = {}
    _results = frozenset()
    _sequence = None

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    account_id = fields.Many2one(
        "credit.account",
        "Credit File",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_by_hand(vals)
            self.env["credit.account"].browse(vals.get("account_id")).check_access("read")
            if vals.get("name", "/") == "/" and self._sequence:
                vals["name"] = next_number(self.env, self._sequence)
        return super(CreditFileDocument, self._without_results()).create(vals_list)

    def write(self, vals):
        self._check_by_hand(vals)
        if not self.env.su and "account_id" in vals:
            raise AccessError(self.env._("The customer of a document does not change."))
        if not self.env.su and "name" in vals:
            # Its number.
            raise AccessError(self.env._("Use the buttons: this is written by their steps alone."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_first(self):
        first = self._fields["state"].get_values(self.env)[0]
        if any(document.state != first for document in self):
            raise UserError(
                self.env._("It is part of the customer's history: cancel or end it instead.")
            )

    @api.model
    def _without_results(self):
        """The model without defaults of a caller's context for what only steps write."""
        closed = {f"default_{name}" for name in (*self._results, "state", "name")}
        context = {key: value for key, value in self.env.context.items() if key not in closed}
        return self.with_env(self.env(context=context))

    @api.model
    def _check_by_hand(self, vals):
        if not self.env.su and (self._results | {"state"}) & vals.keys():
            raise AccessError(self.env._("Use the buttons: this is written by their steps alone."))

    def _check_role(self, group=COLLECTOR):
        """Refuse whoever lacks the group or may not write these documents."""
        self.check_access("write")
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "This takes the role %(role)s.", role=self.env.ref(group).sudo().full_name
                )
            )

    def _move(self, step, vals=None):
        """Move the documents along ``_transitions``, writing ``vals`` with the new state.

        :raise UserError: when one of them is in no state for the step
        """
        for document in self.sudo():
            state = next_state(document, self._transitions, step)
            document.write({**(vals or {}), "state": state})

    def _own_items(self, lines):
        """Those of the journal items that this document's customer owes or owed."""
        self.ensure_one()
        document = self.sudo()
        return lines.sudo().filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and line.parent_state == "posted"
                and line.partner_id.commercial_partner_id == document.partner_id
                and line.company_id.root_id == document.company_id
            )
        )
