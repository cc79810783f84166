from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...core import ceiling as core
from ...tools.bounds import AMOUNT
from ...tools.groups import MANAGER
from ...tools.jobs import each_safely
from ...tools.readers import for_reader

ACTIVITY = "credit_collection.mail_activity_ceiling"


class CreditCeiling(models.Model):
    """How much credit the whole company can carry: dated inputs, two ceilings, and the status."""

    _name = "credit.ceiling"
    _description = "Ceiling of Receivables"
    _inherit = ["mail.thread", "mail.activity.mixin", "credit.bounded", "credit.named.by.day.mixin"]
    _credit_bounds = {
        "planned_sales": AMOUNT, "plan_days": (1, 3660), "norm_days": (0, 3660),
        "committed_lines": AMOUNT, "stocks_and_needs": AMOUNT, "payables": AMOUNT,
        "tolerance": (0, 10), "days_to_pay": (0, 3660),
        "inflation": (-0.9, 10), "margin": (-1, 1), "rate": (0, 10),
    }  # fmt: skip
    _order = "date_from desc, id desc"
    _rec_name = "date_from"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        "Valid From", required=True, default=lambda self: self.env.company._credit_today()
    )
    planned_sales = fields.Monetary("Planned Credit Sales", tracking=True)
    plan_days = fields.Integer("In So Many Days", default=365, required=True)
    norm_days = fields.Integer("Norm of Days Outstanding", default=30, tracking=True)
    own_working_capital = fields.Monetary(tracking=True)
    committed_lines = fields.Monetary("Committed Credit Lines", tracking=True)
    stocks_and_needs = fields.Monetary("Stocks and Other Needs", tracking=True)
    payables = fields.Monetary(tracking=True)
    tolerance = fields.Float(
        "Receivables May Outgrow Sales By", default=0.05, digits=(5, 3), help="0.05 is 5 %."
    )
    rate = fields.Float("Cost of Capital a Year", digits=(5, 3), help="0.12 is 12 %.")
    inflation = fields.Float("Inflation a Year", digits=(5, 3), help="0.12 is 12 %.")
    margin = fields.Float("Margin of Sales", digits=(5, 3), help="0.3 is 30 %.")
    note = fields.Text("Where the Numbers Come From")
    working = fields.Monetary(
        "Working Ceiling",
        compute="_compute_ceilings",
        help="Planned credit sales ÷ days × norm of days.",
    )
    critical = fields.Monetary(
        "Critical Ceiling",
        compute="_compute_ceilings",
        help="Own working capital + committed lines − stocks and other needs + payables.",
    )
    receivable = fields.Monetary("Receivables Now", compute="_compute_status")
    status = fields.Selection(
        [
            ("below", "Below both ceilings"),
            ("working", "Above the working ceiling"),
            ("critical", "Above the critical ceiling"),
        ],
        compute="_compute_status",
    )
    advice = fields.Char("What to Do", compute="_compute_status")
    grows_too_fast = fields.Boolean(
        compute="_compute_growth", help="Twice running receivables grew faster than sales."
    )
    growth = fields.Char(compute="_compute_growth")
    cost_of_credit = fields.Monetary("Cost of Credit a Year", compute="_compute_costs")
    real_loss = fields.Monetary("Lost to Inflation a Year", compute="_compute_costs")
    earn_back = fields.Char("To Earn Losses Back", compute="_compute_costs")
    told_status = fields.Char(readonly=True, copy=False)

    _day_uniq = models.UniqueIndex(
        "(company_id, date_from)", "The inputs of this day are there already."
    )

    @api.depends(
        "planned_sales",
        "plan_days",
        "norm_days",
        "own_working_capital",
        "committed_lines",
        "stocks_and_needs",
        "payables",
    )
    def _compute_ceilings(self):
        for record in self:
            record.working = (
                core.working_ceiling(record.planned_sales, record.plan_days, record.norm_days)
                or 0.0
            )
            record.critical = core.critical_ceiling(
                record.own_working_capital,
                record.committed_lines,
                record.stocks_and_needs,
                record.payables,
            )

    @api.depends("working", "critical")
    @api.depends_context("lang")
    def _compute_status(self):
        for record in self:
            receivable = record._receivable()
            record.receivable = receivable
            record.status = core.status(
                receivable,
                record.working if record.planned_sales else None,
                record.critical if record._has_critical() else None,
            )
            record.advice = record._advice()

    def _has_critical(self):
        return bool(self.own_working_capital or self.committed_lines or self.payables)

    def _receivable(self):
        """What all customers owe today, posted and net of credits."""
        company = self.company_id
        today = company._credit_today()
        [(total,)] = self.env.execute_query(
            SQL(
                "SELECT SUM(amount) FROM (%s) AS owed",
                self.env["credit.kpi"].sudo()._receivable_rows(company, today),
            )
        )
        return float(total or 0)

    def _advice(self):
        if self.status == core.CRITICAL:
            return self.env._(
                "Tighten now: no new limits, hold on the limit, shorter terms, chase the largest "
                "overdue first."
            )
        if self.status == core.WORKING:
            return self.env._(
                "Tighten: lower the limit factors of the weak grades and let the levels begin "
                "earlier."
            )
        if self.working and self.receivable < 0.7 * self.working:
            return self.env._("There is room: limits of good grades may grow.")
        return self.env._("As planned.")

    @api.depends("tolerance")
    @api.depends_context("lang")
    def _compute_growth(self):
        for record in self:
            months = self.env["credit.asset.share"]._months(record.company_id, 3)
            receivables = [month["receivable"] for month in months]
            sales = [month["sales"] for month in months]
            found = core.growth(receivables, sales, record.tolerance) if months else []
            record.grows_too_fast = core.grows_too_fast(receivables, sales, record.tolerance)
            last = found[-1] if found else None
            record.growth = last and self.env._(
                "Last month receivables %(receivables)s %%, sales %(sales)s %%",
                receivables=f"{100 * last.receivables:+.1f}",
                sales=f"{100 * last.sales:+.1f}",
            )

    @api.depends("rate", "inflation", "margin", "receivable")
    @api.depends_context("lang")
    def _compute_costs(self):
        for record in self:
            owed = max(record.receivable, 0.0)
            record.cost_of_credit = core.cost_of_credit(owed, 365, record.rate)
            record.real_loss = core.inflation_loss(owed, 365, record.inflation).compound
            back = core.sales_to_earn_back(record._doubtful(), record.margin)
            record.earn_back = False
            if back:
                record.earn_back = self.env._(
                    "To earn the doubtful debts back takes %(sales)s of sales.",
                    sales=record.currency_id.format(back),
                )

    def _doubtful(self):
        """What is overdue for longer than the company calls doubtful."""
        items = self.env["credit.open.item"].sudo()
        last = self.company_id._credit_today() - timedelta(self.company_id.credit_doubtful_days)
        domain = [
            ("company_id", "=", self.company_id.id), ("kind", "=", "receivable"),
            ("amount", ">", 0), ("date_due", "<", last),
        ]  # fmt: skip
        [(amount,)] = items._read_group(domain, [], ["amount:sum"])
        return amount or 0.0

    @api.model
    def _current(self, company, today):
        """The inputs that count on a day, empty when there are none."""
        return self.sudo().search(
            [("company_id", "=", company.id), ("date_from", "<=", today)], limit=1
        )

    @api.model
    def _cron_ceilings(self):
        """Tell when a ceiling was crossed, up or down; one company does not stop the others."""

        def tell(company):
            self._current(company, company._credit_today())._tell_crossing()

        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        each_safely(companies, tell, "Ceilings")

    def _tell_crossing(self):
        for record in self:
            status = record.status
            if status == (record.told_status or core.BELOW):
                continue
            titles = dict(record._fields["status"]._description_selection(self.env))
            record.message_post(
                body=self.env._(
                    "%(status)s: receivables %(receivable)s, working ceiling %(working)s, "
                    "critical ceiling %(critical)s. %(advice)s",
                    status=titles[status],
                    receivable=record.currency_id.format(record.receivable),
                    working=record.currency_id.format(record.working),
                    critical=record.currency_id.format(record.critical),
                    advice=record.advice,
                )
            )
            record.activity_unlink([ACTIVITY])
            managers = self.env.ref(MANAGER).all_user_ids
            who = self.env["res.users"]._credit_first_in(
                record.company_id, record.create_uid, managers
            )
            if who:
                told = for_reader(record, who)
                told.activity_schedule(ACTIVITY, user_id=who.id, summary=told.advice)
            record.told_status = status

    def action_months(self):
        """Open the share of receivables in the assets, month by month."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "credit_collection.credit_asset_share_action"
        )


class CreditAssetShare(models.Model):
    """Receivables among the assets, month by month, from the ledger itself."""

    _name = "credit.asset.share"
    _inherit = "credit.named.by.day.mixin"
    _description = "Receivables Among the Assets"
    _auto = False
    _order = "date desc, company_id"
    _rec_name = "date"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date("Month End", readonly=True)
    receivable = fields.Monetary(readonly=True, aggregator=None)
    current_assets = fields.Monetary(readonly=True, aggregator=None)
    total_assets = fields.Monetary(readonly=True, aggregator=None)
    sales = fields.Monetary("Sales of the Month", readonly=True)
    share_current = fields.Float("In Current Assets", readonly=True, aggregator="avg")
    share_total = fields.Float("In Total Assets", readonly=True, aggregator="avg")
    debtors = fields.Integer(readonly=True, aggregator=None)
    overdue_debtors = fields.Integer(readonly=True, aggregator=None)
    overdue = fields.Monetary(readonly=True, aggregator=None)
    doubtful = fields.Monetary(readonly=True, aggregator=None)

    _depends = {
        "account.move.line": ["balance", "date", "account_id", "parent_state", "company_id"],
        "credit.snapshot": ["date", "receivable", "overdue", "doubtful", "partner_id"],
    }

    @property
    def _table_query(self) -> SQL:
        root = self.env["res.company"]._credit_root_sql(SQL("line.company_id"))
        return SQL(
            """
            WITH moved AS (
                 SELECT %(root)s AS company_id,
                        (date_trunc('month', line.date) + INTERVAL '1 month - 1 day')::date AS date,
                        SUM(line.balance) FILTER (WHERE line.account_id = ANY(%(receivable)s))
                            AS receivable,
                        SUM(line.balance) FILTER (WHERE account.account_type IN
                            ('asset_receivable', 'asset_cash', 'asset_current',
                             'asset_prepayments')) AS current_assets,
                        SUM(line.balance) FILTER (WHERE account.account_type LIKE 'asset%%')
                            AS total_assets,
                        -SUM(line.balance) FILTER (WHERE account.account_type = 'income')
                            AS sales
                   FROM account_move_line line
                   JOIN account_account account ON account.id = line.account_id
                  WHERE line.parent_state = 'posted'
                    AND (account.account_type LIKE 'asset%%' OR account.account_type = 'income')
                  GROUP BY 1, 2),
            stood AS (
                 SELECT company_id, date, COALESCE(sales, 0) AS sales,
                        SUM(receivable) OVER past AS receivable,
                        SUM(current_assets) OVER past AS current_assets,
                        SUM(total_assets) OVER past AS total_assets
                   FROM moved WINDOW past AS (PARTITION BY company_id ORDER BY date)),
            owed AS (
                 SELECT company_id, date, COUNT(*) FILTER (WHERE receivable > 0) AS debtors,
                        COUNT(*) FILTER (WHERE overdue > 0) AS overdue_debtors,
                        SUM(overdue) AS overdue, SUM(doubtful) AS doubtful
                   FROM (SELECT company_id, date, partner_id, SUM(receivable) AS receivable,
                                SUM(overdue) AS overdue, SUM(doubtful) AS doubtful
                           FROM credit_snapshot GROUP BY company_id, date, partner_id) AS each
                  GROUP BY company_id, date)
            SELECT ROW_NUMBER() OVER (ORDER BY stood.company_id, stood.date) AS id,
                   stood.company_id, stood.date, %(currency)s AS currency_id, stood.sales,
                   COALESCE(stood.receivable, 0) AS receivable,
                   COALESCE(stood.current_assets, 0) AS current_assets,
                   COALESCE(stood.total_assets, 0) AS total_assets,
                   (stood.receivable / NULLIF(stood.current_assets, 0))::float8 AS share_current,
                   (stood.receivable / NULLIF(stood.total_assets, 0))::float8 AS share_total,
                   owed.debtors, owed.overdue_debtors, owed.overdue, owed.doubtful
              FROM stood
              LEFT JOIN owed ON owed.company_id = stood.company_id AND owed.date = stood.date
             WHERE stood.date >= date_trunc('month', now()) - INTERVAL '36 months'
            """,
            root=root,
            receivable=self.env["credit.open.item"]._receivable_account_ids(),
            currency=self.env["res.company"]._credit_fact_sql(SQL("stood.company_id"), "currency"),
        )

    @api.model
    def _months(self, company, count):
        """The last months that are over, oldest first, as dicts."""
        rows = self.sudo().search(
            [("company_id", "=", company.id), ("date", "<", company._credit_today())], limit=count
        )
        return [
            {"date": row.date, "receivable": row.receivable, "sales": row.sales}
            for row in reversed(rows)
        ]
