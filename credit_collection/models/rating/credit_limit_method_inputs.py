from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

HALF_YEAR, YEAR = 182, 365


class CreditLimitMethod(models.Model):
    """What the limit methods go by, read for many customers at once."""

    _inherit = "credit.limit.method"

    def _read_inputs(self, company, accounts):
        """What the methods need of each file: ``{account id: {input: value}}``."""
        today = company._credit_today()
        inputs = defaultdict(dict)
        figures = self.env["credit.figure.reading"]._read_figures(
            company,
            today,
            accounts,
            ["weighted_days_late", "payment_index", "sales_year", "margin"]
            if "weighted_need" in self.line_ids.mapped("method")
            else ["weighted_days_late", "sales_year"],
        )
        company_sales = self.env["credit.figure.reading"]._company_sales(company, today)
        margins = [f["margin"] for f in figures.values() if f.get("margin") is not None]
        usual_margin = sum(margins) / len(margins) if margins else None
        sold = self._read_sold(company, accounts, today)
        shipped = self._read_shipped(company, accounts, today)
        proven = self._read_proven(company, accounts, today)
        statements = self.env["credit.financials"]._newest(accounts, today)
        reports = self.env["credit.agency.report"]._newest(accounts, today)
        markets = self.env["credit.market.factor"]._of(accounts, company, today)
        covers = {}
        if any(self.mapped("cap_cover")):
            covers = self.env["credit.collateral"]._cover_values(accounts)
        for account in accounts:
            found = inputs[account.id]
            figure = figures.get(account.id, {})
            year, months, half, usual_term = sold.get(account.id, (None,) * 4)
            term = account.partner_id.with_company(company).property_payment_term_id
            late = figure.get("weighted_days_late")
            records = statements.get(account)
            statement = records._statement_in(company.currency_id) if records else {}
            found.update(
                company_sales=company_sales,
                monthly_sales=year / months if months else None,
                volume=half / 6 if half is not None else None,
                shipments=shipped.get(account.id),
                term_days=term._credit_days(today) if term else usual_term or 0,
                usual_delay=max(late, 0) if late is not None else 0,
                yearly_forecast=account.planned_sales or None,
                proven=proven.get(account.id),
                cover=covers.get(account.id, 0.0),
                market=markets.get(account.id),
                rating_score=account.rating_id.score if account.rating_id else None,
                **self._statement_inputs(statement),
                **self._report_inputs(reports.get(account), company, today),
                **self._factor_inputs(account, figure, usual_margin),
            )
        return inputs

    @api.model
    def _statement_inputs(self, statement):
        known = statement.get
        assets, liabilities = known("assets"), known("liabilities")
        current, short = known("current_assets"), known("current_liabilities")
        return {
            "net_assets": None if None in (assets, liabilities) else assets - liabilities,
            "working_capital": None if None in (current, short) else current - short,
            "yearly_cash_flow": known("cash_flow"),
            "turnover": known("sales"),
        }

    @api.model
    def _report_inputs(self, reports, company, today):
        naming = reports.filtered("has_recommendation")[:1] if reports else None
        if not naming:
            return {"recommended": None}
        return {
            "recommended": naming.currency_id._convert(
                naming.recommended_limit, company.currency_id, company, today
            )
        }

    @api.model
    def _factor_inputs(self, account, figure, usual_margin):
        """Potential, margin and reliability, each 1 where the customer is as usual, 0.5 to 2."""

        def factor(value, usual):
            if value is None or not usual or usual <= 0:
                return 1.0
            return min(max(value / usual, 0.5), 2.0)

        return {
            "potential": factor(account.planned_sales or None, figure.get("sales_year")),
            "margin_factor": factor(figure.get("margin"), usual_margin),
            "reliability": factor(figure.get("payment_index"), 80),
        }

    @api.model
    def _read_sold(self, company, accounts, today):
        """Sales with tax of a year, the months that they come from, those of half a year, and the
        days that invoices gave, on average: the term of a customer without an agreed one."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id, SUM(move.amount_total_signed),
                       LEAST(GREATEST(CEIL((%(today)s::date - MIN(move.invoice_date)) / 30.4), 1),
                             12),
                       COALESCE(SUM(move.amount_total_signed) FILTER (
                           WHERE move.invoice_date > %(half)s), 0),
                       ROUND(AVG(GREATEST(move.invoice_date_due - move.invoice_date, 0)) FILTER (
                           WHERE move.move_type = 'out_invoice'))
                  FROM account_move move
                  JOIN credit_account account ON account.partner_id = move.commercial_partner_id
                                             AND account.company_id = %(root)s
                 WHERE move.move_type IN ('out_invoice', 'out_refund') AND move.state = 'posted'
                   AND move.invoice_date > %(year)s AND move.invoice_date <= %(today)s
                   AND account.company_id = %(company)s AND %(only)s
                 GROUP BY account.id
                """,
                today=today,
                year=today - timedelta(YEAR),
                half=today - timedelta(HALF_YEAR),
                root=self.env["res.company"]._credit_root_sql(SQL("move.company_id")),
                company=company.id,
                only=self.env["credit.figure.reading"]._only_sql(accounts),
            )
        )
        return {
            row[0]: (
                max(float(row[1]), 0.0),
                float(row[2]),
                max(float(row[3]), 0.0),
                int(row[4] or 0),
            )
            for row in rows
        }

    @api.model
    def _read_shipped(self, company, accounts, today):
        """Deliveries a month, the mean of half a year."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id, COUNT(*) / 6.0
                  FROM stock_picking picking
                  JOIN stock_picking_type type ON type.id = picking.picking_type_id
                  JOIN res_partner partner ON partner.id = picking.partner_id
                  JOIN credit_account account ON account.partner_id = partner.commercial_partner_id
                                             AND account.company_id = %(root)s
                 WHERE picking.state = 'done' AND type.code = 'outgoing'
                   AND picking.date_done > %(half)s
                   AND account.company_id = %(company)s AND %(only)s
                 GROUP BY account.id
                """,
                half=today - timedelta(HALF_YEAR),
                root=self.env["res.company"]._credit_root_sql(SQL("picking.company_id")),
                company=company.id,
                only=self.env["credit.figure.reading"]._only_sql(accounts),
            )
        )
        return {account_id: float(count) for account_id, count in rows}

    @api.model
    def _read_proven(self, company, accounts, today):
        """The largest receivable of two years on a day when nothing was overdue."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account_id, MAX(owed)
                  FROM (SELECT snapshot.account_id, SUM(snapshot.receivable) AS owed
                          FROM credit_snapshot snapshot
                          JOIN credit_account account ON account.id = snapshot.account_id
                         WHERE snapshot.company_id = %(company)s AND %(only)s
                           AND snapshot.date BETWEEN %(since)s AND %(today)s
                         GROUP BY snapshot.account_id, snapshot.date
                        HAVING SUM(snapshot.overdue) <= 0) AS day
                 WHERE owed > 0
                 GROUP BY account_id
                """,
                today=today,
                since=today - timedelta(2 * YEAR),
                company=company.id,
                only=self.env["credit.figure.reading"]._only_sql(accounts),
            )
        )
        return {account_id: float(owed) for account_id, owed in rows}
