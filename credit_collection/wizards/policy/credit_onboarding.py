from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import formatLang

from ...tools.environment import without_caller_context
from ...tools.groups import MANAGER, OFFICER

LOOK_BACK = 30


class CreditOnboarding(models.TransientModel):
    """The first day: five steps, each with its state and the way there."""

    _name = "credit.onboarding"
    _description = "First Steps"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
        index="btree_not_null",
    )
    company_name = fields.Char(related="company_id.name")
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_name = fields.Char(related="policy_id.name")
    policy_id = fields.Many2one(related="company_id.credit_default_policy_id")
    observe_only = fields.Boolean(related="policy_id.observe_only")
    holds_nothing = fields.Boolean(related="policy_id.holds_nothing")
    people_done = fields.Boolean(compute="_compute_steps")
    people = fields.Char(compute="_compute_steps")
    policy_done = fields.Boolean(compute="_compute_steps")
    levels_done = fields.Boolean(compute="_compute_steps")
    levels = fields.Char(compute="_compute_steps")
    sender_done = fields.Boolean(compute="_compute_steps")
    sender = fields.Char(compute="_compute_steps")
    trial_orders = fields.Integer("Orders of the Last 30 Days", readonly=True)
    trial_held = fields.Integer("Would Have Been Held", readonly=True)
    trial_amount = fields.Monetary("Their Amount", readonly=True)
    trial_summary = fields.Char(compute="_compute_trial_summary")
    tried = fields.Boolean(readonly=True)

    def _compute_display_name(self):
        for page in self:
            page.display_name = self.env._("First Steps")

    @api.depends("trial_orders", "trial_held", "trial_amount")
    @api.depends_context("lang")
    def _compute_trial_summary(self):
        for page in self:
            page.trial_summary = self.env._(
                "Orders of the last thirty days: %(orders)s. It would have held: %(held)s, "
                "together %(amount)s.",
                orders=page.trial_orders,
                held=page.trial_held,
                amount=formatLang(self.env, page.trial_amount, currency_obj=page.currency_id),
            )

    @api.depends("company_id")
    def _compute_steps(self):
        for page in self:
            company = page.company_id.sudo()
            policy = company.credit_default_policy_id
            page.policy_done = bool(policy) and not policy.holds_nothing
            officers = page._officers()
            page.people_done = bool(officers)
            page.people = ", ".join(officers[:5].mapped("name")) or self.env._("Nobody yet")
            levels = policy.followup_level_ids
            page.levels_done = bool(levels)
            page.levels = " · ".join(
                f"{level.delay:+d} {level.name}" for level in levels.sorted("delay")
            )
            bank = company.partner_id.bank_ids[:1]
            missing = [
                title
                for title, value in (
                    (self.env._("e-mail"), company.email),
                    (self.env._("phone"), company.phone),
                    (self.env._("bank account"), bank),
                )
                if not value
            ]
            page.sender_done = not missing
            page.sender = (
                self.env._("Missing: %s", ", ".join(missing)) if missing else bank.acc_number
            )

    def _officers(self):
        """Who can decide on holds here: managers, and officers with an authority."""
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("all_group_ids", "in", self.env.ref(OFFICER).ids),
                    ("company_ids", "in", self.company_id.ids),
                    ("share", "=", False),
                ]
            )
        )
        return users.filtered(lambda user: not user.credit_needs_authority)

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    @api.model
    def action_open_page(self):
        """Open the page of the company one works in."""
        self._check_manager()
        page = self.create({})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("First Steps"),
            "res_model": self._name,
            "res_id": page.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    @api.model
    def _check_manager(self):
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a credit manager can set up credit control."))

    def action_try(self):
        """Judge the orders of the last thirty days by the policy, as if it had been in force."""
        self.ensure_one()
        trial = self._trial()
        lines = trial.line_ids
        self.sudo().write(
            {
                "tried": True,
                "trial_orders": trial.order_count,
                "trial_held": len(lines),
                "trial_amount": sum(lines.mapped("amount")),
            }
        )
        return False

    def action_show_trial(self):
        """Open the orders that would have been held."""
        self.ensure_one()
        return self._trial()._open_lines()

    def _trial(self):
        self._check_manager()
        trial = self.env["credit.policy.simulation"].create(
            {"policy_id": self.policy_id.id, "months": 1, "customers": "own"}
        )
        trial = without_caller_context(trial, self.company_id)
        start = self.company_id._credit_today() - timedelta(days=LOOK_BACK)
        trial.line_ids.create(trial._prepare_lines(start))
        return trial

    def action_policy(self):
        """Open the company's default policy."""
        self.ensure_one()
        return self.policy_id.get_formview_action()

    def action_sender(self):
        """Open the company, whose address, phone and bank account the letters show."""
        self.ensure_one()
        return self.company_id.partner_id.get_formview_action()

    def action_start_holding(self):
        """From now on the policy holds."""
        self.ensure_one()
        self._check_manager()
        self.policy_id.action_start_holding()
        return False
