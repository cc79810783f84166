from odoo import api, models
from odoo.tools.misc import format_date


class CreditNamedByDay(models.AbstractModel):
    """A model whose records are named by a day: they show it as the reader writes days."""

    _name = "credit.named.by.day.mixin"
    _description = "Named by a Day"

    @api.depends(lambda self: (self._rec_name,) if self._rec_name else ())
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            record.display_name = format_date(self.env, record[self._rec_name])
