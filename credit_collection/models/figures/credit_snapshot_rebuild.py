from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.groups import MANAGER
from ...tools.jobs import each_safely, wake


class CreditSnapshotRebuild(models.Model):
    """A request to rebuild the snapshots of past days from the ledger, with its progress."""

    _name = "credit.snapshot.rebuild"
    _inherit = "credit.named.by.day.mixin"
    _description = "Rebuild of Snapshots"
    _order = "id desc"
    _rec_name = "date_from"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
        index="btree_not_null",
    )
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.subtract(self.env.company._credit_today(), years=1),
    )
    date_to = fields.Date(
        "To", required=True, default=lambda self: self.env.company._credit_today()
    )
    state = fields.Selection(
        [("draft", "Draft"), ("running", "Running"), ("done", "Done")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    done_until = fields.Date(readonly=True, copy=False)
    progress = fields.Float(compute="_compute_progress", help="Per cent of the days.")

    @api.depends("state", "done_until", "date_from", "date_to")
    def _compute_progress(self):
        for rebuild in self:
            days = rebuild._days() if rebuild.date_from and rebuild.date_to else []
            done = [day for day in days if rebuild.done_until and day <= rebuild.done_until]
            rebuild.progress = 100.0 * len(done) / len(days) if days else 0.0
            if rebuild.state == "done":
                rebuild.progress = 100.0

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for rebuild in self:
            if rebuild.date_to < rebuild.date_from:
                raise ValidationError(self.env._("The first day must not be after the last one."))
            if rebuild.date_from < fields.Date.subtract(rebuild.date_to, years=20):
                raise ValidationError(self.env._("Rebuild at most twenty years at a time."))

    def _days(self):
        self.ensure_one()
        count = (self.date_to - self.date_from).days + 1
        days = (self.date_from + timedelta(days=number) for number in range(count))
        return [day for day in days if self.env["credit.snapshot"]._is_due(day)]

    def action_start(self):
        """Rebuild in the background; the form shows how far it is."""
        self.check_access("write")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a credit manager can rebuild snapshots."))
        if any(rebuild.state == "running" for rebuild in self):
            raise UserError(self.env._("This is running already."))
        self.write({"state": "running", "done_until": False})
        wake(self.env, "credit_snapshot_rebuild_cron")

    def _step(self):
        """Rebuild the next day; return how many days remain."""
        self.ensure_one()
        days = [day for day in self._days() if not self.done_until or day > self.done_until]
        if days:
            self.env["credit.snapshot"]._take(self.company_id.root_id, days[0])
            self.done_until = days[0]
        if len(days) <= 1:
            self.state = "done"
        return max(len(days) - 1, 0)

    @api.model
    def _cron_rebuild(self):
        """One day after another, committed each, as long as the cron has time."""
        for rebuild in self.search([("state", "=", "running")]):
            remaining = 1
            while remaining:
                left = []
                step = each_safely(
                    rebuild, lambda one, left=left: left.append(one._step()), "Rebuilding snapshots"
                )
                if not step:
                    rebuild.state = "draft"  # the others go on; somebody starts it again
                    break
                remaining = left[0]
                if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                    return
