from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import format_date

from ...core import kpi


class CreditCashPlan(models.Model):
    """The cash that a salesperson should bring in a month, and what it is made of."""

    _name = "credit.cash.plan"
    _description = "Cash Plan"
    _inherit = "credit.bounded"
    _order = "month desc, user_id, id"
    _rec_name = "user_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        required=True,
        domain="[('share', '=', False)]",
        index="btree_not_null",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    month = fields.Date(
        required=True,
        default=lambda self: fields.Date.start_of(self.env.company._credit_today(), "month"),
        help="Any day of the month; it is kept as its first day.",
    )
    due = fields.Monetary("Falling Due", help="Receivables that fall due within the month.")
    overdue = fields.Monetary(help="Receivables overdue at the beginning of the month.")
    sales_plan = fields.Monetary()
    deferral_days = fields.Float(
        "Average Deferral (days)", help="Days of credit that the month's sales get on average."
    )
    prepaid = fields.Monetary("Prepayments Planned")
    method = fields.Selection(
        selection=lambda self: self.env["res.company"]._credit_cash_plan_methods(),
        required=True,
        default=lambda self: self.env.company.root_id.credit_cash_plan_method,
    )
    planned = fields.Monetary("Cash Plan", compute="_compute_planned", store=True)
    locked = fields.Boolean(compute="_compute_locked", help="A closed sheet rests on this plan.")

    _user_month_uniq = models.UniqueIndex(
        "(company_id, user_id, month)", "A salesperson has only one cash plan per month."
    )

    @api.depends("user_id")
    def _compute_team_id(self):
        for plan in self:
            plan.team_id = plan.user_id.sale_team_id

    @api.depends("due", "overdue", "sales_plan", "deferral_days", "prepaid", "method")
    def _compute_planned(self):
        for plan in self:
            plan.planned = plan.currency_id.round(
                kpi.cash_plan(
                    plan.due,
                    plan.overdue,
                    plan.sales_plan,
                    max(plan.deferral_days, 0),
                    plan.prepaid,
                    plan.method or "published",
                )
            )

    @api.depends("company_id", "month")
    def _compute_locked(self):
        closed = (
            self.env["credit.kpi.sheet"]
            .sudo()
            .search([("company_id", "in", self.company_id.ids), ("state", "=", "closed")])
        )
        for plan in self:
            plan.locked = any(
                sheet.company_id == plan.company_id
                and plan.month
                and fields.Date.start_of(sheet.date_from, "month") <= plan.month <= sheet.date_to
                for sheet in closed
            )

    @api.constrains("deferral_days")
    def _check_deferral_days(self):
        if any(plan.deferral_days < 0 for plan in self):
            raise ValidationError(self.env._("The average deferral cannot be negative."))

    @api.depends("user_id", "month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for plan in self:
            month = format_date(self.env, plan.month, date_format="MMMM yyyy")
            plan.display_name = f"{plan.user_id.name or ''} {month}"

    # ------------------------------------------------------------------
    # What a closed sheet rests on does not change
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._with_first_day(vals) for vals in vals_list]
        defaults = self.default_get(["company_id", "month"])
        self._check_free([{**defaults, **vals} for vals in vals_list])
        plans = super().create(vals_list)
        plans._check_not_locked()
        return plans

    def write(self, vals):
        self._check_not_locked()
        vals = self._with_first_day(vals)
        if {"company_id", "user_id", "month"} & set(vals):
            for plan in self:
                own = {"user_id": plan.user_id.id, "month": plan.month}
                self._check_free([{"company_id": plan.company_id.id, **own, **vals}], plan)
        result = super().write(vals)
        self._check_not_locked()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self._check_not_locked()

    @api.model
    def _with_first_day(self, vals):
        if vals.get("month"):
            month = fields.Date.start_of(fields.Date.to_date(vals["month"]), "month")
            vals = {**vals, "month": month}
        return vals

    @api.model
    def _check_free(self, vals_list, plan=None):
        """Say so kindly, before the unique index does."""
        names = ("company_id", "user_id", "month")
        wanted = {tuple(vals.get(name) for name in names) for vals in vals_list}
        domain = [(name, "in", [vals.get(name) for vals in vals_list]) for name in names]
        for taken in self.search(domain) - (plan or self.browse()):
            if (taken.company_id.id, taken.user_id.id, taken.month) in wanted:
                raise ValidationError(
                    self.env._(
                        "%(user)s has a cash plan for this month already.", user=taken.user_id.name
                    )
                )

    def _check_not_locked(self):
        self.invalidate_recordset(["locked"])
        if any(plan.locked for plan in self):
            raise UserError(
                self.env._("The sheet of this month is closed. Reopen it to change its cash plan.")
            )

    # ------------------------------------------------------------------
    # Prefill
    # ------------------------------------------------------------------

    def action_prefill(self):
        """Take what falls due in the month and what was overdue at its beginning."""
        self.check_access("write")
        self._check_not_locked()
        for (company, month), plans in self.grouped(lambda p: (p.company_id, p.month)).items():
            amounts = self._open_at(company, month)
            for plan in plans:
                due, overdue = amounts.get(plan.user_id.id, (0, 0))
                plan.write({"due": due, "overdue": overdue})

    @api.model
    def _open_at(self, company, month):
        """What was open when ``month`` began: {user id or False: (falling due in it, overdue)}."""
        last_day = fields.Date.end_of(month, "month")
        day_before = fields.Date.subtract(month, days=1)
        Item = self.env["credit.open.item"].sudo().with_context(as_of=day_before)
        domain = [("company_id", "=", company.root_id.id), ("kind", "=", "receivable")]
        overdue, due = (
            dict(Item._read_group(domain + more, ["user_id"], ["amount:sum"]))
            for more in (
                [("is_overdue", "=", True)],
                [("is_overdue", "=", False), ("date_due", "<=", last_day)],
            )
        )
        return {user.id: (due.get(user, 0), overdue.get(user, 0)) for user in {*due, *overdue}}

    @api.model
    def _prepare_month(self, company, month):
        """Make the missing plans of a month, prefilled; return all of the month."""
        month = fields.Date.start_of(fields.Date.to_date(month), "month")
        plans = self.search([("company_id", "=", company.id), ("month", "=", month)])
        amounts = self._open_at(company, month)
        members = (
            self.env["crm.team.member"]
            .sudo()
            .search([("crm_team_id.company_id", "in", (False, company.id))])
        )
        users = {user for user in amounts if user} | set(
            members.user_id.filtered(lambda user: company in user.company_ids).ids
        )
        made = self.create(
            [
                {
                    "company_id": company.id,
                    "user_id": user,
                    "month": month,
                    "due": amounts.get(user, (0, 0))[0],
                    "overdue": amounts.get(user, (0, 0))[1],
                }
                for user in sorted(users - set(plans.user_id.ids))
            ]
        )
        return plans | made
