from odoo import models


class CreditAccount(models.Model):
    """What becomes of credit files when customers are merged or join another company."""

    _inherit = "credit.account"

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
                file.partner_id = partner
                file._sync_native_limit()

    def _absorb(self, other):
        """Take over everything that another file of the same company holds, and delete it.

        A hold set by hand stays a hold.  A file that has limits of its own keeps to them: those
        of the other become history, because two customers' credit is not to be added up unseen.
        """
        self.ensure_one()
        if other.limit_ids.filtered(lambda limit: limit.state == "approved"):
            self._settle_limits(other)
        hold = {}
        if other.manual_hold and not self.manual_hold:
            hold = {"manual_hold": True, "manual_hold_reason": other.manual_hold_reason}
        if other.policy_id and not self.policy_id:
            hold["policy_id"] = other.policy_id.id
        name = other.display_name
        self._take_references(other)
        other.unlink()
        self.write(hold)
        self.modified(["partner_id"])
        self.message_post(body=self.env._("The credit file of %s was merged into this one.", name))
        self._sync_native_limit()
        self._wake_holds()

    def _settle_limits(self, other):
        """Make the other file's approved limits history where this file has its own."""
        if self.limit_ids.filtered(lambda limit: limit.state == "approved"):
            approved = other.limit_ids.filtered(lambda limit: limit.state == "approved")
            approved._move("supersede")

    def _take_references(self, other):
        """Point everything that names the other file to this one, as Odoo's own merge does."""
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        self.env.flush_all()
        wizard._update_foreign_keys_generic("credit.account", other, self)
        wizard._update_reference_fields_generic("credit.account", other, self)
        self.env.invalidate_all()
