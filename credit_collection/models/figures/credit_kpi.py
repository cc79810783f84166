from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...core import history, kpi, portfolio
from ...tools.sql import without_jit

BACK_MONTHS = 24  # how far the count-back of DSO looks
GROUPS = ("user_id", "team_id", "partner_id")


@dataclass
class Inputs:
    """What the figures of one salesperson, team, customer or company are made of."""

    receivable: float = 0
    overdue: float = 0
    opening: float = 0
    received: float = 0
    sales: float = 0
    items: list = field(default_factory=list)  # (overdue amount, days)
    excused: list = field(default_factory=list)  # (amount, days, is overdue)
    periods: dict = field(default_factory=dict)  # first day -> sales
    settled: list = field(default_factory=list)  # (invoice date, due date, paid date, amount)
    debtors: list = field(default_factory=list)  # one receivable per customer
    day: date | None = None  # whose receivables these are: of a period not over, today

    def without_excused(self):
        """The same without what is disputed through no fault of sales."""
        late = [(amount, days) for amount, days, overdue in self.excused if overdue]
        return replace(
            self,
            receivable=self.receivable - sum(amount for amount, *_ in self.excused),
            overdue=self.overdue - sum(amount for amount, _ in late),
            items=self.items + [(-amount, days) for amount, days in late],
        )


