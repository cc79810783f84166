from odoo import models
from odoo.exceptions import AccessError, UserError

from ...tools.jobs import wake


class CreditAccount(models.Model):
    """A hold on a whole customer, set and lifted by hand."""

    _inherit = "credit.account"

    def action_set_manual_hold(self, reason=None):
        """Hold every new document of these customers until somebody lifts it.

        :param str reason: shown to salespeople, required
        """
        self._check_may_hold()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the customer is put on hold."))
        self.sudo().write({"manual_hold": True, "manual_hold_reason": reason})
        wake(self.env, "credit_shipment_cron")

    def action_lift_manual_hold(self):
        """End the manual hold and look at the held documents again."""
        self._check_may_hold()
        self.sudo().write({"manual_hold": False, "manual_hold_reason": False})
        self._wake_holds()

    def _check_may_hold(self):
        self.check_access("write")
        if not self.env.user.has_group("credit_collection.credit_collection_group_officer"):
            raise AccessError(
                self.env._("Only a credit officer can put a customer on hold or lift a hold.")
            )
