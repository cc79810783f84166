from odoo import models

# What comes with the add-on for the first company and is copied for each further one.
SHIPPED = {
    "credit.scorecard": ("known", "new", "5c", "5w", "camel"),
    "credit.limit.method": ("trade",),
}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _credit_ship_rating(self):
        """Give these root companies the shipped scorecards and limit methods, unless they have
        some of their own."""
        context = {"lang": "en_US", "tracking_disable": True, "mail_create_nolog": True}
        for model, names in SHIPPED.items():
            Model = self.env[model].sudo().with_context(active_test=False, **context)
            served = Model.search([("company_id", "in", self.ids)]).company_id
            prefix = f"credit_collection.{model.replace('.', '_')}"
            for name in names:
                source = Model.env.ref(f"{prefix}_{name}", raise_if_not_found=False)
                for company in self - served if source else ():
                    copied = source.copy({"company_id": company.id, "name": source.name})
                    source.copy_translations(copied)
                    if "is_example" in Model._fields:
                        copied.is_example = source.is_example
