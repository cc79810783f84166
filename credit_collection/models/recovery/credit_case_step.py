from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from ...tools.papers import claim_papers


class CreditCaseStep(models.Model):
    """A stage of one case, with its day and what came of it."""

    _name = "credit.case.step"
    _description = "Step of a Case"
    _order = "case_id, sequence, id"

    case_id = fields.Many2one("credit.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    stage_id = fields.Many2one(
        "credit.case.stage", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    sequence = fields.Integer(readonly=True)
    name = fields.Char(required=True)
    deadline = fields.Date()
    next_step = fields.Char("To Do")
    done_on = fields.Date(readonly=True)
    done_by_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
    outcome = fields.Char()
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "credit_case_step_attachment_rel",
        "step_id",
        "attachment_id",
        string="Documents",
    )
    state = fields.Selection(
        [("waiting", "To Do"), ("done", "Done"), ("skipped", "Left Out")],
        default="waiting",
        required=True,
        readonly=True,
    )

    def write(self, vals):
        results = {"state", "done_on", "done_by_id", "case_id", "stage_id"}
        if not self.env.su and results & vals.keys():
            raise AccessError(self.env._("Use Done on the case."))
        result = super().write(vals)
        if "attachment_ids" in vals:
            claim_papers(self, "attachment_ids")
        return result

    def action_skip(self):
        """This stage is not needed."""
        self.check_access("write")
        for step in self.filtered(lambda each: each.state == "waiting"):
            step.sudo().state = "skipped"
        self.case_id._follow()

    def _done(self, today):
        self.write({"state": "done", "done_on": today, "done_by_id": self.env.uid})
        if self.stage_id.event:
            self.env["credit.limitation.event"].create(
                {
                    "account_id": self.case_id.account_id.id,
                    "case_id": self.case_id.id,
                    "kind": self.stage_id.event,
                    "date": today,
                    "move_line_ids": [Command.set(self.case_id.move_line_ids.ids)],
                    "note": f"{self.case_id.name}: {self.name}",
                }
            )
