from odoo import api, models
from odoo.exceptions import ValidationError

from . import sale_order_guard, sale_order_line

# Besides what is read-only in the credit models themselves.
WORKED_OUT = {
    "sale.order": sale_order_guard.RESULTS,
    "sale.order.line": sale_order_line.RESULTS,
}


class IrDefault(models.Model):
    """Everybody may choose defaults of their own, and a default sets read-only fields too."""

    _inherit = "ir.default"

    @api.constrains("field_id")
    def _check_credit_field(self):
        for default in self.sudo():
            name, field = default.field_id.model, default.field_id
            decided = name.startswith("credit.") and field.readonly
            if decided or field.name in WORKED_OUT.get(name, ()):
                raise ValidationError(
                    self.env._(
                        "%(field)s is worked out and cannot have a default value.",
                        field=field.field_description,
                    )
                )
