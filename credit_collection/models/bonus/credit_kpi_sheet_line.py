from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import formatLang

from ...core import kpi, window_dressing
from ...tools import sentences
from ..figures.credit_kpi import Inputs

MONEY = {"readonly": True}
RATIO = {"readonly": True, "aggregator": None}
# What core measures and a line shows; the names are the fields'.
MEASURES = (
    "overdue_share",
    "weighted_days_overdue",
    "cash_plan_rate",
    "overdue_to_turnover",
    "dso",
    "dso_count_back",
    "dso_best",
    "days_delinquent",
    "effectiveness",
    "turnover",
    "days_to_pay",
    "days_late",
    "doubtful_share",
    "concentration",
    "sales_to_dilute",
)

# Whoever has none of these has no line.
AMOUNTS = ("receivable", "overdue", "sales", "received", "planned", "opening")


class CreditKpiSheetLine(models.Model):
    """The figures and the bonus of one salesperson or team leader."""

    _name = "credit.kpi.sheet.line"
    _inherit = "credit.empty.list"
    _description = "Key Figures"
    _order = "kind desc, team_id, user_id, id"
    _rec_name = "user_id"

    sheet_id = fields.Many2one(
        "credit.kpi.sheet", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="sheet_id.company_id", store=True, index="btree_not_null")
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(related="sheet_id.state", store=True)
    date_from = fields.Date(related="sheet_id.date_from", store=True)
    date_to = fields.Date(related="sheet_id.date_to", store=True)
    kind = fields.Selection(
        [("salesperson", "Salesperson"), ("leader", "Team leader")], required=True, readonly=True
    )
    user_id = fields.Many2one("res.users", "Person", readonly=True, index=True, ondelete="restrict")
    person_name = fields.Char("Name Then", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True, index="btree_not_null")
    receivable = fields.Monetary("Receivable (DZ)", **MONEY)
    overdue = fields.Monetary("Overdue (PDZ)", **MONEY)
    sales = fields.Monetary("Sales (T)", **MONEY)
    received = fields.Monetary("Cash (F)", **MONEY)
    planned = fields.Monetary(
        "Cash Plan (P)",
        help="Of the months of the period; part of a month by its days, what is overdue once.",
        **MONEY,
    )
    opening = fields.Monetary("Receivable Before", **MONEY)
    overdue_share = fields.Float("%PDZ", **RATIO)
    weighted_days_overdue = fields.Float("T_PDZ (days)", **RATIO)
    cash_plan_rate = fields.Float("%VP", **RATIO)
    overdue_to_turnover = fields.Float("%PDZ_T", **RATIO)
    dso = fields.Float("DSO", **RATIO)
    dso_count_back = fields.Float("DSO, Count-back", **RATIO)
    dso_best = fields.Float("DSO, Best Possible", **RATIO)
    days_delinquent = fields.Float("Average Days Delinquent", **RATIO)
    effectiveness = fields.Float("CEI", **RATIO)
    turnover = fields.Float("Turnover of Receivables", **RATIO)
    days_to_pay = fields.Float("Average Days to Pay", **RATIO)
    days_late = fields.Float("Average Days Late", **RATIO)
    doubtful_share = fields.Float("Doubtful", **RATIO)
    concentration = fields.Float("Five Largest Debtors", **RATIO)
    sales_to_dilute = fields.Monetary("Sales to Dilute", aggregator=None, **MONEY)
    undefined = fields.Char(
        readonly=True, default=",", help="Figures that have no value, between commas."
    )
    average_overdue_share = fields.Float("Average %PDZ of the Snapshots", **RATIO)
    closing_ratio = fields.Float("Closing / Average", **RATIO)
    late_deliveries_share = fields.Float("Delivered in the Last Five Days", **RATIO)

    # ------------------------------------------------------------------
    # Made by computing a sheet, frozen by closing it
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self._check_computing()
        lines = super().create(vals_list)
        lines._check_not_closed()
        return lines

    def write(self, vals):
        self._check_computing()
        self._check_not_closed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_not_closed()

    @api.model
    def _check_computing(self):
        if not self.env.su:
            raise AccessError(self.env._("The lines of a sheet are computed, never typed in."))

    def _check_not_closed(self):
        if any(line.sheet_id.state == "closed" for line in self):
            raise UserError(self.env._("This sheet is closed. Reopen it to change anything."))

    @api.depends("user_id", "team_id", "kind")
    def _compute_display_name(self):
        for line in self:
            name = line.person_name or line.user_id.name or self.env._("Without salesperson")
            if line.kind == "leader":
                name = self.env._(
                    "%(team)s (%(leader)s)", team=line.team_id.name, leader=line.user_id.name or "–"
                )
            line.display_name = name

    # ------------------------------------------------------------------
    # Computing
    # ------------------------------------------------------------------

    @api.model
    def _rebuild(self, sheet):
        """Replace the lines of ``sheet``."""
        sheet.line_ids.unlink()
        return self.create(
            self._prepare_lines(sheet, "salesperson") + self._prepare_lines(sheet, "leader")
        )

    @api.model
    def _prepare_lines(self, sheet, kind):
        by = "user_id" if kind == "salesperson" else "team_id"
        inputs = self.env["credit.kpi"]._inputs(
            sheet.company_id,
            sheet.date_from,
            sheet.date_to,
            by,
            self.env["credit.kpi.evidence"].sudo()._kept_rows(sheet),
        )
        planned = self._planned(sheet, by)
        series = self.env["credit.snapshot"]._series(
            sheet.company_id, sheet.date_from, sheet.date_to, by
        )
        deliveries = self.env["credit.kpi"]._deliveries(
            sheet.company_id, sheet.date_from, sheet.date_to, by
        )
        schemes = self.env["credit.bonus.scheme"]._of_kind(sheet.company_id, kind)
        groups = sorted({*inputs, *planned} - ({False} if kind == "leader" else set()))
        lines = []
        for group in groups:
            person, team = self._owner(kind, group, groups)
            if kind == "leader" and not person:
                continue
            values = self._figures(sheet, inputs.get(group) or Inputs(), planned.get(group, 0))
            if not any(values[name] for name in AMOUNTS):
                continue
            values.update(self._dressing(sheet, values, series.get(group), deliveries.get(group)))
            values.update(
                self._bonus(sheet, schemes, person, values, inputs.get(group) or Inputs())
            )
            values.pop("exact")
            lines.append(
                {
                    **values,
                    "sheet_id": sheet.id,
                    "kind": kind,
                    "user_id": person.id,
                    "person_name": person.name,
                    "team_id": team.id,
                }
            )
        return lines

    @api.model
    def _owner(self, kind, group, groups):
        """The person and the team of a group, read together with those of all ``groups``."""
        model = self.env["crm.team" if kind == "leader" else "res.users"]
        owner = model.browse(group or []).with_prefetch([other for other in groups if other])
        return (owner.user_id, owner) if kind == "leader" else (owner, owner.sale_team_id)

    @api.model
    def _planned(self, sheet, by):
        """P of the period: {id or False: amount}; see ``core.kpi.cash_plan_of_period``."""
        plans = self.env["credit.cash.plan"].search(
            [
                ("company_id", "=", sheet.company_id.id),
                ("month", ">=", fields.Date.start_of(sheet.date_from, "month")),
                ("month", "<=", sheet.date_to),
            ],
            order="month, id",
        )
        result = defaultdict(float)
        for (group, _user), own in plans.grouped(lambda plan: (plan[by].id, plan.user_id)).items():
            result[group] += kpi.cash_plan_of_period(
                [(plan.month, plan.planned, plan.overdue) for plan in own],
                sheet.date_from,
                sheet.date_to,
            )
        return {group: sheet.currency_id.round(amount) for group, amount in result.items()}

    @api.model
    def _figures(self, sheet, inputs, planned):
        exact = self.env["credit.kpi"]._measure(
            inputs, sheet.date_from, sheet.date_to, planned, sheet.overdue_norm
        )
        money = sheet.currency_id.round
        return {
            **{name: exact[name] or 0 for name in MEASURES},
            "receivable": money(inputs.receivable),
            "overdue": money(inputs.overdue),
            "sales": money(inputs.sales),
            "received": money(inputs.received),
            "opening": money(inputs.opening),
            "planned": planned,
            "undefined": "".join(f",{name}" for name in MEASURES if exact[name] is None),
            "exact": exact,
        }

    @api.model
    def _dressing(self, sheet, values, series, deliveries):
        """Was the closing date dressed up?"""
        shares = defaultdict(lambda: None)
        for day, (receivable, overdue) in (series or {}).items():
            if day < sheet._closing_day() and receivable > 0:
                shares[day] = overdue / receivable
        check = window_dressing.closing_against_average(
            shares.values(), values["exact"]["overdue_share"]
        )
        late = window_dressing.late_deliveries_share(
            deliveries or [], sheet.date_from, sheet.date_to
        )
        found = {
            "average_overdue_share": check.average,
            "closing_ratio": check.ratio,
            "late_deliveries_share": late,
        }
        undefined = "".join(f",{name}" for name in found if found[name] is None)
        return {
            **{name: value or 0 for name, value in found.items()},
            "undefined": values["undefined"] + undefined + ",",
        }

    def _is_defined(self, name):
        self.ensure_one()
        return name not in (self.undefined or "").split(",")

    def _value(self, name):
        """The figure, or None when it is undefined."""
        self.ensure_one()
        return self[name] if self._is_defined(name) else None

    def _text(self, name, share=False, digits=1):
        """The figure for people: 81.4 %, 2.0, or a dash."""
        value = self._value(name)
        if value is None:
            return "–"
        if share:
            return sentences.percent(self.env, value, digits)
        return formatLang(self.env, value, digits=digits)
