from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...core.dunning import PolicySettings
from ...tools.reasons import reason
from .credit_followup_level import SETS


class CreditPolicy(models.Model):
    """The follow-up part of a policy: its levels and what holds for all of them."""

    _inherit = "credit.policy"

    followup_level_ids = fields.One2many(
        "credit.followup.level", "policy_id", string="Follow-up Levels", copy=True
    )
    followup_set = fields.Selection(SETS, "Shipped Levels", help="Levels to load into this policy.")
    followup_automatic = fields.Boolean(
        "Send Without Approval",
        help="Off: every message waits until somebody approves it. On: only those of levels that "
        "ask for it, and for these it takes a credit manager.",
    )
    followup_start_at_age = fields.Boolean(
        "Start Old Debts at Their Age",
        help="An item that never had a level starts at the highest one that has come, instead of "
        "the lowest.",
    )
    followup_per_address = fields.Boolean(
        "One Letter for Each Invoice Address",
        help="A customer whose invoices are addressed to several plants or branches gets a letter "
        "for each of them, with its own items. A customer's file can say otherwise.",
    )
    statement_monthly = fields.Boolean(
        "Monthly Statements",
        help="Customers of this policy get a statement of open items each month, unless their own "
        "file says otherwise.",
    )
    followup_legal_user_id = fields.Many2one(
        "res.users",
        "Legal Matters",
        domain="[('share', '=', False)]",
        help="Who takes over the customers whose debt is handed to the legal department.",
        index="btree_not_null",
    )
    followup_minimum = fields.Monetary(
        "Follow-up Minimum", help="Customers who owe less than this are left alone."
    )
    bank_data_max_days = fields.Integer(
        "Bank Data At Most (days)",
        help="Follow-up stops when the latest bank statement is older than this, so that nobody "
        "is asked for money that has come already. Zero does not look.",
    )

    ladder_warning = fields.Text(compute="_compute_ladder_warning")

    _followup_positive = models.Constraint(
        "CHECK(COALESCE(followup_minimum, 0) >= 0 AND COALESCE(bank_data_max_days, 0) >= 0)",
        "The minimum and the age of bank data cannot be negative.",
    )

    @api.depends(
        "followup_level_ids.delay", "followup_level_ids.answer_days", "followup_level_ids.name"
    )
    def _compute_ladder_warning(self):
        """Where a level comes before the days have passed that the one before it grants."""
        for policy in self:
            levels = policy.followup_level_ids.sorted(lambda level: (level.delay, level.sequence))
            policy.ladder_warning = (
                "\n".join(
                    self.env._(
                        "“%(level)s” grants %(granted)s working days, about %(days)s days, and "
                        "“%(next)s” comes %(gap)s days later. It waits until they have passed.",
                        level=level.name,
                        granted=level.answer_days,
                        days=level._granted_days(),
                        next=following.name,
                        gap=following.delay - level.delay,
                    )
                    for level, following in zip(levels, levels[1:], strict=False)
                    if level._granted_days() > following.delay - level.delay
                )
                or False
            )

    def action_load_followup_levels(self):
        """Replace the levels by the chosen shipped set; levels already used are archived."""
        self.check_access("write")
        if not self.env.user.has_group("credit_collection.credit_collection_group_manager"):
            raise AccessError(self.env._("Only a credit manager can change follow-up levels."))
        for policy in self.filtered("followup_set"):
            used = (
                self.env["credit.followup.line"]
                .sudo()
                .search([("level_id", "in", policy.followup_level_ids.ids)])
                .level_id
            )
            used |= (
                self.env["credit.followup"]
                .sudo()
                .search([("level_id", "in", policy.followup_level_ids.ids)])
                .level_id
            )
            (policy.followup_level_ids - used).unlink()
            used.active = False
            policy._copy_level_set(policy.followup_set)

    def _copy_level_set(self, template_set):
        """Copy the levels of a shipped set, translations included, into these policies."""
        shipped = (
            self.env["credit.followup.level"].sudo().search([("template_set", "=", template_set)])
        )
        for policy in self:
            for level in shipped:
                level.copy({"policy_id": policy.id})
        self.invalidate_recordset(["followup_level_ids"])

    def _dunning_settings(self):
        """The policy's levels and switches as plain values for planning."""
        self.ensure_one()
        levels = (
            self.env["credit.followup.level"]
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "=", self.company_id.id)])
        )
        return PolicySettings(
            levels=levels._to_core(self),
            start_at_age=self.followup_start_at_age,
            minimum=self.followup_minimum,
            promise_tolerance_days=self.promise_tolerance_days,
            digits=self.currency_id.decimal_places,
        )

    def _bank_data_stop(self, today):
        """Why old bank data stops the follow-up of these policies on ``today``.

        :return: {policy: kept reason} of those that are stopped
        """
        stops = {}
        for policy in self.filtered("bank_data_max_days"):
            latest = policy._latest_statement_date()
            if latest is None:
                stops[policy] = reason("no_statement", policy=policy.name)
            elif latest < today - timedelta(policy.bank_data_max_days):
                stops[policy] = reason(
                    "old_statement", policy=policy.name, on=latest, days=policy.bank_data_max_days
                )
        return stops

    def _latest_statement_date(self):
        """The day of the latest bank transaction of the company, branches included."""
        [(latest,)] = self.env.execute_query(
            SQL(
                """
                SELECT MAX(move.date)
                  FROM account_bank_statement_line line
                  JOIN account_move move ON move.id = line.move_id AND move.state = 'posted'
                  JOIN account_journal journal ON journal.id = line.journal_id
                 WHERE journal.type = 'bank' AND %s = %s
                """,
                self.env["res.company"]._credit_root_sql(SQL("line.company_id")),
                self.company_id.id,
            )
        )
        return latest

    @api.model
    def _load_shipped_levels(self):
        """Give new policies the levels of the shipped set that they name."""
        for policy in self:
            if policy.followup_set and not policy.followup_level_ids:
                policy._copy_level_set(policy.followup_set)
