from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...core import forecast
from ...core.promise import kept_share
from ...tools.environment import without_caller_context
from ...tools.jobs import each_safely

CRUMB = 1e-6


class CreditForecast(models.Model):
    """The cash of the next thirteen weeks as it was expected on a day, and what came of it.

    Frozen when it is made; each week is graded once it is over, beside two naive forecasts.
    """

    _name = "credit.forecast"
    _inherit = "credit.named.by.day.mixin"
    _description = "Cash Forecast"
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date("As of", required=True, readonly=True, help="The first day of week one.")
    open_amount = fields.Monetary("Open Then", readonly=True)
    item_count = fields.Integer("Items", readonly=True)
    mean_late = fields.Float(
        "Days Late, Mean", readonly=True, digits=(6, 1), help="Of all payments of two years."
    )
    kept = fields.Float("Promises Kept", readonly=True)
    line_ids = fields.One2many("credit.forecast.line", "forecast_id", "Weeks", readonly=True)
    expected = fields.Monetary("Expected in All", compute="_compute_grade")
    graded_weeks = fields.Integer("Weeks Over", compute="_compute_grade")
    accuracy = fields.Float(compute="_compute_grade", aggregator=None)
    bias = fields.Float(compute="_compute_grade", aggregator=None)
    accuracy_due = fields.Float("Accuracy: Due Date", compute="_compute_grade", aggregator=None)
    accuracy_mean = fields.Float("Accuracy: Mean Delay", compute="_compute_grade", aggregator=None)
    verdict = fields.Char("How Good It Was", compute="_compute_grade")

    _day_uniq = models.UniqueIndex("(company_id, date)", "There is a forecast of this day.")

    @api.depends("line_ids.graded", "line_ids.actual")
    @api.depends_context("lang")
    def _compute_grade(self):
        for record in self:
            lines = record.line_ids.filtered("graded")
            actual = lines.mapped("actual")
            own, bias = forecast.accuracy(lines.mapped("expected"), actual)
            due, _bias = forecast.accuracy(lines.mapped("naive_due"), actual)
            mean, _bias = forecast.accuracy(lines.mapped("naive_mean"), actual)
            record.expected = sum(record.line_ids.mapped("expected"))
            record.graded_weeks = len(lines)
            record.accuracy, record.bias = own or 0.0, bias or 0.0
            record.accuracy_due, record.accuracy_mean = due or 0.0, mean or 0.0
            record.verdict = record._verdict(own, due, mean)

    def _verdict(self, own, due, mean):
        if own is None:
            return self.env._("No week is over yet, or nothing came.")
        values = {
            "own": f"{100 * own:.1f}",
            "due": f"{100 * due:.1f}",
            "mean": f"{100 * mean:.1f}",
        }
        if own >= max(due, mean):
            return self.env._(
                "%(own)s %% right: better than by due date (%(due)s %%) and by the mean delay "
                "(%(mean)s %%).",
                **values,
            )
        return self.env._(
            "%(own)s %% right; a naive forecast was better: due date %(due)s %%, mean delay "
            "%(mean)s %%.",
            **values,
        )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A forecast is made from the open items, every week."))
        return super().create(vals_list)

    # ------------------------------------------------------------------
    # Making
    # ------------------------------------------------------------------

    @api.model
    def _weeks(self, company, today):
        """The weeks from ``today``, the naive forecasts beside them, and what they rest on."""
        self = without_caller_context(self.sudo(), company)
        Behaviour = self.env["credit.behaviour"]
        delays, group = Behaviour._all_delays(company, today)
        states = (
            self.env["credit.promise"]
            .sudo()
            .search([("company_id", "=", company.id), ("state", "!=", "cancelled")])
            .mapped("state")
        )
        kept = kept_share(states)
        kept = 1.0 if kept is None else kept
        courses = Behaviour._courses(company, today)
        items = []
        for account_id, due, amount, disputed, promised, until, legal in self._to_come(company):
            course = courses.get("legal") if legal else None
            for part, day in ((promised, until), (amount - disputed - promised, None)):
                if part > CRUMB:
                    items.append(
                        forecast.Item(
                            due or today,
                            part,
                            course.delays if course else delays[account_id],
                            day,
                            course.chance if course else 1.0,
                        )
                    )
            course = courses.get("legal" if legal else "disputed")
            if disputed > 0 and course:
                items.append(
                    forecast.Item(due or today, disputed, course.delays, chance=course.chance)
                )
        mean = group.mean() or 0.0
        return {
            "weeks": forecast.by_week(items, today, kept=kept),
            "naive_due": forecast.naive_due(items, today),
            "naive_mean": forecast.naive_mean(items, today, mean),
            "open_amount": sum(item.amount for item in items),
            "item_count": len(items),
            "mean_late": mean,
            "kept": kept,
        }

    @api.model
    def _to_come(self, company):
        """What customers still have to pay: account id, due day, amount, of it disputed and
        promised, the promised day, legal.

        What they have on account comes no more: a credit note is taken off what is disputed first,
        money and what remains off the rest, what was promised and then the oldest first; each
        currency by itself, as letters do.
        """
        rows = self._open_rows(company)
        free = defaultdict(lambda: [0.0, 0.0])  # notes, money
        for row in rows:
            if row["amount"] < 0:
                free[row["account_id"], row["currency_id"]][not row["is_refund"]] -= row["amount"]
        debts = [row for row in rows if row["amount"] > 0]
        for kind, part in ((0, "disputed"), (1, "promised"), (0, "promised"), (1, ""), (0, "")):
            for row in debts:
                credits = free[row["account_id"], row["currency_id"]]
                most = row[part] if part else row["amount"] - row["disputed"] - row["promised"]
                taken = min(credits[kind], max(most, 0.0))
                credits[kind] -= taken
                row["amount"] -= taken
                if part:
                    row[part] -= taken
        columns = (
            "account_id", "date_due", "amount", "disputed", "promised", "promised_until", "legal",
        )  # fmt: skip
        return [tuple(row[name] for name in columns) for row in debts if row["amount"] > CRUMB]

    @api.model
    def _open_rows(self, company):
        """The open items of a company, the oldest first, as dicts of plain numbers."""
        Item = self.env["credit.open.item"].sudo()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT item.account_id, item.currency_id, item.date_due, item.is_refund,
                       item.amount::float AS amount, item.promised_until, item.legal,
                       GREATEST(LEAST(item.disputed_amount, item.amount), 0)::float AS disputed,
                       CASE WHEN item.promised_until IS NULL OR item.amount <= 0 THEN 0
                            ELSE item.amount * LEAST(item.promised_part, 1) END::float AS promised
                  FROM %s AS item
                 WHERE item.company_id = %s AND item.amount != 0
                 ORDER BY item.date_due, item.id
                """,
                Item._posted_sql(),
                company.id,
            )
        )
        for row in rows:
            row["promised"] = max(min(row["promised"], row["amount"] - row["disputed"]), 0.0)
        return rows

    @api.model
    def _freeze(self, company, today):
        """Keep the forecast of a day; the one that is there stays."""
        present = self.sudo().search([("company_id", "=", company.id), ("date", "=", today)])
        if present:
            return present
        found = self._weeks(company, today)
        lines = [
            fields.Command.create(
                {
                    "week": number + 1,
                    "date_from": week.start,
                    "due": week.due,
                    "expected": week.expected,
                    "promised": week.promised,
                    "low": week.low,
                    "high": week.high,
                    "naive_due": found["naive_due"][number],
                    "naive_mean": found["naive_mean"][number],
                }
            )
            for number, week in enumerate(found["weeks"])
        ]
        return self.sudo().create(
            {
                "company_id": company.id,
                "date": today,
                "line_ids": lines,
                **{
                    name: found[name] for name in ("open_amount", "item_count", "mean_late", "kept")
                },
            }
        )

    def _grade(self, today):
        """Note what came in the weeks that are over: cash on what was open on the day."""
        for record in self.sudo():
            over = record.line_ids.filtered(
                lambda line: not line.graded and line.date_from + timedelta(7) <= today
            )
            if over:
                came = record._came(min(over.mapped("date_from")), today)
                for line in over:
                    line.write({"actual": came.get(line.date_from, 0.0), "graded": True})

    def _came(self, since, today):
        """``{first day of a week: cash}`` on items that were posted before the forecast."""
        self.ensure_one()
        paid = self.env["credit.figure.reading"]._settlements_sql(
            self.company_id, since, today - timedelta(1)
        )
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(start)s::date + 7 * ((paid.date - %(start)s::date) / 7) AS week,
                       SUM(paid.amount)
                  FROM (%(paid)s) AS paid
                  JOIN account_move_line item ON item.id = paid.item_id
                 WHERE item.date < %(start)s
                 GROUP BY 1
                """,
                start=self.date,
                paid=paid,
            )
        )
        return {week: float(amount) for week, amount in rows}

    @api.model
    def _cron_forecast(self):
        """Freeze a forecast every Monday and grade the weeks that are over.

        A company that fails does not stop the others; a missed Monday is made on the next day.
        """

        def forecast_and_grade(company):
            today = company._credit_today()
            last = self.sudo().search([("company_id", "=", company.id)], limit=1)
            if not last or last.date < today - timedelta(today.weekday()):
                self._freeze(company, today)
            horizon = today - timedelta(7 * (forecast.WEEKS + 1))
            self.sudo().search([("company_id", "=", company.id), ("date", ">=", horizon)])._grade(
                today
            )

        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        each_safely(companies, forecast_and_grade, "Cash forecast")

    def action_now(self):
        """Make today's forecast of the company and open it."""
        self.check_access("read")
        if not self.env.user.has_group("credit_collection.credit_collection_group_officer"):
            raise AccessError(self.env._("Only a credit officer can make a forecast."))
        company = self.env.company.root_id
        record = self._freeze(company, company._credit_today())
        return record.with_env(self.env).get_formview_action()


class CreditForecastLine(models.Model):
    """One week of a forecast, and what came."""

    _name = "credit.forecast.line"
    _inherit = "credit.named.by.day.mixin"
    _description = "Week of a Cash Forecast"
    _order = "forecast_id desc, week"
    _rec_name = "date_from"

    forecast_id = fields.Many2one("credit.forecast", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="forecast_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(related="forecast_id.date", store=True, string="As of")
    week = fields.Integer("Week Ahead", readonly=True, aggregator=None)
    date_from = fields.Date("From", readonly=True)
    due = fields.Monetary("Falls Due", readonly=True, help="Overdue items fall into week one.")
    expected = fields.Monetary(readonly=True)
    promised = fields.Monetary(readonly=True)
    low = fields.Monetary(readonly=True, help="Four of five weeks should lie above.")
    high = fields.Monetary(readonly=True)
    naive_due = fields.Monetary("By Due Date", readonly=True)
    naive_mean = fields.Monetary("By Mean Delay", readonly=True)
    actual = fields.Monetary("Came", readonly=True)
    graded = fields.Boolean("Over", readonly=True)
