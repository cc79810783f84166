from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_date

from ...core import schedule
from ...tools.groups import MANAGER


class CreditPlan(models.Model):
    """Who may accept a plan, by its amount and its length."""

    _inherit = "credit.plan"

    def _may_accept(self, user):
        """Whether the amount and the length of the plan are within a user's authority."""
        self.ensure_one()
        if user.has_group(MANAGER) and self.company_id in user.sudo().company_ids.root_id:
            return True
        return bool(
            self.last_date
            and user._has_credit_authority(self.planned, self.currency_id, self.company_id)
            and self.last_date <= self._latest_of_officers()
        )

    def _latest_of_officers(self):
        policy = self.account_id.sudo().effective_policy_id
        today = self.company_id._credit_today()
        return schedule.add_months(today, policy.plan_officer_months)

    @api.depends("planned", "last_date", "currency_id", "account_id")
    @api.depends_context("uid")
    def _compute_may_accept(self):
        for plan in self:
            plan.may_accept = bool(
                plan.last_date and plan.account_id and plan._may_accept(self.env.user)
            )

    def action_ask(self):
        """Ask somebody who may to accept the plan; the letters wait for nobody meanwhile."""
        self.ensure_one()
        self.check_access("write")
        self._check_collector()
        self._check_open()
        self._check_complete()
        request = self.env["credit.request"]._ask(
            self.account_id,
            kind="plan",
            plan_id=self.id,
            currency_id=self.currency_id.id,
            amount=self.planned,
            until=self.last_date,
            note=self.note,
        )
        return request._told()

    def _check_authority(self):
        self.ensure_one()
        user = self.env.user
        if self._may_accept(user):
            return
        if not user._has_credit_authority(self.planned, self.currency_id, self.company_id):
            raise AccessError(
                self.env._(
                    "A plan over %s is above what you may decide. Ask a credit manager.",
                    self.currency_id.format(self.planned),
                )
            )
        raise AccessError(
            self.env._(
                "You may accept plans of up to %(months)s months, until %(date)s. Ask a credit "
                "manager.",
                months=self.account_id.sudo().effective_policy_id.plan_officer_months,
                date=format_date(self.env, self._latest_of_officers()),
            )
        )
