from odoo import fields, models

from .res_company import ORDERS


class CreditPolicy(models.Model):
    _inherit = "credit.policy"

    interest_rule_id = fields.Many2one(
        "credit.interest.rule",
        ondelete="restrict",
        domain="[('company_id', 'in', [False, company_id])]",
        help="What late payment costs the customers of this policy. Empty: the company's rule.",
        index="btree_not_null",
    )
    settlement_order = fields.Selection(
        ORDERS,
        "Order of Settlement",
        help="Which debts of these customers money pays first when it does not say what it is "
        "for. Empty: as the company's settings say.",
    )
