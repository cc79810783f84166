from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...core.criterion import RATIO
from ...tools.groups import MANAGER


class CreditBonusSimulation(models.TransientModel):
    """What if the norm were another one?  Nothing is changed."""

    _name = "credit.bonus.simulation"
    _description = "Bonus Simulation"
    _inherit = "credit.bounded"

    sheet_id = fields.Many2one(
        "credit.kpi.sheet", required=True, readonly=True, index="btree_not_null"
    )
    currency_id = fields.Many2one(related="sheet_id.currency_id")
    figure = fields.Selection(
        selection=lambda self: self.env["credit.bonus.criterion"]._figure_titles(),
        required=True,
        default="overdue_to_turnover",
    )
    norm = fields.Float("Norm Instead", required=True, default=0.12, digits=(16, 4))
    line_ids = fields.One2many(
        "credit.bonus.simulation.line", "simulation_id", compute="_compute_line_ids", store=True
    )
    total_now = fields.Monetary("Bonuses Now", compute="_compute_totals")
    total_then = fields.Monetary("Bonuses Then", compute="_compute_totals")

    @api.depends("figure", "norm", "sheet_id")
    def _compute_line_ids(self):
        for simulation in self:
            simulation.line_ids = [fields.Command.clear()] + [
                fields.Command.create(values) for values in simulation._simulate()
            ]

    @api.depends("line_ids.bonus_now", "line_ids.bonus_then")
    def _compute_totals(self):
        for simulation in self:
            simulation.total_now = sum(simulation.line_ids.mapped("bonus_now"))
            simulation.total_then = sum(simulation.line_ids.mapped("bonus_then"))

    @api.constrains("norm")
    def _check_norm(self):
        if any(simulation.norm <= 0 for simulation in self):
            raise ValidationError(self.env._("The norm must be above 0."))

    def _simulate(self):
        """The sheet's lines with a bonus, as they are and with the other norm."""
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a credit manager can simulate bonuses."))
        # The lines are computed as superuser.
        self.sheet_id.sudo(False).check_access("read")
        if self.norm <= 0:
            return
        for line in self.sheet_id.line_ids.filtered("scheme_id"):
            scheme = line.scheme_id
            results = line.results
            known = any(c.figure == self.figure and c.measure == RATIO for c in scheme._criteria())
            statement = scheme._statement(
                line.received,
                results,
                line.sheet_id.company_id,
                line.date_to,
                {self.figure: self.norm} if known else None,
            )
            yield {
                "user_id": line.user_id.id,
                "kind": line.kind,
                "result": results[self.figure] or 0,
                "bonus_now": line.bonus,
                "bonus_then": float(statement.total) if statement else 0,
            }

    def _action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What if the norm were another one?"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class CreditBonusSimulationLine(models.TransientModel):
    """One person's bonus now and with the other norm."""

    _name = "credit.bonus.simulation.line"
    _description = "Bonus Simulation Line"

    simulation_id = fields.Many2one(
        "credit.bonus.simulation",
        required=True,
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    user_id = fields.Many2one("res.users", "Person", readonly=True, index="btree_not_null")
    kind = fields.Selection(
        [("salesperson", "Salesperson"), ("leader", "Team leader")], readonly=True
    )
    result = fields.Float(readonly=True, digits=(16, 4))
    bonus_now = fields.Monetary(readonly=True)
    bonus_then = fields.Monetary(readonly=True)
    difference = fields.Monetary(compute="_compute_difference")

    @api.depends("bonus_now", "bonus_then")
    def _compute_difference(self):
        for line in self:
            line.difference = line.bonus_then - line.bonus_now
