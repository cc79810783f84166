from odoo import api, fields, models, tools
from odoo.exceptions import AccessError

from ...core import behaviour
from ...tools.jobs import each_safely
from ...tools.registry_cache import clear_registry_cache


class CreditRecoveryPoint(models.Model):
    """The company's own chance of payment by age, learnt from its ledger by night.

    Until 200 items have come to their end there are no points: the published curve stands in.
    """

    _name = "credit.recovery.point"
    _description = "Chance of Payment by Age"
    _order = "company_id, age"
    _rec_name = "age"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    age = fields.Integer("Days Late", required=True, readonly=True, aggregator=None)
    chance = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(6, 4),
        help="Of what is still unpaid at this age, the share that is paid in the end.",
    )
    published = fields.Float(
        "Published Curve", readonly=True, aggregator="avg", digits=(6, 4), help="For comparison."
    )
    learnt_on = fields.Date(readonly=True)

    _age_uniq = models.UniqueIndex("(company_id, age)", "There is one chance for each age.")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("The curve is learnt from the ledger, by night."))
        return super().create(vals_list)

    @api.model
    def _learn(self, company, today):
        """Replace the company's points by what its ledger says today."""
        curve = self.env["credit.behaviour"]._learnt_curve(company, today)
        points = self.sudo()
        points.search([("company_id", "=", company.id)]).unlink()
        points.create(
            [
                {
                    "company_id": company.id,
                    "age": age,
                    "chance": chance,
                    "published": behaviour.recovery_probability(age),
                    "learnt_on": today,
                }
                for age, chance in curve or ()
            ]
        )
        clear_registry_cache(self.env)

    @api.model
    @tools.ormcache()
    def _curves(self):
        """``{company id: ((age, chance), ...)}`` of companies that have a curve of their own."""
        found = {}
        for point in self.sudo().search([], order="company_id, age"):
            found.setdefault(point.company_id.id, []).append((point.age, point.chance))
        return {company_id: tuple(points) for company_id, points in found.items()}

    @api.model
    def _cron_learn(self):
        """Learn every company's curve anew; a company that fails keeps the one it had."""

        def learn(company):
            self._learn(company, company._credit_today())

        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        each_safely(companies, learn, "Chance of payment")
