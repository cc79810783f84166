from odoo import api, fields, models

from ...tools.bounds import DAYS


class CreditDisputeReason(models.Model):
    _name = "credit.dispute.reason"
    _description = "Reason of a Dispute"
    _inherit = "credit.bounded"
    _order = "sequence, id"
    _credit_bounds = {
        "days": DAYS,
    }

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    responsible_role = fields.Selection(
        [
            ("salesperson", "Salesperson"),
            ("team_leader", "Sales team leader"),
            ("collector", "Collector"),
            ("officer", "Credit officer"),
            ("user", "Named person"),
        ],
        required=True,
        default="salesperson",
        help="Who has to settle disputes of this kind.",
    )
    user_id = fields.Many2one(
        "res.users", "Person", domain="[('share', '=', False)]", index="btree_not_null"
    )
    sales_at_fault = fields.Boolean(
        "Fault of Sales",
        compute="_compute_sales_at_fault",
        store=True,
        readonly=False,
        precompute=True,
        help="Whether the salesperson has caused disputes of this kind. A bonus scheme can leave "
        "out what is disputed for other reasons.",
    )
    days = fields.Integer("Settle Within (days)", default=7)

    _days_positive = models.Constraint(
        "CHECK(days >= 0)", "The days to settle a dispute cannot be negative."
    )

    @api.depends("responsible_role")
    def _compute_sales_at_fault(self):
        for reason in self:
            reason.sales_at_fault = reason.responsible_role == "salesperson"

    def _owner(self, account, line):
        """Who settles a dispute of this kind on an item: ``res.users``, the user when nobody."""
        self.ensure_one()
        salesperson = line.move_id.invoice_user_id or account.partner_id.user_id
        owner = {
            "salesperson": lambda: salesperson,
            "team_leader": lambda: line.move_id.team_id.user_id,
            "collector": lambda: account._responsible_collector(),
            "officer": lambda: account.effective_policy_id.responsible_id,
            "user": lambda: self.user_id,
        }[self.responsible_role]()
        return account._person(owner, account._responsible_collector()) or self.env.user
