from odoo import fields, models


class CreditAccount(models.Model):
    """What becomes of credit files when customers are merged or join another company."""

    _inherit = "credit.account"

    came_from_id = fields.Many2one(
        "res.partner",
        "Came With",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The customer whose file this was before it joined another company; it goes back "
        "with it.",
    )

    def _has_weight(self):
        """Whether something hangs on the file: a hold, a limit, a policy of its own, debts."""
        self.ensure_one()
        return bool(
            self.manual_hold
            or self.policy_id
            or self.limit_ids.filtered(lambda limit: limit.state in ("requested", "approved"))
            or self.hold_ids.filtered(lambda hold: hold.state == "held")
            or not self.currency_id.is_zero(self._position(("exposure",)).exposure)
        )

    def _come_back(self):
        """Give these files back to the customers they came with."""
        for file in self.sudo():
            customer = file.came_from_id
            own = self._of_pairs({(customer.id, file.company_id.id)})
            file.came_from_id = False
            if own:
                own._absorb(file)
            else:
                file.partner_id = customer
                file._sync_native_limit()

    def _move_to(self, partner):
        """Let these files be those of ``partner``, or of what ``partner`` belongs to.

        A file that the partner has already in the same company takes the moved one over; of
        several, the oldest comes first.
        """
        partner = partner.commercial_partner_id
        for file in self.sudo().sorted("id"):
            own = self._of_pairs({(partner.id, file.company_id.id)})
            if own:
                own._absorb(file)
            else:
                file.write({"came_from_id": file.partner_id.id, "partner_id": partner.id})
                file._sync_native_limit()

    def _absorb(self, other):
        """Take over everything that another file of the same company holds, and delete it.

        A hold set by hand stays a hold.  A file that has limits of its own keeps to them: those
        of the other become history, because two customers' credit is not to be added up unseen.
        """
        self.ensure_one()
        other._end_waiting_messages()
        if self.limit_ids.filtered(lambda limit: limit.state == "approved"):
            other.limit_ids.filtered(lambda limit: limit.state == "approved")._move("supersede")
        kept = {}
        if other.manual_hold and not self.manual_hold:
            kept = {"manual_hold": True, "manual_hold_reason": other.manual_hold_reason}
        if other.policy_id and not self.policy_id:
            kept["policy_id"] = other.policy_id.id
        name = other.display_name
        other._merge_into(self)
        self.write(kept)
        self.modified(["partner_id"])
        self.message_post(body=self.env._("The credit file of %s was merged into this one.", name))
        self._sync_native_limit()
        self._wake_holds()

    def _merge_into(self, kept):
        """Move everything of these files (sudo) to another file of the company, and delete them.

        Messages that wait are cancelled: the next plan looks at the merged customer.
        """
        self._end_waiting_messages()
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        audited = {
            Model._name: Model.search([("account_id", "in", self.ids)]).ids
            for Model in self.env["credit.audit.entry"]._audited_models()
            if "account_id" in Model._fields
        }
        wizard._update_foreign_keys_generic(self._name, self, kept)
        wizard._update_reference_fields_generic(self._name, self, kept)
        self.env.invalidate_all()
        for name, ids in audited.items():
            self.env[name].browse(ids)._audit("merged")
        self.unlink()
