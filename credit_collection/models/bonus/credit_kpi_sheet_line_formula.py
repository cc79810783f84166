from odoo import api, models

from .credit_formula_list import FORMULAS


class CreditKpiSheetLine(models.Model):
    """The columns of a sheet explain themselves by their formulas."""

    _inherit = "credit.kpi.sheet.line"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        # EXTENDS 'base'
        found = super().fields_get(allfields, attributes)
        if attributes is None or "help" in attributes:
            for entry in FORMULAS:
                if entry.title is None and entry.key in found:
                    found[entry.key]["help"] = self.env["credit.formula"]._text(entry.formula)
        return found
