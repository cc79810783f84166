from odoo import fields, models


class CreditPolicy(models.Model):
    """What chasing costs, to say when a call is worth it."""

    _inherit = "credit.policy"

    call_cost = fields.Monetary(
        "Cost of a Call", default=10.0, help="What the next step of chasing costs, on average."
    )

    _call_cost_positive = models.Constraint(
        "CHECK(COALESCE(call_cost, 0) >= 0)", "The cost of a call cannot be negative."
    )
