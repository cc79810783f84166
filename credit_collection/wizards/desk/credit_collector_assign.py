from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CreditCollectorAssign(models.TransientModel):
    """Give many customers to one collector."""

    _name = "credit.collector.assign"
    _description = "Assign a Collector"

    account_ids = fields.Many2many("credit.account", string="Customers", required=True)
    account_count = fields.Integer("Customers to Assign", compute="_compute_account_count")
    collector_id = fields.Many2one(
        "res.users",
        domain=lambda self: self.env["credit.account"]._collector_domain(),
        help="Leave empty to take the customers from their collectors.",
        index="btree_not_null",
    )

    @api.depends("account_ids")
    def _compute_account_count(self):
        for wizard in self:
            wizard.account_count = len(wizard.account_ids)

    def action_assign(self):
        """Assign all in slices with a progress bar, drawn by the client."""
        self.ensure_one()
        self._check_may_assign()
        if not self.account_ids:
            raise UserError(self.env._("Choose the customers to assign."))
        self.account_ids.check_access("write")
        return {
            "type": "ir.actions.client",
            "tag": "credit_collection.in_slices",
            "name": self.env._("Assigning customers"),
            "target": "new",
            "params": {
                "model": "credit.collector.assign",
                "method": "assign_slice",
                "args": [self.collector_id.id],
                "ids": self.account_ids.ids,
                "size": 100,
            },
        }

    @api.model
    def assign_slice(self, account_ids, collector_id):
        """Assign some files to a collector; what an attacker may not write stays as it is.

        :param account_ids: ids of ``credit.account``
        :param collector_id: id of ``res.users``, false for nobody
        :return: how many were assigned
        """
        self._check_may_assign()
        accounts = self.env["credit.account"].browse(account_ids).exists()
        accounts.check_access("write")
        collector = self.env["res.users"].browse(collector_id or [])
        accounts.filtered(lambda file: file.collector_id != collector).write(
            {"collector_id": collector.id}
        )
        return len(accounts)

    def _check_may_assign(self):
        if not self.env.user.has_group("credit_collection.credit_collection_group_collector"):
            raise AccessError(self.env._("Only a collector can assign customers."))
