from odoo import api, models

from ...tools.registry_cache import clear_registry_cache


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    # What was matched after a day is what rebuilds that day: see credit.open.item.
    _credit_max_date_idx = models.Index("(max_date)")

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env["credit.undone.match"]._forget(partials)
        lines = (partials.debit_move_id | partials.credit_move_id).sudo()
        if any(line.parent_state != "posted" for line in lines):
            clear_registry_cache(self.env)
        partials._credit_wake()
        return partials

    def unlink(self):
        if not self:
            return super().unlink()
        lines = (self.debit_move_id | self.credit_move_id).exists()
        self.env["credit.undone.match"]._remember(self)
        result = super().unlink()
        lines._credit_wake()
        return result

    def _credit_wake(self):
        (self.debit_move_id | self.credit_move_id)._credit_wake()
