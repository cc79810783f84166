from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools.environment import without_caller_context
from ...tools.groups import COLLECTOR
from ...tools.reasons import Reason, say

PLAN_SLICE = 500
COUNTS = ("draft", "queued", "sent", "failed", "cancelled")


class CreditFollowupRun(models.Model):
    """One day's follow-up of a company: what was planned, what came of it, what went wrong."""

    _name = "credit.followup.run"
    _inherit = "credit.named.by.day.mixin"
    _description = "Follow-up Run"
    _order = "date desc, id desc"
    _rec_name = "date"

    date = fields.Date(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    started_on = fields.Datetime(readonly=True)
    ended_on = fields.Datetime(readonly=True)
    stopped_reason = Reason("Stopped", readonly=True)
    followup_ids = fields.One2many("credit.followup", "run_id", string="Messages")
    planned_count = fields.Integer("Planned", compute="_compute_counts")
    draft_count = fields.Integer("To Approve", compute="_compute_counts")
    queued_count = fields.Integer("To Send", compute="_compute_counts")
    sent_count = fields.Integer("Sent", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    cancelled_count = fields.Integer("Cancelled", compute="_compute_counts")
    errors = fields.Text("What Went Wrong", compute="_compute_errors")

    _once_a_day = models.UniqueIndex(
        "(company_id, date)", "A company's follow-up has one run a day."
    )

    @api.depends("followup_ids.state")
    def _compute_counts(self):
        groups = self.env["credit.followup"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        counts = {(run.id, state): count for run, state, count in groups}
        for run in self:
            for state in COUNTS:
                run[f"{state}_count"] = counts.get((run._origin.id, state), 0)
            run.planned_count = sum(run[f"{state}_count"] for state in COUNTS)

    @api.depends("followup_ids.failure_reason")
    def _compute_errors(self):
        for run in self:
            failed = run.followup_ids.filtered(lambda followup: followup.state == "failed")
            run.errors = "\n".join(
                f"{followup.partner_id.display_name}: {followup.failure_reason or ''}"
                for followup in failed[:200]
            )

    @api.model
    def _of_day(self, company, today):
        """The run of a company and day, made when missing; any number of workers share it."""
        found = self.search([("company_id", "=", company.id), ("date", "=", today)])
        if found:
            return found
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO credit_followup_run
                       (company_id, date, started_on, create_uid, create_date)
                VALUES (%(company)s, %(today)s, now() AT TIME ZONE 'UTC', %(user)s,
                        now() AT TIME ZONE 'UTC')
                ON CONFLICT (company_id, date) DO NOTHING
                """,
                company=company.id,
                today=today,
                user=self.env.uid,
            ),
            log_exceptions=False,
        )
        return self.search([("company_id", "=", company.id), ("date", "=", today)])

    def action_open_messages(self):
        """The messages of this run."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_followup_action"
        )
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}

    @api.model
    def action_plan_now(self):
        """Plan today's messages of the user's company now, instead of waiting for the night."""
        self._check_may_plan()
        company = self.env.company.root_id
        Followup = without_caller_context(self.env["credit.followup"].sudo(), company)
        policies = Followup._policies(company).filtered("followup_level_ids")
        stopped = policies._bank_data_stop(company.sudo()._credit_today())
        if policies and len(stopped) == len(policies):
            raise UserError("\n".join(say(self.env, why) for why in stopped.values()))
        owing = (
            self.env["credit.position"]
            .sudo()
            .with_context(as_of=None)
            ._search([("company_id", "=", company.id), ("receivable", ">", 0)])
        )
        account_ids = [row[0] for row in self.env.execute_query(owing.select())]
        if len(account_ids) > PLAN_SLICE:
            return self._plan_in_slices(account_ids)
        planned = self._plan_today(company)
        if not planned and stopped:
            raise UserError("\n".join(say(self.env, why) for why in stopped.values()))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if planned else "info",
                "message": self.env._("%(count)s new messages.", count=len(planned)),
                "next": self.env["ir.actions.act_window"]._for_xml_id(
                    "credit_collection.credit_followup_action"
                ),
            },
        }

    @api.model
    def plan_slice(self, account_ids):
        """Plan today's messages of some credit files of the user's company.

        :param account_ids: ids of ``credit.account``; those of other companies are left alone
        :return: list of [label, count]
        """
        self._check_may_plan()
        company = self.env.company.root_id
        accounts = self.env["credit.account"].browse(account_ids).exists()
        accounts.check_access("read")
        planned = self._plan_today(
            company, accounts.sudo().filtered(lambda file: file.company_id == company)
        )
        return [[self.env._("New messages"), len(planned)]] if planned else []

    @api.model
    def _plan_today(self, company, accounts=None):
        """Plan a company's messages of today, or those of some files (sudo), in today's run."""
        today = company.sudo()._credit_today()
        run = self.sudo()._of_day(company, today)
        Followup = without_caller_context(self.env["credit.followup"].sudo(), company)
        return Followup._plan(company, today, accounts, run)

    @api.model
    def _check_may_plan(self):
        if not self.env.user.has_group(COLLECTOR):
            raise AccessError(self.env._("Only a collector can plan follow-up messages."))

    @api.model
    def _plan_in_slices(self, account_ids):
        """The action that plans for these files, slice by slice."""
        return {
            "type": "ir.actions.client",
            "tag": "credit_collection.in_slices",
            "name": self.env._("Planning messages"),
            "target": "new",
            "params": {
                "model": self._name,
                "method": "plan_slice",
                "ids": account_ids,
                "size": PLAN_SLICE,
            },
        }
