from odoo import api, models

from .credit_shipped_text import MODULE


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        # EXTENDS 'base': what was copied for a company is translated with its source
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if MODULE in modules:
            self.env["credit.shipped.text"]._translate_copies(langs)
        return result
