from odoo import api
from odoo.addons.credit_collection.models.policy.credit_policy import CreditPolicy

made_otherwise = CreditPolicy.create


@api.model_create_multi
def create(self, vals_list):
    return made_otherwise(self, [{**vals, "observe_only": True} for vals in vals_list])


CreditPolicy.create = create
