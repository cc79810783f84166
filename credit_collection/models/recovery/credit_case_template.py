from odoo import fields, models

from ...tools.bounds import DAYS
from .credit_limitation_event import RECORDED

ROADS = [
    ("court", "Court"),
    ("agency", "Agency"),
    ("insolvency", "Insolvency"),
]


class CreditCaseTemplate(models.Model):
    """The stages of a road: what comes after what, within how many days."""

    _name = "credit.case.template"
    _description = "Road of a Case"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    road = fields.Selection(ROADS, required=True, default="court")
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Leave empty for all companies."
    )
    stage_ids = fields.One2many("credit.case.stage", "template_id", "Stages", copy=True)


class CreditCaseStage(models.Model):
    """A stage of a road."""

    _name = "credit.case.stage"
    _description = "Stage of a Road"
    _inherit = "credit.bounded"
    _order = "template_id, sequence, id"
    _credit_bounds = {"days": DAYS}

    template_id = fields.Many2one(
        "credit.case.template", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    days = fields.Integer("Within (Days)", default=14, help="From the stage before.")
    next_step = fields.Char(translate=True, help="What has to be done in this stage.")
    event = fields.Selection(
        RECORDED, "Stops the Clock As", help="Recorded for limitation on the day it is done."
    )
    weigh = fields.Boolean(
        "Costs Money", default=True, help="Before it, the case says whether it is worth it."
    )
