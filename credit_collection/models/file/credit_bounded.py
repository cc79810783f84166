from odoo import api, models

from ...tools.bounds import refuse_out_of_bounds


class CreditBounded(models.AbstractModel):
    """A model whose numbers have bounds, see :mod:`..tools.bounds`."""

    _name = "credit.bounded"
    _description = "Numbers With Bounds"
    # {field: (least, most)}
    _credit_bounds = {}

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            refuse_out_of_bounds(self, vals)
        return super().create(vals_list)

    def write(self, vals):
        refuse_out_of_bounds(self, vals)
        return super().write(vals)