class CreditKpi(models.AbstractModel):
    """The figures of a company by salesperson, team or customer, in a fixed number of queries."""

    _inherit = "credit.kpi"

    @api.model
    def _inputs(self, company, date_from, date_to, by=None, kept=None):
        """Read what the figures are made of.

        :param company: ``res.company``, a root company
        :param date_from: first day of the period
        :param date_to: its last day; receivables are those of this day, at most of today
        :param by: one of ``GROUPS``, or None for the whole company
        :param kept: ``{kind: SQL}`` of all kinds of rows, read before and kept, see
            ``credit.kpi.evidence``: the ledger is not read again
        :return: dict of id (False for none) or None to :class:`Inputs`
        """
        date_from, date_to = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        if by is not None and by not in GROUPS:
            raise ValueError(f"Figures are grouped by {', '.join(GROUPS)}, not by {by}.")
        key = SQL.identifier(by) if by else SQL("NULL::int")
        day = min(date_to, company._credit_today())
        result = defaultdict(Inputs)
        without_jit(self.env)
        kept = kept or {}
        self._add_receivables(
            result, key, kept.get("receivable") or self._receivable_rows(company, day)
        )
        opening = kept.get("opening") or self._opening_rows(company, date_from)
        for group, amount in self._sums(key, opening):
            result[group].opening += amount
        self._add_sales(
            result, key, date_from, self._periods_sql(company, date_from, date_to, kept)
        )
        self._add_cash(
            result, key, kept.get("received") or self._cash_rows(company, date_from, date_to)
        )
        for inputs in result.values():
            inputs.day = day
        return {(group or False) if by else None: inputs for group, inputs in result.items()}

    @api.model
    def _sums(self, key, rows, *more, sums=("amount",)):
        """Sum up rows by group and further expressions: tuples (group, ..., *sums)."""
        group = SQL(", ").join((key, *more))
        sums = SQL(", ").join(SQL("COALESCE(SUM(%s), 0)", SQL.identifier(name)) for name in sums)
        return self.env.execute_query(
            SQL("SELECT %s, %s FROM (%s) AS source GROUP BY %s", group, sums, rows, group)
            if key.code != "NULL::int" or more
            else SQL("SELECT NULL::int, %s FROM (%s) AS source", sums, rows)
        )

    @api.model
    def _add_receivables(self, result, key, rows):
        late = [SQL("partner_id"), SQL("is_overdue"), SQL("days")]
        debtors = defaultdict(lambda: defaultdict(float))
        items = defaultdict(lambda: defaultdict(float))
        found = self._sums(key, rows, *late, sums=("amount", "excused"))
        for group, partner, overdue, days, amount, excused in found:
            inputs = result[group]
            if excused:
                inputs.excused.append((excused, days, overdue))
            inputs.receivable += amount
            debtors[group][partner] += amount
            if overdue:
                inputs.overdue += amount
                items[group][days] += amount
        for group, amounts in debtors.items():
            result[group].debtors = list(amounts.values())
            result[group].items = [(amount, days) for days, amount in items[group].items()]

    @api.model
    def _opening_rows(self, company, date_from) -> SQL:
        """The receivables of the day before a period."""
        return self._receivable_rows(company, date_from - timedelta(days=1))

    @api.model
    def _history_start(self, date_from):
        return fields.Date.subtract(date_from.replace(day=1), months=BACK_MONTHS)

    @api.model
    def _periods_sql(self, company, date_from, date_to, kept) -> SQL:
        """Sales with the first day of the period that they belong to: the period itself, the
        months before it."""
        if "sales" in kept:
            return SQL(
                "SELECT *, %s AS period FROM (%s) AS sold"
                " UNION ALL SELECT *, date AS period FROM (%s) AS before",
                date_from,
                kept["sales"],
                kept["history"],
            )
        return SQL(
            """
            SELECT *, CASE WHEN date >= %s THEN %s
                           ELSE date_trunc('month', date)::date END AS period
              FROM (%s) AS sold
            """,
            date_from,
            date_from,
            self._sales_rows(company, self._history_start(date_from), date_to),
        )

    @api.model
    def _add_sales(self, result, key, date_from, rows):
        for group, first, amount in self._sums(key, rows, SQL("period")):
            result[group].periods[first] = amount
            if first == date_from:
                result[group].sales += amount

    @api.model
    def _add_cash(self, result, key, rows):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %s, move_line_id, origin_id, date_start, date_due, date, amount
                  FROM (%s) AS source ORDER BY date, move_line_id
                """,
                key,
                rows,
            )
        )
        payments = defaultdict(list)
        for group, line, origin, start, due, paid, amount in rows:
            result[group].received += amount
            if start and due and amount > 0:
                payments[group, line, origin].append((start, due, paid, amount))
        for (group, *_payment), shares in payments.items():
            result[group].settled.append(self._one_payment(shares))

    @api.model
    def _one_payment(self, shares):
        """A payment of an invoice once, however many instalments it settles: their days late are
        weighted by their amounts."""
        if len(shares) == 1:
            return shares[0]
        start, _due, paid, _amount = shares[0]
        total = sum(amount for *_dates, amount in shares)
        late = sum(max((paid - due).days, 0) * amount for _start, due, paid, amount in shares)
        return start, paid - timedelta(days=round(late / total)), paid, total

    # ------------------------------------------------------------------
    # From inputs to figures
    # ------------------------------------------------------------------

    @api.model
    def _measure(self, inputs, date_from, date_to, planned=0, norm=None):
        """All figures of ``inputs``: a dict, ratios as fractions, None where undefined.

        :param planned: P, the cash planned for the period
        :param norm: of the overdue share, adds the sales that would dilute it to the norm
        """
        dz, pdz, sales = inputs.receivable, inputs.overdue, inputs.sales
        date_to = max(min(date_to, inputs.day or date_to), date_from)
        days = (date_to - date_from).days + 1
        dso = kpi.dso_simple(dz, sales, days)
        best = kpi.dso_best_possible(dz - pdz, sales, days)
        return {
            "overdue_share": kpi.overdue_share(pdz, dz),
            "weighted_days_overdue": kpi.weighted_days_overdue(inputs.items, dz),
            "cash_plan_rate": kpi.cash_plan_rate(inputs.received, planned),
            "overdue_to_turnover": kpi.overdue_to_turnover(pdz, sales),
            "dso": dso,
            "dso_count_back": kpi.dso_count_back(dz, self._periods(inputs, date_from, date_to)),
            "dso_best": best,
            "days_delinquent": history.average_days_delinquent(dso, best),
            "effectiveness": kpi.collection_effectiveness(inputs.opening, sales, dz, dz - pdz),
            "turnover": history.receivables_turnover(sales, (inputs.opening, dz)),
            "days_to_pay": history.average_days_to_pay(inputs.settled),
            "days_late": history.average_days_late(inputs.settled),
            "doubtful_share": portfolio.doubtful_share(inputs.items, dz),
            "concentration": portfolio.concentration(inputs.debtors),
            "sales_to_dilute": portfolio.sales_to_dilute(pdz, dz, norm) if norm else None,
        }

    @api.model
    def _periods(self, inputs, date_from, date_to):
        """The sales of the period and of the months before it: (sales, days), latest first."""
        periods = [(inputs.periods.get(date_from, 0), (date_to - date_from).days + 1)]
        end = date_from
        first = min(inputs.periods, default=date_from)
        while end > first:
            start = (end - timedelta(days=1)).replace(day=1)
            periods.append((inputs.periods.get(start, 0), (end - start).days))
            end = start
        return periods

    @api.model
    def _deliveries(self, company, date_from, date_to, by="user_id"):
        """What was delivered in a period at its order's prices, returns negative.

        :return: {id or False: [(date, amount)]}
        """
        self.env["stock.move"].flush_model()
        self.env["sale.order.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(by)s, %(day)s AS day,
                       SUM(CASE WHEN target.usage = 'customer' THEN 1 ELSE -1 END
                           * done.quantity * unit.factor / ordered.factor
                           * line.price_total / line.product_uom_qty
                           / COALESCE(NULLIF(sale.currency_rate, 0), 1))
                  FROM stock_move done
                  JOIN stock_location source ON source.id = done.location_id
                  JOIN stock_location target ON target.id = done.location_dest_id
                  JOIN sale_order_line line ON line.id = done.sale_line_id
                  JOIN uom_uom unit ON unit.id = done.product_uom
                  JOIN uom_uom ordered ON ordered.id = line.product_uom_id
                  JOIN sale_order sale ON sale.id = line.order_id
                 WHERE done.state = 'done' AND line.product_uom_qty > 0
                   AND (source.usage = 'customer') != (target.usage = 'customer')
                   AND done.date >= %(date_from)s::date - 1
                   AND done.date < %(date_to)s::date + 2
                   AND %(day)s BETWEEN %(date_from)s AND %(date_to)s
                   AND %(root)s = %(company)s
                 GROUP BY 1, 2
                """,
                by=SQL.identifier("sale", by),
                day=self.env["res.company"]._credit_day_sql(
                    SQL("sale.company_id"), SQL("done.date")
                ),
                date_from=date_from,
                date_to=date_to,
                root=self.env["res.company"]._credit_root_sql(SQL("sale.company_id")),
                company=company.id,
            )
        )
        result = defaultdict(list)
        for group, day, amount in rows:
            result[group or False].append((day, amount))
        return result
